"""The messages between verify-zoo and a recognizer: JSON lines, standard library only."""
