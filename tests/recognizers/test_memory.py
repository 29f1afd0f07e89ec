"""How many views a pass takes, by the memory that a machine, a container or a limit leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.memory import (
    EXPANSION,
    available_memory,
    reading_threads,
    views_per_pass,
)

GIB = 2**30


def machine(root: Path, files: dict[str, str]) -> Path:
    """The files of a machine with 8 GiB available, and others."""
    files = {"proc/meminfo": f"MemTotal: 99 kB\nMemAvailable: {8 * 2**20} kB\n", **files}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_what_the_machine_has_available(tmp_path):
    assert available_memory(machine(tmp_path, {})) == 8 * GIB


def test_this_machine_says_what_it_has():
    available = available_memory()
    assert available is not None
    assert 2**26 < available < 2**50


def test_without_proc_half_of_all_memory_counts(tmp_path):
    every = int(subprocess.check_output(["getconf", "_PHYS_PAGES"]))
    size = int(subprocess.check_output(["getconf", "PAGE_SIZE"]))
    assert available_memory(tmp_path) == every * size // 2


V2 = {
    "proc/self/cgroup": "0::/job/step\n",
    "sys/fs/cgroup/job/step/memory.max": "max\n",
    "sys/fs/cgroup/job/step/memory.high": "max\n",
    "sys/fs/cgroup/job/step/memory.current": f"{GIB}\n",
    "sys/fs/cgroup/job/step/memory.stat": "anon 7\ninactive_file 4096\n",
}


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({}, 8 * GIB),
        ({"sys/fs/cgroup/job/step/memory.max": f"{3 * GIB}\n"}, 2 * GIB + 4096),
        ({"sys/fs/cgroup/job/step/memory.high": f"{2 * GIB}\n"}, GIB + 4096),
        # The limit of the group above, with all that its groups take.
        (
            {
                "sys/fs/cgroup/job/memory.max": f"{4 * GIB}\n",
                "sys/fs/cgroup/job/memory.current": f"{3 * GIB}\n",
            },
            GIB,
        ),
        # Taken more than is allowed, for a moment.
        ({"sys/fs/cgroup/job/step/memory.max": "4096\n"}, 0),
    ],
    ids=["no limit", "max", "high", "above", "none left"],
)
def test_a_control_group_of_version_2_leaves_its_limit(tmp_path, files, left):
    assert available_memory(machine(tmp_path, V2 | files)) == left


def test_in_a_container_the_mount_is_the_group_itself(tmp_path):
    files = {
        "proc/self/cgroup": "0::/docker/0123abcd\n",
        "sys/fs/cgroup/memory.max": f"{2 * GIB}\n",
        "sys/fs/cgroup/memory.current": f"{GIB}\n",
    }
    assert available_memory(machine(tmp_path, files)) == GIB


def test_a_control_group_of_version_1_leaves_its_limit(tmp_path):
    folder = "sys/fs/cgroup/memory/slurm/job_7"
    files = {
        "proc/self/cgroup": "5:cpu,cpuacct:/slurm\n4:memory:/slurm/job_7\n0::/slurm\n",
        f"{folder}/memory.limit_in_bytes": f"{2 * GIB}\n",
        f"{folder}/memory.usage_in_bytes": f"{GIB}\n",
        f"{folder}/memory.stat": "inactive_file 1\ntotal_inactive_file 8192\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{5 * GIB}\n",
    }
    assert available_memory(machine(tmp_path, files)) == GIB + 8192


def test_a_limit_on_addresses_leaves_what_is_not_taken():
    code = (
        "import resource\n"
        "from sphinx_modelzoo.recognizers.memory import available_memory\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({4 * GIB}, {4 * GIB}))\n"
        "before = available_memory()\n"
        f"taken = bytearray({GIB})\n"
        "print(before, before - available_memory())\n"
    )
    before, less = map(int, subprocess.check_output([sys.executable, "-c", code]).split())
    assert 2 * GIB < before < 4 * GIB
    assert abs(less - GIB) < 2**24


@pytest.mark.parametrize(
    ("view", "views"),
    [
        ((3, 32, 32), 48),
        ((3, 224, 224), 13),
        ((3, 299, 299), 7),
        ((3, 32, 224, 224), 1),
    ],
)
def test_with_a_gibibyte_passes_are_as_long_as_is_fast(view, views):
    assert views_per_pass(view, GIB) == views
    assert views_per_pass(view, 100 * GIB) == views


@given(side=st.integers(8, 600), frames=st.integers(1, 64), available=st.integers(0, 4 * GIB))
def test_a_pass_takes_half_of_the_memory_or_is_a_single_view(side, frames, available):
    view = (3, side, side) if frames == 1 else (3, frames, side, side)
    views = views_per_pass(view, available)
    cost = 4 * 3 * side * side * frames * EXPANSION
    assert views >= 1
    assert views == 1 or views * cost <= available // 2
    # The same for the same memory, and never fewer for more of it.
    assert views == views_per_pass(view, available)
    assert views <= views_per_pass(view, available + GIB)


def test_less_memory_halves_the_passes():
    passes = {views_per_pass((3, 224, 224), size * 2**20) for size in range(0, 1100, 10)}
    assert passes == {13, 7, 4, 2, 1}


@pytest.mark.parametrize(
    ("cores", "available", "threads"),
    [(2, 8 * GIB, 2), (64, 2 * GIB, 4), (64, 100 * GIB, 64), (64, 0, 1), (1, GIB, 1)],
)
def test_as_many_clips_are_read_at_once_as_there_are_cores_and_memory(cores, available, threads):
    assert reading_threads(cores, available) == threads


def test_the_recognizer_reads_with_the_cores_that_it_may_use() -> None:
    """As taskset and SLURM leave them."""
    code = (
        "import os\n"
        "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "from sphinx_modelzoo.recognizers.engines.choice import EngineChoice\n"
        "from sphinx_modelzoo.recognizers.gluoncv_action import make_recognizer\n"
        "print(make_recognizer(EngineChoice())._workers)\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "1\n"
