"""What must hold of a manifest as a whole: identity of entries, one default a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.model import Entry, LinkTemplate, Metric, Number, Zoo
from sphinx_modelzoo.manifest.templates import variables
from sphinx_modelzoo.manifest.values import suggestion

# Keys of a model beside its plain fields, and the column that is made for it.
OTHER_KEYS = ("results", "details", "ignore", "status")
USAGE_VARIABLES = ("name", "hashtag", "architecture", "weights")


def check_whole(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Give the problems of identity.

    These are a key that stands twice, a number that an entry lists twice, two defaults of a name,
    or none.
    """
    for entry in entries:
        yield from _numbers_twice(entry)
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    for name, group in by_name.items():
        seen: dict[str, Entry] = {}
        for entry in group:
            if entry.hashtag in seen:
                yield _twice(entry, seen[entry.hashtag])
            else:
                seen[entry.hashtag] = entry
        defaults = [entry for entry in group if entry.default]
        for entry in defaults[1:]:
            yield Problem(
                f"{name!r} has a second default; the first is in line {defaults[0].place.line}",
                "write 'default: true' on one entry of a name only",
                str(entry.place),
            )
        if len(seen) > 1 and not defaults:
            yield Problem(
                f"{name!r} has {len(group)} entries and none is the default",
                "write 'default: true' on the one that is loaded when no hashtag is given",
                str(group[0].place),
            )


def check_keys(
    metrics: Mapping[str, Metric], links: Mapping[str, LinkTemplate]
) -> Iterator[Problem]:
    """Give the metrics and kinds of link whose key in a model already means something else."""
    own = {*fields.ENTRY.keys(), *fields.RESULT.keys(), *OTHER_KEYS}
    for section, parts in (("metrics", metrics), ("links", links)):
        for key, part in parts.items():
            other = "a field of every model" if key in own else ""
            if section == "links" and key in metrics:
                other = "a metric"
            if other:
                yield Problem(
                    f"the key {key!r} in {section!r} is {other}",
                    f"choose another, such as {key}_{section.removesuffix('s')}",
                    str(part.place),
                )


def check_usage(zoo: Zoo) -> Iterator[Problem]:
    """Give the problems of ``usage``: a model that is not there, a variable that is not known."""
    if zoo.usage is None:
        return
    names = {entry.name for entry in zoo.entries}
    if zoo.usage.model and names and zoo.usage.model not in names:
        yield Problem(
            f"'usage' shows the model {zoo.usage.model!r}, which is not in 'models'",
            suggestion(zoo.usage.model, names, "name one of the models"),
            str(zoo.usage.place),
        )
    for template in (zoo.usage.default, zoo.usage.hashtag):
        for name in variables(template):
            if name not in USAGE_VARIABLES:
                yield Problem(
                    f"'usage' has the unknown variable {{{name}}}",
                    f"use {', '.join(f'{{{known}}}' for known in USAGE_VARIABLES)}",
                    str(zoo.usage.place),
                )


def _twice(entry: Entry, first: Entry) -> Problem:
    if entry.hashtag:
        what = f"{entry.key} stands twice, first in line {first.place.line}"
        remedy = "give one of them its own hashtag, or list further numbers under 'results'"
    else:
        what = f"{entry.name!r} stands twice without a hashtag, first in line {first.place.line}"
        remedy = "give each its hashtag, or list further numbers under 'results'"
    return Problem(what, remedy, str(entry.place))


def _numbers_twice(entry: Entry) -> Iterator[Problem]:
    """Give the numbers of an entry that stand twice for one data set under one protocol.

    They would share one receipt. Without a protocol no number is measured, and none has a receipt.
    """
    seen: dict[tuple[str, str, str], Number] = {}
    for result in entry.results:
        for metric, number in result.numbers.items():
            first = seen.setdefault((result.dataset, result.protocol, metric), number)
            if first is number or not result.protocol:
                continue
            yield Problem(
                f"{entry.key} lists {metric} on {result.dataset} under protocol "
                f"{result.protocol!r} twice, first in line {first.place.line}",
                "remove one of them, or give each result its own 'protocol'",
                str(number.place),
            )
