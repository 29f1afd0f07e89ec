"""From rows to entries: rows of one set of weights become its results."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sphinx_modelzoo.exchange.draft import Row
from sphinx_modelzoo.exchange.words import slug, unused

# How protocols' keys begin for a setting; the first settings tell protocols apart.
_PREFIXES = {"input_size": "size-", "resolution": "", "crop_pct": "crop-"}


@dataclass(frozen=True, slots=True)
class DraftResult:
    """An entry's numbers on one data set under one protocol."""

    dataset: str
    protocol: str
    numbers: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry: the facts of ``row`` that are no result's, and the results.

    ``guessed`` says that the source does not tell which entry of the name is the default.
    """

    row: Row
    default: bool
    guessed: bool = False
    results: tuple[DraftResult, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def merge(
    rows: Sequence[Row], loaded: Mapping[str, Sequence[str]]
) -> tuple[list[DraftEntry], dict[str, Mapping[str, str]]]:
    """Give the entries of rows, in order, and the protocols' settings by key.

    ``loaded`` are the hashes of the loader's default weights, by name in lower case.

    Rows with one name and hashtag are one entry with several results where they differ in data
    set or protocol, or in the metrics that they list. Where two give different numbers for the
    same, both stay, as the source has them: the reader of the manifest names the clash.
    """
    protocols = name_protocols(row.settings for row in rows)
    keys = {_frozen(settings): key for key, settings in protocols.items()}
    groups: dict[tuple[str, str], list[tuple[Row, list[DraftResult]]]] = {}
    order: list[tuple[Row, list[DraftResult], tuple[str, str]]] = []
    for row in rows:
        identity = (row.name, row.hashtag)
        result = DraftResult(
            row.dataset, keys.get(_frozen(row.settings), ""), row.numbers, row.links
        )
        for number, (known, results) in enumerate(groups.get(identity, [])):
            if _joins(known, row, results, result):
                groups[identity][number] = (_joined(known, row), results)
                _add(results, result)
                break
        else:
            results = [result] if row.dataset else []
            groups.setdefault(identity, []).append((row, results))
            order.append((row, results, identity))
    entries = [
        _entry(next(known for known, own in groups[identity] if own is results), results)
        for _, results, identity in order
    ]
    return list(_with_defaults(_with_clashes(entries), loaded)), protocols


def name_protocols(all_settings: Iterable[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Give each distinct settings a key, as short as tells them apart: ``size-320``."""
    distinct = {_frozen(settings): settings for settings in all_settings if settings}
    words = {
        frozen: [
            slug(_PREFIXES.get(name, f"{name}-") + value, separator="-")
            for name, value in settings.items()
        ]
        for frozen, settings in distinct.items()
    }
    keys: dict[str, Mapping[str, str]] = {}
    for frozen, own in words.items():
        length = next(
            (
                length
                for length in range(1, len(own))
                if sum(other[:length] == own[:length] for other in words.values()) == 1
            ),
            len(own),
        )
        keys[unused("-".join(own[:length]), keys)] = distinct[frozen]
    return dict(sorted(keys.items(), key=lambda pair: _by_size(pair[1])))


def _by_size(settings: Mapping[str, str]) -> list[tuple[int, str]]:
    """Order settings by their numbers: 320 comes before 1280."""
    numbers = [
        *(int(each) for text in settings.values() for each in re.findall(r"[0-9]{1,9}", text))
    ]
    return [(number, "") for number in numbers] or [(0, text) for text in settings.values()]


def _frozen(settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(settings.items()))


def _joins(known: Row, row: Row, results: Sequence[DraftResult], result: DraftResult) -> bool:
    """Tell whether a row is of the same weights as an entry, as far as rows can say."""
    if any(
        title in known.details and known.details[title] != text
        for title, text in row.details.items()
    ):
        return False
    for one, other in ((known.weights, row.weights), (known.parameters, row.parameters)):
        if one and other and one != other:
            return False
    return not any(
        other.numbers[key] != result.numbers[key]
        for other in results
        if (other.dataset, other.protocol) == (result.dataset, result.protocol)
        for key in other.numbers.keys() & result.numbers.keys()
    )


def _add(results: list[DraftResult], result: DraftResult) -> None:
    if not result.dataset:
        return
    for number, other in enumerate(results):
        if (other.dataset, other.protocol) == (result.dataset, result.protocol):
            numbers = {**other.numbers, **result.numbers}
            results[number] = replace(other, numbers=numbers, links={**result.links, **other.links})
            return
    results.append(result)


def _joined(first: Row, second: Row) -> Row:
    """Give the facts of two rows of one entry."""
    remarks = (*first.remarks, *second.remarks)
    return replace(
        first,
        default=second.default if first.default is None else first.default,
        papers=tuple(dict.fromkeys((*first.papers, *second.papers))),
        tags=tuple(dict.fromkeys((*first.tags, *second.tags))),
        note=first.note or second.note,
        details={**second.details, **first.details},
        weights=first.weights or second.weights,
        license=first.license or second.license,
        parameters=first.parameters or second.parameters,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _entry(row: Row, results: Sequence[DraftResult]) -> DraftEntry:
    return DraftEntry(row, default=row.default is True, results=tuple(results), remarks=row.remarks)


def _with_clashes(entries: Sequence[DraftEntry]) -> Iterator[DraftEntry]:
    """Say on entries with one name and hashtag what a person has to mend."""
    count = Counter((entry.row.name, entry.row.hashtag) for entry in entries)
    for entry in entries:
        if count[entry.row.name, entry.row.hashtag] == 1:
            yield entry
            continue
        shared = "hashtag" if entry.row.hashtag else "no hashtag"
        place = f"{Path(entry.row.place.path).name}:{entry.row.place.line}"
        remark = (
            f"MEND: {count[entry.row.name, entry.row.hashtag]} entries have this name and {shared} "
            f"(this is {place}): give each its own hashtag, or keep the right one"
        )
        yield replace(entry, remarks=(*entry.remarks, remark))


def _with_defaults(
    entries: Iterable[DraftEntry], loaded: Mapping[str, Sequence[str]]
) -> Iterator[DraftEntry]:
    """Choose the default of each name that has several entries, and say where it was a guess."""
    entries = list(entries)
    groups: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        groups.setdefault(entry.row.name, []).append(number)
    chosen = {}
    for name, numbers in groups.items():
        if len(numbers) > 1:
            group = [entries[number] for number in numbers]
            number, guessed = _default(group, loaded.get(name.lower(), ()))
            chosen[numbers[number]] = guessed
    for number, entry in enumerate(entries):
        if number not in chosen:
            yield replace(entry, default=False)
        else:
            yield replace(entry, default=True, guessed=chosen[number])


def _default(group: Sequence[DraftEntry], loaded: Sequence[str]) -> tuple[int, bool]:
    """Give the position of the default in a name's entries, and whether it was guessed.

    What the source says comes first, then what the loader loads.
    """
    said = [number for number, entry in enumerate(group) if entry.default]
    if said:
        return said[0], len(said) > 1
    for number, entry in enumerate(group):
        hashtag = entry.row.hashtag.lower()
        if hashtag and any(full.startswith(hashtag) for full in loaded):
            return number, False
    possible = [number for number, entry in enumerate(group) if entry.row.default is None]
    return (possible[0], len(possible) > 1) if possible else (0, True)
