"""Reading what entries refer to: papers, tags, links, data sets, metrics, protocols, usage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import yaml

from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.kinds import KEY, URL
from sphinx_modelzoo.manifest.model import (
    Dataset,
    LinkTemplate,
    Metric,
    Paper,
    Place,
    Protocol,
    Tag,
    Usage,
)
from sphinx_modelzoo.manifest.values import (
    Pairs,
    Reading,
    read_fields,
    read_pairs,
    read_texts,
    scalar,
)

Part = TypeVar("Part")

STANDARD_TOPS = (1, 5)


def standard_metrics(place: Place) -> dict[str, Metric]:
    """Give the metrics that need no declaration: top-1 and top-5 accuracy in percent."""
    return {
        f"top{top}": Metric(
            key=f"top{top}", title=f"Top-{top}", place=place, unit="%", direction="higher", top=top
        )
        for top in STANDARD_TOPS
    }


def read_usage(node: yaml.Node, reading: Reading) -> Usage | None:
    """Read the mapping ``usage``."""
    pairs = read_pairs(node, "'usage'", reading)
    if pairs is None:
        return None
    return Usage(place=reading.place(node), **read_fields(fields.USAGE, pairs, node, reading))


def read_papers(node: yaml.Node, reading: Reading) -> dict[str, Paper]:
    """Read the mapping ``papers``; numbers count from 1 in its order."""

    def paper(key: str, values: dict[str, Any], place: Place) -> Paper:
        return Paper(key=key, number=0, place=place, **{"title": "", **values})

    return _parts(node, "'papers'", fields.PAPER, paper, reading)


def read_tags(node: yaml.Node, reading: Reading) -> dict[str, Tag]:
    """Read the mapping ``tags``."""

    def tag(key: str, values: dict[str, Any], place: Place) -> Tag:
        return Tag(key=key, place=place, **values)

    return _parts(node, "'tags'", fields.TAG, tag, reading)


def read_datasets(node: yaml.Node, reading: Reading) -> dict[str, Dataset]:
    """Read the mapping ``datasets``."""

    def dataset(key: str, values: dict[str, Any], place: Place) -> Dataset:
        return Dataset(key=key, place=place, **{"title": key, **values})

    return _parts(node, "'datasets'", fields.DATASET, dataset, reading)


def read_metrics(node: yaml.Node, reading: Reading) -> dict[str, Metric]:
    """Read the mapping ``metrics``; what ``top1`` and ``top5`` leave out is as is customary."""

    def metric(key: str, values: dict[str, Any], place: Place) -> Metric:
        standard = standard_metrics(place).get(key)
        customary: dict[str, Any] = {"title": _title(key), "unit": "%" if "top" in values else ""}
        if standard is not None:
            customary = {
                "title": standard.title,
                "unit": standard.unit,
                "direction": standard.direction,
                "top": standard.top,
            }
        return Metric(key=key, place=place, **{**customary, **values})

    return _parts(node, "'metrics'", fields.METRIC, metric, reading)


def read_protocols(node: yaml.Node, reading: Reading) -> dict[str, Protocol]:
    """Read the mapping ``protocols``; ``options`` joins the other settings."""
    result: dict[str, Protocol] = {}
    for key, part, pairs in _named(node, "'protocols'", reading):
        values = read_fields(fields.PROTOCOL, pairs, part, reading, others=("options",))
        recognizer = values.pop("recognizer", "")
        options = pairs.get("options")
        settings: dict[str, int | str] = dict(values)
        if options is not None:
            texts = read_texts(options[1], "'options'", reading)
            for name in texts.keys() & fields.PROTOCOL.keys():
                reading.report(
                    options[1],
                    f"{name!r} in 'options' is a field of a protocol itself",
                    "write it beside 'options', once",
                )
            settings |= {
                name: int(text) if _is_whole(text) else text for name, text in texts.items()
            }
        result[key.value] = Protocol(key.value, reading.place(key), recognizer, settings)
    return result


def read_links(node: yaml.Node, reading: Reading) -> tuple[dict[str, LinkTemplate], dict[str, str]]:
    """Read the mapping ``links``: the kinds of link, and the constants that stand among them."""
    templates: dict[str, LinkTemplate] = {}
    constants: dict[str, str] = {}
    for key, (key_node, part) in (read_pairs(node, "'links'", reading) or {}).items():
        if not _is_key(key_node, "'links'", reading):
            continue
        if isinstance(part, yaml.ScalarNode):
            text = scalar(part, repr(key), URL.expects, reading)
            if text is not None:
                constants[key] = text
            continue
        pairs = read_pairs(part, fields.LINK.noun, reading)
        if pairs is None:
            continue
        values = read_fields(fields.LINK, pairs, part, reading)
        if "url" in values and "file" in values:
            reading.report(
                pairs["file"][0], "a kind of link has both 'url' and 'file'", "keep one of them"
            )
        title = values.pop("title", _title(key))
        text = values.pop("text", title.lower())
        templates[key] = LinkTemplate(
            key=key, place=reading.place(key_node), title=title, text=text, **values
        )
    return templates, constants


def _is_whole(text: str) -> bool:
    """Tell a whole number from text that only looks like one, such as 007."""
    return len(text) <= 18 and text.isdecimal() and text.isascii() and str(int(text)) == text  # noqa: PLR2004


def _named(
    node: yaml.Node, noun: str, reading: Reading
) -> list[tuple[yaml.ScalarNode, yaml.Node, Pairs]]:
    """Give the parts of a mapping of mappings, each with the node of its key."""
    named = []
    for key, (key_node, part) in (read_pairs(node, noun, reading) or {}).items():
        if not _is_key(key_node, noun, reading):
            continue
        pairs = read_pairs(part, f"{noun} {key!r}", reading)
        if pairs is not None:
            named.append((key_node, part, pairs))
    return named


def _is_key(node: yaml.ScalarNode, noun: str, reading: Reading) -> bool:
    if KEY.convert(node.value) is not None:
        return True
    reading.report(
        node,
        f"the key {node.value!r} in {noun} is not a plain word",
        "use letters, digits, _ - . and begin with a letter or digit",
    )
    return False


def _parts(
    node: yaml.Node,
    noun: str,
    section: fields.Section,
    make: Callable[[str, dict[str, Any], Place], Part],
    reading: Reading,
) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for key, part, pairs in _named(node, noun, reading):
        values = read_fields(section, pairs, part, reading)
        parts[key.value] = make(key.value, values, reading.place(key))
    return parts


def _title(key: str) -> str:
    """Make a column's title from a key: ``train_log`` gives ``Train Log``."""
    return key.replace("_", " ").replace("-", " ").title()
