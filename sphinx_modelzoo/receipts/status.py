"""The status of each listed number: what the receipts say, as far as they still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Entry, Metric, Result, Zoo
from sphinx_modelzoo.manifest.numbers import correct_band, scale
from sphinx_modelzoo.receipts.claims import claim, differences, observed, observed_for
from sphinx_modelzoo.receipts.model import FULL, NumberKey, Receipt, Status, StatusKind, Verdict
from sphinx_modelzoo.receipts.store import read_receipt, receipt_files

Report = Callable[[Problem], None]


def number_key(entry: Entry, result: Result, metric: str) -> NumberKey:
    """Give which number of the zoo this is."""
    return NumberKey(entry.name, entry.hashtag, result.dataset, result.protocol, metric)


def statuses(
    zoo: Zoo, folders: Iterable[Path], report: Report = lambda _: None
) -> dict[NumberKey, Status]:
    """Give the status of every listed number.

    Of the receipts for a number the newest that still fits counts, those of all items before those
    of a part that confirms; else the newest. Folders that do not exist are passed over; each
    damaged receipt is reported and passed over.
    """
    receipts = _by_number(folders, report)
    found = {}
    for entry, result in zoo.rows():
        seen: dict[str, str] | None = None
        for key, metric in zoo.metrics.items():
            if key not in result.numbers:
                continue
            number = number_key(entry, result, key)
            known = receipts.get(number, [])
            if known and seen is None:
                seen = observed(zoo, entry, result)
            listing = _Listing(zoo, entry, result, metric, seen or {})
            found[number] = _strongest(
                (receipt, _status(path, receipt, listing)) for path, receipt in known
            )
    return found


@dataclass(frozen=True, slots=True)
class _Listing:
    """A number as the manifest lists it now, and what can be seen of it without a run."""

    zoo: Zoo
    entry: Entry
    result: Result
    metric: Metric
    seen: dict[str, str]

    def changes(self, receipt: Receipt) -> Iterator[str]:
        """Say in words what is no longer as it was when a receipt was written."""
        now = claim(self.zoo, self.entry, self.result, self.metric) | self.seen
        now |= observed_for(self.zoo, self.result, receipt.depends)
        changed = list(differences(receipt.depends, now))
        yield from changed
        media = self.zoo.datasets[self.result.dataset].media
        number = self.result.numbers[self.metric.key]
        if not changed and receipt.total:
            band = correct_band(number, self.metric, receipt.total, media)
            if receipt.band != (band.low, band.high):
                then, low, high = " to ".join(map(str, receipt.band)), band.low, band.high
                yield f"the counts for which it holds changed from {then} to {low} to {high}"


def _by_number(
    folders: Iterable[Path], report: Report
) -> dict[NumberKey, list[tuple[Path, Receipt]]]:
    receipts: dict[NumberKey, list[tuple[Path, Receipt]]] = {}
    for folder in folders:
        for path in receipt_files(folder):
            try:
                receipt = read_receipt(path)
            except ModelZooError as error:
                for problem in error.problems:
                    report(problem)
            else:
                receipts.setdefault(receipt.number, []).append((path, receipt))
    for known in receipts.values():
        known.sort(key=lambda pair: pair[1].started, reverse=True)
    return receipts


def _strongest(candidates: Iterator[tuple[Receipt, Status]]) -> Status:
    """Give the status that counts, of candidates with the newest first.

    One of all items goes before those of a part, unless a part refutes it later.
    """
    known = list(candidates)
    fitting = [pair for pair in known if pair[1].kind is not StatusKind.STALE]
    full = next((pair for pair in fitting if pair[0].tier == FULL), None)
    part = next((pair for pair in fitting if pair[0].tier != FULL), None)
    if full and part and part[1].kind is StatusKind.REFUTED and part[0].started > full[0].started:
        full = None
    best = full or part or next(iter(known), None)
    return best[1] if best else Status(StatusKind.CLAIMED)


def _status(path: Path, receipt: Receipt, listing: _Listing) -> Status:
    status = Status(
        kind=StatusKind.VERIFIED if receipt.tier == FULL else StatusKind.SPOT,
        date=receipt.date,
        n=receipt.n,
        correct=receipt.correct,
        total=receipt.total,
        receipt=path,
    )
    changes = "; ".join(listing.changes(receipt))
    if changes:
        return replace(status, kind=StatusKind.STALE, reason=changes)
    if receipt.verdict is Verdict.CONFIRMED:
        return status
    whole = scale(listing.metric)
    lower = listing.metric.direction == "lower"
    counted = receipt.n - receipt.correct if lower else receipt.correct
    measured = f"{whole * counted / receipt.n:.2f}" if receipt.n else "nothing"
    part = "" if receipt.tier == FULL else f" on {receipt.n} of {receipt.total}"
    return replace(status, kind=StatusKind.REFUTED, reason=f"measured {measured}{part}")
