"""What the editing commands share: options, and showing what an edit changes."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx_modelzoo.editing.save import Change


def add_manifest_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--manifest``."""
    parser.add_argument(
        "--manifest",
        type=Path,
        metavar="MANIFEST",
        help="the manifest (default: the nearest zoo.yaml from here upwards)",
    )


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Add ``--dry-run``."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print the change as a diff, and write nothing"
    )


def key_and_value(text: str) -> tuple[str, str]:
    """Split ``KEY=VALUE``, for argparse.

    Raises:
        argparse.ArgumentTypeError: there is no key, no ``=`` or no value.
    """
    key, sign, value = text.partition("=")
    if not (key.strip() and sign and value):
        message = f"{text!r} is not KEY=VALUE, such as top1=84.0"
        raise argparse.ArgumentTypeError(message)
    return key.strip(), value


def show_diff(changes: Iterable[Change]) -> None:
    """Print changes as a unified diff."""
    # The other commands start without this.
    import difflib  # noqa: PLC0415 - see above

    for change in changes:
        before, after = (
            data.decode("utf-8-sig").splitlines() for data in (change.before, change.after)
        )
        name = str(change.path)
        print("\n".join(difflib.unified_diff(before, after, name, name, lineterm="")))
