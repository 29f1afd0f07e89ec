"""What all runs have in common: what the user chose, and who looks on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol as Interface

from sphinx_modelzoo.verify.shards.part import Part
from sphinx_modelzoo.verify.tiers import Tier

if TYPE_CHECKING:
    from sphinx_modelzoo.verify.cluster.cluster import Cluster


class Watch(Interface):
    """Who looks on while a run is measured, such as a progress bar."""

    def begin(self, title: str) -> None:
        """A run begins."""

    def note(self, text: str) -> None:
        """The recognizer says what it does."""

    def expect(self, total: int) -> None:
        """That many items will be predicted."""

    def step(self, *, kept: bool = False) -> None:
        """One more item was predicted; ``kept``: by a former run."""

    def idle(self) -> None:
        """Nothing came for a moment."""

    def end(self) -> None:
        """The run is over, for better or worse."""

    def tell(self, text: str) -> None:
        """Something is to be known that is no fault."""

    def warning(self, text: str) -> None:
        """Something is to be known that changes no verdict."""

    def fault(self, error: Exception) -> None:
        """An error came that no one foresaw."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose for all runs.

    ``data`` gives the folders of data sets by name; ``timeout`` is in seconds of silence; ``echo``
    receives what recognizers say on standard error. Without a ``seed`` each run has its own.
    ``tool`` is what receipts say of the program that made them. Without a ``tier`` it is ``spot``
    where there is evidence, else ``full``; with a ``budget``, in seconds for all runs, it is the
    strongest that fits. ``alpha`` is the error rate of each number's spot check. ``fresh`` begins
    anew where a former run was cut off; ``check_files`` digests the items' files. ``part`` is which
    items this machine takes; None is all of them. ``cluster`` is where recognizers run; None is
    here.
    """

    data: Mapping[str, Path]
    offline: bool = False
    seed: str = ""
    timeout: float = 600.0
    echo: Callable[[bytes], None] | None = None
    tool: str = "sphinx-modelzoo"
    tier: Tier | None = None
    budget: float | None = None
    alpha: float = 0.05
    fresh: bool = False
    check_files: bool = False
    part: Part | None = None
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one run has to itself: its ``journal``, and with a budget its ``seconds``.

    ``pace`` is the seconds an item that an earlier run took, where it is known.
    """

    journal: Path
    seconds: float | None = None
    pace: float | None = None
