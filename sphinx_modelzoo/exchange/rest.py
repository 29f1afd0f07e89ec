"""Reading reStructuredText pages that were made for other Sphinx projects.

docutils does the parsing. Roles and directives that it does not know are kept as what they hold,
nothing outside the page's folder is read, and nothing is inserted raw.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, Parser, directives, roles, states
from docutils.parsers.rst.directives.tables import CSVTable
from docutils.statemachine import StringList
from docutils.utils import SystemMessage

from sphinx_modelzoo.exchange.source import read_text, wrong
from sphinx_modelzoo.manifest.model import Place

_DIRECTIVE = re.compile(r"^\s*\.\.[ \t]+([A-Za-z][\w:.+-]*)::", re.MULTILINE)
_ROLE = re.compile(r":([A-Za-z][\w:.+-]*):`|`:([A-Za-z][\w:.+-]*):")
_MAX_INCLUDED = 50
_ERROR = 3
_FATAL = re.compile(
    r"Malformed table|CSV data|csv-table|list-table|\"table\" directive|cannot be read"
)


def parse_page(path: Path) -> nodes.document:
    """Parse a page.

    Raises:
        CallError: it cannot be read.
        ExchangeError: it, or a table of it, is damaged.
    """
    return _parse(read_text(path), path)


def parse_table(path: Path, delimiter: str) -> nodes.document:
    """Parse a table of comma-separated values whose cells hold reStructuredText."""
    delimiter = "tab" if delimiter == "\t" else delimiter
    lines = (
        ".. csv-table::",
        f"   :file: {path.name}",
        "   :header-rows: 1",
        f"   :delim: {delimiter}",
    )
    return _parse("\n".join(lines) + "\n", path)


def _parse(text: str, path: Path) -> nodes.document:
    settings = {
        "_disable_config": True,
        # A lone section of a page would become its subtitle, and no heading.
        "doctitle_xform": False,
        "file_insertion_enabled": True,
        "halt_level": 5,
        "input_encoding": "unicode",
        "report_level": 5,
        "smart_quotes": False,
        "syntax_highlight": "none",
        "warning_stream": False,
    }
    with _own_markup(path.parent):
        _learn(text)
        try:
            document: nodes.document = publish_doctree(
                text,
                source_path=str(path),
                parser=Parser(),
                settings_overrides=settings,
            )
        except (SystemMessage, RecursionError, ValueError, AssertionError) as error:
            what = f"not reStructuredText that can be read: {str(error)[:200]}"
            raise wrong(what, "check the page with docutils", path) from error
    _check(document, path)
    return document


def _check(document: nodes.document, path: Path) -> None:
    """Raise the first error that costs a table; other faults of a page do no harm here."""
    for message in (*document.findall(nodes.system_message), *document.parse_messages):
        # The message's own text also says the place.
        text = "\n\n".join(child.astext() for child in message.children)
        if message["level"] >= _ERROR and _FATAL.search(text):
            place = Place(str(message.get("source") or path), int(message.get("line") or 1), 1)
            what = " ".join(text.split("\n\n")[0].split())
            raise wrong(what[:300], "correct the table", place)


@contextmanager
def _own_markup(folder: Path) -> Iterator[None]:
    """Let docutils know our directives, and forget them again: its registries are the process's."""
    before = dict(_directives()), dict(_roles())
    own = {"raw": _Ignored, "role": _Ignored, "default-role": _Ignored, "math": _Ignored}
    files = {"include": _include(folder), "csv-table": _csv_table(folder)}
    _directives().update({**own, **files, **dict.fromkeys(_VERBATIM, _Ignored)})
    _roles()["raw"] = _marked
    try:
        yield
    finally:
        for registry, was in zip((_directives(), _roles()), before, strict=True):
            registry.clear()
            registry.update(was)


def _directives() -> dict[str, Any]:
    # Nothing public forgets what was registered.
    registry: dict[str, Any] = directives._directives  # type: ignore[attr-defined]  # noqa: SLF001
    return registry


def _roles() -> dict[str, Any]:
    registry: dict[str, Any] = roles._roles  # type: ignore[attr-defined]  # noqa: SLF001
    return registry


def _learn(text: str) -> None:
    """Register each directive and role of a text that docutils does not know."""
    for name in {name.lower() for name in _DIRECTIVE.findall(text)}:
        if name not in directives._directive_registry:  # type: ignore[attr-defined]  # noqa: SLF001
            _directives().setdefault(name, _Container)
    for name in {(before or after).lower() for before, after in _ROLE.findall(text)}:
        if name not in roles._role_registry:  # type: ignore[attr-defined]  # noqa: SLF001
            _roles().setdefault(name, _marked)


