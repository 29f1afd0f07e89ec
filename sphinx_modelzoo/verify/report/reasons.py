"""Why a listed number may not hold: what is known to differ, the strongest evidence first.

Each reason is a fact that was seen, with what it points to; where nothing was seen, nothing is
said. Sizes are compared with those of the field: other engines, decoders and kernels move an
accuracy by hundredths to tenths of a point, another preprocessing by half a point to several
(:func:`sphinx_modelzoo.manifest.numbers.tolerance` has the customary allowances).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.manifest.numbers import correct_band, percentage, scale
from sphinx_modelzoo.receipts.claims import FINGERPRINT, RECOGNIZER, WEIGHTS, differences
from sphinx_modelzoo.receipts.model import Receipt, Verdict
from sphinx_modelzoo.verify.outcome import Outcome
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.text import first_named
from sphinx_modelzoo.verify.verdict import Decision, shown

BATCHES = (2, 4, 8, 16, 32, 64, 128, 256)
"""Batch sizes in use, whose last incomplete batch some test scripts leave out."""

_FEW = Fraction(1, 50)  # the share of the items that a last batch may be
# In points: what one item may be worth, what engines move, and what preprocessing moves.
_FINEST, _ENGINES, _PROTOCOLS = Fraction(1, 10), Fraction(3, 10), Fraction(5)


class Cause(StrEnum):
    """What a reason points to."""

    NUMBER = "the listed number"
    WEIGHTS = "weights"
    PREPROCESSING = "preprocessing"
    DATASET = "data set"
    N = "number of items"
    RECOGNIZER = "recognizer"
    PRECISION = "precision"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that may explain why a number does not hold, and what it points to."""

    cause: Cause
    text: str

    def __str__(self) -> str:
        """Give ``CAUSE: text``."""
        return f"{self.cause.value}: {self.text}"


def likely_reasons(
    zoo: Zoo,
    refuted: Outcome,
    now: Receipt,
    former: Receipt | None = None,
    others: Sequence[Outcome] = (),
) -> tuple[Reason, ...]:
    """Give what may explain a refuted number, the strongest evidence first.

    Args:
        zoo: The manifest.
        refuted: The number's outcome, with its decision.
        now: The receipt of this verification.
        former: The receipt before it, where there was one.
        others: The outcomes of further numbers in the same session.
    """
    decision = refuted.decision
    if decision is None or not decision.n:
        return ()
    found = [
        *_since(now, former),
        *(_exact(zoo, refuted, decision, others) if decision.n == decision.total else ()),
        *_guessing(refuted, decision),
        *_other_numbers(refuted, others),
        *_unchecked(refuted.run, now),
        *(_size(refuted, decision) if decision.n == decision.total else ()),
    ]
    return tuple(dict.fromkeys(found))


# What names in a receipt's ``depends`` point to; protocol settings stand in _SETTINGS.
_CAUSES = {
    Cause.NUMBER: ("listed", "tolerance", "unit", "top", "direction", "metric"),
    Cause.WEIGHTS: ("weights", "sha1", "sha256", "hashtag", "architecture", "name"),
    Cause.DATASET: ("dataset", "split", "classes", "root", "list", "media", "template"),
    Cause.N: ("samples",),
}
_CLAIMS = {f"claim.{name}": cause for cause, names in _CAUSES.items() for name in names}
_SEEN = {
    WEIGHTS: Cause.WEIGHTS,
    FINGERPRINT: Cause.DATASET,
    RECOGNIZER: Cause.RECOGNIZER,
    "claim.recognizer": Cause.RECOGNIZER,
}
_PRECISION = ("precision", "dtype", "float", "fp16", "bf16", "int8", "quant", "cuda", "gpu", "tf32")


def _cause(name: str) -> Cause:
    """Tell what a name of ``depends`` or of the environment points to."""
    known = (_SEEN | _CLAIMS).get(name)
    if known is not None:
        return known
    if any(word in name.lower() for word in _PRECISION):
        return Cause.PRECISION
    return Cause.PREPROCESSING if name.startswith("claim.") else Cause.RECOGNIZER


