"""The options of ``verify-zoo`` that say how much is looked at, and what is kept of it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from pathlib import Path

from sphinx_modelzoo.cli.command import version_text
from sphinx_modelzoo.cli.verify_shard import part_of
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.receipts.rule import MAX_ALPHA
from sphinx_modelzoo.verify.settings import Settings
from sphinx_modelzoo.verify.tiers import Tier

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
ALPHA = 0.05
DEMO_EVIDENCE = Path("demo-evidence")


def add_depth(made: argparse.ArgumentParser, path: Callable[[str], Path]) -> None:
    """Add the options; ``path`` reads a user's path."""
    group = made.add_argument_group("how much to look at")
    group.add_argument(
        "--tier",
        type=tier_named,
        choices=list(Tier),
        metavar="TIER",
        help="weights: the right file loads; golden: a few items' scores are the evidence's; spot: "
        "items until the number is decided at a stated error rate; full: all items (default: spot "
        "where there is evidence, else full)",
    )
    group.add_argument(
        "--budget",
        type=length_of_time,
        metavar="TIME",
        help="take the strongest tier that fits into this time for all numbers, such as 10m or 2h",
    )
    rate = group.add_mutually_exclusive_group()
    rate.add_argument(
        "--alpha",
        type=error_rate,
        metavar="RATE",
        help=f"the error rate of a spot check's verdict (default: {ALPHA:g})",
    )
    rate.add_argument(
        "--confidence",
        type=confidence,
        dest="alpha",
        metavar="PERCENT",
        help="the same from the other end: 95 is an alpha of 0.05",
    )
    group.add_argument(
        "--check-files",
        action="store_true",
        help="digest the items' files before the model is opened, and name those that are missing",
    )
    group.add_argument(
        "--fresh",
        action="store_true",
        help="begin anew where a former run was cut off (default: go on after what it kept)",
    )
    add_recording(group, path)


def add_recording(group: argparse._ArgumentGroup, path: Callable[[str], Path]) -> None:
    """Add the options that keep predictions as evidence; ``path`` reads a user's path."""
    group.add_argument(
        "--record",
        action="store_true",
        help="write down the predictions of all items: the evidence for spot checks",
    )
    group.add_argument(
        "--evidence",
        type=path,
        metavar="DIR",
        help="where --record writes (default: where the manifest says, else the folder 'evidence' "
        "beside it)",
    )


def settings_of(
    options: argparse.Namespace, data: Mapping[str, Path], echo: Callable[[bytes], None] | None
) -> Settings:
    """Give the settings of all runs.

    Raises:
        CallError: options contradict each other.
    """
    tier: Tier | None = options.tier
    if options.record and (options.budget is not None or tier not in {None, Tier.FULL}):
        other = "--budget" if options.budget is not None else f"--tier {tier}"
        problem = Problem(f"--record and {other} were both given", "evidence is of all items")
        raise CallError(problem)
    if tier is not None and options.budget is not None:
        raise CallError(Problem("--tier and --budget were both given", "leave out one of them"))
    if options.evidence is not None and not options.record:
        raise CallError(Problem("--evidence was given without --record", "add --record"))
    return Settings(
        data,
        options.offline,
        options.seed,
        options.timeout,
        echo,
        version_text(),
        tier=Tier.FULL if options.record else tier,
        budget=options.budget,
        alpha=ALPHA if options.alpha is None else options.alpha,
        fresh=options.fresh,
        check_files=options.check_files,
        part=part_of(options),
    )


def evidence_folder(options: argparse.Namespace) -> Path | None:
    """Give the folder that evidence goes to; None is where the manifest says, or beside it."""
    if options.evidence is None and options.demo:
        return DEMO_EVIDENCE
    folder: Path | None = options.evidence
    return folder


def tier_named(text: str) -> Tier:
    """Read a tier's name."""
    try:
        return Tier(text)
    except ValueError as error:
        message = f"{text!r} is no tier; write {', '.join(Tier)}"
        raise argparse.ArgumentTypeError(message) from error


def length_of_time(text: str) -> float:
    """Read a length of time with its unit, and give seconds: ``90s``, ``10m``, ``1.5h``, ``2d``."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    factor = _UNITS.get(text[len(number) :])
    value = _number(number) * factor if factor else math.nan
    if not (value > 0 and math.isfinite(value)):
        message = f"{text!r} is no length of time; write for example 90s, 10m or 2h"
        raise argparse.ArgumentTypeError(message)
    return value


def error_rate(text: str) -> float:
    """Read an error rate, above 0 and at most a half."""
    value = _number(text)
    if not 0 < value <= MAX_ALPHA:
        message = f"{text!r} is no error rate; write for example 0.05"
        raise argparse.ArgumentTypeError(message)
    return value


def confidence(text: str) -> float:
    """Read a confidence in percent, and give the error rate."""
    value = _number(text.removesuffix("%"))
    if not 100 * (1 - MAX_ALPHA) <= value < 100:  # noqa: PLR2004 - percent
        message = f"{text!r} is no confidence in percent; write for example 95"
        raise argparse.ArgumentTypeError(message)
    return round((100 - value) / 100, 12)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
