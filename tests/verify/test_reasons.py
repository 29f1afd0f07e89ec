"""Why a number may not hold: only what was seen, the strongest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import correct_band, percentage
from sphinx_modelzoo.receipts.claims import FINGERPRINT, RECOGNIZER, WEIGHTS, claim
from sphinx_modelzoo.receipts.model import Receipt, Verdict
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.outcome import Outcome
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.report.reasons import Cause, Reason, likely_reasons
from sphinx_modelzoo.verify.verdict import Decision

MODELS = """\
  - {name: a, hashtag: aaaaaaaa, default: true, dataset: ucf101, protocol: tsn, top1: 83.4,
     top5: 96.0}
  - {name: a, hashtag: bbbbbbbb, dataset: ucf101, protocol: tsn, top1: 81.5}
  - {name: c, hashtag: cccccccc, dataset: ucf101, protocol: tsn, top1: 60.0}
  - {name: d, dataset: images, protocol: own, top1: 75.0, err1: 25.0}
"""
TOTAL = 3783


@pytest.fixture
def zoo(make_zoo: Callable[[str], Zoo]) -> Zoo:
    return make_zoo(MODELS)


def outcome(run: Run, key: str, correct: int, n: int = TOTAL, total: int = TOTAL) -> Outcome:
    metric = next(metric for metric in run.metrics if metric.key == key)
    band = correct_band(run.number(metric), metric, total, run.dataset.media)
    counted = total - correct if metric.direction == "lower" else correct
    measured = percentage(counted, total, metric) if n == total else None
    verdict = Verdict.CONFIRMED if correct in band else Verdict.REFUTED
    return Outcome(run, metric, verdict, Decision(verdict, correct, n, total, band, measured))


def receipt(zoo: Zoo, seen: Outcome, **changes: object) -> Receipt:
    run, decision = seen.run, seen.decision
    assert decision is not None
    depends = claim(zoo, run.entry, run.result, seen.metric)
    depends |= {WEIGHTS: "a" * 64, FINGERPRINT: "b" * 64, RECOGNIZER: "gluoncv-action 1"}
    made = Receipt(
        number=number_key(run.entry, run.result, seen.metric.key),
        listed=run.number(seen.metric).text,
        correct=decision.correct,
        n=decision.n,
        total=decision.total,
        band=(decision.band.low, decision.band.high),
        verdict=decision.verdict,
        depends=depends,
        predictions="c" * 64,
        started="2026-11-01T08:00:00Z",
        duration=1.0,
        tool="sphinx-modelzoo 0",
        environment={"mxnet": "1.9.1", "cuda": "none", "opencv": "4.8"},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def found(
    zoo: Zoo, seen: Outcome, former: Receipt | None = None, *others: Outcome, **changes: object
) -> list[tuple[Cause, str]]:
    now = receipt(zoo, seen, **changes)
    reasons = likely_reasons(zoo, seen, now, former, [seen, *others])
    return [(reason.cause, reason.text) for reason in reasons]


def test_nothing_seen_is_nothing_said(zoo: Zoo) -> None:
    assert found(zoo, outcome(plan(zoo)[0], "top1", 2600)) == []


def test_what_changed_since_the_number_held_is_said_first_and_by_kind(zoo: Zoo) -> None:
    seen = outcome(plan(zoo)[0], "top1", 3100)
    good = receipt(zoo, outcome(plan(zoo)[0], "top1", 3155))
    then = {
        **good.depends,
        WEIGHTS: "d" * 64,
        FINGERPRINT: "e" * 64,
        RECOGNIZER: "gluoncv-action 0",
        "claim.protocol.segments": "7",
        "claim.protocol.dtype": "float16",
        "claim.listed": "83.5",
    }
    environment = {"mxnet": "1.8.0", "cuda": "11.2", "opencv": "4.8"}
    former = replace(good, depends=then, environment=environment)
    since = "since 2026-11-01, when 3155 of 3783 were right, "
    assert found(zoo, seen, former)[:6] == [
        (Cause.NUMBER, f"{since}the listed number changed from 83.5 to 83.4"),
        (Cause.WEIGHTS, f"{since}the weights' file changed from dddddddd… to aaaaaaaa…"),
        (Cause.PREPROCESSING, f"{since}protocol segments changed from 7 to 25"),
        (
            Cause.DATASET,
            f"{since}the data set's list of items changed from eeeeeeee… to bbbbbbbb…",
        ),
        (
            Cause.RECOGNIZER,
            (
                f"{since}the recognizer changed from gluoncv-action 0 to gluoncv-action 1; "
                "mxnet changed from 1.8.0 to 1.9.1"
            ),
        ),
        (
            Cause.PRECISION,
            (
                f"{since}protocol dtype changed from float16 to nothing; "
                "cuda changed from 11.2 to none"
            ),
        ),
    ]


def test_another_number_of_items_is_said(zoo: Zoo) -> None:
    seen = outcome(plan(zoo)[0], "top1", 3100)
    good = receipt(zoo, seen)
    then = {**good.depends, "claim.samples": "3776"}
    former = replace(good, n=3776, total=3776, correct=3150, depends=then)
    texts = [text for cause, text in found(zoo, seen, former) if cause is Cause.N]
    since = "since 2026-11-01, when 3150 of 3776 were right, "
    assert texts[0] == f"{since}the data set's number of items changed from 3776 to 3783"
    unsaid = replace(former, depends=good.depends)
    assert found(zoo, seen, unsaid)[0] == (Cause.N, f"{since}the 3776 items became 3783")


def test_the_same_count_as_before_points_to_the_listed_number(zoo: Zoo) -> None:
    seen = outcome(plan(zoo)[0], "top1", 2600)
    assert found(zoo, seen, receipt(zoo, seen)) == [
        (
            Cause.NUMBER,
            (
                "the same was counted on 2026-11-01, all predictions are equal, and nothing on "
                "record has changed since"
            ),
        )
    ]


def test_another_count_with_nothing_changed_points_to_what_is_not_on_record(zoo: Zoo) -> None:
    seen = outcome(plan(zoo)[0], "top1", 2600)
    former = receipt(zoo, outcome(plan(zoo)[0], "top1", 3155))
    ((cause, text),) = found(zoo, seen, former)
    assert cause is Cause.RECOGNIZER
    assert text.startswith("nothing on record has changed since 2026-11-01, when 3155 of 3783")


def test_a_count_that_is_another_entrys_number_may_be_its(zoo: Zoo) -> None:
    seen = outcome(plan(zoo)[0], "top1", 3083)  # 81.5 %
    assert found(zoo, seen)[0] == (
        Cause.WEIGHTS,
        "what was measured is what a@bbbbbbbb lists: rows may be exchanged",
    )


def test_a_number_that_another_metric_gives_may_be_its(zoo: Zoo) -> None:
    run = plan(zoo)[0]
    seen, five = outcome(run, "top1", 2600), outcome(run, "top5", 3155)
    assert found(zoo, seen, None, five)[0] == (
        Cause.NUMBER,
        "3155 of 3783 for top5 would fit: the two may be exchanged",
    )


def test_an_error_that_is_listed_as_an_accuracy_is_found(zoo: Zoo) -> None:
    run = plan(zoo)[3]
    seen = outcome(run, "top1", 250, 1000, 1000)
    assert (
        Cause.NUMBER,
        "it is the share of the items that were wrong: write 'direction: lower' for top1",
    ) in found(zoo, seen)
    seen = outcome(run, "err1", 250, 1000, 1000)
    assert (
        Cause.NUMBER,
        "it is the share of the items that were right: write 'direction: higher' for err1",
    ) in found(zoo, seen)


@pytest.mark.parametrize(("correct", "guessed"), [(38, True), (55, True), (80, False)])
def test_a_count_of_guessing_is_told_from_a_bad_one(
    zoo: Zoo, correct: int, guessed: object
) -> None:
    reasons = found(zoo, outcome(plan(zoo)[0], "top1", correct))
    assert any("guessing among 101 classes gives about 37" in text for _, text in reasons) == (
        guessed
    )


def test_guessing_says_nothing_where_the_listed_number_is_guessing_too(
    make_zoo: Callable[[str], Zoo],
) -> None:
    zoo = make_zoo("  - {name: a, dataset: ucf101, protocol: tsn, top1: 1.5}\n")
    reasons = found(zoo, outcome(plan(zoo)[0], "top1", 20))
    assert not any("guessing" in text for _, text in reasons)


def test_other_numbers_that_hold_leave_the_weights(zoo: Zoo) -> None:
    first, second, third = plan(zoo)[:3]
    seen = outcome(first, "top1", 2600)
    good, bad = outcome(second, "top1", 3083), outcome(third, "top1", 100)
    assert (
        Cause.WEIGHTS,
        "the numbers of a@bbbbbbbb on ucf101 under tsn hold: it is not what they share",
    ) in found(zoo, seen, None, good, bad)
    assert (
        Cause.PREPROCESSING,
        "c@cccccccc on ucf101 under tsn is refuted too: look at what they share first",
    ) in found(zoo, seen, None, bad)


def test_a_last_batch_that_was_left_out_is_found(make_zoo: Callable[[str], Zoo]) -> None:
    zoo = make_zoo("  - {name: a, hashtag: aaaaaaaa, dataset: ucf101, protocol: tsn, err1: 16.6}\n")
    run = plan(zoo)[0]  # no tolerance
    seen = outcome(run, "err1", 3151)  # 16.71 % wrong; 629 of 3780 would be 16.64 %
    assert seen.verdict is Verdict.REFUTED
    assert found(zoo, seen)[0] == (
        Cause.N,
        "it would hold for 3780 items: batches of 4 leave out the last 3",
    )


def test_what_nobody_could_check_is_said(make_zoo: Callable[[str], Zoo]) -> None:
    zoo = make_zoo("  - {name: d, dataset: images, protocol: own, top1: 75.0}\n")
    seen = outcome(plan(zoo)[0], "top1", 300, 1000, 1000)
    assert found(zoo, seen) == [
        (
            Cause.WEIGHTS,
            "the manifest does not say by hash or file which weights the number belongs to",
        ),
        (Cause.N, "the manifest does not say how many items images has"),
    ]
    bare = {name: text for name, text in receipt(zoo, seen).depends.items() if name != WEIGHTS}
    assert found(zoo, seen, depends=bare)[0] == (
        Cause.WEIGHTS,
        "the recognizer does not say which weights it loaded",
    )


@pytest.mark.parametrize(
    ("correct", "cause"), [(3120, Cause.PREPROCESSING), (2600, None), (3135, Cause.PREPROCESSING)]
)
def test_the_size_of_the_difference_is_compared_with_what_is_usual(
    zoo: Zoo, correct: int, cause: Cause | None
) -> None:
    reasons = found(zoo, outcome(plan(zoo)[0], "top1", correct))
    assert [each for each, text in reasons if "off by" in text] == ([cause] if cause else [])


def test_a_difference_of_engines_is_told_from_one_of_preprocessing(
    make_zoo: Callable[[str], Zoo],
) -> None:
    zoo = make_zoo("  - {name: a, hashtag: aaaaaaaa, dataset: ucf101, protocol: tsn, err1: 16.6}\n")
    reasons = found(zoo, outcome(plan(zoo)[0], "err1", 3148))
    assert (
        Cause.PRECISION,
        (
            "it is off by 0.19 points: so much may come from another precision, decoder or "
            "version of a library"
        ),
    ) in reasons


def test_few_items_say_nothing_of_sizes(make_zoo: Callable[[str], Zoo]) -> None:
    zoo = make_zoo("  - {name: d, hashtag: d, dataset: listed, protocol: own, top1: 75.0}\n")
    assert not any("off by" in t for _, t in found(zoo, outcome(plan(zoo)[0], "top1", 29, 40, 40)))


def test_a_number_without_a_count_has_no_reasons(zoo: Zoo) -> None:
    run = plan(zoo)[0]
    seen = outcome(run, "top1", 2600)
    bare = Outcome(run, run.metrics[0], Verdict.UNDECIDED)
    assert likely_reasons(zoo, bare, receipt(zoo, seen)) == ()


def test_a_reason_reads_as_its_cause_and_its_text() -> None:
    assert str(Reason(Cause.N, "7 fewer")) == "number of items: 7 fewer"
