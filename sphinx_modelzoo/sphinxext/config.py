"""The configuration values ``zoo_manifest`` and ``zoo_receipts``."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


def add_config_values(app: Sphinx) -> None:
    """Declare the configuration values."""
    app.add_config_value(
        "zoo_manifest",
        None,
        "env",
        frozenset({str, type(None)}),
        "The manifest's path from conf.py's folder; without it, the nearest zoo.yaml upwards.",
    )
    app.add_config_value(
        "zoo_receipts",
        [],
        "env",
        frozenset({list, tuple}),
        "Folders with receipts beside the manifest's own, from conf.py's folder.",
    )


def check_config(_app: Sphinx, config: Config) -> None:
    """Check the configuration values.

    Raises:
        ConfigError: a value is not of its type.
    """
    manifest: Any = config.zoo_manifest
    if manifest is not None and not (isinstance(manifest, str) and manifest):
        message = (
            f"zoo_manifest is {manifest!r}; write the manifest's path from conf.py's folder "
            "as text, such as zoo_manifest = '../zoo.yaml'"
        )
        raise ConfigError(message)
    folders: Any = config.zoo_receipts
    if not isinstance(folders, (list, tuple)) or not all(
        isinstance(folder, str) and folder for folder in folders
    ):
        message = (
            f"zoo_receipts is {folders!r}; write a list of folders from conf.py's folder, "
            "such as zoo_receipts = ['../receipts']"
        )
        raise ConfigError(message)
