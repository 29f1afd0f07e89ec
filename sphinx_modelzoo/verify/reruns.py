"""How many items a fast engine could not tell for certain, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sphinx_modelzoo.pipe.messages import Opened
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.tally import Tally

ENGINE = "engine"
"""In a recognizer's environment: what it computes with."""
ENGINE_VERSION = "engine.version"
FALLBACK = "engine.fallback"
"""In a recognizer's environment: why it computes with another engine than it was asked for."""
DISAGREEMENT = "engine.disagreement"
RERUNS = "engine.reruns"
"""In a receipt's environment: how many items the reference predicted again, out of how many."""


@dataclass(frozen=True, slots=True)
class Reruns:
    """Of ``items`` that were predicted, those whose scores were too close for the ``engine``.

    ``again`` of them were run again in the ``reference``, ``unsettled`` were not for want of one.
    ``disagreement`` is by how much the two may differ, as a share of an item's largest score.
    """

    engine: str
    reference: str
    disagreement: float
    items: int
    again: int
    unsettled: int = 0

    @property
    def text(self) -> str:
        """The share in words: ``12 of 3783 items (0.3 %) were too close for mnn and ...``."""
        parts = []
        if self.again:
            verb = _verb(self.again)
            parts.append(f"{self._share(self.again)} and {verb} run again in {self.reference}")
        if self.unsettled:
            parts.append(f"{self._share(self.unsettled)}, and there was no reference to decide")
        return "; ".join(parts) or f"none of {self.items} items was too close for {self.engine}"

    def fields(self) -> dict[str, Any]:
        """Give what a report says of it."""
        return {
            "engine": self.engine,
            "reference": self.reference,
            "disagreement": self.disagreement,
            "items": self.items,
            "again": self.again,
            "unsettled": self.unsettled,
        }

    def environment(self) -> dict[str, str]:
        """Give what a receipt says of it."""
        return {
            DISAGREEMENT: repr(self.disagreement),
            RERUNS: f"{self.again} of {self.items}",
        }

    def _share(self, count: int) -> str:
        percent = 100 * count / self.items
        digits = f"{percent:.1f}" if percent >= 0.1 else f"{percent:.2g}"  # noqa: PLR2004 - one digit
        which = f"{count} of {self.items} items ({digits} %)"
        return f"{which} {_verb(count)} too close for {self.engine}"


def reruns_of(command: Command, opened: Opened, tally: Tally) -> Reruns | None:
    """Give a run's share of re-runs; None of the reference itself, and of a run without items."""
    if not opened.disagreement or not tally.n:
        return None
    return Reruns(
        engine=command.title,
        reference=command.reference.title if command.reference else "the reference",
        disagreement=opened.disagreement,
        items=tally.n,
        again=tally.again,
        unsettled=len(tally.unsettled),
    )


def engine_of(environment: Mapping[str, str]) -> str:
    """Give what a recognizer computes with, with its version; empty where it does not say."""
    words = (environment.get(name, "") for name in (ENGINE, ENGINE_VERSION))
    return " ".join(word for word in words if word)


def fallback_text(command: Command, opened: Opened) -> str:
    """Say that another engine is at work than was asked for; empty where it is not so."""
    found = opened.environment.get(ENGINE, "")
    if not command.engine or not found or found == command.engine:
        return ""
    reason = opened.environment.get(FALLBACK, "")
    text = f"{command.engine} cannot run it, so it is measured with {found}"
    return f"{text}: {reason}" if reason else text


def _verb(count: int) -> str:
    return "was" if count == 1 else "were"
