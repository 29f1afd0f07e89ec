"""Changing a manifest's text: single values, new entries, the canonical style; all else stays."""
