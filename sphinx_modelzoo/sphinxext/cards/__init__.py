"""The directive ``zoo:cards``: pages that are made before the sources are read."""
