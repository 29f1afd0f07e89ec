"""Reading the list ``models``: entries with their results, numbers and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.kinds import TEXT, WEIGHTS, number_value
from sphinx_modelzoo.manifest.links import read_links
from sphinx_modelzoo.manifest.model import (
    Dataset,
    LinkTemplate,
    Metric,
    Number,
    Paper,
    Place,
    Protocol,
    Result,
    Tag,
)
from sphinx_modelzoo.manifest.nodes import is_null
from sphinx_modelzoo.manifest.templates import fill, fill_url, variables
from sphinx_modelzoo.manifest.values import (
    Pairs,
    Reading,
    items,
    listing,
    read_fields,
    read_pairs,
    read_texts,
    scalar,
    suggestion,
)

# What templates may use besides the constants and the fields that they ask models for.
STANDARD_VARIABLES = ("name", "hashtag", "architecture", "dataset", "protocol")
# Fields of a model that are mappings of texts.
TEXTS = ("details", "ignore")


@dataclass(frozen=True, slots=True)
class Declarations:
    """What entries may refer to, and which further fields the link templates ask them for."""

    papers: Mapping[str, Paper]
    tags: Mapping[str, Tag]
    templates: Mapping[str, LinkTemplate]
    constants: Mapping[str, str]
    datasets: Mapping[str, Dataset]
    metrics: Mapping[str, Metric]
    protocols: Mapping[str, Protocol]
    asked: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the variables that templates use and nothing else gives."""
        used = {
            name
            for template in self.templates.values()
            for name in variables(template.url + template.file)
        }
        known = {*STANDARD_VARIABLES, *self.constants, *self.metrics, *self.templates}
        own = {*fields.ENTRY.keys(), *fields.RESULT.keys(), "results", *TEXTS}
        object.__setattr__(self, "asked", tuple(sorted(used - known - own)))


def read_entries(node: yaml.Node, declared: Declarations, reading: Reading) -> list[dict[str, Any]]:
    """Read the list ``models``; give the fields of each :class:`Entry`."""
    entries = []
    for part in items(node, "'models'", reading):
        pairs = read_pairs(part, "a model", reading)
        entry = _entry(part, pairs, declared, reading) if pairs is not None else None
        if entry is not None:
            entries.append(entry)
    return entries


def _entry(
    node: yaml.Node, pairs: Pairs, declared: Declarations, reading: Reading
) -> dict[str, Any] | None:
    row_keys = (*fields.RESULT.keys(), *declared.metrics, *declared.templates, *declared.asked)
    values = read_fields(fields.ENTRY, pairs, node, reading, others=(*row_keys, "results", *TEXTS))
    values["papers"] = values.pop("paper", ())
    _check_known(pairs.get("paper"), values["papers"], declared.papers, "papers", reading)
    _check_known(pairs.get("tags"), values.get("tags", ()), declared.tags, "tags", reading)
    if "name" not in values:
        return None
    name_node = pairs["name"][1]
    standard = {
        "name": values["name"],
        "hashtag": values.setdefault("hashtag", ""),
        "architecture": values.setdefault("architecture", values["name"]),
    }
    places = _places(pairs, reading)
    if "weights" in values:
        values["weights"] = _weights(values["weights"], pairs, standard, declared, reading)
    for key in TEXTS:
        if key in pairs and not is_null(pairs[key][1]):
            values[key] = read_texts(pairs[key][1], repr(key), reading)
    values["place"] = reading.place(name_node)
    values["results"] = _results(node, pairs, standard, declared, reading, places=places)
    values["places"] = places
    return values


def _places(pairs: Pairs, reading: Reading) -> dict[str, Place]:
    return {key: reading.place(value) for key, (_, value) in pairs.items()}


def _weights(
    template: str,
    pairs: Pairs,
    standard: Mapping[str, str],
    declared: Declarations,
    reading: Reading,
) -> str:
    """Fill the template of the weights' path or address."""
    values = {**standard, **_texts(pairs, (*declared.asked, "dataset"), reading)}
    if "//" in template or template.startswith("{"):
        filled = fill_url(template, declared.constants, values)
    else:
        filled = fill(template, {**values, **declared.constants})
    if filled is None or WEIGHTS.convert(filled) is None or "{" in filled:
        known = listing((*STANDARD_VARIABLES, *declared.constants, *declared.asked))
        reading.report(
            pairs["weights"][1],
            f"the template of 'weights' cannot be filled: {template[:80]!r}",
            f"use variables that have values here, of {known}",
        )
        return ""
    return filled


