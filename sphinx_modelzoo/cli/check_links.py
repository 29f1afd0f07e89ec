"""The command ``modelzoo check-links``: whether the manifest's addresses answer."""

from __future__ import annotations

import argparse

from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.cli.network_options import EXIT_CODES, add_options
from sphinx_modelzoo.errors import CallError, Problem

EPILOG = f"""\
Broken is what readers find broken: 404, 410, a host that does not exist, redirects in a circle.
What refuses to say (403, 429), fails (5xx) or stays silent is unknown, and asked again next time.

examples:
  modelzoo check-links
  modelzoo check-links --max-age 7d --format json zoo.yaml

{EXIT_CODES}"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check-links",
        help="check that the manifest's addresses answer",
        description="Check that the addresses of papers, links and weights answer.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_options(parser, workers=8)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this; requests alone takes a tenth of a second.
    from sphinx_modelzoo.cli.network_report import (  # noqa: PLC0415 - see above
        limits_of,
        open_journal,
        report,
    )
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415
    from sphinx_modelzoo.network.links import Patience  # noqa: PLC0415
    from sphinx_modelzoo.network.survey import LinkCheck  # noqa: PLC0415

    if arguments.offline:
        what = "links cannot be checked without the network"
        raise CallError(Problem(what, "run check-links without --offline"))
    zoo = read_zoo(default_manifest(arguments.manifest))
    journal = open_journal(arguments, "links.jsonl")
    patience = Patience(longest_wait=arguments.max_wait)
    check = LinkCheck(journal, patience, limits_of(arguments), arguments.timeout)
    code = report(check.run(zoo), arguments, "address", "addresses")
    journal.tidy()
    return code
