"""How long a newcomer waits: ``git clone`` and ``make demo`` from nothing, installs included.

Run ``python benchmarks/demo_time.py`` in a clone. It clones the repository's committed state into
a temporary folder, runs ``make demo`` there with an almost empty environment, and prints the
measured accuracies and the wall time. Exits 1 when the demo fails or takes six minutes or more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 6 * 60.0
# What a fresh machine has: a path, a home, and how this machine reaches the package index.
KEPT = ("PATH", "HOME", "LANG")
KEPT_PREFIXES = ("PIP_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_PROXY", "no_proxy")


def main() -> int:
    """Clone, run and report; give the exit code."""
    root = Path(__file__).resolve().parent.parent
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.startswith(KEPT_PREFIXES)
    }
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        start = time.perf_counter()
        _run(["git", "clone", "--quiet", str(root), str(clone)], Path(folder), environment)
        cloned = time.perf_counter()
        status = _run(["make", "demo"], clone, environment)
        end = time.perf_counter()
    print(f"git clone: {cloned - start:6.1f} s")
    print(f"make demo: {end - cloned:6.1f} s (exit {status})")
    print(f"together:  {end - start:6.1f} s on {os.cpu_count()} cores; the limit is {LIMIT:.0f} s")
    return 0 if status == 0 and end - start < LIMIT else 1


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    done = subprocess.run(command, cwd=folder, env=environment, check=False)  # noqa: S603
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