_VERBATIM = (
    *("code-block", "sourcecode", "highlight", "literalinclude", "toctree", "mermaid", "graphviz"),
    *("plot", "jupyter-execute", "automodule", "autoclass", "autosummary", "bibliography"),
)


class _AnyOption(dict[str, Any]):
    """Options of directives that we do not know: any name, any text."""

    def __missing__(self, name: str) -> Any:
        del name
        return directives.unchanged


class _Container(Directive):
    """A directive that is not known: what it holds is part of the page."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = _AnyOption({"class": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        """Give what stands inside."""
        node = nodes.container()
        node.document = self.state.document
        self.state.nested_parse(self.content, self.content_offset, node, match_titles=True)
        return list(node.children)


class _Ignored(_Container):
    """A directive whose content is not text for readers, or that must not act."""

    def run(self) -> list[nodes.Node]:
        """Give nothing."""
        return []


def _marked(
    name: str, rawtext: str, text: str, lineno: int, inliner: states.Inliner, **_: Any
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Give the text of a role that docutils does not know, marked with the role's name."""
    del lineno, inliner
    return [nodes.inline(rawtext, text.replace("\x00", "\\"), classes=[name])], []


def _inside(folder: Path, name: str, directive: Directive) -> Path:
    """Give a file that a page names, which must lie in the page's folder or below."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        what = f"{name!r} leads out of the page's folder and cannot be read"
        raise directive.error(what)
    if not path.is_file():
        what = f"{name!r} cannot be read: there is no such file"
        raise directive.error(what)
    return path


def _include(folder: Path) -> type[Directive]:
    included: list[Path] = []

    class Include(Directive):
        """``include`` of a page of the same folder."""

        required_arguments = 1
        final_argument_whitespace = True
        option_spec: ClassVar[dict[str, Any]] = _AnyOption({"class": directives.unchanged})

        def run(self) -> list[nodes.Node]:
            if any(key in self.options for key in ("literal", "code", "parser")):
                return []
            path = _inside(folder, self.arguments[0], self)
            included.append(path)
            if len(included) > _MAX_INCLUDED:
                what = "the page includes too many files: it cannot be read"
                raise self.error(what)
            text = read_text(path)
            _learn(text)
            self.state_machine.insert_input(text.splitlines(), str(path))
            return []

    return Include


def _csv_table(folder: Path) -> type[Directive]:
    class Table(CSVTable):
        """``csv-table`` whose file lies in the page's folder, each row knowing its line."""

        option_spec: ClassVar[dict[str, Any]] = _AnyOption(CSVTable.option_spec or {})

        def run(self) -> list[nodes.table | nodes.system_message]:
            self.places: list[tuple[str, int]] = []
            made = list(super().run())
            for table in made:
                rows = list(table.findall(nodes.row))
                given = self.places[-len(rows) :] if rows else []
                for row, (source, line) in zip(rows, given, strict=False):
                    row.source, row.line = source, line
            return made

        def get_csv_data(self) -> tuple[list[str], str]:
            if "url" in self.options:
                what = "csv-table: the table of another site cannot be read"
                raise self.error(what)
            if "file" not in self.options:
                text: tuple[list[str], str] = super().get_csv_data()  # type: ignore[no-untyped-call]
                return text
            path = _inside(folder, self.options["file"], self)
            table = read_text(path)
            _learn(table)
            return table.splitlines(keepends=True), str(path)

        def parse_csv_data_into_rows(
            self, csv_data: Any, dialect: Any, source: str
        ) -> tuple[list[Any], int]:
            reader = csv.reader(_lines(csv_data), dialect=dialect)
            rows, widest = [], 0
            first = 1 if "file" in self.options else self.content_offset + 1
            before = 0
            for row in reader:
                cells = [(0, 0, 0, StringList(cell.splitlines(), source=source)) for cell in row]
                line, before = first + before, reader.line_num
                if cells:
                    rows.append(cells)
                    self.places.append((source, line))
                    widest = max(widest, len(cells))
            return rows, widest

    return Table


def _lines(data: Any) -> list[str]:
    """Give lines that end: cells in quotes keep their line breaks."""
    return [line if line.endswith("\n") else f"{line}\n" for line in data]