def _since(now: Receipt, former: Receipt | None) -> Iterator[Reason]:
    """Compare with what the former verification of the number saw."""
    if former is None:
        return
    then = f"{former.date}, when {former.correct} of {former.n} were right"
    changed = dict(_changes(former, now))
    for cause in Cause:
        if cause in changed:
            yield Reason(cause, f"since {then}, {'; '.join(changed[cause])}")
    if former.total != now.total and Cause.N not in changed:
        yield Reason(Cause.N, f"since {then}, the {former.total} items became {now.total}")
    if changed or former.tier != now.tier:
        return
    if (former.correct, former.n) == (now.correct, now.n):
        same = "all" if former.predictions == now.predictions else "not all"
        what = (
            f"the same was counted on {former.date}, {same} predictions are equal, and nothing on "
            "record has changed since"
        )
        yield Reason(Cause.NUMBER, what)
    elif former.verdict is Verdict.CONFIRMED:
        what = f"nothing on record has changed since {then}: the machine or the data set's files"
        yield Reason(Cause.RECOGNIZER, what)


def _changes(former: Receipt, now: Receipt) -> Iterator[tuple[Cause, list[str]]]:
    """Give what differs between two receipts, by what it points to."""
    names = [*dict.fromkeys((*former.depends, *now.depends))]
    for cause in Cause:
        chosen = {name for name in names if _cause(name) is cause}
        then, after = (_only(each.depends, chosen) for each in (former, now))
        words = list(differences(then, after))
        for name in sorted(former.environment.keys() & now.environment.keys()):
            before, here = former.environment[name], now.environment[name]
            if before != here and _cause(name) is cause:
                words.append(f"{name} changed from {before} to {here}")
        if words:
            yield cause, words


def _only(depends: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in depends.items() if name in names}


def _exact(
    zoo: Zoo, refuted: Outcome, decision: Decision, others: Sequence[Outcome]
) -> Iterator[Reason]:
    """Look at what only a count of all items can tell."""
    yield from _other_listing(zoo, refuted, decision)
    yield from _other_metric(refuted, decision, others)
    yield from _wrong_way(refuted, decision)
    yield from _last_batch(refuted, decision)


def _other_listing(zoo: Zoo, refuted: Outcome, decision: Decision) -> Iterator[Reason]:
    """See whether another entry lists what was measured: rows or weights may be exchanged."""
    run, metric = refuted.run, refuted.metric
    same = [
        entry.key
        for entry, result in zoo.rows(run.dataset.key)
        if result is not run.result
        and result.protocol == run.result.protocol
        and metric.key in result.numbers
        and _stands_for(run, metric, decision, result.numbers[metric.key].value)
    ]
    if same:
        what = f"what was measured is what {first_named(same, 3)} lists: rows may be exchanged"
        yield Reason(Cause.WEIGHTS, what)


def _stands_for(run: Run, metric: Metric, decision: Decision, value: object) -> bool:
    """Tell whether a listed value is the measured one, rounded as the refuted number is."""
    measured = decision.measured
    return measured is not None and shown(measured, run, metric) == _rounded(value, run, metric)


def _rounded(value: object, run: Run, metric: Metric) -> str:
    return f"{float(str(value)):.{run.number(metric).decimals}f}"


def _other_metric(
    refuted: Outcome, decision: Decision, others: Sequence[Outcome]
) -> Iterator[Reason]:
    """See whether the number is that of another metric of the same run."""
    for other in others:
        found = other.decision
        if other.run is not refuted.run or other.metric is refuted.metric or found is None:
            continue
        if found.n == found.total and found.correct in decision.band:
            what = f"{found.correct} of {found.n} for {other.metric.key} would fit: the two"
            yield Reason(Cause.NUMBER, f"{what} may be exchanged")


def _wrong_way(refuted: Outcome, decision: Decision) -> Iterator[Reason]:
    """See whether the number counts the other items: an error instead of an accuracy."""
    if decision.total - decision.correct in decision.band:
        lower = refuted.metric.direction == "lower"
        found, write = ("right", "higher") if lower else ("wrong", "lower")
        what = f"it is the share of the items that were {found}: write 'direction: {write}'"
        yield Reason(Cause.NUMBER, f"{what} for {refuted.metric.key}")


