"""Recording evidence: the predictions of a full run, for others to compare theirs with."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import band, percentage
from sphinx_modelzoo.receipts.evidence import write_lines
from sphinx_modelzoo.receipts.evidence_lines import Origin
from sphinx_modelzoo.receipts.store import entry_folder, file_name
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.reruns import engine_of

FOLDER = "evidence"
ENDING = ".jsonl.gz"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Evidence that was written: where, its digest, and what there is to do about it."""

    path: Path
    digest: str
    advice: tuple[str, ...]


def evidence_path(zoo: Zoo, run: Run, folder: Path | None) -> Path:
    """Give where a run's evidence goes.

    That is where the manifest says, or ``NAME@HASHTAG/DATASET.PROTOCOL.jsonl.gz`` in ``folder``,
    by default the folder ``evidence`` beside the manifest.
    """
    named = (zoo.root / run.result.evidence).resolve()
    if folder is None and run.result.evidence and named.is_relative_to(zoo.root.resolve()):
        return named
    parts = [part for part in (run.dataset.key, run.result.protocol) if part]
    entry = entry_folder(run.entry.name, run.entry.hashtag)
    return (folder or zoo.root / FOLDER) / entry / f"{file_name(parts)}{ENDING}"


def record(zoo: Zoo, run: Run, measured: Measured, folder: Path | None) -> Recorded:
    """Write the evidence of a run that counted all items.

    Raises:
        UndecidedError: it cannot be written.
    """
    path = evidence_path(zoo, run, folder)
    opened = measured.opened
    origin = Origin(
        name=run.entry.name,
        hashtag=run.entry.hashtag,
        dataset=run.dataset.key,
        protocol=run.result.protocol,
        classes=run.dataset.classes or 0,
        items=measured.total,
        fingerprint=measured.fingerprint,
        recognizer=f"{opened.recognizer} {opened.version}",
        predictions=measured.counts.digest,
        weights=opened.weights.sha256 if opened.weights else "",
        files=measured.files,
        settings=dict(run.protocol.settings) if run.protocol else {},
        engine=engine_of(opened.environment) if opened.disagreement else "",
        disagreement=opened.disagreement,
    )
    digest = write_lines(path, origin, measured.lines())
    return Recorded(path, digest, (*_pointing(zoo, run, path), *_differing(run, measured)))


def _pointing(zoo: Zoo, run: Run, path: Path) -> tuple[str, ...]:
    """Say how the manifest comes to point to the evidence, where it does not."""
    root = zoo.root.resolve()
    if run.result.evidence and (root / run.result.evidence).resolve() == path.resolve():
        return ()
    if not path.resolve().is_relative_to(root):
        return (f"copy it below {root}, and name it there with 'evidence: PATH'",)
    inside = path.resolve().relative_to(root).as_posix()
    which = f"{run.entry.key}:{run.dataset.key}"
    which += f":{run.result.protocol}" if run.result.protocol else ""
    target = run.entry.key if len(run.entry.results) == 1 else which
    return (f"point to it: modelzoo set '{target}' 'evidence={inside}'",)


def _differing(run: Run, measured: Measured) -> tuple[str, ...]:
    """Say which listed numbers are not the evidence's own: they could not be compared with it."""
    texts = []
    for metric in run.counted:
        number, correct = run.number(metric), measured.counts.correct[metric.top or 0]
        counted = measured.total - correct if metric.direction == "lower" else correct
        if counted not in band(number, metric, measured.total, Fraction(0)):
            value = f"{float(percentage(counted, measured.total, metric)):.{number.decimals}f}"
            texts.append(
                f"{number.place}: list {metric.key} {value}, not {number.text}: a spot check asks "
                "that the listed number is the evidence's"
            )
    return tuple(texts)
