"""What the user says of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Which cluster to run on, and how.

    ``address`` is a scheduler's (``tcp://HOST:PORT``, ``tls://HOST:PORT``, ``HOST:PORT``), the path
    of a scheduler's file, or the name of a dask-jobqueue configuration such as ``slurm``, of which
    ``workers`` are asked for. ``resources`` is what a worker must offer, and each of our tasks
    takes up there. ``patience`` is for how many seconds to wait for a scheduler that is away, or
    for a worker that fits. With ``debug`` dask's own messages are shown.
    """

    address: str
    workers: int = 0
    resources: Mapping[str, float] = field(default_factory=dict)
    patience: float = 60.0
    debug: bool = False

    @property
    def resources_text(self) -> str:
        """The resources as the user wrote them: ``GPU=1``."""
        return " ".join(f"{name}={amount:g}" for name, amount in self.resources.items())
