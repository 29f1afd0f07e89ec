"""Copies of a data set: how one differs from another, and what a listed number says of it then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.manifest.numbers import correct_band, percentage
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.text import first_named


@dataclass(frozen=True, slots=True)
class Copy:
    """How a copy differs from the data set that a number is listed for.

    ``missing`` and ``extra`` are the ids that only one of the two has; ``relabelled`` are those
    with another label. ``same`` items are alike in both, out of ``total`` that the number is for.
    """

    missing: Sequence[str]
    extra: Sequence[str]
    relabelled: Sequence[str]
    same: int
    total: int

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.missing or self.extra or self.relabelled)

    def text(self) -> str:
        """Name what differs: ``2 items are missing (a, b); 1 has another label (c)``."""
        parts = []
        for names, one, many in (
            (self.missing, "item is missing", "items are missing"),
            (self.extra, "item is extra", "items are extra"),
            (self.relabelled, "item has another label", "items have another label"),
        ):
            if names:
                words = one if len(names) == 1 else many
                parts.append(f"{len(names)} {words} ({first_named(names)})")
        return "; ".join(parts)


def compare(listed: Iterable[tuple[str, int]], labels: Mapping[str, int]) -> Copy:
    """Compare a copy's items, ``labels``, with those that a number is listed for."""
    reference = dict(listed)
    missing = sorted(reference.keys() - labels.keys())
    extra = sorted(labels.keys() - reference.keys())
    common = reference.keys() & labels.keys()
    relabelled = sorted(item for item in common if reference[item] != labels[item])
    return Copy(missing, extra, relabelled, len(common) - len(relabelled), len(reference))


def bounds_text(run: Run, total: int, same: int, restated: Mapping[str, int] | None = None) -> str:
    """Say in which bounds each listed number must lie on the items that a copy has unchanged.

    Args:
        run: Whose numbers.
        total: The number of items that the numbers are listed for.
        same: How many of them the copy has, with their label.
        restated: How many of these are correct by the evidence, for each metric.
    """
    texts = []
    for metric in run.counted:
        text = _bounds(run, metric, total, same)
        correct = (restated or {}).get(metric.key)
        if text and correct is not None:
            text += f", and by the evidence it is {_number(run, metric, correct, same)}"
        texts.append(text)
    return "; ".join(text for text in texts if text)


def _bounds(run: Run, metric: Metric, total: int, same: int) -> str:
    band = correct_band(run.number(metric), metric, total, run.dataset.media)
    if not same or band.low > band.high:
        return ""
    low, high = max(0, band.low - (total - same)), min(same, band.high)
    ends = sorted(
        (_number(run, metric, count, same) for count in (low, high)),
        key=lambda text: float(text.split()[0]),
    )
    listed = run.number(metric).text
    return (
        f"if {metric.key} {listed} holds for {total} items, it lies from {ends[0]} to {ends[1]} on "
        f"the {same} that are the same"
    )


def _number(run: Run, metric: Metric, correct: int, total: int) -> str:
    counted = total - correct if metric.direction == "lower" else correct
    value = float(percentage(counted, total, metric))
    return f"{value:.{run.number(metric).decimals + 1}f} ({correct})"
