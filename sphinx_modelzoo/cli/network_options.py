"""The options that ``check-links`` and ``check-files`` share."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

from sphinx_modelzoo.cli.manifests import add_manifest

EXIT_CODES = """\
exit codes:
  0  all are right
  1  something is broken
  2  the manifest or the call is wrong
  3  nothing is broken, but something could not be told
"""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def add_options(parser: argparse.ArgumentParser, workers: int) -> None:
    """Add the options that both commands have."""
    add_manifest(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print it (default: text)"
    )
    parser.add_argument("--verbose", action="store_true", help="print what is right, too")
    group = parser.add_argument_group("the network")
    group.add_argument("--offline", action="store_true", help="do not use the network")
    group.add_argument(
        "--workers",
        type=_count,
        default=workers,
        metavar="N",
        help="how many at once (default: %(default)s)",
    )
    group.add_argument(
        "--per-host",
        type=_count,
        default=2,
        metavar="N",
        help="how many at once at one host (default: %(default)s)",
    )
    group.add_argument(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how long to wait for an answer (default: %(default)g)",
    )
    group.add_argument(
        "--max-wait",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait when a server asks for it with Retry-After (default: %(default)g)",
    )
    group.add_argument(
        "--cache", type=Path, metavar="DIR", help="where to remember what was found (default: the "
        "user's cache folder)",
    )  # fmt: skip
    group.add_argument(
        "--max-age",
        type=age,
        default="1d",
        metavar="AGE",
        help="for how long what was found holds: 90s, 30m, 12h, 7d; 0 asks anew (default: 1d)",
    )


def _count(text: str) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,2}", text):
        return int(text)
    message = f"{text!r} is not a whole number from 1 to 999"
    raise argparse.ArgumentTypeError(message)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and value > 0:
        return value
    message = f"{text!r} is not a number of seconds above 0"
    raise argparse.ArgumentTypeError(message)


def age(text: str) -> float:
    """Read a length of time such as ``7d``, in seconds."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd]?)", text)
    if found and (found[2] or int(found[1]) == 0):
        return int(found[1]) * _UNITS.get(found[2], 1)
    message = f"{text!r} is not an age, such as 90s, 30m, 12h, 7d or 0"
    raise argparse.ArgumentTypeError(message)
