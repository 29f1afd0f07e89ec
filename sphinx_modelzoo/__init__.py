"""One manifest of pretrained models: its tables in the documentation, its numbers re-measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx; see :mod:`sphinx_modelzoo.sphinxext.extension`."""
    # The commands import this package too, and must not wait for Sphinx.
    from sphinx_modelzoo.sphinxext.extension import register  # noqa: PLC0415

    return register(app)
