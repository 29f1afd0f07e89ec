"""Directives for this documentation's reference: tables made from the code that they describe."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.sphinxext.messages import Subtype
from sphinx_modelzoo.verify.conformance import checks

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

Cell = Sequence[nodes.Node]

_WIDTHS = (20, 30, 50)


class ManifestFields(SphinxDirective):
    """``manifest-fields:: ENTRY`` shows the fields of a part of the manifest."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the part's explanation and the table of its fields."""
        self.env.note_dependency(str(fields.__file__))
        section: fields.Section = getattr(fields, self.arguments[0])
        head = ("Field", "What stands there", "Meaning")
        rows = [
            (_key(field), marked(_expected(field)), marked(field.doc)) for field in section.fields
        ]
        return [nodes.paragraph("", "", *marked(section.doc)), table(head, _WIDTHS, rows)]


class ManifestParts(SphinxDirective):
    """``manifest-parts::`` shows the parts that stand at the top of a manifest."""

    def run(self) -> list[nodes.Node]:
        """Give the table of the parts."""
        self.env.note_dependency(str(fields.__file__))
        rows = [([code(key)], marked(doc)) for key, doc in fields.PARTS.items()]
        return [table(("Part", "Meaning"), (20, 80), rows)]


class WarningSubtypes(SphinxDirective):
    """``warning-subtypes::`` shows the extension's warnings."""

    def run(self) -> list[nodes.Node]:
        """Give the table of the subtypes."""
        analyzer = ModuleAnalyzer.for_module(Subtype.__module__)
        self.env.note_dependency(analyzer.srcname)
        docs = analyzer.find_attr_docs()
        rows = [
            ([code(f"zoo.{subtype.value}")], marked(" ".join(docs["Subtype", subtype.name])))
            for subtype in Subtype
        ]
        return [table(("Warning", "What it is about"), (20, 80), rows)]


class ConformanceChecks(SphinxDirective):
    """``conformance-checks::`` shows the checks of a recognizer: name and what must hold."""

    def run(self) -> list[nodes.Node]:
        """Give the table of the checks."""
        for name in {checks.__name__, *(check.__module__ for check in checks.CHECKS.values())}:
            self.env.note_dependency(str(sys.modules[name].__file__))
        rows = [
            ([code(name)], marked(str(check.__doc__).replace("``", "`")))
            for name, check in checks.CHECKS.items()
        ]
        return [table(("Check", "What must hold"), (25, 75), rows)]


class CommandOptions(SphinxDirective):
    """``command-options:: MODULE FUNCTION`` shows the options of a parser."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Give each group of options of the parser that the function makes, under its title."""
        module = importlib.import_module(self.arguments[0])
        self.env.note_dependency(str(module.__file__))
        parser: argparse.ArgumentParser = getattr(module, self.arguments[1])()
        return parser_options(parser)


class ProgramHelp(SphinxDirective):
    """``program-help:: PATH`` shows what a Python program prints for ``--help``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the text as a literal block."""
        relative, absolute = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        done = subprocess.run(  # noqa: S603 - a program of this project
            [sys.executable, absolute, "--help"],
            check=False,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "88", "NO_COLOR": "1"},
        )
        if done.returncode:
            message = f"{self.arguments[0]} --help failed: {done.stderr.strip()}"
            raise self.error(message)
        return [nodes.literal_block(done.stdout, done.stdout, language="none")]


def parser_options(parser: argparse.ArgumentParser) -> list[nodes.Node]:
    """Give each group of options of a parser, under its title."""
    shown: list[nodes.Node] = []
    for group in parser._action_groups:  # noqa: SLF001 - argparse offers no other way
        actions = [action for action in group._group_actions if action.help != "==SUPPRESS=="]  # noqa: SLF001
        if actions:
            title = (group.title or "").capitalize()
            shown.append(nodes.rubric("", title))
            shown.append(_options(actions, parser))
    return shown


def marked(text: str) -> Cell:
    """Give a text in which ```code```, ``{variable}`` and ``--option`` are literal."""
    made: list[nodes.Node] = []
    for index, part in enumerate(re.split(r"(`[^`]+`|\{\w+\}|--[a-z][a-z-]*)", text)):
        if part:
            made.append(code(part.strip("`")) if index % 2 else nodes.Text(part))
    return made


def code(text: str) -> nodes.literal:
    """Give a text as code."""
    return nodes.literal(text, text)


def table(
    head: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> nodes.table:
    """Give a table with a head."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
    group += nodes.thead("", _row([[nodes.Text(title)] for title in head]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["colwidths-given"])


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _key(field: fields.Field) -> Cell:
    required = [nodes.Text(" (required)")] if field.required else []
    return [code(field.key), *required]


def _expected(field: fields.Field) -> str:
    many = "; or a list of such" if field.many else ""
    return f"{field.kind.expects}{many}"


def _options(
    actions: Sequence[argparse.Action], parser: argparse.ArgumentParser
) -> nodes.definition_list:
    items = []
    for action in actions:
        text = str(action.help or "") % {**vars(action), "prog": parser.prog}
        meaning = nodes.definition("", nodes.paragraph("", "", *marked(sentence(text))))
        items.append(nodes.definition_list_item("", nodes.term("", "", *_call(action)), meaning))
    return nodes.definition_list("", *items)


def _call(action: argparse.Action) -> Iterator[nodes.Node]:
    """Give how an option is written, each of its names with its value."""
    value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
    if action.choices and not action.metavar:
        value = "{" + ",".join(str(choice) for choice in action.choices) + "}"
    for index, name in enumerate(action.option_strings or [""]):
        if index:
            yield nodes.Text(", ")
        yield code(f"{name} {value}".strip() if action.nargs != 0 else name)


def sentence(text: str) -> str:
    """Give a text with a capital first and one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("manifest-fields", ManifestFields)
    app.add_directive("manifest-parts", ManifestParts)
    app.add_directive("warning-subtypes", WarningSubtypes)
    app.add_directive("command-options", CommandOptions)
    app.add_directive("conformance-checks", ConformanceChecks)
    app.add_directive("program-help", ProgramHelp)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
