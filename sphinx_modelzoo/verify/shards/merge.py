"""Merging a run's shards: what is counted of them, as if one machine had predicted all items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.itemlist import read_items
from sphinx_modelzoo.pipe.messages import DataSource, fingerprint
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.evidence import EvidenceFile
from sphinx_modelzoo.verify.dataset import check_own_list, check_samples
from sphinx_modelzoo.verify.measured import Measured, with_counts
from sphinx_modelzoo.verify.order import Items, seeded_items
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.predicting import tier_reached
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import check_weights, class_count
from sphinx_modelzoo.verify.reference import (
    Reference,
    check_files_of,
    check_numbers,
    check_weights_of,
    find_evidence,
    refer,
)
from sphinx_modelzoo.verify.reruns import ENGINE, Reruns
from sphinx_modelzoo.verify.settings import Settings, Watch
from sphinx_modelzoo.verify.shards.find import Found, check_manifest, check_same_run, undamaged
from sphinx_modelzoo.verify.shards.head import BUDGET
from sphinx_modelzoo.verify.shards.lacking import advice, incomplete, repeated
from sphinx_modelzoo.verify.shards.merged import Merged, Shards, group, merged
from sphinx_modelzoo.verify.shards.together import opened_together
from sphinx_modelzoo.verify.spot import SpotTest, spot_tests
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


def merge(
    zoo: Zoo,
    run: Run,
    command: Command,
    found: Found,
    *,
    settings: Settings,
    watch: Watch,
    recording: bool = False,
) -> Measured:
    """Count the items of a run's shards, each once, as far as the run's tier goes.

    Nothing is needed of the machines that predicted them: neither the items nor the weights.

    Args:
        zoo: The manifest.
        run: Which of its runs.
        command: How its recognizer is started.
        found: The shards' files.
        settings: The tool that merges.
        watch: Who looks on.
        recording: Whether evidence is to be recorded, which is of all items.

    Raises:
        UndecidedError: shards are missing and a count of all items is asked for; or they are
            damaged, of different runs, contradict each other, or are of something else than the
            manifest says.
    """
    files = undamaged(found.of(run), watch.warning)
    check_same_run(files)
    shards = group(files)
    check_manifest(run, command, files[0], settings.tool)
    check_weights(zoo, run, "", shards.head.opened.weights)
    twice = repeated(shards)
    if twice:
        watch.tell(f"{run.title}: {twice}")
    tier = _tier(shards)
    if recording and tier is Tier.SPOT:
        what = f"the shards of {run.title} are of a spot check, and evidence is of all items"
        remedy = "run them again with --tier full, or leave --record out"
        raise UndecidedError(Problem(what, remedy, str(run.result.place)))
    evidence = _evidence(zoo, run, shards)
    whole = merged(shards)
    items = _items(zoo, run, whole, evidence)
    if tier is Tier.FULL and shards.covered() < shards.head.total:
        raise UndecidedError(incomplete(run, shards))
    reference = None if tier is Tier.FULL else _reference(run, shards, evidence, items)
    alpha, total = shards.head.alpha, shards.head.total
    tests: tuple[SpotTest, ...] = ()
    if tier is Tier.SPOT:
        tests = spot_tests(run, total, alpha, reference)
    tally = Tally(items, run.tops, class_count(run), tests)
    watch.expect(total)
    for offset, prediction in whole.predictions():
        if tally.decided:
            break
        tally.add(offset, prediction)
        watch.step()
    tally.flush()
    result = with_counts(_measured(run, shards, tier_reached(tier, tally)), tally, whole)
    return replace(
        result,
        evidence=evidence.digest if evidence else "",
        reruns=_reruns(result, tally),
        advice=advice(shards, tally),
    )


def _tier(shards: Shards) -> Tier:
    """Give the tier that the shards went for; a budget's is the strongest that they reached."""
    if shards.head.tier != BUDGET:
        return Tier(shards.head.tier)
    return Tier.FULL if shards.covered() == shards.head.total else Tier.SPOT


