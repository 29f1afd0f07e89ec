"""The configuration values: ``zoo_manifest``, ``zoo_receipts`` and the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.receipts.signing import read_public_key
from sphinx_modelzoo.sphinxext.references.require import REQUIREMENTS


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
    app.add_config_value(
        "zoo_signature_keys",
        [],
        "env",
        frozenset({list, tuple}),
        "Public keys, from conf.py's folder: only receipts that one of them signed count.",
    )
    app.add_config_value(
        "zoo_require",
        "",
        "",
        frozenset({str}),
        "The least status that listed numbers must have: 'verified' or 'spot-checked'.",
    )


def check_config(app: Sphinx, config: Config) -> None:
    """Check the configuration values.

    Raises:
        ConfigError: a value is not of its type, or none of those that it can be.
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
    required: Any = config.zoo_require
    if not isinstance(required, str) or required not in REQUIREMENTS:
        choices = ", ".join(repr(word) for word in REQUIREMENTS if word)
        message = f"zoo_require is {required!r}; write one of {choices}, or leave it out"
        raise ConfigError(message)
    _check_keys(Path(app.confdir), config.zoo_signature_keys)


def _check_keys(folder: Path, keys: Any) -> None:
    if not isinstance(keys, (list, tuple)) or not all(isinstance(key, str) for key in keys):
        message = (
            f"zoo_signature_keys is {keys!r}; write a list of PEM files from conf.py's folder, "
            "such as zoo_signature_keys = ['../zoo.pub']"
        )
        raise ConfigError(message)
    try:
        for key in keys:
            read_public_key(folder / key)
    except ModelZooError as error:
        message = f"zoo_signature_keys: {error}"
        raise ConfigError(message) from error
