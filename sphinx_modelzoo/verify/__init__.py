"""Running recognizers and deciding whether listed numbers hold."""
