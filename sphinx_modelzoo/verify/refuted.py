"""The predictions of a run that refuted a number, kept for whoever looks for the reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.receipts.atomic import replacing
from sphinx_modelzoo.receipts.store import file_name
from sphinx_modelzoo.verify.plan import Run

FOLDER = ".refuted"


def predictions_path(receipts: Path, run: Run) -> Path:
    """Give where a run's predictions are kept: in a folder that versioning passes over."""
    parts = [run.entry.key, run.dataset.key, run.result.protocol]
    return receipts / FOLDER / f"{file_name(part for part in parts if part)}.jsonl"


def keep_predictions(path: Path, lines: Iterable[bytes]) -> None:
    """Write the lines of all items; the file's SHA-256 is the receipt's ``predictions``.

    Raises:
        UndecidedError: they cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        with replacing(path) as file:
            file.writelines(lines)
    except OSError as error:
        what = f"the predictions cannot be kept: {(error.strerror or str(error)).lower()}"
        problem = Problem(what, "name a writable folder with --receipts", str(path))
        raise UndecidedError(problem) from error
