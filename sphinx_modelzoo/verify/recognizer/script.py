"""The file of a configured recognizer's program, whose content its numbers depend on."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.receipts.claims import file_sha256
from sphinx_modelzoo.verify.recognizer.process import Command


def script_of(command: Command) -> Path | None:
    """Give the first word of a command that is a file in the configuration's folder, or None.

    It is the program itself or what an interpreter runs. What that imports is not known.
    """
    if command.folder is None:
        return None
    folder = command.folder.resolve()
    for word in command.argv:
        path = (folder / word).resolve()
        if path.is_file() and path.is_relative_to(folder):
            return path
    return None


def script_digest(command: Command) -> str:
    """Give the SHA-256 of a command's file, in hex; empty where none is known."""
    path = script_of(command)
    return file_sha256(path) if path else ""
