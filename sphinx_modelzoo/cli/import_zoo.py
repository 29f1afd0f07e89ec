"""``modelzoo import``: a manifest from another zoo's files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from sphinx_modelzoo.cli.command import print_problems
from sphinx_modelzoo.cli.written import STANDARD_OUTPUT, write_one
from sphinx_modelzoo.errors import ManifestError, Problem

DESCRIPTION = """\
Make a manifest from the files of another zoo: GluonCV's pages (.rst) and tables (.csv), OpenMMLab's
model-index.yml and metafiles, Hugging Face's model cards (README.md) and .eval_results, timm's
results tables. The format is recognised where --from does not say it.

Comments in the manifest say what was unclear, and what could not be carried.
"""

EPILOG = """\
examples:
  modelzoo import docs/model_zoo/action_recognition.rst -o zoo.yaml
  modelzoo import --from gluoncv tables/*.csv -o zoo.yaml
  modelzoo import model-index.yml -o -

exit codes:
  0  the manifest is written
  2  a file is damaged or the call is wrong; or the source has mistakes that a person must mend:
     the manifest is written then too, and each mistake is named with its place in it
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``modelzoo``."""
    made = subparsers.add_parser(
        "import",
        help="make a manifest from another zoo's files",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what to import")
    made.add_argument(
        "--from",
        dest="source",
        choices=("gluoncv", "openmmlab", "huggingface", "timm"),
        default="",
        help="the files' format (default: recognised)",
    )
    made.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="MANIFEST",
        help="the manifest to write; - is standard output",
    )
    made.add_argument("--force", action="store_true", help="overwrite a manifest that is there")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import, write and check; give the exit code."""
    # docutils and PyYAML are needed for this command only.
    from sphinx_modelzoo.exchange.formats import import_files  # noqa: PLC0415
    from sphinx_modelzoo.exchange.write import write_manifest  # noqa: PLC0415
    from sphinx_modelzoo.manifest.loader_table import installed_table  # noqa: PLC0415

    draft = import_files(arguments.files, arguments.source)
    table = installed_table(draft.loader)
    if table is not None:
        draft.defaults = table.hashes
    text = write_manifest(draft)
    write_one(arguments.output, text, force=arguments.force)
    problems = _problems(text, arguments.output)
    print_problems(problems)
    rows = len({(row.name, row.hashtag) for row in draft.rows})
    entries = "1 model" if rows == 1 else f"{rows} models"
    mistakes = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    left = f"; mend {mistakes} of the source" if problems else ""
    target = "standard output" if arguments.output == STANDARD_OUTPUT else arguments.output
    print(f"{target}: {entries} imported{left}", file=sys.stderr)
    return ManifestError.exit_code if problems else 0


def _problems(text: str, output: str) -> list[Problem]:
    """Read the manifest as it was written, and give what a person has to mend."""
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415

    shown = "zoo.yaml" if output == STANDARD_OUTPUT else output
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zoo.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            read_zoo(path)
        except ManifestError as error:
            return [
                replace(problem, place=problem.place.replace(str(path), shown))
                for problem in error.problems
            ]
    return []
