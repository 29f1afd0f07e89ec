"""Testing a network on all clips of a list: every clip once, by the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.recognizers.counting import Counts
from sphinx_modelzoo.recognizers.datasets import Split
from sphinx_modelzoo.recognizers.prediction import Model, predict


def _nothing() -> None:
    pass


def measure(
    model: Model,
    split: Split,
    note: Callable[[str], None],
    *,
    step: Callable[[], None] = _nothing,
    workers: int = 2,
    interval: int = 0,
    predictions: Path | None = None,
) -> Counts:
    """Classify every clip and count the right ones.

    Args:
        model: The loaded network.
        split: The clips.
        note: Gets the counts so far every ``interval`` clips.
        step: Is called after each clip.
        workers: Threads that read clips.
        interval: 0 for no notes.
        predictions: A file to write: one JSON object a line with ``id``, ``label`` and ``top``
            (class and score, best first). It appears only when all clips are done.

    Raises:
        UndecidedError: at the first clip that cannot be read, or whose scores are no numbers.
    """
    counts = Counts()
    with _written_whole(predictions) as write:
        for prediction in predict(model, split, range(len(split.items)), workers):
            if prediction.error:
                raise UndecidedError(Problem(f"no accuracy: {prediction.error}", ""))
            counts = counts.add(prediction.top, prediction.label)
            write(prediction)
            step()
            if interval and counts.total % interval == 0:
                note(f"[Clip {counts.total:04d}]/[{len(split.items):04d}]: {counts}")
    return counts


@contextmanager
def _written_whole(path: Path | None) -> Iterator[Callable[[Prediction], None]]:
    """Write a line a prediction to a temporary file, and rename it when all went well."""
    if path is None:
        yield lambda prediction: None  # noqa: ARG005 - nothing is wanted
        return
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            yield lambda prediction: _write(file, prediction)
        temporary.replace(path)
    except BrokenPipeError:
        raise  # of what is printed meanwhile
    except OSError as error:
        what = f"the predictions cannot be written ({error.strerror})"
        raise UndecidedError(Problem(what, "check --predictions", str(path))) from error
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: TextIO, prediction: Prediction) -> None:
    line = {"id": prediction.id, "label": prediction.label, "top": prediction.top}
    file.write(json.dumps(line, ensure_ascii=False) + "\n")
