"""``modelzoo export``: a manifest in another format."""

from __future__ import annotations

import argparse
import sys

from sphinx_modelzoo.cli.manifests import add_manifest, default_manifest
from sphinx_modelzoo.cli.written import write_folder, write_one
from sphinx_modelzoo.manifest.reader import read_zoo

FORMATS = ("huggingface", "eval-results", "openmmlab", "cyclonedx", "csv", "json", "bibtex")

DESCRIPTION = """\
Write a manifest in another format. What the format has no place for is said on standard error, a
line for each entry and field.

formats:
  huggingface   a folder with a model card (README.md) for each entry
  eval-results  a folder with .eval_results/*.yaml for each entry
  openmmlab     a metafile.yml
  cyclonedx     a CycloneDX 1.6 bill of materials, JSON (needs sphinx-modelzoo[exchange])
  csv           a table, a row for each result
  json          all that the manifest says
  bibtex        its papers
"""

EPILOG = """\
examples:
  modelzoo export --to huggingface -o cards
  modelzoo export zoo.yaml --to csv -o -
  modelzoo export zoo.yaml --to cyclonedx -o bill.cdx.json

exit codes:
  0  everything was written; what could not be carried was said
  2  the manifest or the call is wrong, or there is something in the place to write to
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``modelzoo``."""
    made = subparsers.add_parser(
        "export",
        help="write a manifest in another format",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_manifest(made)
    made.add_argument("--to", dest="target", choices=FORMATS, required=True, help="the format")
    made.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="PATH",
        help="the file, or for huggingface and eval-results the folder; - is standard output",
    )
    made.add_argument("--force", action="store_true", help="overwrite what is there")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Export, and say what was not carried; give the exit code."""
    from sphinx_modelzoo.exchange import formats  # noqa: PLC0415 - needed for this command only
    from sphinx_modelzoo.exchange.losses import Losses  # noqa: PLC0415

    zoo = read_zoo(default_manifest(arguments.manifest))
    losses = Losses()
    if arguments.target in formats.FILES:
        files = formats.export_files(zoo, arguments.target, losses)
        write_folder(arguments.output, files, force=arguments.force)
    else:
        text = formats.TEXTS[arguments.target](zoo, losses)
        write_one(arguments.output, text, force=arguments.force)
    for line in losses.lines:
        print(line, file=sys.stderr)
    return 0
