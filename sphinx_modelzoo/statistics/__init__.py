"""Exact and sequential statistics, without I/O."""
