"""Workers from a queueing system such as SLURM, by a configuration of dask-jobqueue."""

from __future__ import annotations

import contextlib
import importlib
import signal
from contextlib import ExitStack
from types import ModuleType, TracebackType
from typing import Any, Self

from dask import config

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.verify.cluster.address import queue_of
from sphinx_modelzoo.verify.cluster.options import ClusterOptions
from sphinx_modelzoo.verify.text import printable

_CLASSES = {
    "htcondor": "HTCondorCluster",
    "local": "LocalCluster",
    "lsf": "LSFCluster",
    "moab": "MoabCluster",
    "oar": "OARCluster",
    "pbs": "PBSCluster",
    "sge": "SGECluster",
    "slurm": "SLURMCluster",
}
# Without an address it would be known to all the network.
_NO_DASHBOARD = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
_MODULES = {"local": "dask_jobqueue.local"}


class Jobs:
    """A scheduler in this process, and jobs with workers; a context manager that ends them.

    What a job is stands in dask's configuration, below ``jobqueue:`` and the configuration's name.
    """

    def __init__(self, options: ClusterOptions) -> None:
        self._options = options
        self._cluster: Any = None
        self._stack = ExitStack()

    @property
    def scheduler(self) -> str:
        """The scheduler's address."""
        return str(self._cluster.scheduler_address)

    @property
    def security(self) -> Any:
        """What a client needs to be let in."""
        return self._cluster.security

    def __enter__(self) -> Self:
        """Start the scheduler and ask for the jobs.

        Raises:
            CallError: dask-jobqueue is not installed, or the configuration is wrong.
            UndecidedError: the queueing system refuses.
        """
        with self._stack:
            self._start()
            self._stack = self._stack.pop_all()
        return self

    def _start(self) -> None:
        name = self._options.address
        system = queue_of(name)
        try:
            module = _import(_MODULES.get(system, "dask_jobqueue"))
        except ModuleNotFoundError as error:
            what = f"--cluster {name} needs dask-jobqueue"
            raise CallError(Problem(what, "pip install 'sphinx-modelzoo[cluster]'")) from error
        place = f"jobqueue.{name}"
        if not config.get(place, None):
            what = f"--cluster {name}: dask's configuration has no {place}"
            raise CallError(Problem(what, "write it into ~/.config/dask/jobqueue.yaml"))
        # A second configuration of a system says what is other than in the first.
        fields = config.merge(config.get(f"jobqueue.{system}"), config.get(place))
        self._stack.enter_context(config.set({place: fields}))
        try:
            self._cluster = getattr(module, _CLASSES[system])(
                config_name=name,
                scheduler_options={**(fields["scheduler-options"] or {}), **_NO_DASHBOARD},
                worker_extra_args=[*(fields["worker-extra-args"] or ()), *self._arguments()],
            )
        except (ValueError, TypeError) as error:
            what = f"--cluster {name}: {printable(str(error))}"
            raise CallError(Problem(what, f"see {place} in dask's configuration")) from error
        self._stack.callback(self._close)
        number = self._options.workers
        try:
            self._cluster.scale(number)
            self._cluster.sync(_until_asked, self._cluster)
        except (RuntimeError, OSError) as error:
            what = f"{name} does not take the jobs: {printable(str(error), limit=1000)}"
            raise UndecidedError(Problem(what, f"see {place} in dask's configuration")) from error
        # Jobs that end are asked for again.
        self._cluster.adapt(minimum=number, maximum=number)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the jobs."""
        self._stack.close()

    def _arguments(self) -> list[str]:
        """Give what is added to the command line of a job's worker."""
        # With a comma it is one word, in whatever way the words get there.
        resources = self._options.resources_text.replace(" ", ",")
        return ["--no-dashboard", *(["--resources", resources] if resources else [])]

    def _close(self) -> None:
        # It asserts that every job has begun, and closes all the same.
        with contextlib.suppress(AssertionError):
            self._cluster.close()


def _import(name: str) -> ModuleType:
    """Import dask-jobqueue, which lets Ctrl-C end the program with 0, and take that back."""
    before = signal.getsignal(signal.SIGINT)
    try:
        return importlib.import_module(name)
    finally:
        signal.signal(signal.SIGINT, before)


async def _until_asked(cluster: Any) -> None:
    """Wait until every job was handed to the queueing system, which may refuse it."""
    await cluster
    for job in cluster.workers.values():
        await job
