"""Whatever shards there are, and however often: what is counted is what one machine counts."""

from __future__ import annotations

import os
import random
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import DataSource, Opened, Prediction
from sphinx_modelzoo.verify.journal import open_journal
from sphinx_modelzoo.verify.measured import Measured, with_counts
from sphinx_modelzoo.verify.predicting import tier_reached
from sphinx_modelzoo.verify.shards.file import open_shard
from sphinx_modelzoo.verify.shards.merged import group, merged
from sphinx_modelzoo.verify.spot import spot_tests
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier

CLASSES = 4
DOCS = Path(__file__).parents[3] / "docs"


def predictions(total: int, share: float = 0.5, seed: int = 0) -> list[Prediction]:
    draw = random.Random(seed)  # noqa: S311 - outcomes, no secrets
    made = []
    for index in range(total):
        label = index % CLASSES
        order = draw.sample(range(CLASSES), CLASSES)
        if draw.random() < share:
            order = [label, *(each for each in order if each != label)]
        top = tuple((each, 1.0 - rank / 8) for rank, each in enumerate(order))
        made.append(Prediction(f"item {index}", label, top))
    return made


def on_one_machine(bench, made, tier: Tier, first: int | None = None) -> Measured:
    """Count the first items of the order as a run on one machine does."""
    items = bench.items(made)
    by_id = {each.id: each for each in made}
    tests = spot_tests(bench.run, len(made), 0.05, None) if tier is Tier.SPOT else ()
    tally = Tally(items, bench.run.tops, CLASSES, tests)
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder) / "j")
        journal.begin({})
        for item in items.in_order(0, first):
            tally.add(journal.append(by_id[item]), by_id[item])
        tally.flush()
        opened, source = bench.head(made, 1, 1, tier).opened, DataSource("items")
        reached = tier_reached(tier, tally)
        blank = Measured(reached, len(made), opened.fingerprint, opened, source, "", "", 0.0)
        measured = with_counts(blank, tally, journal)
        measured = replace(measured, lines=list(measured.lines()))
        journal.close()
    return measured


@st.composite
def deliveries(draw) -> tuple[int, int, list[tuple[int, int, bool]]]:
    """Give items, shards, and files: the shard, how many it predicted, whether some in vain."""
    total = draw(st.integers(1, 25))
    of = draw(st.integers(1, 7))
    partial = st.tuples(st.integers(1, of), st.integers(0, 9), st.booleans())
    extra = draw(st.lists(partial, max_size=6))
    whole = [(number, 99, False) for number in range(1, of + 1)]
    return total, of, draw(st.permutations([*whole, *extra]))


@settings(max_examples=60)
@given(delivery=deliveries(), seed=st.integers(0, 99))
def test_any_partition_delivered_any_number_of_times_counts_as_on_one_machine(
    bench_in, tmp_path_factory, delivery, seed
):
    total, of, files = delivery
    bench = bench_in(tmp_path_factory.mktemp("merge"))
    made = predictions(total, seed=seed)
    for number, first, in_vain in files:
        share = bench.items(made).in_order()[number - 1 :: of]
        bench.write(made, (number, of), first, unreadable=share[::2] if in_vain else ())
    merged, alone = bench.merged(), on_one_machine(bench, made, Tier.FULL)
    assert merged.tier is Tier.FULL
    assert merged.counts == alone.counts
    assert list(merged.lines()) == alone.lines
    assert (merged.total, merged.counts.n) == (total, total)


@settings(max_examples=40)
@given(
    of=st.integers(1, 6),
    total=st.integers(30, 90),
    share=st.sampled_from([0.0, 0.3, 0.5]),
    data=st.data(),
)
def test_a_spot_check_is_decided_by_what_all_shards_cover_of_the_order(  # noqa: PLR0917
    bench_in, tmp_path_factory, of, total, share, data
):
    bench = bench_in(tmp_path_factory.mktemp("merge"))
    made = predictions(total, share, seed=total)
    covered = total
    for number in range(1, of + 1):
        first = data.draw(st.integers(0, total // of + 1))
        bench.write(made, (number, of), first, tier="spot")
        if first < len(range(number - 1, total, of)):
            covered = min(covered, first * of + number - 1)
    merged, alone = bench.merged(), on_one_machine(bench, made, Tier.SPOT, covered)
    assert (merged.tier, merged.spots) == (alone.tier, alone.spots)
    assert merged.counts.digest == alone.counts.digest
    open_ = any(spot.verdict.value == "undecided" for spot in merged.spots.values())
    assert bool(merged.advice) == open_


def test_what_shards_of_a_spot_check_lack_is_said_with_how_many_items_more_are_needed(bench):
    made = predictions(60)
    for number in (1, 2, 3):
        bench.write(made, (number, 3), 4, tier="spot")
    assert "shard 1/3 stopped after 4 of 20 items" in bench.merged().advice
    assert "; run verify-zoo --shard 1/3 and so on, with the options" in bench.merged().advice


def test_how_many_items_more_are_needed_is_said_as_the_page_on_shards_shows_it(bench):
    made = predictions(60)
    for number in (1, 2, 3):
        bench.write(made, (number, 3), 4, tier="spot", goal=4)
    said = bench.merged().advice
    assert said.startswith("if it holds, about 60 items decide it: run each shard again with ")
    page = DOCS / "howto" / "shards.md"
    assert re.sub(r"\d+", "#", said) in re.sub(r"\d+", "#", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"depends": {"seed": "other"}}, "another architecture (none here, net there)"),
        ({"tier": "budget"}, "another tier (budget here, full there)"),
        ({"alpha": 0.01}, "another error rate (0.01 here, 0.05 there)"),
        ({"tool": "sphinx-modelzoo 0"}, "version (sphinx-modelzoo 0 here, sphinx-modelzoo there)"),
        ({"command": '["fast"]'}, "another command"),
        ({"total": 13}, "another number of items (13 here, 12 there)"),
        ({"evidence": "e" * 64}, "another evidence (eeeeeeeeeeee… here, none there)"),
    ],
)
def test_the_shard_that_is_of_another_run_is_named_with_what_differs(bench, change, words):
    made = predictions(12)
    other = bench.write(made, (1, 3), **change)
    for number in (2, 3):
        bench.write(made, (number, 3))
    with pytest.raises(UndecidedError) as caught:
        bench.merged()
    assert [problem.place for problem in caught.value.problems] == [str(other)]
    assert words in str(caught.value)


