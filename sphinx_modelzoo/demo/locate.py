"""Where the embedded demo zoo lies."""

from __future__ import annotations

from pathlib import Path


def demo_manifest() -> Path:
    """Give the path of the demo zoo's manifest; packages are installed unzipped."""
    return Path(__file__).with_name("zoo.yaml")
