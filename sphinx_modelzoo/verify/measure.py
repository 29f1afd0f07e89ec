"""Measuring one run: the data set is checked, the recognizer opened, items counted as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.messages import DataSource, Opened
from sphinx_modelzoo.receipts.evidence import EvidenceFile
from sphinx_modelzoo.verify.course import Course
from sphinx_modelzoo.verify.dataset import files_digest, listed_labels
from sphinx_modelzoo.verify.depends import REFERENCE, depends_on
from sphinx_modelzoo.verify.golden import GOLDEN_ITEMS, golden_problem, noise_text
from sphinx_modelzoo.verify.journal import Journal, open_journal
from sphinx_modelzoo.verify.measured import Measured, with_counts
from sphinx_modelzoo.verify.order import seeded_items
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.predicting import predict, take_up, tier_reached
from sphinx_modelzoo.verify.recognizer.interface import AnyRecognizer
from sphinx_modelzoo.verify.recognizer.opening import check_loaded, opened_labels
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import check_weights, class_count, open_request
from sphinx_modelzoo.verify.recognizer.start import start_recognizer
from sphinx_modelzoo.verify.reference import (
    Reference,
    check_files_of,
    check_numbers,
    check_weights_of,
    find_evidence,
    golden_predictions,
    refer,
)
from sphinx_modelzoo.verify.reruns import fallback_text, reruns_of
from sphinx_modelzoo.verify.settings import Settings, Share, Watch
from sphinx_modelzoo.verify.source import find_source
from sphinx_modelzoo.verify.spot import SpotTest, spot_tests
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Choice, Tier


def measure(
    zoo: Zoo, run: Run, command: Command, *, settings: Settings, watch: Watch, share: Share
) -> Measured:
    """Have a run's items predicted as far as its tier goes, and count them.

    Raises:
        UndecidedError: the data set, the evidence, the weights or the recognizer are not what they
            should be, or another process is at work on the run.
    """
    return Measurement(zoo, run, command, settings=settings, watch=watch, share=share).measure()


@dataclass(frozen=True, slots=True)
class Found:
    """What the recognizer, now open, and the data set turned out to be."""

    opened: Opened
    source: DataSource
    labels: Mapping[str, int]
    reference: Reference | None


class Measurement:
    """One run on its way; what is known of it grows step by step."""

    def __init__(
        self,
        zoo: Zoo,
        run: Run,
        command: Command,
        *,
        settings: Settings,
        watch: Watch,
        share: Share,
    ) -> None:
        self._zoo, self._run, self._command = zoo, run, command
        self._settings, self._watch, self._share = settings, watch, share
        self._clock = time.monotonic()
        self._started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._evidence: EvidenceFile | None = None
        self._files = ""

    def measure(self) -> Measured:
        """Check the data set, then open the recognizer and have items predicted."""
        zoo, run, settings = self._zoo, self._run, self._settings
        classes = class_count(run)
        source = find_source(zoo, run.dataset, settings.data.get(run.dataset.key))
        self._evidence = self._find_evidence()
        tier = self._tier()
        course = self._course(tier)
        listed = listed_labels(zoo, run, source, classes, self._evidence)
        reference = None if listed is None else self._refer(course, listed)
        if settings.check_files:
            self._files = files_digest(source)
            self._beside_evidence(partial(check_files_of, run=run, files=self._files))
        request = open_request(zoo, run, source, offline=settings.offline)
        # A process that starts while the journal is open shares its lock for a moment, and a kill
        # in that moment would leave it behind: so the recognizer starts first, and waits.
        with self._recognizer(course) as recognizer:
            journal = None if tier is Tier.WEIGHTS else self._open_journal(tier)
            try:
                opened = recognizer.open(request)
                fallback = fallback_text(self._command, opened)
                if fallback:
                    self._watch.tell(f"{run.title}: {fallback}")
                check_weights(zoo, run, request.weights, opened.weights)
                self._beside_evidence(partial(check_weights_of, opened=opened))
                labels = opened_labels(run, recognizer, opened, listed, self._evidence)
                if listed is None:
                    reference = self._refer(course, labels)
                found = Found(opened, source, labels, reference)
                if journal is None:
                    return self._weights_only(recognizer, found)
                return self._count(recognizer, found, course, journal)
            except BaseException:
                if journal is not None:
                    journal.close()
                raise

    def _course(self, tier: Tier | None) -> Course:
        share = self._share
        return Course(
            self._run, tier, seconds=share.seconds, pace=share.pace, tell=self._tell_choice
        )

    def _open_journal(self, tier: Tier | None) -> Journal:
        """Open the run's journal; a look at a few scores leaves that of a longer run alone."""
        path = self._share.journal
        return open_journal(path.with_suffix(".golden") if tier is Tier.GOLDEN else path)

    def _find_evidence(self) -> EvidenceFile | None:
        """Find the evidence; a full run, which does without, is warned of what is wrong with it."""
        tier = self._settings.tier
        if tier is Tier.WEIGHTS:
            return None
        try:
            return find_evidence(self._zoo, self._run)
        except UndecidedError as error:
            if tier is not Tier.FULL:
                raise
            self._watch.warning(str(error))
            return None

    def _tier(self) -> Tier | None:
        """Give the tier; None where the budget is to choose it."""
        tier = self._settings.tier
        if tier is Tier.GOLDEN and self._evidence is None:
            what = f"{self._run.title} has no evidence to compare scores with"
            remedy = "record it with verify-zoo --record, or choose another tier"
            raise UndecidedError(Problem(what, remedy, str(self._run.result.place)))
        if tier is not None or self._share.seconds is not None:
            return tier
        return Tier.FULL if self._evidence is None else Tier.SPOT

    def _refer(self, course: Course, labels: Mapping[str, int]) -> Reference | None:
        """Set the evidence beside the items; None where there is none that can be compared with.

        Where no tier was asked for, a listed number that is not the evidence's is decided by all
        items.
        """
        if self._evidence is None or course.tier in {Tier.FULL, Tier.WEIGHTS}:
            return None
        reference = refer(self._evidence, self._run, list(labels), labels)
        try:
            check_numbers(reference, self._run, len(labels))
        except UndecidedError as error:
            if self._settings.tier is not None:
                raise
            for problem in error.problems:
                self._watch.warning(str(problem))
            if course.tier is Tier.SPOT:
                course.tier = Tier.FULL
            return None
        return reference

    def _beside_evidence(self, check: Callable[[EvidenceFile], None]) -> None:
        """Check what is here by the evidence; a full run does without, where it is of another."""
        if self._evidence is None:
            return
        try:
            check(self._evidence)
        except UndecidedError as error:
            if self._settings.tier is not Tier.FULL:
                raise
            self._watch.warning(str(error))
            self._evidence = None

    def _recognizer(self, course: Course) -> AnyRecognizer:
        settings, watch = self._settings, self._watch

        def idle() -> None:
            watch.idle()
            course.check_time()

        make = (
            start_recognizer
            if settings.cluster is None
            else partial(settings.cluster.recognizer, goal=course)
        )
        return make(
            self._command,
            self._run.tops,
            timeout=settings.timeout,
            note=watch.note,
            idle=idle,
            echo=settings.echo,
        )

    def _weights_only(self, recognizer: AnyRecognizer, found: Found) -> Measured:
        check_loaded(self._run, found.opened)
        self._close(recognizer)
        return self._measured(Tier.WEIGHTS, found)

    def _count(
        self, recognizer: AnyRecognizer, found: Found, course: Course, journal: Journal
    ) -> Measured:
        run, seed = self._run, self._seed()
        items = seeded_items(found.labels, seed)
        tally = Tally(items, run.tops, class_count(run), self._tests(found, course))
        self._watch.expect(len(items.ids))
        kept = self._take_up(journal, tally, found, seed)
        course.begin(tally)
        if predict(recognizer, journal, tally, course, self._watch):
            self._close(recognizer)
        reached = tier_reached(course.tier, tally)
        if reached is Tier.WEIGHTS:
            check_loaded(run, found.opened)
        result = with_counts(self._measured(reached, found), tally, journal)
        if reached is Tier.GOLDEN and self._evidence is not None:
            ids = {items.ids[position] for position in items.order[:GOLDEN_ITEMS]}
            then = golden_predictions(self._evidence, ids)
            place = str(run.result.place)
            noise = found.opened.disagreement + self._evidence.origin.disagreement
            if noise:
                self._watch.tell(f"{run.title}: {noise_text(noise)}")
            result = replace(result, golden=golden_problem(tally.first, then, place, noise))
        return replace(
            result,
            seed=seed,
            spent=course.spent,
            reruns=reruns_of(self._command, found.opened, tally),
            kept=kept,
            journal=journal,
        )

    def _seed(self) -> str:
        """Give the seed of the items' order, which is not known before the evidence is."""
        seed = self._settings.seed or self._run.seed
        return f"{self._evidence.digest}|{seed}" if self._evidence else seed

    def _tests(self, found: Found, course: Course) -> tuple[SpotTest, ...]:
        """Give the tests of the run's numbers, where its tier has any."""
        if course.tier not in {None, Tier.SPOT}:
            return ()
        return spot_tests(self._run, len(found.labels), self._settings.alpha, found.reference)

    def _take_up(self, journal: Journal, tally: Tally, found: Found, seed: str) -> int:
        """Count what a former run left in the journal, and give how many items that were."""
        run = self._run
        belongs = depends_on(
            run, self._command, found.opened, found.source, files=self._files, seed=seed
        )
        fresh = self._settings.fresh or self._settings.tier is Tier.GOLDEN
        different = journal.begin(belongs, fresh=fresh, late=(REFERENCE,))
        if different:
            others = ", ".join(different)
            self._watch.tell(
                f"{run.title}: the journal of a former run is of another {others}; it begins anew"
            )
        kept = take_up(journal, tally, self._watch)
        if kept:
            self._watch.tell(f"{run.title}: goes on after {kept} items of a former run")
        return kept

    def _measured(self, tier: Tier, found: Found) -> Measured:
        return Measured(
            tier=tier,
            total=len(found.labels),
            fingerprint=found.opened.fingerprint,
            opened=found.opened,
            source=found.source,
            seed="",
            started=self._started,
            duration=round(time.monotonic() - self._clock, 3),
            evidence=self._evidence.digest if self._evidence else "",
            files=self._files,
        )

    def _close(self, recognizer: AnyRecognizer) -> None:
        warning = recognizer.close()
        if warning:
            self._watch.warning(warning)

    def _tell_choice(self, choice: Choice) -> None:
        self._watch.tell(f"{self._run.title}: {choice.text}")
