"""The command ``modelzoo card``: a model's card as Markdown, for a repository."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.cli.written import STANDARD_OUTPUT, write_one
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Entry, Zoo

EPILOG = """\
The card says what the model is, how to load it, its results with their intervals and status, how
they were measured, the data sets, training, use and limits, papers, and what its receipts say.
Links to files are from the card's folder; without -o, from the current directory.

examples:
  modelzoo card resnet50                           all weights of a name
  modelzoo card resnet50@0ecdba34 -o README.md     one set of weights
  modelzoo card resnet50 --template card.md        with blocks of one's own

exit codes:
  0  the card was written
  2  the manifest, the template or the call is wrong
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "card",
        help="print a model's card as Markdown",
        description="Print a model's card as Markdown, for the README.md of a repository.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("model", metavar="MODEL", help="a model: NAME, or NAME@HASHTAG")
    parser.add_argument(
        "--manifest", type=Path, metavar="PATH", help="the manifest (default: the nearest zoo.yaml)"
    )
    parser.add_argument(
        "--receipts",
        type=Path,
        action="append",
        metavar="DIR",
        help="a folder with receipts, beside the manifest's own; may be given more than once",
    )
    parser.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help='another template; with {%% extends "!zoo/card.md" %%} it changes single blocks',
    )
    parser.add_argument(
        "-o",
        "--output",
        default=STANDARD_OUTPUT,
        metavar="FILE",
        help="write it to a file (default: -, standard output)",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.cards.context import Gathering  # noqa: PLC0415 - see above
    from sphinx_modelzoo.cards.history import read_history  # noqa: PLC0415
    from sphinx_modelzoo.cards.markdown import MARKDOWN  # noqa: PLC0415
    from sphinx_modelzoo.cards.render import Renderer  # noqa: PLC0415
    from sphinx_modelzoo.cli.command import print_problems  # noqa: PLC0415
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415
    from sphinx_modelzoo.receipts.status import statuses  # noqa: PLC0415

    template: Path | None = arguments.template
    if template is not None and not template.is_file():
        problem = Problem("there is no such template", "name a file", str(template))
        raise CallError(problem)
    zoo = read_zoo(default_manifest(arguments.manifest))
    entries = _entries(zoo, arguments.model)
    folders = [zoo.root / zoo.receipts, *(arguments.receipts or ())]
    damaged: list[Problem] = []
    known = statuses(zoo, folders, damaged.append)
    print_problems(damaged)
    start = Path(arguments.output).parent if arguments.output != STANDARD_OUTPUT else Path()
    gathering = Gathering(zoo, known, read_history(folders), lambda file: _relative(file, start))
    renderer = Renderer(MARKDOWN, (template.parent,) if template else ())
    text = renderer.render(gathering.card(entries), template.name if template else "")
    write_one(arguments.output, text, force=arguments.force)
    return 0


def _entries(zoo: Zoo, model: str) -> Sequence[Entry]:
    """Give the entries that were asked for.

    Raises:
        CallError: there are none.
    """
    from sphinx_modelzoo.manifest.values import listing, suggestion  # noqa: PLC0415 - as in run

    found = [entry for entry in zoo.entries if model in {entry.name, entry.key}]
    if not found:
        known = dict.fromkeys(entry.name for entry in zoo.entries)
        keys = {entry.key for entry in zoo.entries} if "@" in model else known
        otherwise = f"known: {listing(known)}" if known else "the manifest lists none"
        what = f"there is no model {model!r}"
        raise CallError(Problem(what, suggestion(model, keys, otherwise), str(zoo.path)))
    return found


def _relative(file: Path, start: Path) -> str:
    return Path(os.path.relpath(file.resolve(), start.resolve())).as_posix()
