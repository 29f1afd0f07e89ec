"""Folding links into templates: what all of a kind share is said once.

Whatever the templates give is compared with the source's own links, entry by entry; a link that
differs is written out, and one that the source does not have is written as empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from sphinx_modelzoo.manifest.templates import fill, fill_url, variables

ABSENT = ""
"""What stands for a link that an entry does not have though its template could be filled."""

_FEW = 0.1  # the share of entries that may differ from a template before it needs a field
_MOST = 0.8  # the share of links that must fit a template with a field


@dataclass(frozen=True, slots=True)
class Linked:
    """A result with its links by kind, and the values that templates may use."""

    values: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Folded:
    """Templates by kind, with the constants that they use, and what each result adds.

    ``own`` holds, for each result, the fields that templates ask for and the links that differ
    (:data:`ABSENT` for one that must not be made).
    """

    constants: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    own: tuple[Mapping[str, str], ...] = ()


def is_address(target: str) -> bool:
    """Tell an http(s) address from a path."""
    return target.startswith(("http://", "https://"))


def common_base(targets: Mapping[str, Collection[str]], often: Collection[str] = ()) -> str:
    """Give the address, without a last slash, that saves most when it is said once.

    Args:
        targets: The links of each kind, which one template writes; kinds share their beginning
            or do not.
        often: Addresses that are each written out, such as those of weights.
    """
    kinds = [list(own) for own in targets.values() if own and all(map(is_address, own))]
    pairs = [a + b for number, a in enumerate(kinds) for b in kinds[number + 1 :]]
    hosts = {_head(target) for target in often}
    groups = [*pairs, *([each for each in often if _head(each) == host] for host in hosts)]
    groups += [[*group, *own] for own in kinds for group in groups[len(pairs) :]]

    def saved(base: str) -> int:
        users = sum(all(target.startswith(f"{base}/") for target in own) for own in kinds)
        users += sum(target.startswith(f"{base}/") for target in often)
        return len(base) * (users - 1)

    found = {_common_folder(group) for group in groups if len(group) > 1} - {""}
    best = max(sorted(found), key=saved, default="")
    return best if best and saved(best) > 0 else ""


def fold(rows: Sequence[Linked], base: str, taken: Collection[str]) -> Folded:
    """Fold the links of all results into templates.

    Args:
        rows: The results, each with its links.
        base: An address that templates may begin with, as ``{base}``.
        taken: Keys that no new field may have.
    """
    constants = {"base": base} if base else {}
    kinds = Counter(kind for row in rows for kind in row.links)
    templates: dict[str, str] = {}
    added: list[dict[str, str]] = [{} for _ in rows]
    names = {*taken, *kinds, *constants}
    for kind, count in kinds.most_common():
        if count < 2:  # noqa: PLR2004
            continue
        template, values = _template(rows, kind, base, added, names)
        if template:
            templates[kind] = template
            for own, more in zip(added, values, strict=True):
                own.update(more)
            names |= {name for more in values for name in more}
    given = (_own(row, more, templates, constants) for row, more in zip(rows, added, strict=True))
    return Folded(constants, templates, tuple(given))


def fill_target(
    template: str, constants: Mapping[str, str], values: Mapping[str, str]
) -> str | None:
    """Fill a template as the reader of the manifest does."""
    if is_address(template) or template.startswith("{"):
        return fill_url(template, constants, values)
    return fill(template, {**values, **constants})


def fold_address(target: str, base: str, values: Mapping[str, str]) -> str:
    """Write an address of one entry with variables, where they give it back exactly."""
    template = _pattern(_short(target, base), values)
    constants = {"base": base} if base else {}
    return template if fill_target(template, constants, values) == target else target


def _own(
    row: Linked, more: Mapping[str, str], templates: Mapping[str, str], constants: Mapping[str, str]
) -> dict[str, str]:
    """Give what a result must say: the fields, and the links that the templates do not give."""
    own = dict(more)
    values = {**row.values, **more}
    for kind in dict.fromkeys((*templates, *row.links)):
        target = row.links.get(kind)
        template = templates.get(kind)
        made = fill_target(template, constants, values) if template else None
        if made != target:
            own[kind] = ABSENT if target is None else target
    return own


def _template(
    rows: Sequence[Linked],
    kind: str,
    base: str,
    added: Sequence[Mapping[str, str]],
    names: Collection[str],
) -> tuple[str, list[dict[str, str]]]:
    """Give the template of a kind of link, and the new field of each result that it needs."""
    none: list[dict[str, str]] = [{} for _ in rows]
    short = {n: _short(row.links[kind], base) for n, row in enumerate(rows) if kind in row.links}
    shapes = Counter((_head(text), text.count("/")) for text in short.values())
    shape = shapes.most_common(1)[0][0]
    alike = {n: text for n, text in short.items() if (_head(text), text.count("/")) == shape}
    for extra in (none, added):
        values = [{**more, **row.values} for more, row in zip(extra, rows, strict=True)]
        patterns = {number: _pattern(text, values[number]) for number, text in alike.items()}
        best, fitting = Counter(patterns.values()).most_common(1)[0]
        # An entry without this link would be given one, if it has all that the template uses.
        lacking = sum(
            kind not in row.links and all(own.get(name) for name in variables(best))
            for row, own in zip(rows, values, strict=True)
        )
        differing = lacking + len(alike) - fitting
        if fitting > 1 and _varies(best) and differing <= max(1, len(rows) * _FEW):
            return best, none
    if len(alike) < 2:  # noqa: PLR2004
        return "", none
    return _with_field(kind, alike, patterns, names, added)


def _with_field(
    kind: str,
    texts: Mapping[int, str],
    patterns: Mapping[int, str],
    names: Collection[str],
    added: Sequence[Mapping[str, str]],
) -> tuple[str, list[dict[str, str]]]:
    """Make a template with a new field for the part between slashes that differs most."""
    raw = {number: text.split("/") for number, text in texts.items()}
    split = {number: pattern.split("/") for number, pattern in patterns.items()}
    if any(len(split[number]) != len(raw[number]) for number in raw):
        split = raw
    first, last, fitting = _differing(split)
    spans = {number: "/".join(raw[number][first : last + 1]) for number in fitting}
    ending = _common_ending(list(spans.values()))
    model = split[fitting[0]]
    given = {number: unquote(span[: len(span) - len(ending)]) for number, span in spans.items()}
    name = _same_field(given, added) or _field_name(kind, names, whole=last == len(model) - 1)
    template = "/".join((*model[:first], f"{{{name}}}{ending}", *model[last + 1 :]))
    own = [{name: given[number]} if number in given else {} for number in range(len(added))]
    return template, own


def _same_field(given: Mapping[int, str], added: Sequence[Mapping[str, str]]) -> str:
    """Give the field that has these values already, wherever it has any; else nothing."""
    for name in dict.fromkeys(name for own in added for name in own):
        both = [number for number in given if name in added[number]]
        if both and all(added[number][name] == given[number] for number in both):
            return name
    return ""


def _differing(split: Mapping[int, Sequence[str]]) -> tuple[int, int, list[int]]:
    """Give which parts differ, from first to last, and the links that fit when those are a field.

    One part is enough where most links then fit; the others are written out.
    """
    length = len(next(iter(split.values())))
    best: tuple[int, tuple[str, ...]] = (length - 1, ())
    count = 0
    for place in reversed(range(length)):
        found = Counter((*parts[:place], *parts[place + 1 :]) for parts in split.values())
        rest, number = found.most_common(1)[0]
        if number > count:
            best, count = (place, rest), number
    if count >= len(split) * _MOST:
        place, rest = best
        fitting = [n for n, e in split.items() if (*e[:place], *e[place + 1 :]) == rest]
        return place, place, fitting
    places = [place for place in range(length) if len({e[place] for e in split.values()}) > 1]
    return places[0], places[-1], list(split)


def _varies(template: str) -> bool:
    return any(name != "base" for name in variables(template))


def _field_name(kind: str, names: Collection[str], *, whole: bool) -> str:
    wanted = ["log"] if whole and ("log" in kind or "command" in kind) else []
    wanted += [f"{kind}_file"] if whole else ["folder"]
    wanted += [f"{kind}_folder", *(f"{kind}_part_{number}" for number in range(2, 100))]
    return next(name for name in wanted if name not in names)


def _pattern(text: str, values: Mapping[str, str]) -> str:
    """Put variables where their values stand as whole words, the longest first."""
    pattern = text
    for name, value in sorted(values.items(), key=lambda pair: -len(pair[1])):
        if len(value) > 2:  # noqa: PLR2004
            word = rf"(?<![A-Za-z0-9{{]){re.escape(value)}(?![A-Za-z0-9}}])"
            pattern = re.sub(word, f"{{{name}}}", pattern)
    return pattern


def _short(target: str, base: str) -> str:
    """Write an address with the constant that it begins with."""
    if base and target.startswith(f"{base}/"):
        return f"{{base}}{target[len(base) :]}"
    return target


def _head(text: str) -> str:
    """Give the host of an address, or its constant: a template must not vary them."""
    return "/".join(text.split("/")[:3]) if is_address(text) else text.partition("/")[0]


def _common_folder(targets: Sequence[str]) -> str:
    prefix = _common_beginning(targets)
    return prefix[: prefix.rfind("/")] if prefix.count("/") > 2 else ""  # noqa: PLR2004


def _common_beginning(texts: Sequence[str]) -> str:
    """Give the characters that all texts begin with."""
    first, last = min(texts), max(texts)
    length = next(
        (n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]),
        len(first),
    )
    return first[:length]


def _common_ending(texts: Sequence[str]) -> str:
    """Give the ending that all texts share, from a dot, hyphen or underscore on."""
    shared = _common_beginning([text[::-1] for text in texts])[::-1]
    start = re.search(r"[._-]", shared)
    ending = shared[start.start() :] if start else ""
    return ending if all(len(text) > len(ending) for text in texts) else ""
