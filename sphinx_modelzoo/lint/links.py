"""Rules on where links lead: the wrong kind of file, or another model's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.names import canonical, file_name, model_in, stem
from sphinx_modelzoo.lint.places import link_place
from sphinx_modelzoo.lint.roles import Content, Role, content_of, role_of, unfit
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.lint.weights import addresses, same_weights
from sphinx_modelzoo.manifest.model import Entry, Place, Zoo

# A log that this many different models share, and that is named after none of them, is meant so.
_MANY = 3


@dataclass(frozen=True, slots=True)
class _Linked:
    """An entry with a link of one role."""

    entry: Entry
    weights: int
    target: str
    place: Place


def _logs(zoo: Zoo) -> Iterator[_Linked]:
    """Give the logs of entries, each once an entry."""
    weights = same_weights(zoo)
    for position, entry in enumerate(zoo.entries):
        seen = set()
        for result in entry.results:
            for key, link in result.links.items():
                target = link.url or link.file
                if role_of(key) is Role.LOG and target not in seen:
                    seen.add(target)
                    yield _Linked(entry, weights[position], target, link_place(zoo, link, result))


def _unfit(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    roles = {key: role_of(key) for key in zoo.links}
    for entry in zoo.entries:
        seen = set()
        for result in entry.results:
            for key, link in result.links.items():
                role, target = roles[key], link.url or link.file
                content = unfit(role, target) if role else None
                if content and target not in seen:
                    seen.add(target)
                    place = link_place(zoo, link, result)
                    yield _misfit(f"the link {key!r}", content, target, place, entry)
        content = unfit(Role.WEIGHTS, entry.weights) if entry.weights else None
        if content and entry.weights not in seen:
            place = entry.places.get("weights", entry.place)
            yield _misfit("'weights'", content, entry.weights, place, entry)


def _misfit(noun: str, content: Content, target: str, place: Place, entry: Entry) -> Remark:
    what = f"{noun} leads to {file_name(target)}, which by its ending is {content.value}"
    return Remark(what, "write the address that is meant", place, entry.key)


def _shared_log(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    models = _models(zoo)
    users: dict[str, list[_Linked]] = {}
    for linked in _logs(zoo):
        users.setdefault(linked.target, []).append(linked)
    for target, group in users.items():
        different: dict[int, _Linked] = {}
        for linked in group:
            different.setdefault(linked.weights, linked)
        if len(different) > 1 and _is_log_file(target):
            yield from _sharers(target, list(different.values()), models)


def _is_log_file(target: str) -> bool:
    """Tell a log of one run from a page or an archive that may hold many."""
    return content_of(target) is Content.LOG or target.endswith((".txt", ".json", ".jsonl"))


def _sharers(target: str, group: list[_Linked], models: dict[str, Entry]) -> Iterator[Remark]:
    named = canonical(file_name(target))
    owners = [linked for linked in group if canonical(linked.entry.name) in named]
    if not owners and len(group) >= _MANY:
        return
    first = owners[0] if owners else group[0]
    for linked in group:
        alike = stem(linked.entry.name) == stem(first.entry.name)
        variant = alike and canonical(linked.entry.name) != canonical(first.entry.name)
        if linked is first or variant or _other_model(linked, models):
            continue
        what = (
            f"the log {file_name(target)} is also that of {first.entry.key} "
            f"in line {first.entry.place.line}"
        )
        yield Remark(
            what, "link the log of the run that gave these weights", linked.place, linked.entry.key
        )


def _models(zoo: Zoo) -> dict[str, Entry]:
    """Give the entries by their levelled names, the first of each."""
    models: dict[str, Entry] = {}
    for entry in zoo.entries:
        models.setdefault(canonical(entry.name), entry)
    return models


def _other_model(linked: _Linked, models: dict[str, Entry]) -> Entry | None:
    """Give the entry that a file is named after, when that is clearly another model's."""
    named = model_in(linked.target)
    other = models.get(named)
    if other is None or named == canonical(linked.entry.name):
        return None
    if stem(other.name) == stem(linked.entry.name) or named == canonical(linked.entry.architecture):
        return None
    return other