def _evidence(zoo: Zoo, run: Run, shards: Shards) -> EvidenceFile | None:
    """Find the evidence that the shards' numbers are compared with, if they are.

    Raises:
        UndecidedError: it is another than the shards were planned with.
    """
    wanted = shards.head.evidence
    if not wanted:
        return None
    file = find_evidence(zoo, run)
    if file is None or file.digest != wanted:
        now = f"has {file.digest}" if file else "names none"
        what = f"the shards of {run.title} go with the evidence {wanted}, and the manifest {now}"
        remedy = "merge them with the manifest of their machines, or run them anew"
        raise UndecidedError(Problem(what, remedy, str(run.result.place)))
    check_weights_of(file, shards.head.opened)
    if shards.head.depends.get("files"):
        check_files_of(file, run, shards.head.depends["files"])
    return file


def _items(zoo: Zoo, run: Run, whole: Merged, evidence: EvidenceFile | None) -> Items:
    """Give all items in the seeded order, of which each shard holds what it should.

    Raises:
        UndecidedError: shards are missing and nothing else tells their items, or the items are
            others than the shards, the manifest or its list say.
    """
    shards, labels, classes = whole.shards, whole.labels, class_count(run)
    told = shards.head.opened.fingerprint
    if shards.missing:
        labels = _listed(zoo, run, evidence)
        if fingerprint(labels.items()) != told:
            raise UndecidedError(incomplete(run, shards))
    check_samples(run, labels, "the shards", evidence)
    check_own_list(zoo, run, labels, "the shards", classes)
    items = seeded_items(labels, shards.head.depends.get("seed", ""))
    of = shards.head.of
    same = len(labels) == shards.head.total and fingerprint(labels.items()) == told
    same = same and max(labels.values()) < classes
    order = items.in_order() if same else []
    for number, ids in whole.ids.items():
        if order[number - 1 :: of] != ids:
            path = shards.files[number][0].path
            what = f"the items of shard {number}/{of} are not those that the run's seed gives it"
            raise UndecidedError(Problem(what, "run the shard again", str(path)))
    return items


def _listed(zoo: Zoo, run: Run, evidence: EvidenceFile | None) -> Mapping[str, int]:
    """Give the labels of all items by what lies beside the manifest; none where nothing does."""
    own = local_file(zoo, run.dataset.list)
    if own is not None:
        return {item.id: item.label for item in read_items(own, class_count(run))}
    return {each.id: each.label for each in evidence.predictions()} if evidence else {}


def _reference(
    run: Run, shards: Shards, evidence: EvidenceFile | None, items: Items
) -> Reference | None:
    if evidence is None:
        return None
    reference = refer(evidence, run, list(items.ids), items.labels)
    check_numbers(reference, run, shards.head.total)
    return reference


def _measured(run: Run, shards: Shards, reached: Tier) -> Measured:
    """Give what all shards together saw, but for what was counted."""
    head, best = shards.head, shards.best
    return Measured(
        tier=reached,
        total=head.total,
        fingerprint=head.opened.fingerprint,
        opened=opened_together([file.head.opened for file in shards.every], head.of),
        source=DataSource(run.dataset.key, list=head.item_list, media=head.media),
        seed=head.depends.get("seed", ""),
        started=min(file.head.started for file in best),
        duration=round(sum(file.end.seconds for file in best), 3),
        files=head.depends.get("files", ""),
        kept=sum(file.end.kept for file in best),
    )


def _reruns(measured: Measured, tally: Tally) -> Reruns | None:
    opened = measured.opened
    if not opened.disagreement:
        return None
    return Reruns(
        engine=opened.environment.get(ENGINE, opened.recognizer),
        reference="the reference",
        disagreement=opened.disagreement,
        items=tally.n,
        again=tally.again,
        unsettled=len(tally.unsettled),
    )
