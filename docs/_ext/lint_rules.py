"""A directive for this documentation: the rules of ``modelzoo lint``, from the rules themselves."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from docutils import nodes
from reference_tables import code, marked
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.cli import lint
from sphinx_modelzoo.lint.rule import Example, Need, Rule
from sphinx_modelzoo.lint.rules import RULES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class LintRules(SphinxDirective):
    """``lint-rules:: PREFIX`` shows the rules whose codes begin so, each under its own title."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give a section for each rule."""
        rules = [rule for rule in RULES if rule.code.startswith(self.arguments[0])]
        if not rules:
            message = f"no rule begins with {self.arguments[0]!r}"
            raise self.error(message)
        for rule in rules:
            module = (
                sys.modules[rule.check.__module__] if rule.check else sys.modules[Rule.__module__]
            )
            self.env.note_dependency(str(module.__file__))
        return [_section(rule) for rule in rules]


def lint_parser() -> argparse.ArgumentParser:
    """Make the parser of ``modelzoo lint`` alone, for its table of options."""
    commands = argparse.ArgumentParser(prog="modelzoo").add_subparsers()
    lint.add_parser(commands)
    parser: argparse.ArgumentParser = commands.choices["lint"]
    return parser


def _section(rule: Rule) -> nodes.section:
    section = nodes.section(ids=[rule.code.lower()], names=[rule.code.lower()])
    section += nodes.title("", f"{rule.code} {rule.name}")
    section += nodes.paragraph(
        "", "", *marked(rule.summary), nodes.Text(f" ({rule.severity.title()}.)")
    )
    section += nodes.paragraph("", "", *marked(rule.explanation))
    if rule.need is not Need.NOTHING:
        needs = f"Needs {rule.need}; without it the rule finds nothing."
        section += nodes.paragraph("", "", *marked(needs))
    for title, example in (("Wrong", rule.wrong), ("Right", rule.right)):
        section += _example(title, example)
    return section


def _example(title: str, example: Example) -> list[nodes.Node]:
    shown: list[nodes.Node] = [nodes.paragraph("", f"{title}:"), _block(example.manifest, "yaml")]
    for name, text in example.files.items():
        with_file = [nodes.Text("with "), code(name), nodes.Text(":")]
        shown += [nodes.paragraph("", "", *with_file), _block(text, "text")]
    return shown


def _block(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text.rstrip("\n"), language=language)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("lint-rules", LintRules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
