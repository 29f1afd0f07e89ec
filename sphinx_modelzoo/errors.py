"""The one family of errors that users meet.

Each error says where (``place``), what is wrong (``what``) and what to do instead (``remedy``);
its text is ``place: what; remedy``. The commands print that text and end with ``exit_code``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """What the commands end with."""

    HOLDS = 0
    REFUTED = 1
    WRONG = 2
    UNDECIDED = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what to write or do instead.

    ``place`` is a file with line and column (``zoo.yaml:12:5``), a path, or empty.
    """

    what: str
    remedy: str
    place: str = ""

    def __str__(self) -> str:
        """Give ``place: what; remedy``."""
        text = f"{self.what}; {self.remedy}" if self.remedy else self.what
        return f"{self.place}: {text}" if self.place else text


class ModelZooError(Exception):
    """Base of all errors that a user can cause or meet; carries one or more problems."""

    exit_code: ClassVar[int] = Exit.WRONG

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Give one line a problem."""
        return "\n".join(str(problem) for problem in self.problems)


class ManifestError(ModelZooError):
    """The manifest is wrong; holds every problem that was found in it."""


class CallError(ModelZooError):
    """The command was called wrongly."""


class UndecidedError(ModelZooError):
    """A number could not be decided: weights, data or recognizer failed."""

    exit_code: ClassVar[int] = Exit.UNDECIDED
