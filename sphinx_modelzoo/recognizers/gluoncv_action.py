"""The recognizer ``gluoncv-action``: GluonCV's networks for actions on the videos of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction, fingerprint
from sphinx_modelzoo.pipe.versions import GLUONCV_ACTION, VERSIONS
from sphinx_modelzoo.recognizers.architectures import check_protocol
from sphinx_modelzoo.recognizers.datasets import Split, read_split
from sphinx_modelzoo.recognizers.engines.choice import EngineChoice
from sphinx_modelzoo.recognizers.engines.engine import MXNET
from sphinx_modelzoo.recognizers.libraries import cores
from sphinx_modelzoo.recognizers.memory import reading_threads
from sphinx_modelzoo.recognizers.model import environment, open_model
from sphinx_modelzoo.recognizers.prediction import Model, predict
from sphinx_modelzoo.recognizers.protocol import read_protocol
from sphinx_modelzoo.recognizers.serve import Note
from sphinx_modelzoo.recognizers.weights import Wanted

NAME = GLUONCV_ACTION
VERSION = VERSIONS[NAME]


class GluonCVAction:
    """Answers the pipe's requests; see :class:`sphinx_modelzoo.recognizers.serve.Recognizer`."""

    def __init__(self, engine: EngineChoice) -> None:
        """Make a recognizer that is not open yet, and that computes with ``engine``."""
        self._engine = engine
        self._model: Model | None = None
        self._split = Split((), ())
        self._indices: dict[str, int] = {}
        self._workers = reading_threads(cores())

    def open(self, request: Open, note: Note) -> Opened:
        """Read the data set, then load the network.

        Raises:
            CallError: when a setting of the protocol, the data's fields or the name are wrong.
            UndecidedError: when data or weights are missing or broken.
        """
        protocol = read_protocol(request.protocol)
        if request.classes < 1:
            problem = Problem(f"{request.classes} classes", "give the data set's classes")
            raise CallError(problem)
        data = request.data
        if not data.root or not data.list:
            what = f"the data set {data.name} has no {'list' if data.root else 'root'}"
            raise CallError(Problem(what, "write root and list, or give --data NAME=PATH"))
        if self._engine.name == MXNET:
            # Told before a long list is read; the other engines hear it when they convert.
            import_module("sphinx_modelzoo.recognizers.network").check_name(request.architecture)
        check_protocol(request.architecture, protocol)
        note(f"reading {data.list}")
        self._split = read_split(
            Path(data.list), Path(data.root), request.classes, data.media, data.template
        )
        self._indices = {item.id: index for index, item in enumerate(self._split.items)}
        wanted = Wanted(
            request.architecture, request.hashtag, request.weights, request.sha1, request.sha256
        )
        self._model = open_model(
            wanted,
            request.classes,
            protocol,
            note,
            engine=self._engine,
            offline=request.offline,
        )
        items = self.items()
        return Opened(
            items=len(items),
            fingerprint=fingerprint(items),
            recognizer=NAME,
            version=VERSION,
            weights=self._model.weights,
            environment=environment(self._model.classifier),
            disagreement=self._model.classifier.disagreement,
        )

    def items(self) -> Sequence[tuple[str, int]]:
        """Give the id and label of every item, in the list's order."""
        return [(item.id, item.label) for item in self._split.items]

    def predict(self, ids: Sequence[str]) -> Iterator[Prediction]:
        """Give one prediction an id, in the order of the ids."""
        if self._model is None:
            raise CallError(Problem("nothing is open", "send open first"))
        indices = [self._indices[item] for item in ids]
        yield from predict(self._model, self._split, indices, self._workers)

    def close(self) -> None:
        """Forget the network and the data."""
        self._model = None
        self._split = Split((), ())
        self._indices = {}


def make_recognizer(engine: EngineChoice) -> GluonCVAction:
    """Give a recognizer; the launcher calls this."""
    return GluonCVAction(engine)