def _guessing(refuted: Outcome, decision: Decision) -> Iterator[Reason]:
    """See whether the count is that of guessing, within three standard deviations."""
    classes, top = refuted.run.dataset.classes, refuted.metric.top
    if not classes or not top or top >= classes:
        return
    chance = top / classes
    expected = decision.n * chance
    near = 3 * sqrt(expected * (1 - chance))
    listed = decision.band.low * decision.n / decision.total
    if abs(decision.correct - expected) <= near < listed - expected:
        what = (
            f"guessing among {classes} classes gives about {expected:.0f} of {decision.n}: the "
            "labels or the classes may be in another order, or no trained weights in place"
        )
        yield Reason(Cause.WEIGHTS, what)


def _other_numbers(refuted: Outcome, others: Sequence[Outcome]) -> Iterator[Reason]:
    """See how other entries fared on the same data set under the same protocol."""
    run = refuted.run
    alike: dict[str, list[Verdict | None]] = {}
    for other in others:
        same = (other.run.dataset, other.run.result.protocol) == (run.dataset, run.result.protocol)
        if same and other.run.entry is not run.entry and other.decision is not None:
            alike.setdefault(other.run.entry.key, []).append(other.verdict)
    good = [key for key, found in alike.items() if set(found) == {Verdict.CONFIRMED}]
    bad = [key for key, found in alike.items() if Verdict.REFUTED in found]
    under = f"{run.dataset.key} under {run.result.protocol}"
    if good:
        what = f"the numbers of {first_named(good, 3)} on {under} hold: it is not what they share"
        yield Reason(Cause.WEIGHTS, what)
    elif bad:
        what = f"{first_named(bad, 3)} on {under} is refuted too: look at what they share first"
        yield Reason(Cause.PREPROCESSING, what)


def _last_batch(refuted: Outcome, decision: Decision) -> Iterator[Reason]:
    """See whether leaving out the last incomplete batch, as some scripts do, explains it."""
    run, metric, total = refuted.run, refuted.metric, decision.total
    for batch in BATCHES:
        left = total % batch
        if not left or left > total * _FEW:
            continue
        counted = total - left
        near = correct_band(run.number(metric), metric, counted, run.dataset.media)
        low, high = max(0, decision.correct - left), min(decision.correct, counted)
        if near.low <= high and low <= near.high:
            what = f"it would hold for {counted} items: batches of {batch} leave out the last"
            yield Reason(Cause.N, f"{what} {left}")
            return


def _unchecked(run: Run, now: Receipt) -> Iterator[Reason]:
    """Say which facts nobody could check."""
    entry = run.entry
    if WEIGHTS not in now.depends:
        what = "the recognizer does not say which weights it loaded"
        yield Reason(Cause.WEIGHTS, what)
    elif not (entry.hashtag or entry.sha1 or entry.sha256 or entry.weights_file):
        what = "the manifest does not say by hash or file which weights the number belongs to"
        yield Reason(Cause.WEIGHTS, what)
    if run.dataset.samples is None:
        what = f"the manifest does not say how many items {run.dataset.key} has"
        yield Reason(Cause.N, what)


def _size(refuted: Outcome, decision: Decision) -> Iterator[Reason]:
    """Compare how far off the number is with what usually moves accuracies so far."""
    run, metric = refuted.run, refuted.metric
    if decision.measured is None or decision.band.low > decision.band.high:
        return
    listed = Fraction(run.number(metric).value)
    points = abs(decision.measured - listed) * 100 / scale(metric)
    item = percentage(1, decision.total, metric) * 100 / scale(metric)
    if item > _FINEST:
        return  # one item is more than what is told apart here
    off = f"it is off by {float(points):.2f} points"
    if points <= _ENGINES:
        what = f"{off}: so much may come from another precision, decoder or version of a library"
        yield Reason(Cause.PRECISION, what)
    elif points <= _PROTOCOLS:
        what = f"{off}: so much may come from other crops, segments, resizing or normalisation"
        yield Reason(Cause.PREPROCESSING, what)
