"""What is reported of a zoo's listed numbers, whichever command found it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sphinx_modelzoo.errors import Problem


class Level(StrEnum):
    """How much a number needs a reader's attention."""

    HOLDS = "holds"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """What is reported of one listed number.

    ``word`` is its verdict or status in a word, ``measured`` and ``counted`` are texts such as
    ``75.0`` and ``30 of 40``, empty where nothing was counted. ``message`` says what is wrong and
    what to do; ``reasons`` why that may be, the likeliest first; ``remarks`` what else is to be
    known of how it was measured; ``artefacts`` are the paths of what was kept. ``fields`` is what
    the JSON report says. ``line`` and ``column`` count from 1.
    """

    entry: str
    dataset: str
    protocol: str
    metric: str
    listed: str
    word: str
    level: Level
    path: str
    line: int
    column: int
    measured: str = ""
    counted: str = ""
    message: str = ""
    reasons: Sequence[str] = ()
    remarks: Sequence[str] = ()
    artefacts: Sequence[str] = ()
    seconds: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def which(self) -> str:
        """Which number of the entry it is: ``top1 on ucf101 under tsn``."""
        under = f" under {self.protocol}" if self.protocol else ""
        return f"{self.metric} on {self.dataset}{under}"

    @property
    def text(self) -> str:
        """All that is to be said of it, in lines."""
        lines = [self.message] if self.message else []
        if self.reasons:
            lines.append("Likely reasons:")
            lines += [f"{rank}. {reason}" for rank, reason in enumerate(self.reasons, 1)]
        lines += self.remarks
        if self.artefacts:
            lines.append("Kept: " + ", ".join(self.artefacts))
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a command found, before it is written in some form.

    ``problems`` are those of no single number: of the manifest, the call, or a receipt's file.
    """

    command: str
    version: str
    manifest: str
    numbers: Sequence[ListedNumber] = ()
    problems: Sequence[Problem] = ()
    exit_code: int = 0


def place_of(problem: Problem) -> tuple[str, int | None, int | None]:
    """Give the path of a problem's place, with line and column where it has them."""
    match = re.fullmatch(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?", problem.place)
    if match is None:
        return problem.place, None, None
    return match["path"], int(match["line"]), int(match["column"] or 1)
