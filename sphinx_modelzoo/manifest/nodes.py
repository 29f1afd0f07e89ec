"""YAML text to nodes that know their place, scalars left as the text that stands there.

YAML's own idea of a scalar's type is switched off: PyYAML would read the hashtag ``18545497`` as
an integer and YAML 1.2 would read ``682591e2`` as a float; here both stay text.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

from sphinx_modelzoo.errors import ManifestError, Problem
from sphinx_modelzoo.manifest.model import Place

# Deeper than any manifest; libyaml's composer recurses and would overflow the stack.
MAX_DEPTH = 50

_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}

_REMEDIES = {
    "mapping values are not allowed": "put text that holds a colon in quotes",
    "tab": "indent with spaces, not tabs",
    "cannot start any token": "put text that begins with this character in quotes",
    "undefined alias": "define the anchor before it is used, or put the text in quotes",
    "found another document": "keep one document in the file: remove the line ---",
    "control characters": "remove the character",
}


class _TextLoader(_BaseLoader):  # type: ignore[misc]
    """PyYAML's safe loader with every plain scalar read as text."""

    yaml_implicit_resolvers: ClassVar[dict[str, object]] = {}

    def resolve(self, kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        """Give the tag of a node that has none of its own, which is that of its kind."""
        return _TAGS[kind]


def compose(data: bytes, path: str) -> yaml.Node | None:
    """Give the root node of a YAML file, or None where it is empty.

    Raises:
        ManifestError: the bytes are not UTF-8, or not one well-formed YAML document.
    """
    text = _decode(data, path)
    try:
        if _may_be_deep(text):
            _check_depth(text, path)
        node: yaml.Node | None = yaml.compose(text, Loader=_TextLoader)
    except yaml.YAMLError as error:
        raise ManifestError(_problem(error, text, path)) from error
    return node


def is_null(node: yaml.Node) -> bool:
    """Tell whether nothing stands there: an empty plain scalar, ``~`` or ``null``."""
    return (
        isinstance(node, yaml.ScalarNode)
        and node.style in (None, "")
        and node.value in {"", "~", "null"}
    )


def place(node: yaml.Node, path: str) -> Place:
    """Give where a node starts."""
    return _start(node.start_mark, path)


def _start(mark: Any, path: str) -> Place:
    return Place(path, mark.line + 1, mark.column + 1)


def _decode(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        problem = Problem(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "save the file as UTF-8",
            str(Place(path, line, column)),
        )
        raise ManifestError(problem) from error


def _may_be_deep(text: str) -> bool:
    """Tell, quickly and erring towards yes, whether the nesting may exceed the limit."""
    if re.search(rf"^[ \-?:]{{{MAX_DEPTH},}}", text, re.MULTILINE):
        return True
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > MAX_DEPTH:
            return True
    return False


def _check_depth(text: str, path: str) -> None:
    try:
        _find_depth(text, path, _TextLoader)
    except yaml.YAMLError as error:
        if "nesting depth" not in str(error):
            raise
        # libyaml, which reads ahead, has met a limit of its own; PyYAML's own parser has none.
        _find_depth(text, path, yaml.SafeLoader)


def _find_depth(text: str, path: str, loader: Any) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                problem = Problem(
                    f"nested more than {MAX_DEPTH} levels deep",
                    "close the brackets, or check the indentation",
                    str(_start(event.start_mark, path)),
                )
                raise ManifestError(problem)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    position = getattr(error, "position", None)
    if mark is not None:
        where = _start(mark, path)
    elif isinstance(position, int):
        start = text.rfind("\n", 0, position) + 1
        where = Place(path, text.count("\n", 0, position) + 1, position - start + 1)
    else:
        where = Place(path, 1, 1)
    line = text.split("\n")[where.line - 1 : where.line]
    at_tab = bool(line) and line[0][where.column - 1 : where.column] == "\t"
    remedy = next(
        (remedy for part, remedy in _REMEDIES.items() if part in ("tab" if at_tab else what)),
        "check the quotes, brackets and indentation here and just above",
    )
    return Problem(f"not valid YAML: {what}", remedy, str(where))
