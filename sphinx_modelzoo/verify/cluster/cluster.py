"""A cluster that runs share: the scheduler is found once, and found again when it was lost."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from distributed.security import Security

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.verify.cluster.address import Kind, endpoint, kind_of, scheduler_in
from sphinx_modelzoo.verify.cluster.answers import INSTALL
from sphinx_modelzoo.verify.cluster.jobs import Jobs
from sphinx_modelzoo.verify.cluster.link import Link
from sphinx_modelzoo.verify.cluster.options import ClusterOptions
from sphinx_modelzoo.verify.cluster.quiet import quiet
from sphinx_modelzoo.verify.cluster.recognizer import ClusterRecognizer, Goal
from sphinx_modelzoo.verify.cluster.session import versions
from sphinx_modelzoo.verify.recognizer.process import Command, nothing
from sphinx_modelzoo.verify.text import printable

CONNECT_SECONDS = 5.0
RETRY_SECONDS = 0.25


class Cluster:
    """A context manager; with a job queue, it asks for the jobs and ends them.

    ``tell`` receives what the user should know, such as the loss of a worker.
    """

    def __init__(self, options: ClusterOptions, tell: Callable[[str], None]) -> None:
        self.options = options
        self.tell = tell
        self._kind = kind_of(options.address)
        self._stack = ExitStack()
        self._jobs: Jobs | None = None
        self._link: Link | None = None
        self._patience = options.patience

    def __enter__(self) -> Self:
        """Find the scheduler.

        Raises:
            CallError: the address is wrong, or dask cannot work with it.
            UndecidedError: there is no scheduler.
        """
        with ExitStack() as stack:
            if not self.options.debug:
                stack.enter_context(quiet())
            stack.callback(self._close)
            if self._kind is Kind.QUEUE:
                self._jobs = stack.enter_context(Jobs(self.options))
            self.link(nothing)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the scheduler."""
        self._stack.close()

    def recognizer(
        self,
        command: Command,
        tops: Collection[int],
        *,
        goal: Goal,
        timeout: float,
        note: Callable[[str], None],
        idle: Callable[[], None],
        echo: Callable[[bytes], None] | None,
    ) -> ClusterRecognizer:
        """Give a recognizer that works on all workers; see :class:`.ClusterRecognizer`."""
        return ClusterRecognizer(
            self, command, tops, goal=goal, timeout=timeout, note=note, idle=idle, echo=echo
        )

    def link(self, idle: Callable[[], None]) -> Link:
        """Give the line to the scheduler; where it is lost, wait until it is back.

        Raises:
            CallError: dask cannot work with the address.
            UndecidedError: no scheduler was there for as long as the user is patient; the next time
                it is looked for once.
        """
        if self._link is not None and not self._link.lost:
            return self._link
        self._close()
        if self._kind is Kind.SCHEDULER:
            _check_encryption(self.options.address)
        deadline, told = time.monotonic() + self._patience, False
        while True:
            reason = self._connect()
            if self._link is not None:
                self._patience = self.options.patience
                return self._link
            if time.monotonic() >= deadline:
                break
            if not told:
                self.tell(f"no scheduler answers at {self.options.address} yet; waiting for it")
                told = True
            idle()
            time.sleep(RETRY_SECONDS)
        waited, self._patience = self._patience, 0.0
        what = f"no scheduler answers at {self.options.address}"
        what += f" within {waited:g} seconds" if waited else ""
        remedy = "see that 'dask scheduler' runs there, or give it more time with --patience"
        raise UndecidedError(Problem(what + (f": {reason}" if reason else ""), remedy))

    def _connect(self) -> str:
        """Connect once; give the reason where it is not possible now."""
        address, security = self._address()
        if not address:
            return "there is no such file yet"
        try:
            if self._jobs is None:
                # A client tries for long, and leaves much behind where nobody answers.
                socket.create_connection(endpoint(address), timeout=CONNECT_SECONDS).close()
            resources = self.options.resources
            link = Link(address, timeout=CONNECT_SECONDS, resources=resources, security=security)
        except OSError as error:
            return printable(error.strerror or str(error))
        except (TypeError, ValueError, RuntimeError) as error:
            what = f"--cluster {self.options.address}: dask cannot connect: {printable(str(error))}"
            raise CallError(Problem(what, "check dask's configuration of this machine")) from error
        theirs, ours = link.scheduler_version(), versions()["distributed"]
        if theirs != ours:
            link.close()
            what = f"the scheduler at {address} runs distributed {theirs}, and here is {ours}"
            raise UndecidedError(Problem(what, INSTALL))
        self._link = link
        return ""

    def _address(self) -> tuple[str, Any]:
        if self._jobs is not None:
            return self._jobs.scheduler, self._jobs.security
        if self._kind is Kind.FILE:
            return scheduler_in(Path(self.options.address).expanduser()), None
        return self.options.address, None

    def _close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _check_encryption(address: str) -> None:
    """See that dask's configuration is for an address with encryption, or for one without.

    Raises:
        CallError: it is not.
    """
    scheme, separator, _ = address.partition("://")
    known = Security().get_connection_args("client")
    if scheme in {"tls", "wss"} and known.get("ssl_context") is None:
        what = f"--cluster {address}: dask's configuration names no certificates on this machine"
        raise CallError(Problem(what, "write distributed.comm.tls in ~/.config/dask/tls.yaml"))
    if separator and scheme in {"tcp", "ws"} and known.get("require_encryption"):
        what = f"--cluster {address}: dask's configuration of this machine requires encryption"
        raise CallError(Problem(what, "write tls://HOST:PORT"))
