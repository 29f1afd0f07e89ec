"""How many views a pass takes, and how many clips are read at once: as much as there is memory for.

The estimate: while a network works on a view it holds ``EXPANSION`` times the bytes of the view
itself. The first layers of a convolutional network need most, and VGG16's more than those of any
other network that GluonCV has for actions: 64 channels as large as the image, twice, beside three
of the input. A pass may take half of what is available before the network is loaded; the other half
is for the weights and the clips that are read ahead.

Every machine with 1 GiB available takes the same passes, so that the last digits of scores do not
depend on what else it does. With less, passes are halved until they fit: the steps are wide, so
that a little more or less seldom changes them.
"""

from __future__ import annotations

import math
import os
import resource
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

# Bytes that a network holds for each byte of its float32 input.
EXPANSION = 64

# A pass is long enough when it holds so many bytes of input, or so many views.
_ENOUGH_BYTES = 8 * 2**20
_ENOUGH_VIEWS = 48

# Bytes of packets and of decoded frames that a thread may hold while it reads a video.
READING_BYTES = 2 * 64 * 2**20

_ROOT = Path("/")


def views_per_pass(view: Sequence[int], available: int | None = None) -> int:
    """Give how many views a pass takes, at least 1.

    Args:
        view: The shape of a view, channels first.
        available: The bytes that may be taken; what :func:`available_memory` says, if not given.
    """
    view_bytes = 4 * math.prod(view)
    views = max(1, min(_ENOUGH_VIEWS, _ENOUGH_BYTES // view_bytes))
    if available is None:
        available = available_memory()
    while available is not None and views > 1 and views * view_bytes * EXPANSION > available // 2:
        views = (views + 1) // 2
    return views


def reading_threads(cores: int, available: int | None = None) -> int:
    """Give how many threads read clips, at least 1: one a core, in a quarter of the memory.

    Args:
        cores: How many cores this process may use.
        available: See :func:`views_per_pass`.
    """
    if available is None:
        available = available_memory()
    most = cores if available is None else available // 4 // READING_BYTES
    return max(1, min(cores, most))


def available_memory(root: Path = _ROOT) -> int | None:
    """Give the bytes that this process may still take; ``None`` where the system does not say.

    The least of: what Linux holds available without swapping (``MemAvailable``), or half of all
    memory on systems without ``/proc``; what the control groups that the process is in, and those
    above them, leave of their limits (version 1 and 2; files that can be dropped from the cache do
    not count as taken); and the limit on the process's addresses (``RLIMIT_AS``).

    Args:
        root: The folder that ``proc`` and ``sys`` are in.
    """
    amounts = [*_machine(root), *_control_groups(root), *_addresses(root)]
    return max(0, min(amounts)) if amounts else None


def _machine(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            yield int(value.split()[0]) * 1024
            return
    try:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (OSError, ValueError):
        return


def _control_groups(root: Path) -> Iterator[int]:
    """Give what is left of each limit; see the kernel's documentation of control groups.

    https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files and
    https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
    """
    mounts = root / "sys/fs/cgroup"
    for line in _lines(root / "proc/self/cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not controllers:
            for folder in _upwards(mounts, path):
                for limit in ("memory.max", "memory.high"):
                    yield from _left(folder, limit, "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            for folder in _upwards(mounts / "memory", path):
                names = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
                yield from _left(folder, *names)


def _upwards(mount: Path, path: str) -> Iterator[Path]:
    """Give a control group's folder and those above it.

    In a container the mount may begin below the path that the process is told: then the group's own
    folder is not there, and the mount is it.
    """
    relative = PurePosixPath(path.lstrip("/"))
    for part in (relative, *relative.parents):
        yield mount / part


def _left(folder: Path, limit: str, usage: str, droppable: str) -> Iterator[int]:
    most, taken = _number(folder / limit), _number(folder / usage)
    if most is None or taken is None:
        return
    for line in _lines(folder / "memory.stat"):
        name, _, value = line.partition(" ")
        if name == droppable and value.isdecimal():
            taken -= int(value)
    yield most - max(0, taken)


def _addresses(root: Path) -> Iterator[int]:
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return
    taken = 0
    for line in _lines(root / "proc/self/statm"):
        taken = int(line.split()[0]) * resource.getpagesize()
    yield most - taken


def _number(path: Path) -> int | None:
    """Give the number in a file; ``None`` where there is none, as in ``max``."""
    lines = _lines(path)
    return int(lines[0]) if lines and lines[0].isdecimal() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []
