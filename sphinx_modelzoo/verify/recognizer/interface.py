"""What a run needs of a recognizer, whether one process answers or many machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Protocol as Interface
from typing import Self

from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction


class AnyRecognizer(Interface):
    """A recognizer at work; a context manager that ends whatever works for it.

    Every method raises :class:`~sphinx_modelzoo.errors.UndecidedError` when it ends, hangs, gives
    up, or answers anything else than what was asked.
    """

    @property
    def name(self) -> str:
        """Its name, for messages."""

    def __enter__(self) -> Self:
        """Give the recognizer itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all that works for it; at once, after a fault."""

    def open(self, request: Open) -> Opened:
        """Have the model loaded and the data set read."""

    def items(self, total: int) -> dict[str, int]:
        """Ask for the label of every item."""

    def predict(
        self, labels: Mapping[str, int], order: Sequence[str] | None = None
    ) -> Iterator[Prediction]:
        """Have items predicted, asked for in ``order``; give them as they come."""

    def close(self) -> str:
        """Let it end; give a warning where it answers well and then ends badly."""
