"""What was found at an address or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.manifest.model import Place


class State(StrEnum):
    """What is known of an address or a file.

    ``unknown`` is not ``broken``: the server refused to say, or did not answer.
    """

    OK = "ok"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look found: ``what`` was seen, and the ``remedy`` where something is wrong."""

    state: State
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Where the manifest uses an address: the entry's or paper's key, and in which role."""

    owner: str
    role: str
    place: Place


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome for one address or file, and where the manifest uses it.

    ``cached`` says that the look was taken earlier.
    """

    target: str
    outcome: Outcome
    uses: tuple[Use, ...]
    cached: bool = False
