"""From what a run saw to the receipt of one of its numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.receipts.claims import FINGERPRINT, RECOGNIZER, WEIGHTS, claim
from sphinx_modelzoo.receipts.model import Receipt
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.measure import Measured
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.verdict import Decision


def receipt_for(
    zoo: Zoo, run: Run, metric: Metric, measured: Measured, decision: Decision, *, tool: str
) -> Receipt:
    """Give the record of a decided number: counts, and all that it depends on.

    ``tool`` is the program that verified it, with its version.
    """
    opened = measured.opened
    depends = claim(zoo, run.entry, run.result, metric)
    depends[FINGERPRINT] = measured.fingerprint
    depends[RECOGNIZER] = f"{opened.recognizer} {opened.version}"
    if opened.weights:
        depends[WEIGHTS] = opened.weights.sha256
    environment = dict(opened.environment)
    if measured.source.media:
        environment["data.media"] = measured.source.media
    if measured.source.list:
        environment["data.list"] = Path(measured.source.list).name
    return Receipt(
        number=number_key(run.entry, run.result, metric.key),
        listed=run.number(metric).text,
        correct=decision.correct,
        n=decision.n,
        total=decision.total,
        band=(decision.band.low, decision.band.high),
        verdict=decision.verdict,
        depends=depends,
        predictions=measured.counts.digest,
        started=measured.started,
        duration=measured.duration,
        tool=tool,
        seed=measured.seed,
        weights=asdict(opened.weights) if opened.weights else {},
        environment=environment,
    )