def _results(
    node: yaml.Node,
    pairs: Pairs,
    standard: Mapping[str, str],
    declared: Declarations,
    reading: Reading,
    *,
    places: Mapping[str, Place],
) -> tuple[Result, ...]:
    """Read an entry's results: its own fields where it is written flat, else ``results``."""
    if "results" not in pairs or is_null(pairs["results"][1]):
        flat = any(key in pairs for key in (*fields.RESULT.keys(), *declared.metrics))
        result = _result(node, pairs, standard, declared, reading, places=places) if flat else None
        return (result,) if result is not None else ()
    for key in declared.metrics:
        if key in pairs:
            reading.report(
                pairs[key][0],
                f"the number {key!r} stands beside 'results'",
                "move it into one of the results",
            )
    shared = {key: pair for key, pair in pairs.items() if key in _shared_keys(declared)}
    results = []
    for part in items(pairs["results"][1], "'results'", reading):
        own = read_pairs(part, fields.RESULT.noun, reading)
        if own is None:
            continue
        known = (*fields.RESULT.keys(), *_shared_keys(declared), *declared.metrics)
        read_fields(fields.Section(fields.RESULT.noun, "", ()), own, part, reading, others=known)
        pairs_here = shared | own
        its_places = _places(pairs_here, reading)
        result = _result(part, pairs_here, standard, declared, reading, places=its_places)
        if result is not None:
            results.append(result)
    return tuple(results)


def _shared_keys(declared: Declarations) -> tuple[str, ...]:
    """Give the fields that hold for all results of an entry where a result gives none."""
    return (*fields.RESULT.keys(), *declared.templates, *declared.asked)


def _result(
    node: yaml.Node,
    pairs: Pairs,
    standard: Mapping[str, str],
    declared: Declarations,
    reading: Reading,
    *,
    places: Mapping[str, Place],
) -> Result | None:
    relevant = {key: pairs[key] for key in fields.RESULT.by_key if key in pairs}
    values = read_fields(fields.RESULT, relevant, node, reading)
    for key, known in (("dataset", declared.datasets), ("protocol", declared.protocols)):
        if key in values:
            _check_known(pairs[key], (values[key],), known, f"{key}s", reading)
    numbers = {}
    for key in declared.metrics:
        if key in pairs and not is_null(pairs[key][1]):
            number = _number(key, pairs[key][1], reading)
            if number is not None:
                numbers[key] = number
    if "dataset" not in values:
        return None
    dataset, protocol = values["dataset"], values.get("protocol", "")
    known_values = {**standard, "dataset": dataset, "protocol": protocol}
    known_values |= _texts(pairs, declared.asked, reading)
    place = reading.place(node)
    links = read_links(
        pairs, known_values, declared.templates, reading, place, constants=declared.constants
    )
    return Result(
        dataset=dataset,
        place=place,
        protocol=protocol,
        evidence=values.get("evidence", ""),
        numbers=numbers,
        links=links,
        places=places,
    )


def _number(key: str, node: yaml.Node, reading: Reading) -> Number | None:
    text = scalar(node, repr(key), "a number, such as 83.4", reading)
    if text is None:
        return None
    value = number_value(text)
    if value is None:
        reading.report(
            node,
            f"{key!r} is {text[:60]!r}, not a number",
            "write digits and a point, such as 83.4; the unit stands under 'metrics'",
        )
        return None
    return Number(text, value, reading.place(node))


def _texts(pairs: Pairs, keys: tuple[str, ...], reading: Reading) -> dict[str, str]:
    texts = {}
    for key in keys:
        if key in pairs and not is_null(pairs[key][1]):
            text = scalar(pairs[key][1], repr(key), TEXT.expects, reading)
            if text:
                texts[key] = text
    return texts


def _check_known(
    pair: tuple[yaml.ScalarNode, yaml.Node] | None,
    keys: tuple[str, ...],
    known: Mapping[str, object],
    section: str,
    reading: Reading,
) -> None:
    if pair is None:
        return
    nodes = pair[1].value if isinstance(pair[1], yaml.SequenceNode) else [pair[1]]
    for node in nodes:
        if isinstance(node, yaml.ScalarNode) and node.value in keys and node.value not in known:
            have = f"{section!r} declares {listing(known)}" if known else f"{section!r} is empty"
            reading.report(
                node,
                f"{node.value!r} is not declared under {section!r}",
                suggestion(node.value, known, have),
            )
