"""What the evidence tells of a number that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.claims import RECOGNIZER, WEIGHTS
from sphinx_modelzoo.receipts.evidence import Evidence, make_evidence
from sphinx_modelzoo.receipts.evidence_lines import Origin
from sphinx_modelzoo.receipts.model import Receipt, Verdict
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.report.against_evidence import evidence_reasons
from sphinx_modelzoo.verify.report.reasons import Cause

MODELS = "  - {name: a, hashtag: aaaaaaaa, dataset: images, protocol: tsn, top1: 83.4}\n"


@pytest.fixture
def run(make_zoo: Callable[[str], Zoo]) -> Run:
    return plan(make_zoo(MODELS))[0]


def prediction(index: int, *, right: bool = True, score: float = 0.9, label: int = 1) -> Prediction:
    best, second = (label, 0) if right else (0, label)
    return Prediction(f"item{index:02}", label, ((best, score), (second, 1 - score)))


def evidence(predictions: Sequence[Prediction], **changes: object) -> Evidence:
    fields: dict[str, object] = {
        "name": "a",
        "hashtag": "aaaaaaaa",
        "dataset": "images",
        "protocol": "tsn",
        "classes": 10,
        "items": 0,
        "fingerprint": "",
        "recognizer": "fake 1.0",
        "predictions": "",
        "weights": "a" * 64,
        "settings": {"segments": 25},
        **changes,
    }
    return make_evidence(Origin(**fields), predictions)  # type: ignore[arg-type]


def reasons(
    run: Run, now: Sequence[Prediction], then: Evidence, **depends: str
) -> list[tuple[Cause, str]]:
    receipt = Receipt(
        number=number_key(run.entry, run.result, "top1"),
        listed="83.4",
        correct=1,
        n=1,
        total=1,
        band=(1, 1),
        verdict=Verdict.REFUTED,
        depends={WEIGHTS: "a" * 64, RECOGNIZER: "fake 1.0", **depends},
        predictions="",
        started="",
        duration=1.0,
        tool="",
    )
    found = evidence_reasons(run, run.metrics[0], receipt, now, then)
    return [(reason.cause, reason.text) for reason in found]


TEN = [prediction(index) for index in range(10)]


def test_predictions_as_in_the_evidence_point_to_the_listed_number(run: Run) -> None:
    assert reasons(run, TEN, evidence(TEN)) == [
        (
            Cause.NUMBER,
            (
                "of 10 items each is as right or wrong as in the evidence; half of the scores lie "
                "0 apart or more"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("score", "cause", "words"),
    [
        (0.6, Cause.PREPROCESSING, "as after other preprocessing or with other weights"),
        (0.903, Cause.PRECISION, "as between precisions, decoders and versions of libraries"),
        (0.9, Cause.DATASET, "most items are as they were, so look at those that differ"),
    ],
)
def test_scores_tell_preprocessing_from_precision(
    run: Run, score: float, cause: Cause, words: str
) -> None:
    now = [prediction(index, right=index != 3, score=score) for index in range(10)]
    then = evidence([prediction(index, right=index != 4) for index in range(10)])
    ((found, text),) = reasons(run, now, then)
    assert found is cause
    assert text.startswith("of 10 items 1 are right in the evidence and wrong here, 1 the other")
    assert text.endswith(words)


def test_other_labels_and_items_point_to_the_copy_of_the_data_set(run: Run) -> None:
    now = [*TEN[:8], prediction(8, label=2), prediction(77)]
    found = reasons(run, now, evidence(TEN))
    assert found[:2] == [
        (Cause.DATASET, "another label than in the evidence have 1 item: item08"),
        (Cause.DATASET, "not in the evidence are 1 item: item77"),
    ]


def test_how_the_evidence_was_made_is_compared_first(run: Run) -> None:
    then = evidence(
        TEN, weights="b" * 64, recognizer="fake 0.9", settings={"segments": 7, "crops": 1}
    )
    assert reasons(run, TEN, then)[:4] == [
        (Cause.WEIGHTS, "the evidence was recorded with bbbbbbbb…, now it is aaaaaaaa…"),
        (Cause.PREPROCESSING, "the evidence was recorded with crops 1, now it has none"),
        (Cause.PREPROCESSING, "the evidence was recorded with segments 7, now it is 25"),
        (Cause.RECOGNIZER, "the evidence was recorded by fake 0.9, now it is fake 1.0"),
    ]


def test_items_that_could_not_be_read_are_not_compared(run: Run) -> None:
    now = [Prediction("item00", 1, (), "gone")]
    assert reasons(run, now, evidence(TEN)) == []
