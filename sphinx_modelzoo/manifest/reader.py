"""Reading a manifest: YAML in, a zoo or all its problems out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from sphinx_modelzoo.errors import ManifestError, Problem
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.checks import check_keys, check_usage, check_whole
from sphinx_modelzoo.manifest.entries import Declarations, read_entries
from sphinx_modelzoo.manifest.memory import without_collections
from sphinx_modelzoo.manifest.model import Entry, Metric, Place, Zoo
from sphinx_modelzoo.manifest.nodes import compose, is_null
from sphinx_modelzoo.manifest.parts import (
    read_datasets,
    read_links,
    read_metrics,
    read_papers,
    read_protocols,
    read_tags,
    read_usage,
    standard_metrics,
)
from sphinx_modelzoo.manifest.sources import Disk, Source
from sphinx_modelzoo.manifest.values import Pairs, Reading, read_fields, read_pairs

_READERS: dict[str, Callable[[yaml.Node, Reading], Mapping[str, Any]]] = {
    "papers": read_papers,
    "tags": read_tags,
    "datasets": read_datasets,
    "metrics": read_metrics,
    "protocols": read_protocols,
}


@dataclass(slots=True)
class _Parts:
    """What the files of a manifest hold so far, and the files' ``models`` still to be read."""

    source: Source
    problems: list[Problem] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    top: dict[str, Any] = field(default_factory=dict)
    named: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: list[tuple[yaml.Node, Reading]] = field(default_factory=list)


def read_zoo(path: Path, source: Source | None = None) -> Zoo:
    """Read a manifest with the files that it includes, from the disk or another source.

    Raises:
        ManifestError: with every problem found, each with its place.
    """
    zoo, problems = examine(path, source)
    if problems:
        raise ManifestError(*problems)
    return zoo


def examine(path: Path, source: Source | None = None) -> tuple[Zoo, list[Problem]]:
    """Give what can be read of a manifest, and every problem found, in the order of their places.

    The zoo lacks what could not be understood; it is whole where there is no problem.
    """
    with without_collections():
        return _examine(path, source)


def _examine(path: Path, source: Source | None) -> tuple[Zoo, list[Problem]]:
    parts = _Parts(source or Disk())
    _read_file(path, parts, main=True)
    fields_of_entries: list[dict[str, Any]] = []
    metrics: dict[str, Metric] = {
        **standard_metrics(Place(str(path), 1, 1)),
        **parts.named.get("metrics", {}),
    }
    papers = {
        key: replace(paper, number=number)
        for number, (key, paper) in enumerate(parts.named.get("papers", {}).items(), start=1)
    }
    declared = Declarations(
        papers=papers,
        tags=parts.named.get("tags", {}),
        templates=parts.named.get("links", {}),
        constants=parts.named.get("constants", {}),
        datasets=parts.named.get("datasets", {}),
        metrics=metrics,
        protocols=parts.named.get("protocols", {}),
    )
    for node, reading in parts.models:
        fields_of_entries += read_entries(node, declared, reading)
    entries = _with_defaults(fields_of_entries)
    parts.problems += check_keys(metrics, declared.templates)
    parts.problems += check_whole(entries)
    zoo = Zoo(
        path=path,
        papers=papers,
        tags=declared.tags,
        links=declared.templates,
        datasets=declared.datasets,
        metrics=metrics,
        protocols=declared.protocols,
        entries=tuple(entries),
        files=tuple(parts.files),
        constants=declared.constants,
        **parts.top,
    )
    return zoo, sorted([*parts.problems, *check_usage(zoo)], key=_position)


def _with_defaults(fields_of_entries: list[dict[str, Any]]) -> list[Entry]:
    """Make the entries; the only one of a name is its default."""
    count = Counter(values["name"] for values in fields_of_entries)
    for values in fields_of_entries:
        if count[values["name"]] == 1:
            values["default"] = True
    return [Entry(**values) for values in fields_of_entries]


def _position(problem: Problem) -> tuple[str, int, int]:
    path, *numbers = problem.place.rsplit(":", 2)
    line, column = (int(number) for number in numbers) if len(numbers) > 1 else (0, 0)
    return path, line, column


def _read_file(path: Path, parts: _Parts, *, main: bool) -> None:
    parts.files.append(path)
    reading = Reading(str(path), parts.problems)
    try:
        node = compose(parts.source.read(path), str(path))
    except OSError as error:
        reason = error.strerror or str(error)
        parts.problems.append(
            Problem(f"cannot be read: {reason.lower()}", "check the path", str(path))
        )
        return
    except ManifestError as error:
        parts.problems.extend(error.problems)
        return
    if node is None or is_null(node):
        place = str(Place(str(path), 1, 1))
        parts.problems.append(Problem("the manifest is empty", "begin with 'zoo: 1'", place))
        return
    pairs = read_pairs(node, fields.ZOO.noun, reading)
    if pairs is not None:
        _read_top(path, node, pairs, parts, reading, main=main)


def _read_top(
    path: Path, node: yaml.Node, pairs: Pairs, parts: _Parts, reading: Reading, *, main: bool
) -> None:
    section = fields.ZOO if main else _included(fields.ZOO)
    values = read_fields(section, pairs, node, reading, others=tuple(fields.PARTS))
    patterns = values.pop("include", ())
    values.pop("zoo", None)
    parts.top.update(values)
    for key, reader in _READERS.items():
        if key in pairs and not is_null(pairs[key][1]):
            _join(parts, key, reader(pairs[key][1], reading), reading)
    if "links" in pairs and not is_null(pairs["links"][1]):
        templates, constants = read_links(pairs["links"][1], reading)
        _join(parts, "links", templates, reading)
        parts.named.setdefault("constants", {}).update(constants)
    if "usage" in pairs and not is_null(pairs["usage"][1]):
        parts.top["usage"] = read_usage(pairs["usage"][1], reading)
    if "models" in pairs and not is_null(pairs["models"][1]):
        parts.models.append((pairs["models"][1], reading))
    if patterns:
        _include(path, patterns, pairs["include"][1], parts, reading)


def _included(section: fields.Section) -> fields.Section:
    """Give the fields of an included file: it need not repeat the version, nor include further."""
    kept = tuple(replace(item, required=False) for item in section.fields if item.key != "include")
    return replace(section, fields=kept)


def _include(
    path: Path, patterns: tuple[str, ...], node: yaml.Node, parts: _Parts, reading: Reading
) -> None:
    for pattern in patterns:
        found = parts.source.included(path, pattern)
        if not found:
            reading.report(node, f"'include' {pattern!r} fits no file", "check the path")
        for match in found:
            if match not in parts.files:
                _read_file(match, parts, main=False)


def _join(parts: _Parts, key: str, new: Mapping[str, Any], reading: Reading) -> None:
    have = parts.named.setdefault(key, {})
    for name, part in new.items():
        if name in have:
            reading.problem(
                part.place,
                f"{name!r} in {key!r} is declared twice, first at {have[name].place}",
                "remove one of them, or give it another key",
            )
        else:
            have[name] = part
