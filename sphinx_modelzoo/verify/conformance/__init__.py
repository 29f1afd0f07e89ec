"""Whether a recognizer keeps to the pipe: one check a function, each with a stable name."""
