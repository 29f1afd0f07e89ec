"""The difference of two zoos, and which of its parts must not happen silently.

Two rules: a number does not change while its weights and its protocol stay; weights do not change
under the same hashtag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sphinx_modelzoo.compare.model import Change, Kind
from sphinx_modelzoo.compare.pairing import contradict, pair_entries
from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.model import Dataset, Entry, Number, Place, Protocol, Result, Zoo

# Facts of an entry that a change is told of, and what it is called.
_FIELDS = {
    "default": "default",
    "architecture": "architecture",
    "weights": "weights",
    "parameters": "parameters",
    "license": "license",
    "papers": "paper",
    "tags": "tags",
    "note": "note",
    "description": "description",
}
_DIGESTS = ("sha256", "sha1", "size")


def difference(old: Zoo, new: Zoo) -> list[Change]:
    """Give what changed from one zoo to another, by kind and then in the new manifest's order."""
    pairing = pair_entries(old.entries, new.entries)
    changes = [_whole(Kind.ADDED, entry) for entry in pairing.added]
    changes += [_whole(Kind.REMOVED, entry) for entry in pairing.removed]
    for before, after, kind in pairing.pairs:
        if kind is not None:
            change = _whole(kind, after)
            changes.append(replace(change, former=before.key, old=before.key, new=after.key))
        changes += _digests(before, after, kind)
        changes += _entry_fields(before, after)
        changes += _numbers(old, new, before, after, kind)
    order = list(Kind)
    return sorted(changes, key=lambda change: order.index(change.kind))


def _whole(kind: Kind, entry: Entry) -> Change:
    return Change(kind, entry.key, entry.place)


def _digests(before: Entry, after: Entry, kind: Kind | None) -> Iterator[Change]:
    """Tell of weights that changed although the entry kept its name and hashtag."""
    if kind is Kind.REWEIGHTED:
        return
    for field in _DIGESTS:
        old, new = getattr(before, field), getattr(after, field)
        change = Change(
            Kind.CHANGED,
            after.key,
            after.places.get(field, after.place),
            field=field,
            old=_text(old),
            new=_text(new),
        )
        if old and new and old != new:
            same = "under the same hashtag" if after.hashtag else "and no hashtag tells them apart"
            yield replace(change, kind=Kind.REPLACED, silent=f"the weights changed {same}")
            return
        if old != new:
            yield change


def _entry_fields(before: Entry, after: Entry) -> Iterator[Change]:
    for attribute, field in _FIELDS.items():
        if attribute == "architecture" and (before.name, after.name) == (
            before.architecture,
            after.architecture,
        ):
            continue
        old, new = getattr(before, attribute), getattr(after, attribute)
        if old != new:
            place = after.places.get(field, after.place)
            change = Change(Kind.CHANGED, after.key, place, field=field)
            yield replace(change, old=_text(old), new=_text(new))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _numbers(
    old: Zoo, new: Zoo, before: Entry, after: Entry, kind: Kind | None
) -> Iterator[Change]:
    """Compare the numbers of an entry, result by result."""
    kept = kind in (None, Kind.RENAMED) and not contradict(before, after)
    if not after.hashtag:
        kept = kept and before.weights == after.weights
    for first, second in _results(before, after):
        result = second or first
        if result is None:
            continue
        because = tuple(_reasons(old, new, first, second))
        settled = any(reason.startswith("protocol") for reason in because)
        former = first.numbers if first else {}
        latter = second.numbers if second else {}
        for metric in dict.fromkeys((*former, *latter)):
            yield from _number(
                Change(
                    Kind.LISTED,
                    after.key,
                    _place(latter.get(metric), second, after),
                    dataset=result.dataset,
                    protocol=result.protocol,
                    metric=metric,
                    because=because,
                ),
                former.get(metric),
                latter.get(metric),
                silent=kept and not settled,
            )


def _place(number: Number | None, result: Result | None, entry: Entry) -> Place:
    if number is not None:
        return number.place
    return result.place if result is not None else entry.place


def _number(
    change: Change, old: Number | None, new: Number | None, *, silent: bool
) -> Iterator[Change]:
    if old is None and new is not None:
        yield replace(change, kind=Kind.LISTED, new=new.text)
    elif old is not None and new is None:
        yield replace(change, kind=Kind.UNLISTED, old=old.text)
    elif old is not None and new is not None and old.value != new.value:
        reason = "the number changed, and neither its weights nor its protocol did"
        yield replace(
            change,
            kind=Kind.REMEASURED,
            old=old.text,
            new=new.text,
            silent=reason if silent else "",
        )
    elif old is not None and new is not None and old.text != new.text:
        yield replace(change, kind=Kind.RESTATED, old=old.text, new=new.text)


def _results(before: Entry, after: Entry) -> Iterator[tuple[Result | None, Result | None]]:
    """Pair results: by data set and protocol, then by data set where that is alone."""
    left, right = list(before.results), list(after.results)
    for exact in (True, False):
        for first in tuple(left):
            found = [second for second in right if _alike(first, second, exact=exact)]
            rivals = [other for other in left if _alike(other, first, exact=exact)]
            if len(found) == len(rivals) == 1:
                left.remove(first)
                right.remove(found[0])
                yield first, found[0]
    for first in tuple(left):
        twins = [second for second in right if _alike(first, second, exact=True)]
        if twins:
            left.remove(first)
            right.remove(twins[0])
            yield first, twins[0]
    yield from ((first, None) for first in left)
    yield from ((None, second) for second in right)


def _alike(first: Result, second: Result, *, exact: bool) -> bool:
    same = first.dataset == second.dataset
    return same and (first.protocol == second.protocol or not exact)


def _reasons(old: Zoo, new: Zoo, first: Result | None, second: Result | None) -> Iterator[str]:
    """Say what changed of how a result was measured; the protocol's reason begins with its name."""
    if first is None or second is None:
        return
    if first.protocol != second.protocol:
        yield f"protocol {first.protocol or 'none'} became {second.protocol or 'none'}"
    elif _protocol(old.protocols, first) != _protocol(new.protocols, second):
        yield f"protocol {second.protocol} changed"
    if _dataset(old.datasets[first.dataset]) != _dataset(new.datasets[second.dataset]):
        yield f"data set {second.dataset} changed"


def _protocol(protocols: Mapping[str, Protocol], result: Result) -> object:
    protocol = protocols.get(result.protocol)
    if protocol is None:
        return None
    return protocol.recognizer, sorted(
        (key, str(value)) for key, value in protocol.settings.items()
    )


def _dataset(dataset: Dataset) -> object:
    """Give what of a data set decides its numbers."""
    plain = facts(dataset)
    return {key: plain[key] for key in ("split", "samples", "classes", "list")}
