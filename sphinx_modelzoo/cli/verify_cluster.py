"""The options of ``verify-zoo`` that have it run on a cluster."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sphinx_modelzoo.cli.verify_depth import length_of_time
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.verify.cluster.address import Kind, kind_of
from sphinx_modelzoo.verify.cluster.options import ClusterOptions
from sphinx_modelzoo.verify.text import printable

if TYPE_CHECKING:
    from sphinx_modelzoo.verify.cluster.cluster import Cluster

INSTALL = "pip install 'sphinx-modelzoo[cluster]'"
PATIENCE = 60.0
QUEUE_PATIENCE = 86400.0

_RESOURCE = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<amount>[0-9.]+)")


def add_cluster(made: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = made.add_argument_group("where to run it (needs sphinx-modelzoo[cluster])")
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="run on a dask cluster: its scheduler (tcp://HOST:PORT or tls://HOST:PORT), a "
        "scheduler file, or a dask-jobqueue configuration such as slurm",
    )
    group.add_argument(
        "--workers",
        type=worker_count,
        metavar="N",
        help="ask a job queue for this many workers",
    )
    group.add_argument(
        "--resources",
        action="append",
        default=[],
        type=resource,
        metavar="NAME=AMOUNT",
        help="run only on workers with this resource, and take it up there, such as GPU=1 "
        "(repeatable)",
    )
    group.add_argument(
        "--patience",
        type=length_of_time,
        metavar="TIME",
        help="how long to wait for a scheduler that is away, or for a worker (default: 1m; for a "
        "job queue 1d)",
    )


def cluster_options(options: argparse.Namespace) -> ClusterOptions | None:
    """Give what was said of a cluster; None where the run is on this machine.

    Raises:
        CallError: the address is none, or options are there that go with another one.
    """
    address: str | None = options.cluster
    if address is None:
        for name in ("workers", "resources", "patience"):
            if getattr(options, name):
                what = f"--{name} was given without --cluster"
                raise CallError(Problem(what, "add --cluster ADDRESS"))
        return None
    kind = kind_of(address)
    if kind is Kind.QUEUE and not options.workers:
        what = f"--cluster {address} is a job queue, and --workers was not given"
        raise CallError(Problem(what, "say how many to ask for: --workers 8"))
    if kind is not Kind.QUEUE and options.workers:
        what = f"--workers was given with --cluster {address}"
        raise CallError(Problem(what, "leave it out: all workers of that scheduler are used"))
    patience = options.patience or (QUEUE_PATIENCE if kind is Kind.QUEUE else PATIENCE)
    resources = dict(options.resources)
    return ClusterOptions(address, options.workers or 0, resources, patience, options.debug)


@contextmanager
def cluster_of(
    options: argparse.Namespace, tell: Callable[[str], None]
) -> Iterator[Cluster | None]:
    """Give the cluster that was asked for, until the end; None where the run is on this machine.

    Raises:
        CallError: the options are wrong, or dask is not installed.
        UndecidedError: there is no scheduler.
    """
    asked = cluster_options(options)
    if asked is None:
        yield None
        return
    try:
        from sphinx_modelzoo.verify.cluster.cluster import Cluster  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        what = f"--cluster needs the package {(error.name or 'distributed').partition('.')[0]}"
        raise CallError(Problem(what, INSTALL)) from error
    except ImportError as error:  # such as a dask that is not of the same version
        what = f"--cluster: dask does not import in {sys.executable}: {printable(str(error))}"
        raise CallError(Problem(what, f"mend it: {INSTALL}")) from error
    with Cluster(asked, tell) as cluster:
        yield cluster


def worker_count(text: str) -> int:
    """Read a number of workers."""
    if not text.isascii() or not text.isdigit() or not int(text):
        message = f"{text!r} is no number of workers; write for example 8"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def resource(text: str) -> tuple[str, float]:
    """Read ``NAME=AMOUNT``."""
    match = _RESOURCE.fullmatch(text)
    try:
        amount = float(match["amount"]) if match else math.nan
    except ValueError:
        amount = math.nan
    if match is None or not amount > 0:
        message = f"{text!r} is not NAME=AMOUNT; write for example GPU=1"
        raise argparse.ArgumentTypeError(message)
    return match["name"], amount