def test_shards_of_another_version_are_named(bench):
    made = predictions(6)
    bench.write(made, (1, 1), tool="sphinx-modelzoo 0")
    with pytest.raises(UndecidedError, match=r"are of another version .sphinx-modelzoo 0 then"):
        bench.merged()


def test_another_prediction_of_the_same_item_is_an_error_that_names_it_and_both_files(bench):
    made = predictions(6)
    first = bench.write(made, (1, 2))
    bench.write(made, (2, 2))
    item = bench.items(made).in_order()[2]
    changed = [
        replace(each, top=tuple((k, s + 1) for k, s in each.top)) if each.id == item else each
        for each in made
    ]
    second = bench.write(changed, (1, 2))
    with pytest.raises(UndecidedError) as caught:
        bench.merged()
    for words in (str(first), str(second), repr(item), "with other scores"):
        assert words in str(caught.value)


def test_a_shard_under_another_number_is_no_share_of_the_run(bench):
    made = predictions(6)
    bench.write(made, (1, 2))
    wrong = bench.write(made, (1, 2), number=2)
    with pytest.raises(UndecidedError, match="is in another shard too"):
        bench.merged()
    wrong.unlink()
    others = [replace(each, id=f"other {each.id}") for each in made]
    bench.write(
        others,
        (2, 2),
        opened=bench.head(made, 2, 2, "full").opened,
        depends=bench.head(made, 2, 2, "full").depends,
    )
    with pytest.raises(UndecidedError, match="are not those that the run's seed gives it"):
        bench.merged()


def test_missing_shards_are_named_and_nothing_is_counted(bench):
    made = predictions(40)
    bench.write(made, (2, 20))
    bench.write(made, (5, 20), 1)
    with pytest.raises(UndecidedError) as caught:
        bench.merged()
    assert "shards 1/20, 3/20, 4/20, 6/20, " in str(caught.value)
    assert " and 6 more are missing; shard 5/20 stopped after 1 of 2 items; " in str(caught.value)


@pytest.mark.parametrize("of", [7, 999_999_999])
def test_shards_without_items_are_not_missing(bench, of):
    made = predictions(5)
    for number in range(1, 6):
        bench.write(made, (number, of))
    assert bench.merged().counts.n == 5
    first = bench.write(made, (1, of))
    with pytest.raises(UndecidedError, match=f"shards 2/{of}, 3/{of}, 4/{of}, 5/{of} are missing"):
        bench.merged(first)


def test_a_shard_that_is_replaced_while_it_is_read_is_named(bench):
    made = predictions(12)
    other = bench.write(made, (1, 2), unreadable=bench.items(made).in_order()[:3])
    path = bench.write(made, (1, 2))
    whole = merged(group([open_shard(path), open_shard(bench.write(made, (2, 2)))]))
    assert len(list(whole.predictions())) == 12
    found = iter(whole.predictions())
    next(found)
    os.truncate(path, 0)
    with pytest.raises(UndecidedError, match=rf"{path}: the shard was changed while it was read"):
        list(found)
    other.replace(path)
    with pytest.raises(UndecidedError, match=rf"{path}: the shard was changed while it was read"):
        list(whole.predictions())


def test_machines_that_differ_are_all_in_the_environment(bench):
    made = predictions(6)
    for number in (1, 2, 3):
        bench.write(made, (number, 3))
    seen = bench.merged()
    assert seen.opened.environment == {"cpu": "cpu 1 | cpu 0", "shards": "3"}
    # An earlier attempt, which another machine went on from.
    opened = replace(seen.opened, environment={"cpu": "cpu 7"}, disagreement=0.0)
    bench.write(made, (2, 3), 1, opened=opened)
    assert bench.merged().opened.environment["cpu"] == "cpu 1 | cpu 0 | cpu 7"
    assert (seen.started, seen.duration, seen.kept) == ("2026-01-02T00:00:00Z", 4.5, 3)


def test_the_largest_disagreement_of_the_machines_counts(bench):
    made = [replace(each, close=index < 2) for index, each in enumerate(predictions(6))]
    for number, disagreement in ((1, 0.001), (2, 0.002)):
        opened: Opened = bench.head(made, number, 2, "full").opened
        opened = replace(opened, disagreement=disagreement)
        bench.write(made, (number, 2), opened=opened)
    seen = bench.merged()
    assert seen.opened.disagreement == 0.002
    assert seen.reruns is not None
    assert (seen.reruns.items, seen.reruns.again) == (6, 2)
