"""Programs as processes: starting one in a group of its own, and ending the whole group.

POSIX systems only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError

_WATCH = 'read -r _; kill -TERM "-$1"; sleep 2; kill -KILL "-$1"'


def start(
    name: str,
    argv: Sequence[str],
    folder: Path | None = None,
    *,
    one_stream: bool = False,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program as the leader of a process group.

    Args:
        name: What messages call it.
        argv: The program and its arguments.
        folder: Where it runs; ``None`` is the current directory.
        one_stream: Whether it has no input and its standard error goes with its output; else all
            three streams are pipes.
        environment: Variables that are set for it beside our own.

    Raises:
        UndecidedError: it cannot be started.
    """
    if os.name != "posix":
        what = f"recognizer {name!r} cannot be started on this system"
        raise UndecidedError(Problem(what, "run verify-zoo on Linux or macOS; on Windows in WSL"))
    try:
        return subprocess.Popen(  # noqa: S603 - the command comes from the maintainers
            argv,
            stdin=subprocess.DEVNULL if one_stream else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if one_stream else subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **environment} if environment else None,
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        what = f"recognizer {name!r} cannot be started: {argv[0]}: {reason}"
        remedy = "check the path of the program and that it may be executed"
        raise UndecidedError(Problem(what, remedy)) from error


def watch(child: subprocess.Popen[bytes]) -> subprocess.Popen[bytes] | None:
    """Start a process that ends a program's group when this process is gone, killed or not.

    A program that computes, or hangs, does not see that the other end of its pipes is gone. The
    watcher does: its input ends with this process, which alone has the other end.
    """
    with contextlib.suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - ours
            ["/bin/sh", "-c", _WATCH, "sh", str(child.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
    return None


def unwatch(watcher: subprocess.Popen[bytes] | None) -> None:
    """Watch no more: the program was ended."""
    if watcher is not None:
        watcher.kill()
        with watcher:
            watcher.wait()


def stop(child: subprocess.Popen[bytes], grace: float) -> None:
    """End a program and every process of its group: politely, then by force after ``grace`` s."""
    try:
        if child.poll() is None:
            signal_group(child, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(grace)
    finally:
        signal_group(child, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace)


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a program's group, which bears its number and may outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def group_lives(number: int) -> bool:
    """Tell whether a process of a group is at work; one that has ended and waits is not."""
    processes = Path("/proc")
    if not (processes / "self" / "stat").is_file():
        try:
            os.killpg(number, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True
    for path in processes.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            # PID (NAME) STATE PARENT GROUP ..., and a name may hold brackets.
            state, _, group = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
            if int(group) == number and state not in "ZX":
                return True
    return False


def ending(status: int) -> tuple[str, str]:
    """Say how a program ended, by its exit status, and what to do."""
    if status == -signal.SIGKILL:
        how = "was killed (signal 9, SIGKILL)"
        return how, "most often the memory ran out: free some, or ask for smaller inputs"
    if status < 0:
        how = f"was ended by signal {-status} ({_signal_name(-status)})"
    else:
        how = f"ended with status {status}"
    return how, "its last words may say why"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
