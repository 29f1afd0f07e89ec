"""The conversation with a recognizer, and its process."""
