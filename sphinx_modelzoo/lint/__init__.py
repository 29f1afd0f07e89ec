"""The rules that a manifest must keep, one small function each, and reports of findings."""
