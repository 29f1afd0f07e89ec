"""From what a run saw to the receipt of one of its numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.pipe.messages import WeightsFile
from sphinx_modelzoo.receipts.claims import (
    EVIDENCE,
    FILES,
    FINGERPRINT,
    RECOGNIZER,
    SCRIPT,
    SCRIPT_SHA256,
    WEIGHTS,
    claim,
    file_sha256,
)
from sphinx_modelzoo.receipts.model import Receipt
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.tiers import Tier
from sphinx_modelzoo.verify.verdict import Decision

KEPT = "journal.items"
"""In a receipt's environment: how many items were taken over from a run that was cut off."""
CLUSTER = "cluster"
"""In a receipt's environment: what a run on a cluster ran on."""


def receipt_for(
    zoo: Zoo,
    run: Run,
    metric: Metric,
    measured: Measured,
    decision: Decision,
    *,
    tool: str,
    script: Path | None = None,
) -> Receipt:
    """Give the record of a decided number: counts, and all that it depends on.

    ``tool`` is the program that verified it, with its version; ``script`` the recognizer's own
    file, where it is a configured one.
    """
    opened = measured.opened
    depends = claim(zoo, run.entry, run.result, metric)
    if measured.fingerprint:  # unknown where a program only prints, and there is no list
        depends[FINGERPRINT] = measured.fingerprint
    depends[RECOGNIZER] = f"{opened.recognizer} {opened.version}"
    if opened.weights:
        depends[WEIGHTS] = opened.weights.sha256
    if measured.files:
        depends[FILES] = measured.files
    if script is not None and script.is_relative_to(zoo.root.resolve()):
        depends[SCRIPT] = script.relative_to(zoo.root.resolve()).as_posix()
        depends[SCRIPT_SHA256] = file_sha256(script)
    spot = decision.spot
    evidence = spot.evidence if spot else ""
    if evidence:
        depends[EVIDENCE] = evidence
    environment = dict(opened.environment)
    if measured.source.media:
        environment["data.media"] = measured.source.media
    if measured.source.list:
        environment["data.list"] = Path(measured.source.list).name
    if measured.kept:
        environment[KEPT] = str(measured.kept)
    if measured.reruns:
        environment |= measured.reruns.environment()
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
        tier=Tier.SPOT if spot else Tier.FULL,
        seed=measured.seed,
        alpha=spot.alpha if spot else 0.0,
        delta=spot.delta if spot else 0.0,
        e_values={name: repr(value) for name, value in spot.e_values.items()} if spot else {},
        detectable=spot.detectable or 0.0 if spot else 0.0,
        unreadable=spot.unreadable if spot else 0,
        evidence=evidence,
        weights=_weights(opened.weights) if opened.weights else {},
        environment=environment,
    )


def _weights(file: WeightsFile) -> dict[str, str | int]:
    """Describe the weights; a program that only prints does not tell their parameters."""
    return {name: value for name, value in asdict(file).items() if name != "parameters" or value}
