"""The paths that a worker must have, since it is told nothing of a file but where it lies."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.pipe.messages import Open
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.script import script_of


def needed_paths(command: Command, request: Open) -> tuple[str, ...]:
    """Give the absolute paths of a recognizer's program and of what it is asked to open.

    Of the words of its command those count that are absolute paths of something here.
    """
    wanted = [request.data.list, request.data.root, request.weights, *_of_command(command)]
    return tuple(dict.fromkeys(path for path in wanted if path))


def _of_command(command: Command) -> list[str]:
    paths = [word for word in command.argv if Path(word).is_absolute() and Path(word).exists()]
    if command.folder is not None:
        paths.append(str(command.folder))
    script = script_of(command)
    if script is not None:
        paths.append(str(script))
    return paths if command.reference is None else paths + _of_command(command.reference)
