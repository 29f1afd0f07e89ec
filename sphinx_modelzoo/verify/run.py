"""Running a plan: each number gets its outcome, and each decided one its receipt."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.errors import Exit, ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.receipts.store import write_receipt
from sphinx_modelzoo.verify.measure import measure
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.outcome import (
    Outcome,
    checked,
    decided,
    predicted,
    undecided,
    unverifiable,
)
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.printed.measure import measure_printed
from sphinx_modelzoo.verify.printed.printers import Printer
from sphinx_modelzoo.verify.printed.readings import decide_reading
from sphinx_modelzoo.verify.printed.run import as_measured, check_full
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.script import script_of
from sphinx_modelzoo.verify.record import receipt_for
from sphinx_modelzoo.verify.recording import record
from sphinx_modelzoo.verify.refuted import keep_predictions, predictions_path
from sphinx_modelzoo.verify.settings import Settings, Share, Watch
from sphinx_modelzoo.verify.shards.file import ShardFile
from sphinx_modelzoo.verify.shards.find import Found
from sphinx_modelzoo.verify.shards.measure import measure_shard
from sphinx_modelzoo.verify.shards.merge import merge
from sphinx_modelzoo.verify.shares import former_pace, journal_path
from sphinx_modelzoo.verify.tiers import Tier
from sphinx_modelzoo.verify.verdict import Decision, decide, decide_spot, unreadable_problem


@dataclass(frozen=True, slots=True)
class Verifier:
    """Measures the runs of a zoo.

    ``commands`` gives the command of each recognizer by its name; ``receipts`` is the folder that
    receipts are written to, and journals while a run goes on. With ``recording`` the predictions
    of full runs are written down as evidence, to the folder ``evidence`` or where the manifest
    says. With ``shards`` nothing is run: their predictions are counted.
    """

    zoo: Zoo
    commands: Mapping[str, Command]
    settings: Settings
    receipts: Path
    watch: Watch
    recording: bool = False
    evidence: Path | None = None
    shards: Found | None = None

    def verify(self, runs: Sequence[Run]) -> Iterator[Outcome]:
        """Measure each run and give the outcome of each of its numbers, in order.

        One number's failure never stops the others. Confirmed and refuted numbers get a receipt;
        an undecided one gets none and keeps its former one. A budget is shared evenly by the runs
        that are left.
        """
        budget = self.settings.budget
        deadline = None if budget is None else time.monotonic() + budget
        left = sum(bool(run.counted) for run in runs)
        for run in runs:
            seconds = None
            if deadline is not None and run.counted:
                seconds = max(0.0, deadline - time.monotonic()) / left
                left -= 1
            yield from self._verify_run(run, seconds)

    def _verify_run(self, run: Run, seconds: float | None) -> list[Outcome]:
        if not run.counted:
            return [unverifiable(run, metric) for metric in run.metrics]
        if run.protocol is None:
            what = f"{run.entry.key} does not say how its numbers on {run.dataset.key} are measured"
            problem = Problem(what, "write 'protocol: NAME'", str(run.result.place))
            return _all_undecided(run, (problem,), Exit.UNDECIDED)
        self.watch.begin(run.title)
        try:
            command = self.commands[run.protocol.recognizer]
            if isinstance(command, Printer):
                return self._verify_printed(run, command)
            measured = self._measure(run, command, seconds)
            return self._conclude(run, measured, script_of(command))
        except ModelZooError as error:
            return _all_undecided(run, _placed(run, error.problems), error.exit_code)
        except Exception as error:  # noqa: BLE001 - one number's failure never stops the others
            self.watch.fault(error)
            what = f"unexpected {type(error).__name__}: {error}"
            problem = Problem(what, "run again with --debug, and report it", str(run.entry.place))
            return _all_undecided(run, (problem,), Exit.UNDECIDED)
        finally:
            self.watch.end()

    def _measure(self, run: Run, command: Command, seconds: float | None) -> Measured:
        """Have items predicted, all or those of a shard; or count those of all shards."""
        zoo, settings, watch = self.zoo, self.settings, self.watch
        if self.shards is not None:
            found, recording = self.shards, self.recording
            return merge(
                zoo, run, command, found, settings=settings, watch=watch, recording=recording
            )
        pace = None
        if seconds is not None:
            pace = former_pace(self.receipts, run, cluster=settings.cluster is not None)
        share = Share(journal_path(self.receipts, run, settings.part), seconds, pace)
        if settings.part is not None:
            part = settings.part
            return measure_shard(
                zoo, run, command, part, settings=settings, watch=watch, share=share
            )
        return measure(zoo, run, command, settings=settings, watch=watch, share=share)

    def _conclude(self, run: Run, measured: Measured, script: Path | None) -> list[Outcome]:
        """Give the outcomes with their receipts; the journal goes when nothing needs it."""
        journal = measured.journal
        try:
            outcomes = [self._outcome(run, metric, measured, script) for metric in run.metrics]
            if self.recording:
                outcomes = self._record(run, measured, outcomes)
            self._keep(run, measured, outcomes)
            # What a shard predicted is in its file.
            if journal is not None and (measured.shard or self._is_done(outcomes)):
                journal.remove()
        finally:
            if journal is not None:
                journal.close()
        return [
            replace(
                outcome,
                tier=measured.tier,
                seed=measured.seed,
                seconds=measured.duration,
                reruns=measured.reruns,
            )
            for outcome in outcomes
        ]

    def _is_done(self, outcomes: Sequence[Outcome]) -> bool:
        """Tell whether no later run goes on from here.

        The tier golden has a journal of its own; one that a budget chose has that of a longer run.
        """
        counted = [outcome for outcome in outcomes if outcome.metric.top is not None]
        open_ = any(outcome.verdict in {None, Verdict.UNDECIDED} for outcome in counted)
        return self.settings.tier is Tier.GOLDEN or not open_

    def _verify_printed(self, run: Run, printer: Printer) -> list[Outcome]:
        """Have a program print its numbers, and decide those that all items can give."""
        check_full(
            run, printer, self.settings, recording=self.recording, merging=self.shards is not None
        )
        printed = measure_printed(self.zoo, run, printer, self.settings, self.watch)
        measured = as_measured(printer, printed)
        outcomes = []
        for metric in run.metrics:
            reading = printed.readings.get(metric.key)
            if metric.top is None:
                outcome = unverifiable(run, metric)
            elif reading is None:
                problems = _placed(run, printed.problems[metric.key])
                outcome = undecided(run, metric, problems, Exit.UNDECIDED)
            else:
                decision = decide_reading(run, metric, reading, printed.total)
                outcome = decided(run, metric, decision)
                if outcome.verdict is not Verdict.UNDECIDED and reading.determined:
                    script = script_of(printer)
                    outcome = self._with_receipt(outcome, measured, decision, script)
            outcomes.append(replace(outcome, tier=measured.tier, seconds=measured.duration))
        return outcomes

    def _keep(self, run: Run, measured: Measured, outcomes: Sequence[Outcome]) -> None:
        """Keep the predictions that refuted a number, until all of the run's numbers hold."""
        verdicts = {outcome.verdict for outcome in outcomes}
        path = predictions_path(self.receipts, run)
        if Verdict.REFUTED in verdicts:
            try:
                keep_predictions(path, measured.lines())
            except ModelZooError as error:
                self.watch.warning(str(error))
        elif verdicts <= {Verdict.CONFIRMED, None} and Verdict.CONFIRMED in verdicts:
            path.unlink(missing_ok=True)

    def _outcome(
        self, run: Run, metric: Metric, measured: Measured, script: Path | None
    ) -> Outcome:
        if metric.top is None:
            return unverifiable(run, metric)
        if measured.shard is not None:
            return _predicted(run, metric, measured, measured.shard)
        if measured.golden is not None:
            return undecided(run, metric, (measured.golden,), Exit.UNDECIDED)
        if measured.tier in {Tier.WEIGHTS, Tier.GOLDEN}:
            return checked(run, metric, measured.tier)
        decision = _decision(run, metric, measured)
        outcome = decided(run, metric, decision)
        if decision.verdict is Verdict.UNDECIDED:
            return outcome
        return self._with_receipt(outcome, measured, decision, script)

    def _with_receipt(
        self, outcome: Outcome, measured: Measured, decision: Decision, script: Path | None
    ) -> Outcome:
        run, metric, tool = outcome.run, outcome.metric, self.settings.tool
        receipt = receipt_for(self.zoo, run, metric, measured, decision, tool=tool, script=script)
        try:
            return replace(outcome, receipt=write_receipt(self.receipts, receipt))
        except ModelZooError as error:
            # What is not on record is not verified; what is refuted stays so.
            problems = (*outcome.problems, *error.problems)
            if outcome.verdict is Verdict.REFUTED:
                return replace(outcome, problems=problems)
            verdict, code = Verdict.UNDECIDED, error.exit_code
            return replace(outcome, verdict=verdict, problems=problems, exit_code=code)

    def _record(self, run: Run, measured: Measured, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Write evidence where all items could be read; a failure is that of the numbers too."""
        if measured.counts.n < measured.total:
            return list(outcomes)
        try:
            recorded = record(self.zoo, run, measured, self.evidence)
        except ModelZooError as error:
            return [
                replace(
                    outcome,
                    problems=(*outcome.problems, *error.problems),
                    exit_code=outcome.exit_code or error.exit_code,
                )
                for outcome in outcomes
            ]
        self.watch.tell(f"{run.title}: evidence written to {recorded.path}")
        for advice in recorded.advice:
            self.watch.tell(f"  {advice}")
        return list(outcomes)


def _decision(run: Run, metric: Metric, measured: Measured) -> Decision:
    if measured.tier is not Tier.SPOT:
        return decide(run, metric, measured.counts, measured.total)
    spot, counts = measured.spots[metric.key], measured.counts
    return decide_spot(run, metric, spot, measured.total, counts, advice=measured.advice)


def _predicted(run: Run, metric: Metric, measured: Measured, shard: ShardFile) -> Outcome:
    """Give the outcome of a shard: it decides nothing, and says which items it could not have."""
    counts = measured.counts
    if not counts.unreadable:
        return predicted(run, metric, shard)
    lacking, unsettled = counts.unreadable, counts.unsettled
    problem = unreadable_problem(run, metric, lacking, unsettled, shard.end.predicted)
    return predicted(run, metric, shard, (problem,))


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
