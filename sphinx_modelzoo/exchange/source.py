"""Reading foreign files: bounded, and every error with its place."""

from __future__ import annotations

from pathlib import Path

import yaml

from sphinx_modelzoo.errors import CallError, ManifestError, ModelZooError, Problem
from sphinx_modelzoo.exchange.words import clean
from sphinx_modelzoo.manifest.model import Place
from sphinx_modelzoo.manifest.nodes import compose, is_null, place

MAX_BYTES = 16 * 2**20


class ExchangeError(ModelZooError):
    """A foreign file cannot be understood."""


def read_bytes(path: Path) -> bytes:
    """Read a foreign file.

    Raises:
        CallError: it cannot be read, or is larger than any zoo's file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = Problem(f"cannot be read: {reason}", "check the path", str(path))
        raise CallError(problem) from error
    if len(data) > MAX_BYTES:
        what = f"larger than {MAX_BYTES // 2**20} MiB"
        raise CallError(Problem(what, "give the table or the cards, not the weights", str(path)))
    return data


def read_text(path: Path) -> str:
    """Read a foreign file as UTF-8 text, with or without a byte order mark.

    Raises:
        CallError: it cannot be read.
        ExchangeError: it is not UTF-8.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise wrong(what, "save the file as UTF-8", Place(str(path), line, 1)) from error


def read_yaml(data: bytes, path: Path) -> yaml.Node | None:
    """Read YAML into nodes whose scalars are the texts that stand there.

    Raises:
        ExchangeError: it is not YAML.
    """
    try:
        return compose(data, str(path))
    except ManifestError as error:
        raise ExchangeError(*error.problems) from error


def wrong(what: str, remedy: str, where: Place | Path) -> ExchangeError:
    """Make the error of a foreign file that cannot be understood."""
    return ExchangeError(Problem(what, remedy, str(where)))


def pairs(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Give a mapping's values by key, the later of two with one key; nothing for other nodes."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {clean(key.value): value for key, value in node.value if _is_text(key)}


def members(node: yaml.Node | None) -> list[yaml.Node]:
    """Give a list's nodes; a single node is a list of one, and null an empty one."""
    if node is None or is_null(node):
        return []
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def text(node: yaml.Node | None) -> str:
    """Give a scalar's text on one line; empty for null and for other nodes."""
    if node is None or not _is_text(node) or is_null(node):
        return ""
    return clean(node.value)


def inline(node: yaml.Node | None) -> str:
    """Give a node as a line: lists by commas, a mapping as ``key value`` pairs; no deeper."""
    if isinstance(node, yaml.MappingNode):
        return ", ".join(f"{key} {text(value)}" for key, value in pairs(node).items())
    if isinstance(node, yaml.SequenceNode):
        parts = (
            inline(part) if isinstance(part, yaml.MappingNode) else text(part)
            for part in node.value
        )
        return clean("; ".join(parts) if _has_mapping(node) else ", ".join(parts))
    return text(node)


def where(node: yaml.Node, path: Path) -> Place:
    """Give where a node stands."""
    return place(node, str(path))


def _has_mapping(node: yaml.SequenceNode) -> bool:
    return any(isinstance(part, yaml.MappingNode) for part in node.value)


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)
