"""The directive ``zoo:plot``."""
