"""Running a plan: each number gets its outcome, and each decided one its receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.errors import Exit, ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.receipts.store import write_receipt
from sphinx_modelzoo.verify.measure import Measured, Settings, Watch, measure
from sphinx_modelzoo.verify.outcome import Outcome, decided, undecided, unverifiable
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.process import Command
from sphinx_modelzoo.verify.record import receipt_for
from sphinx_modelzoo.verify.verdict import decide


@dataclass(frozen=True, slots=True)
class Verifier:
    """Measures the runs of a zoo.

    ``commands`` gives the command of each recognizer by its name; ``receipts`` is the folder that
    receipts are written to.
    """

    zoo: Zoo
    commands: Mapping[str, Command]
    settings: Settings
    receipts: Path
    watch: Watch

    def verify(self, runs: Sequence[Run]) -> Iterator[Outcome]:
        """Measure each run and give the outcome of each of its numbers, in order.

        One number's failure never stops the others. Confirmed and refuted numbers get a receipt;
        an undecided one gets none and keeps its former one.
        """
        for run in runs:
            yield from self._verify_run(run)

    def _verify_run(self, run: Run) -> list[Outcome]:
        if not run.counted:
            return [unverifiable(run, metric) for metric in run.metrics]
        if run.protocol is None:
            what = f"{run.entry.key} does not say how its numbers on {run.dataset.key} are measured"
            problem = Problem(what, "write 'protocol: NAME'", str(run.result.place))
            return _all_undecided(run, (problem,), Exit.UNDECIDED)
        self.watch.begin(run.title)
        try:
            command = self.commands[run.protocol.recognizer]
            measured = measure(self.zoo, run, command, self.settings, self.watch)
        except ModelZooError as error:
            return _all_undecided(run, _placed(run, error.problems), error.exit_code)
        except Exception as error:  # noqa: BLE001 - one number's failure never stops the others
            self.watch.fault(error)
            what = f"unexpected {type(error).__name__}: {error}"
            problem = Problem(what, "run again with --debug, and report it", str(run.entry.place))
            return _all_undecided(run, (problem,), Exit.UNDECIDED)
        finally:
            self.watch.end()
        return [self._outcome(run, metric, measured) for metric in run.metrics]

    def _outcome(self, run: Run, metric: Metric, measured: Measured) -> Outcome:
        if metric.top is None:
            return unverifiable(run, metric)
        decision = decide(run, metric, measured.counts, measured.total)
        outcome = decided(run, metric, decision)
        if decision.verdict is Verdict.UNDECIDED:
            return outcome
        tool = self.settings.tool
        receipt = receipt_for(self.zoo, run, metric, measured, decision, tool=tool)
        try:
            return replace(outcome, receipt=write_receipt(self.receipts, receipt))
        except ModelZooError as error:
            # What is not on record is not verified; what is refuted stays so.
            problems = (*outcome.problems, *error.problems)
            if outcome.verdict is Verdict.REFUTED:
                return replace(outcome, problems=problems)
            verdict, code = Verdict.UNDECIDED, error.exit_code
            return replace(outcome, verdict=verdict, problems=problems, exit_code=code)


def _all_undecided(run: Run, problems: Sequence[Problem], code: int) -> list[Outcome]:
    return [
        unverifiable(run, metric) if metric.top is None else undecided(run, metric, problems, code)
        for metric in run.metrics
    ]


def _placed(run: Run, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Say of problems without a place which entry they befell."""
    place = str(run.result.place)
    return tuple(
        problem
        if problem.place
        else replace(problem, what=f"{run.title}: {problem.what}", place=place)
        for problem in problems
    )
