"""Programs that only print an accuracy."""
