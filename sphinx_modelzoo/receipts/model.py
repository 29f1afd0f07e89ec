"""What a verification saw of one number, and what a number's status is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

FORMAT = 1
FULL = "full"
"""The tier of a verification that counted all items."""
SPOT = "spot"
"""The tier of a verification that looked at items until the number was decided."""


@dataclass(frozen=True, slots=True, order=True)
class NumberKey:
    """Which number of a zoo: an entry's metric on a data set under a protocol."""

    name: str
    hashtag: str
    dataset: str
    protocol: str
    metric: str


class Verdict(StrEnum):
    """What a verification found of a number."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record of one verified or refuted number.

    ``correct`` of ``n`` items counted, out of ``total`` in the data set; the number holds when the
    count, over all items, lies in ``band`` (both ends included). ``depends`` is all that the
    number depends on, as names and texts: what the manifest claims (``claim.…``), what was seen
    (``weights.sha256``, ``dataset.fingerprint``) and the recognizer with its version. ``key`` is
    the digest of ``depends``. Times are UTC, ISO 8601; ``duration`` is in seconds.

    Of the tier ``spot``: ``n`` items were looked at, ``unreadable`` of them in vain; the verdict
    is wrong with a probability of ``alpha`` at most; ``e_values`` are the evidence for each side,
    by name, as texts (``inf`` is one); ``delta`` is the tolerance and ``detectable`` the smallest
    shift that so many items could have shown, both in the metric's unit; ``evidence`` is the
    digest of what the predictions were compared with, where they were.
    """

    number: NumberKey
    listed: str
    correct: int
    n: int
    total: int
    band: tuple[int, int]
    verdict: Verdict
    depends: Mapping[str, str]
    predictions: str
    started: str
    duration: float
    tool: str
    tier: str = FULL
    seed: str = ""
    alpha: float = 0.0
    delta: float = 0.0
    e_values: Mapping[str, str] = field(default_factory=dict)
    detectable: float = 0.0
    unreadable: int = 0
    evidence: str = ""
    weights: Mapping[str, str | int] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def date(self) -> str:
        """The day of the verification, ``YYYY-MM-DD``."""
        return self.started[:10]


class StatusKind(StrEnum):
    """A number's standing in the documentation."""

    VERIFIED = "verified"
    SPOT = "spot-checked"
    CLAIMED = "claimed"
    STALE = "stale"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class Status:
    """A number's standing, and why.

    ``date``, ``n``, ``correct`` and ``total`` are the receipt's, where there is one; ``reason``
    says what changed when the receipt is stale, or what was measured when the number is refuted.
    """

    kind: StatusKind
    date: str = ""
    n: int = 0
    correct: int = 0
    total: int = 0
    reason: str = ""
    receipt: Path | None = None
