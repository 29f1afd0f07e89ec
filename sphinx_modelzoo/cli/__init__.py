"""The commands verify-zoo and modelzoo."""
