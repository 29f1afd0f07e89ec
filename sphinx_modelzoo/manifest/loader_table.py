"""What a loader can load: its names and hashes, read from its source without importing it.

GluonCV and MXNet keep a table of (SHA-1, name) pairs in ``model_store.py``, and the names of their
architectures as the keys of a dictionary in ``model_zoo.py`` beside it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem

STORE = "model_store.py"
NAMES = "model_zoo.py"

# The loaders whose tables are known: the package, and the folders of its tables.
_FOLDERS = {
    "gluoncv": ("gluoncv", ("model_zoo", "torch/model_zoo")),
    "mxnet": ("mxnet", ("gluon/model_zoo",)),
}

_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LoaderTable:
    """A loader's names, in lower case, and the full hashes of each name's default weights.

    A name has several hashes where the loader has a table for each of several frameworks.
    """

    source: str
    hashes: Mapping[str, tuple[str, ...]]
    names: frozenset[str]


def installed_table(loader: str) -> LoaderTable | None:
    """Give the table of a loader that is installed here; None where it is not, or is not known."""
    package, folders = _FOLDERS.get(loader.lower(), ("", ()))
    spec = find_spec(package) if package else None
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(spec.submodule_search_locations[0])
    try:
        tables = [_read(root / folder) for folder in folders if (root / folder / STORE).is_file()]
    except (OSError, SyntaxError, ValueError):
        return None
    return _joined(loader, tables) if tables else None


def read_table(path: Path) -> LoaderTable:
    """Read the table in a ``model_store.py``, with the ``model_zoo.py`` beside it if there is one.

    Raises:
        CallError: the file cannot be read, is not Python, or holds no table of hashes.
    """
    try:
        store = _pairs(_tree(path))
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        raise CallError(
            Problem(f"no table can be read: {error}", f"name a loader's {STORE}", str(path))
        ) from error
    if not store:
        what = "holds no pair of a SHA-1 or SHA-256 and a name"
        raise CallError(Problem(what, f"name a loader's {STORE}", str(path)))
    return _joined(str(path), [(store, _names(path.with_name(NAMES)))])


def _read(folder: Path) -> tuple[dict[str, str], set[str]]:
    return _pairs(_tree(folder / STORE)), _names(folder / NAMES)


def _joined(source: str, tables: list[tuple[dict[str, str], set[str]]]) -> LoaderTable:
    hashes: dict[str, tuple[str, ...]] = {}
    names: set[str] = set()
    for store, known in tables:
        names |= known | store.keys()
        for name, digest in store.items():
            hashes[name] = (*hashes.get(name, ()), digest)
    return LoaderTable(source, hashes, frozenset(names))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), str(path))


def _pairs(tree: ast.Module) -> dict[str, str]:
    """Give every literal (digest, name) or (name, digest), and name: digest of a dictionary."""
    found: dict[str, str] = {}
    for first, second in _literal_pairs(tree):
        if _DIGEST.fullmatch(first):
            found[second.lower()] = first
        elif _DIGEST.fullmatch(second):
            found[first.lower()] = second
    return found


def _literal_pairs(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List):
            texts = [_text(part) for part in node.elts]
            if len(texts) == 2 and texts[0] and texts[1]:  # noqa: PLR2004
                yield texts[0], texts[1]
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if _text(key) and _text(value):
                    yield _text(key), _text(value)


def _text(node: ast.expr | None) -> str:
    constant = node.value if isinstance(node, ast.Constant) else None
    return constant if isinstance(constant, str) else ""


def _names(path: Path) -> set[str]:
    """Give the text keys of all dictionaries that a module assigns; none where it is not there."""
    if not path.is_file():
        return set()
    dictionaries = (
        node.value
        for node in _tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
    )
    return {_text(key).lower() for made in dictionaries for key in made.keys} - {""}
