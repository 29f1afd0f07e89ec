"""Which manifest ``verify-zoo`` and its commands are about, and where its receipts lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Zoo

DEMO_RECEIPTS = Path("demo-receipts")


def manifest_path(given: Path | None, *, demo: bool) -> Path:
    """Give the manifest: the one inside the package for ``demo``, else as other commands do.

    Raises:
        CallError: there is none, or both were asked for.
    """
    if not demo:
        return default_manifest(given)
    if given is not None:
        remedy = "leave out one of them"
        raise CallError(Problem("--demo and a manifest were both given", remedy))
    return demo_manifest()


def receipts_folder(zoo: Zoo, given: Path | None, *, demo: bool) -> Path:
    """Give the folder of receipts: the one that was named, else the manifest's.

    Raises:
        CallError: the manifest's lies outside of its own folder.
    """
    if given is not None:
        return Path(given)
    if demo:
        return DEMO_RECEIPTS
    folder = zoo.root / zoo.receipts
    if not folder.resolve().is_relative_to(zoo.root.resolve()):
        what = f"the receipts folder {zoo.receipts!r} leads out of the manifest's folder"
        raise CallError(Problem(what, "name one with --receipts", str(zoo.path)))
    return folder


def coloured(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that may show colours."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain
