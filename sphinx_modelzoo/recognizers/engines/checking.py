"""How far an engine is off, measured before it is used for the first time and kept on record.

The record is for the engine's version, the size of its passes, its threads and the processor: each
of them may change which algorithms an engine takes.
"""

from __future__ import annotations

import hashlib
import math
import platform
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.engines.cache import DamagedError, read_record, write_record
from sphinx_modelzoo.recognizers.engines.engine import Scores
from sphinx_modelzoo.recognizers.engines.exported import Reference
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.engines.loading import Setup, engine_version
from sphinx_modelzoo.recognizers.engines.task import CrashError, Note, run_task

# What Linux tells of a processor that libraries choose their algorithms by, on x86 and on ARM.
_TELLING = frozenset({"vendor_id", "cpu family", "model", "model name", "flags"}) | frozenset(
    {"CPU implementer", "CPU architecture", "CPU variant", "CPU part", "Features"}
)


def measured_disagreement(setup: Setup, path: Path, reference: Reference, note: Note) -> float:
    """Give how far an engine's scores of the seeded views are off, measured now or before.

    Args:
        setup: The engine, the network, and how it is run.
        path: The network's file, beside which the reference's scores are, and the record is kept.
        reference: What the reference said.
        note: Is told what is being done.

    Returns:
        The largest difference of a view's scores as a share of its largest absolute score;
        infinite where scores are no numbers.

    Raises:
        ConversionError: when the engine does not run the network.
    """
    version = engine_version(setup.engine)
    setting = {"batch": setup.batch, "threads": setup.threads, "processor": processor()}
    key = hashlib.sha256(repr(setting).encode()).hexdigest()[:8]
    record = f"check-{setup.engine}-{version}-{key}.json"
    known: dict[str, Any] | None = None
    with suppress(DamagedError):
        known = read_record(path.parent, record)
    if known is None:
        known = {**setting, **_measure(setup, path, reference, note)}
        # What came of a crash or of an error is not kept: it may have been for want of memory.
        try:
            write_record(path.parent, record, known)
        except UndecidedError as error:
            # A folder that is shared may be there for reading only.
            note(f"what was measured is not kept: {error}")
    measured: float | None = known["measured"]
    return math.inf if measured is None else measured


def _measure(setup: Setup, path: Path, reference: Reference, note: Note) -> dict[str, float | None]:
    request = {
        "engine": setup.engine,
        **asdict(setup.network),
        "batch": setup.batch,
        "threads": setup.threads,
        "file": str(path),
        "folder": str(path.parent),
        "seed": reference.seed,
        "views": reference.views,
        "digest": reference.digest,
    }
    version = engine_version(setup.engine)
    try:
        answer = run_task("check", request, note)
    except CrashError as error:
        msg = f"{setup.engine} {version} crashes on it ({error.problems[0].what})"
        raise ConversionError(msg) from error
    if "problem" in answer:
        msg = f"{setup.engine} {version} does not run it ({answer['problem']})"
        raise ConversionError(msg)
    return {"measured": answer["measured"]}


def difference(scores: Scores, expected: Scores) -> float:
    """Give the largest difference of a row as a share of the row's largest absolute value.

    Infinite where a value is no number, or where all that was expected of a row is 0 and it is not.
    """
    if scores.shape != expected.shape or not np.isfinite(scores).all():
        return math.inf
    off = np.abs(scores.astype(np.float64) - expected).max(axis=1)
    largest = np.abs(expected.astype(np.float64)).max(axis=1)
    differing = off > 0
    if (largest[differing] == 0).any():
        return math.inf
    return float((off[differing] / largest[differing]).max(initial=0.0))


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Name the processor, as far as the system tells, with a digest of what it can do.

    In virtual machines processors of many kinds go by one name.
    """
    known: dict[str, str] = {}
    with suppress(OSError):
        for line in cpuinfo.read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in _TELLING:
                known.setdefault(name.strip(), value.strip())
    called = known.get("model name") or platform.processor()
    can = hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()[:8]
    return f"{platform.machine()} {called} {can}"
