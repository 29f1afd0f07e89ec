"""The options of ``verify-zoo`` that have it take a shard of the items."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.verify.shards.part import Part
from sphinx_modelzoo.verify.tiers import Tier

SHARDS = Path("shards")

_SHARD = re.compile(r"(?P<number>[0-9]{1,9})/(?P<of>[0-9]{1,9})")


def add_shard(made: argparse.ArgumentParser, path: Callable[[str], Path]) -> None:
    """Add the options; ``path`` reads a user's path."""
    group = made.add_argument_group("on machines that do not see each other")
    group.add_argument(
        "--shard",
        type=shard_named,
        metavar="K/N",
        help="predict the K-th of N shards of the items, write them to a file and decide nothing; "
        "'verify-zoo merge' decides by all of them",
    )
    group.add_argument(
        "--shards",
        type=path,
        metavar="DIR",
        help=f"where the files of shards are written, and gone on from (default: ./{SHARDS})",
    )
    group.add_argument(
        "--items",
        type=item_count,
        metavar="N",
        help="in a spot check, up to which item of the order all shards together go (default: as "
        "many as confirm a true number nine times of ten)",
    )


def part_of(options: argparse.Namespace) -> Part | None:
    """Give the shard that was asked for; None where all items are.

    Raises:
        CallError: options were given that do not go with a shard, or only with one.
    """
    if options.shard is None:
        for name in ("shards", "items"):
            if getattr(options, name) is not None:
                raise CallError(Problem(f"--{name} was given without --shard", "add --shard K/N"))
        return None
    for given, other, why in (
        (options.cluster is not None, "--cluster", "a cluster hands out all items by itself"),
        (options.record, "--record", "run the shards with --tier full, and merge with --record"),
        (options.sign is not None, "--sign", "a shard has no receipt: sign when merging"),
        (
            options.tier in {Tier.WEIGHTS, Tier.GOLDEN},
            f"--tier {options.tier}",
            "it takes one machine moments: run it without --shard",
        ),
    ):
        if given:
            raise CallError(Problem(f"--shard and {other} were both given", why))
    for given, other in (
        (options.tier is Tier.FULL, "--tier full"),
        (options.budget is not None, "--budget"),
    ):
        if given and options.items is not None:
            what = f"--items and {other} were both given"
            raise CallError(Problem(what, "leave out one of them: both say how far to go"))
    number, of = options.shard
    return Part(number, of, options.shards or SHARDS, options.items)


def shard_named(text: str) -> tuple[int, int]:
    """Read ``K/N``, with K from 1 to N."""
    match = _SHARD.fullmatch(text)
    if match is None:
        message = f"{text!r} is not K/N; write for example 3/8"
        raise argparse.ArgumentTypeError(message)
    number, of = int(match["number"]), int(match["of"])
    if not 1 <= number <= of:
        message = f"there is no shard {number} of {of}; they go from 1/{of} to {of}/{of}"
        if not of:
            message = f"{text!r} divides the items by nothing; write for example 1/8"
        raise argparse.ArgumentTypeError(message)
    return number, of


def item_count(text: str) -> int:
    """Read a number of items, at least 1."""
    if not text.isascii() or not text.isdigit() or not int(text):
        message = f"{text!r} is no number of items; write for example 1200"
        raise argparse.ArgumentTypeError(message)
    return int(text)
