"""A cluster that runs share: the scheduler is found once, and found again when it was lost."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from distributed.comm.core import CommClosedError, FatalCommClosedError, connect
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

_CERTIFICATES = ("ca_file", "client_cert", "client_key")


class Cluster:
    """A context manager; with a job queue, it asks for the jobs and ends them.

    ``tell`` receives what the user should know, such as the loss of a worker. ``patience`` is for
    how many seconds to wait for a scheduler or a worker; where that was in vain, the next number
    waits no more.
    """

    def __init__(self, options: ClusterOptions, tell: Callable[[str], None]) -> None:
        self.options = options
        self.tell = tell
        self._kind = kind_of(options.address)
        self._stack = ExitStack()
        self._jobs: Jobs | None = None
        self._link: Link | None = None
        self.patience = options.patience

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
        deadline, told = time.monotonic() + self.patience, False
        while True:
            reason = self._connect()
            if self._link is not None:
                self.patience = self.options.patience
                return self._link
            if time.monotonic() >= deadline:
                break
            if not told:
                self.tell(f"no scheduler answers at {self.options.address} yet; waiting for it")
                told = True
            idle()
            time.sleep(RETRY_SECONDS)
        waited, self.patience = self.patience, 0.0
        what = f"no scheduler answers at {self.options.address}"
        what += f" within {waited:g} seconds" if waited else ""
        remedy = "see that 'dask scheduler' runs there, or give it more time with --patience"
        raise UndecidedError(Problem(what + (f": {reason}" if reason else ""), remedy))

    def no_worker(self, others: int) -> UndecidedError:
        """Give the error that no worker fits, for as long as the user is patient.

        Args:
            others: How many there are that do not.
        """
        options = self.options
        waited, self.patience = self.patience, 0.0
        what = f"the cluster {options.address} has no worker"
        remedy = "start workers with 'dask worker'"
        if options.resources:
            what += f" with the resources {options.resources_text}"
            remedy = f"start them with 'dask worker --resources \"{options.resources_text}\"'"
        what += f" among its {others}" if others else ""
        what += f", for {waited:g} seconds" if waited else ""
        return UndecidedError(Problem(what, f"{remedy}, or give more time with --patience"))

    def _connect(self) -> str:
        """Connect once; give the reason where it is not possible now."""
        address, security = self._address()
        if not address:
            return "there is no such file yet"
        if self._jobs is None:
            _check_encryption(address, self.options.address)
        try:
            if self._jobs is None:
                # A client tries for long, and leaves much behind where nobody answers.
                socket.create_connection(endpoint(address), timeout=CONNECT_SECONDS).close()
                asyncio.run(_see_scheduler(address))
            resources = self.options.resources
            link = Link(address, timeout=CONNECT_SECONDS, resources=resources, security=security)
            try:
                theirs = link.scheduler_version(CONNECT_SECONDS)
            except BaseException:
                link.close()
                raise
        except OSError as error:
            return _reason(error)
        except (TypeError, ValueError, RuntimeError) as error:
            what = f"--cluster {self.options.address}: dask cannot connect: {printable(str(error))}"
            raise CallError(Problem(what, "check dask's configuration of this machine")) from error
        ours = versions()["distributed"]
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


def _reason(error: OSError) -> str:
    """Say why a scheduler cannot be reached."""
    if isinstance(error, TimeoutError):
        return "nobody there answers"
    if isinstance(error, CommClosedError) and not isinstance(error, FatalCommClosedError):
        return "who is there ends the connection, as one does of another protocol (tcp, tls)"
    return printable(error.strerror or str(error))


async def _see_scheduler(address: str) -> None:
    """See that a scheduler answers in time; a client waits for one that does not for ever."""
    known = Security().get_connection_args("client")
    async with asyncio.timeout(CONNECT_SECONDS):
        comm = await connect(address, timeout=CONNECT_SECONDS, **known)
        await comm.close()


def _check_encryption(address: str, given: str) -> None:
    """See that dask's configuration is for an address with encryption, or for one without.

    Raises:
        CallError: it is not, or its certificates cannot be used.
    """
    scheme, separator, _ = address.partition("://")
    security = Security()
    try:
        known = security.get_connection_args("client")
    except (OSError, ValueError, TypeError) as error:
        named = [getattr(security, f"tls_{which}") for which in _CERTIFICATES]
        missing = [str(file) for file in named if file and not Path(file).is_file()]
        reason = f"there is no {' and no '.join(missing)}" if missing else printable(str(error))
        what = f"--cluster {given}: the certificates of dask's configuration cannot be used: "
        remedy = "correct distributed.comm.tls in ~/.config/dask/tls.yaml"
        raise CallError(Problem(what + reason, remedy)) from error
    if scheme in {"tls", "wss"} and known.get("ssl_context") is None:
        what = f"--cluster {given}: dask's configuration names no certificates on this machine"
        raise CallError(Problem(what, "write distributed.comm.tls in ~/.config/dask/tls.yaml"))
    if separator and scheme in {"tcp", "ws"} and known.get("require_encryption"):
        what = f"--cluster {given}: dask's configuration of this machine requires encryption"
        raise CallError(Problem(what, "write tls://HOST:PORT"))
