"""How far an engine is off: measured where it is not known, and kept where it can be."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.recognizers.engines import checking
from sphinx_modelzoo.recognizers.engines.engine import Network
from sphinx_modelzoo.recognizers.engines.exported import Reference
from sphinx_modelzoo.recognizers.engines.loading import Setup

NETWORK = Network("vgg16_ucf101", 101, (3, 224, 224))
REFERENCE = Reference(1, 2, 3, "0" * 64)


@pytest.fixture
def measure(tmp_path, monkeypatch):
    """Give what measures in a cache of its own, and the batches that were measured."""
    batches: list[int] = []

    def fresh(setup: Setup, *_: object) -> dict[str, float]:
        batches.append(setup.batch)
        return {"measured": 2e-5}

    monkeypatch.setattr(checking, "engine_version", lambda _: "3.6.1")
    monkeypatch.setattr(checking, "_measure", fresh)
    notes: list[str] = []

    def measured(batch: int = 4, threads: int = 2) -> float:
        setup = Setup("mnn", NETWORK, batch, threads)
        return checking.measured_disagreement(setup, tmp_path / "n.mnn", REFERENCE, notes.append)

    return measured, batches, notes


def test_it_is_measured_once_for_each_way_of_computing(measure, monkeypatch):
    measured, batches, _ = measure
    assert [measured(), measured(), measured(8), measured(threads=1), measured(8)] == [2e-5] * 5
    assert batches == [4, 8, 4]
    monkeypatch.setattr(checking, "processor", lambda: "another one")
    measured()
    assert batches == [4, 8, 4, 4]


def test_a_damaged_record_is_measured_again(measure, tmp_path):
    measured, batches, _ = measure
    measured()
    (record,) = tmp_path.glob("check-*")
    record.write_text(record.read_text().replace("2e-05", "2e-09"))
    assert measured() == 2e-5
    assert batches == [4, 4]


def test_a_cache_that_is_there_for_reading_only_serves_another_machine(measure, monkeypatch):
    measured, batches, notes = measure

    def refuse(folder: Path, *_: object) -> None:
        raise UndecidedError(Problem("it cannot be written", "name another", str(folder)))

    monkeypatch.setattr(checking, "write_record", refuse)
    assert [measured(), measured()] == [2e-5, 2e-5]
    assert batches == [4, 4]
    assert notes[0].startswith("what was measured is not kept: ")
    assert "it cannot be written" in notes[0]


X86 = """processor : 0
model name : Intel(R) Xeon(R) Processor
cpu MHz : {mhz}
flags : fpu sse2 avx2{more}

processor : 1
"""
ARM = """processor : 0
BogoMIPS : 243.75
Features : fp asimd{more}
CPU part : 0xd0c
"""


@pytest.mark.parametrize("told", [X86, ARM])
def test_a_processor_is_another_one_where_it_can_do_something_else(tmp_path, told):
    """Cloud machines have one name for many processors, ARM machines none."""
    path, seen = tmp_path / "cpuinfo", []
    for mhz, more in (("2000.1", ""), ("3100.2", ""), ("2000.1", " avx512f sve")):
        path.write_text(told.format(mhz=mhz, more=more))
        seen.append(checking.processor(path))
    assert seen[0] == seen[1] != seen[2]
    assert ("Intel(R) Xeon(R) Processor" in seen[0]) == (told == X86)


def test_a_system_that_tells_nothing_of_its_processor_has_one_all_the_same(tmp_path):
    assert checking.processor(tmp_path / "none").startswith(platform.machine())