def _named_other(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    models = _models(zoo)
    weights = [
        (_Linked(entry, 0, address.target, address.place), "weights' address")
        for entry in zoo.entries
        for address in addresses(zoo, entry)
    ]
    for linked, noun in [*weights, *((linked, "log") for linked in _logs(zoo))]:
        other = _other_model(linked, models)
        if other is not None:
            what = (
                f"the {noun} of {linked.entry.name} is named after {other.name} "
                f"in line {other.place.line}: {file_name(linked.target)}"
            )
            yield Remark(what, "write this model's own address", linked.place, linked.entry.key)


def _one_address(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    first: dict[str, Entry] = {}
    for entry in zoo.entries:
        for address in addresses(zoo, entry):
            other = first.setdefault(address.target, entry)
            if other is not entry and _different_files(entry, other):
                what = (
                    f"these weights have the address of {other.key} in line {other.place.line}, "
                    "and another hash"
                )
                yield Remark(
                    what,
                    "write each its own address, or the hash of the file",
                    address.place,
                    entry.key,
                )


def _different_files(entry: Entry, other: Entry) -> bool:
    """Tell whether two entries' hashes are of different files."""
    pairs = (
        (entry.hashtag.lower(), other.hashtag.lower()),
        (entry.sha1, other.sha1),
        (entry.sha256, other.sha256),
    )
    return any(
        mine and theirs and not (mine.startswith(theirs) or theirs.startswith(mine))
        for mine, theirs in pairs
    )


UNFIT = Rule(
    code="ZOO304",
    name="wrong-ending",
    summary="A link's ending does not fit what the link is for.",
    explanation=(
        "What a kind of link is for is told from the last word of its key: a log, a command or "
        "script, a config, weights or a checkpoint, a plot. A log that ends with .pth or .sh, a "
        "config that ends with .log, weights that end with .yaml lead elsewhere. Pages, archives "
        "and endings that are not known fit everything."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        "links: {train_log: {}}\n"
        "models:\n"
        "  - {name: tsn, dataset: ucf101, train_log: https://example.org/tsn_r50.pth}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "links: {train_log: {}}\n"
        "models:\n"
        "  - {name: tsn, dataset: ucf101, train_log: https://example.org/tsn_r50.log}\n"
    ),
    check=_unfit,
)

SHARED_LOG = Rule(
    code="ZOO305",
    name="shared-log",
    summary="Two different sets of weights have the same training log.",
    explanation=(
        "A log is of one run. Variants of one model that differ by precision, file format or "
        "checkpoint may share it, and so may three and more models when it is named after none of "
        "them. Otherwise the log was forgotten when an entry was copied."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        'links: {train_log: {url: "https://example.org/{log}.log"}}\n'
        "models:\n"
        "  - {name: vgg16, hashtag: d6dc1bba, default: true, dataset: ucf101, log: vgg16_tsn}\n"
        "  - {name: vgg16, hashtag: 05e319d4, dataset: ucf101, log: vgg16_tsn}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        'links: {train_log: {url: "https://example.org/{log}.log"}}\n'
        "models:\n"
        "  - {name: vgg16, hashtag: d6dc1bba, default: true, dataset: ucf101, log: vgg16_tsn}\n"
        "  - {name: vgg16, hashtag: 05e319d4, dataset: ucf101, log: vgg16}\n"
    ),
    check=_shared_log,
)

ONE_ADDRESS = Rule(
    code="ZOO306",
    name="one-address-two-hashes",
    summary="Two entries have one address of weights, and different hashes.",
    explanation="One address is one file, and one file has one hash.",
    severity=Severity.ERROR,
    wrong=Example(
        "models:\n"
        "  - {name: tsn_r50, hashtag: 2692d16c, weights: https://example.org/tsn.pth}\n"
        "  - {name: tsn_r101, hashtag: 23cff032, weights: https://example.org/tsn.pth}\n"
    ),
    right=Example(
        "models:\n"
        "  - {name: tsn_r50, hashtag: 2692d16c, weights: https://example.org/tsn_r50.pth}\n"
        "  - {name: tsn_r101, hashtag: 23cff032, weights: https://example.org/tsn_r101.pth}\n"
    ),
    check=_one_address,
)

NAMED_OTHER = Rule(
    code="ZOO307",
    name="other-model",
    summary="An address of weights or of a log is named after another model of the zoo.",
    explanation=(
        "A file's name without its ending, hash and date is compared with the names of the "
        "models; capitals and separators do not count. It speaks only when the name is exactly "
        "that of another entry, and neither the entry's own name nor its architecture."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "models:\n"
        "  - {name: tsn_r50, weights: https://example.org/tsn_r50_20220906-2692d16c.pth}\n"
        "  - {name: tsn_r101, weights: https://example.org/tsn_r50_20220907-23cff032.pth}\n"
    ),
    right=Example(
        "models:\n"
        "  - {name: tsn_r50, weights: https://example.org/tsn_r50_20220906-2692d16c.pth}\n"
        "  - {name: tsn_r101, weights: https://example.org/tsn_r101_20220907-23cff032.pth}\n"
    ),
    check=_named_other,
)
