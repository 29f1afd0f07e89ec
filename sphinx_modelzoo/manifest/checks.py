"""What must hold of a manifest as a whole: identity of entries, one default a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.templates import variables
from sphinx_modelzoo.manifest.values import suggestion

USAGE_VARIABLES = ("name", "hashtag", "architecture", "weights")


def check_whole(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Give the problems of identity: a key that stands twice, two defaults of a name, or none."""
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
