"""What a rule finds in a manifest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.manifest.model import Place


class Severity(StrEnum):
    """How bad a finding is: an error is certainly wrong, a warning should be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule's function says: what is wrong, what to do, where, and on which entry.

    ``entry`` is the entry's key, ``NAME@HASHTAG``; empty where it is about no entry.
    """

    what: str
    remedy: str
    place: Place
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark under its rule's code.

    ``line`` and ``column`` are None where a file as a whole is meant.
    """

    code: str
    severity: Severity
    what: str
    remedy: str
    path: str
    line: int | None
    column: int | None
    entry: str = ""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in one line."""
        return f"{self.what}; {self.remedy}" if self.remedy else self.what

    @property
    def place(self) -> str:
        """``PATH:LINE:COLUMN``, or the path alone."""
        return self.path if self.line is None else f"{self.path}:{self.line}:{self.column}"

    @property
    def position(self) -> tuple[str, int, int, str]:
        """By this findings are sorted."""
        return self.path, self.line or 0, self.column or 0, self.code
