"""Which kind of cluster an address means, and where its scheduler is."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem

EXAMPLES = "write tcp://HOST:PORT, tls://HOST:PORT, the path of a scheduler file, or a job queue"

# The queueing systems that dask-jobqueue knows, by their names in its configuration.
QUEUES = ("htcondor", "local", "lsf", "moab", "oar", "pbs", "sge", "slurm")

_SCHEMES = ("tcp", "tls", "ws", "wss")
_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):(?P<port>[0-9]{1,5})")
_LAST_PORT = 65535
_NAME = re.compile(r"[A-Za-z][\w-]*")


class Kind(StrEnum):
    """What an address leads to."""

    SCHEDULER = "scheduler"
    FILE = "file"
    QUEUE = "queue"


def kind_of(address: str) -> Kind:
    """Tell which kind of cluster an address means.

    Raises:
        CallError: none that is known.
    """
    if _is_schedulers(address):
        return Kind.SCHEDULER
    if "://" not in address and not _HOST_PORT.fullmatch(address):
        if "/" in address or address.endswith(".json") or Path(address).is_file():
            return Kind.FILE
        if _NAME.fullmatch(address) and queue_of(address):
            return Kind.QUEUE
    remedy = f"{EXAMPLES} ({', '.join(QUEUES)})"
    raise CallError(Problem(f"--cluster {address}: this is no cluster's address", remedy))


def queue_of(name: str) -> str:
    """Give the queueing system of a configuration: its name, or what stands before a hyphen.

    ``slurm-gpu`` is a second configuration for ``slurm``; empty where there is no such system.
    """
    system = name.partition("-")[0].lower()
    return system if system in QUEUES else ""


def scheduler_in(path: Path) -> str:
    """Give the address that a scheduler file holds; empty where it is not there yet.

    Raises:
        CallError: it is no scheduler's file.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if not text:
            return ""  # it is being written
        address = str(json.loads(text)["address"])
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_scheduler_file(path) from error
    if not _is_schedulers(address):
        raise _no_scheduler_file(path)
    return address


def endpoint(address: str) -> tuple[str, int]:
    """Give the host and the port of a scheduler's address."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    return host.strip("[]"), int(port)


def _no_scheduler_file(path: Path) -> CallError:
    what = "this is no scheduler file: it holds no address such as tcp://HOST:PORT"
    remedy = "let 'dask scheduler --scheduler-file FILE' write it"
    return CallError(Problem(what, remedy, str(path)))


def _is_schedulers(address: str) -> bool:
    """Tell whether an address may be that of a scheduler: ``tcp://HOST:PORT`` or ``HOST:PORT``."""
    scheme, separator, rest = address.rpartition("://")
    match = _HOST_PORT.fullmatch(rest)
    known = scheme in _SCHEMES if separator else True
    return known and match is not None and int(match["port"]) <= _LAST_PORT
