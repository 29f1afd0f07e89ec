"""Measuring one shard of a run: its items are predicted and written to a file, and none decided."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import PurePath

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.verify.count import counts_of
from sphinx_modelzoo.verify.course import Course
from sphinx_modelzoo.verify.depends import depends_on
from sphinx_modelzoo.verify.journal import Journal
from sphinx_modelzoo.verify.measure import Found, Measurement
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.order import Items, seeded_items
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.predicting import predict
from sphinx_modelzoo.verify.recognizer.interface import AnyRecognizer
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import class_count
from sphinx_modelzoo.verify.reruns import reruns_of
from sphinx_modelzoo.verify.settings import Settings, Share, Watch
from sphinx_modelzoo.verify.shards.course import ShardCourse
from sphinx_modelzoo.verify.shards.file import End, ShardFile, write_shard
from sphinx_modelzoo.verify.shards.find import former_shards
from sphinx_modelzoo.verify.shards.head import BUDGET, Head, on_any_machine, portable
from sphinx_modelzoo.verify.shards.part import Part
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


def measure_shard(
    zoo: Zoo,
    run: Run,
    command: Command,
    part: Part,
    *,
    settings: Settings,
    watch: Watch,
    share: Share,
) -> Measured:
    """Have the items of a run's shard predicted, and write them down.

    Raises:
        UndecidedError: as :func:`~sphinx_modelzoo.verify.measure.measure`. What was predicted until
            then is written down too, as a shard that is not finished.
    """
    made = _ShardMeasurement(
        zoo, run, command, part=part, settings=settings, watch=watch, share=share
    )
    return made.measure()


class _ShardMeasurement(Measurement):
    """One shard on its way."""

    def __init__(
        self,
        zoo: Zoo,
        run: Run,
        command: Command,
        *,
        part: Part,
        settings: Settings,
        watch: Watch,
        share: Share,
    ) -> None:
        super().__init__(zoo, run, command, settings=settings, watch=watch, share=share)
        self._part = part
        self._way = ShardCourse(run, None, seconds=share.seconds)

    def _course(self, tier: Tier | None) -> ShardCourse:
        self._way.tier = tier
        return self._way

    def _count(
        self, recognizer: AnyRecognizer, found: Found, course: Course, journal: Journal
    ) -> Measured:
        run, watch, seed = self._run, self._watch, self._seed()
        share = self._part.share(seeded_items(found.labels, seed))
        goal = self._part.within(self._items_to_see(found, course))
        self._way.goal = goal
        # A budget's end is not known before.
        until = goal if course.tier is not None else len(share.order)
        tally = Tally(share, run.tops, class_count(run))
        watch.expect(until)
        head = self._head(found, course, seed)
        kept = self._take_up(journal, tally, found, seed)
        former = self._former(head)
        spent, least = 0.0, former.end.predicted if former else 0
        if self._settings.fresh:
            former = None
        if former is not None:
            self._take_over(former, journal, tally)
            head = replace(head, started=former.head.started)
            spent = former.end.seconds  # with what of the journal is in the former file as well
            kept = max(0, kept - former.end.predicted) + former.end.kept

        def write() -> ShardFile:
            seconds = round(spent + time.monotonic() - self._clock, 3)
            end = End(tally.n, max(goal, tally.n), len(share.order), seconds, kept)
            return self._write(head, share, tally, journal, end)

        course.begin(tally)
        try:
            if predict(recognizer, journal, tally, course, watch, goal=until):
                self._close(recognizer)
        except BaseException:
            # What was predicted is kept, unless a former file has more of it.
            if tally.n > least:
                with contextlib.suppress(ModelZooError):
                    write()
            raise
        # A former file may have more, with an item in between that could not be read. All is in the
        # journal too: one that went for something else would not go with the other shards.
        if (
            former is not None
            and tally.n < least
            and (course.spent or former.head.same() == head.same())
        ):
            shard = former
        else:
            shard = write()
        counts = counts_of(tally, journal, tally.n)
        if tally.waiting:  # what is not in the file stays in the journal
            journal.close()
        return replace(
            self._measured(course.tier or Tier.SPOT, found),
            seed=seed,
            spent=course.spent,
            counts=counts,
            reruns=reruns_of(self._command, found.opened, tally),
            kept=kept,
            journal=None if tally.waiting else journal,
            shard=shard,
        )

    def _items_to_see(self, found: Found, course: Course) -> int:
        """Give up to which item of the seeded order all shards together go."""
        total = len(found.labels)
        asked = self._part.items
        if course.tier is Tier.FULL:
            if asked is not None:
                self._watch.warning(f"{self._run.title}: all items decide, whatever --items says")
            return total
        if asked is not None:
            return min(asked, total)
        return max(test.planned() for test in self._tests(found, course))

    def _head(self, found: Found, course: Course, seed: str) -> Head:
        run, part, settings = self._run, self._part, self._settings
        opened, source, reference = found.opened, found.source, found.reference
        files = self._files
        depends = depends_on(run, self._command, opened, source, files=files, seed=seed)
        return Head(
            entry=run.entry.key,
            dataset=run.dataset.key,
            protocol=run.result.protocol,
            number=part.number,
            of=part.of,
            total=len(found.labels),
            tier=course.tier or BUDGET,
            alpha=settings.alpha,
            evidence=reference.file.digest if reference else "",
            tool=settings.tool,
            command=portable(self._command),
            depends=on_any_machine(depends),
            opened=opened,
            media=source.media,
            item_list=PurePath(source.list).name,
            started=self._started,
        )

    def _former(self, head: Head) -> ShardFile | None:
        """Give the file of this shard that has most of it already, where there is one."""
        own = self._part.path(self._run)
        best = None
        for file in former_shards(own):
            differs = file.head.differs(head)
            if file.problem is not None or differs:
                if file.path == own:
                    what = f"is of another {', '.join(differs)}" if differs else "is damaged"
                    self._watch.tell(f"{self._run.title}: {own} {what}; it is replaced")
                continue
            if best is None or file.end.predicted > best.end.predicted:
                best = file
        return best

    def _take_over(self, former: ShardFile, journal: Journal, tally: Tally) -> None:
        """Count what a former shard's file has, and what the journal has not."""
        there = {*tally.items.in_order(0, tally.n), *tally.waiting}
        taken = 0
        for row in former.rows():
            # What could not be read is tried again.
            if row.prediction is None or row.prediction.error or row.id in there:
                continue
            tally.add(journal.append(row.prediction), row.prediction)
            self._watch.step(kept=True)
            taken += 1
        tally.flush()
        if taken:
            self._watch.tell(f"{self._run.title}: goes on after {taken} items of {former.path}")

    def _write(
        self, head: Head, share: Items, tally: Tally, journal: Journal, end: End
    ) -> ShardFile:
        path = self._part.path(self._run)
        rest = ((item, share.labels[item]) for item in share.in_order(tally.n))
        write_shard(path, head, journal.lines(iter(tally.offsets)), rest, end)
        self._watch.tell(
            f"{self._run.title}: shard {self._part} with {end.predicted} of its {end.items} items "
            f"written to {path}"
        )
        return ShardFile(path, head, end)
