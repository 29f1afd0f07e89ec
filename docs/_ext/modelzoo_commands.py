"""Directives for this documentation: a command of ours, from its own parser and help."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from docutils import nodes
from reference_tables import code, marked, parser_options, sentence
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.cli import modelzoo, verify_commands

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_WIDTH = 88
_TERM = re.compile(r" {2}(?P<term>\S+) {2,}(?P<meaning>\S.*)")
_EXAMPLES = "examples:"


class ModelzooCommand(SphinxDirective):
    """``modelzoo-command:: NAME`` shows a command: its usage, options, examples and exit codes."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give what the command's help says."""
        name = self.arguments[0]
        if name not in modelzoo.MODULES:
            message = f"modelzoo has no command {name!r}"
            raise self.error(message)
        module = import_module(f"sphinx_modelzoo.cli.{modelzoo.MODULES[name]}")
        for source in (module, sys.modules[__name__]):
            self.env.note_dependency(str(source.__file__))
        return _shown(command_parser(name))


class VerifyZooCommand(SphinxDirective):
    """``verify-zoo-command:: NAME`` shows a command of ``verify-zoo`` in the same way."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give what the command's help says."""
        name = self.arguments[0]
        if name not in verify_commands.COMMANDS:
            message = f"verify-zoo has no command {name!r}"
            raise self.error(message)
        module = import_module(f"sphinx_modelzoo.cli.{verify_commands.COMMANDS[name]}")
        for source in (module, sys.modules[__name__]):
            self.env.note_dependency(str(source.__file__))
        return _shown(_subparser(verify_commands.command_parser(name), name))


def _shown(parser: argparse.ArgumentParser) -> list[nodes.Node]:
    usage = _usage(parser)
    return [
        nodes.literal_block(usage, usage, language="none"),
        *_prose(str(parser.description)),
        *parser_options(parser),
        *_prose(str(parser.epilog or "")),
    ]


def command_parser(name: str) -> argparse.ArgumentParser:
    """Give the parser of one command of ``modelzoo``."""
    return _subparser(modelzoo.parser((name,)), name)


def _subparser(whole: argparse.ArgumentParser, name: str) -> argparse.ArgumentParser:
    (commands,) = (
        action
        for action in whole._actions  # noqa: SLF001 - argparse offers no other way
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    parser: argparse.ArgumentParser = commands.choices[name]
    return parser


def options_alone() -> argparse.ArgumentParser:
    """Make the parser of the options that stand before the command."""
    parser = modelzoo.parser(())
    parser._action_groups = [group for group in parser._action_groups if group.title == "options"]  # noqa: SLF001
    return parser


def _usage(parser: argparse.ArgumentParser) -> str:
    formatter = argparse.HelpFormatter(parser.prog, width=_WIDTH)
    formatter.add_usage(parser.usage, parser._actions, parser._mutually_exclusive_groups, prefix="")  # noqa: SLF001
    return formatter.format_help().strip()


def _prose(text: str) -> Iterator[nodes.Node]:
    """Give a help's text: paragraphs, and under a title examples or a list of terms."""
    for block in text.strip().split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        plain = [line for line in lines if not line.startswith(" ")]
        below = lines[len(plain) :]
        said = " ".join(plain)
        if below and (said == _EXAMPLES or (said and _TERM.fullmatch(below[0]))):
            yield nodes.rubric("", said.rstrip(":").capitalize())
            yield _literal(below) if said == _EXAMPLES else _terms(below)
            continue
        if said:
            yield nodes.paragraph("", "", *marked(said))
        if below:
            yield _literal(below)


def _literal(lines: list[str]) -> nodes.literal_block:
    shown = "\n".join(line[2:] for line in lines)
    return nodes.literal_block(shown, shown, language="none")


def _terms(lines: list[str]) -> nodes.definition_list:
    """Give a list from lines ``  TERM  MEANING``; lines further in go on with the meaning."""
    found: list[tuple[str, str]] = []
    for line in lines:
        match = _TERM.fullmatch(line)
        if match:
            found.append((match["term"], match["meaning"]))
        else:
            term, meaning = found[-1]
            found[-1] = (term, f"{meaning} {line.strip()}")
    return nodes.definition_list(
        "",
        *(
            nodes.definition_list_item(
                "",
                nodes.term("", "", code(term)),
                nodes.definition("", nodes.paragraph("", "", *marked(sentence(meaning)))),
            )
            for term, meaning in found
        ),
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("modelzoo-command", ModelzooCommand)
    app.add_directive("verify-zoo-command", VerifyZooCommand)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
