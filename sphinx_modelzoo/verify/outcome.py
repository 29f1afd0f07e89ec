"""What became of each number, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.errors import Exit, Problem
from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.reruns import Reruns
from sphinx_modelzoo.verify.shards.file import ShardFile
from sphinx_modelzoo.verify.verdict import Decision

UNVERIFIABLE = "unverifiable"
CHECKED = "checked"
PREDICTED = "predicted"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one listed number.

    ``decision`` is missing where nothing could be counted. ``verdict`` is None for a metric that
    is not counted item by item: such a number is listed and never decided. ``reasons`` say why a
    number may not hold, the likeliest first; ``artefacts`` are the files that were kept of the
    run; ``seconds`` is how long it took. ``tier`` is how much was looked at; ``checked`` says that
    of the tiers ``weights`` and ``golden``, which decide no number, all was as it should be.
    ``seed`` is that of the items' order. ``reruns`` is how many items were run again in the
    reference; None of the reference itself. ``shard`` is the file that predictions were written to
    by a machine that decides no number.
    """

    run: Run
    metric: Metric
    verdict: Verdict | None
    decision: Decision | None = None
    problems: tuple[Problem, ...] = ()
    exit_code: int = Exit.HOLDS
    receipt: Path | None = None
    reasons: tuple[str, ...] = ()
    artefacts: tuple[Path, ...] = ()
    seconds: float | None = None
    tier: str = ""
    checked: bool = False
    seed: str = ""
    reruns: Reruns | None = None
    shard: ShardFile | None = None

    @property
    def word(self) -> str:
        """The verdict in one word."""
        if self.checked:
            return CHECKED
        if self.shard is not None and self.verdict is None:
            return PREDICTED
        return self.verdict.value if self.verdict else UNVERIFIABLE

    @property
    def seen(self) -> int:
        """The number of items that were looked at."""
        if self.shard is not None:
            return self.shard.end.predicted
        return self.decision.n if self.decision else 0

    @property
    def total(self) -> int | None:
        """The number of items: as seen, else as the manifest says, else None."""
        if self.shard is not None:
            return self.shard.head.total
        return self.decision.total if self.decision else self.run.dataset.samples


def decided(run: Run, metric: Metric, decision: Decision) -> Outcome:
    """Make the outcome of a number that was compared."""
    codes = {
        Verdict.CONFIRMED: Exit.HOLDS,
        Verdict.REFUTED: Exit.REFUTED,
        Verdict.UNDECIDED: Exit.UNDECIDED,
    }
    code = codes[decision.verdict]
    return Outcome(run, metric, decision.verdict, decision, decision.problems, code)


def undecided(run: Run, metric: Metric, problems: Sequence[Problem], code: int) -> Outcome:
    """Make the outcome of a number of which nothing can be said; ``code`` is 2 or 3."""
    return Outcome(run, metric, Verdict.UNDECIDED, None, tuple(problems), code)


def unverifiable(run: Run, metric: Metric) -> Outcome:
    """Make the outcome of a number that is not counted item by item."""
    return Outcome(run, metric, None)


def checked(run: Run, metric: Metric, tier: str) -> Outcome:
    """Make the outcome of a tier that decides no number, where all was as it should be."""
    return Outcome(run, metric, None, tier=tier, checked=True)


def predicted(
    run: Run, metric: Metric, shard: ShardFile, problems: Sequence[Problem] = ()
) -> Outcome:
    """Make the outcome of a machine that has a shard, where others have the rest.

    It is undecided where ``problems`` say that items of the shard have no prediction.
    """
    if problems:
        outcome = undecided(run, metric, problems, Exit.UNDECIDED)
    else:
        outcome = Outcome(run, metric, None)
    return replace(outcome, shard=shard, artefacts=(shard.path,))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Give the exit code of all outcomes: 2 goes before 1, 1 before 3, 3 before 0.

    Where nothing could be verified at all, it is 3.
    """
    codes = {outcome.exit_code for outcome in outcomes}
    for code in (Exit.WRONG, Exit.REFUTED, Exit.UNDECIDED):
        if code in codes:
            return code
    nothing = all(outcome.word == UNVERIFIABLE for outcome in outcomes)
    return Exit.UNDECIDED if nothing else Exit.HOLDS
