"""Libraries of engines: what is told of those that fail, and the threads that they take."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest

from sphinx_modelzoo.recognizers import libraries
from sphinx_modelzoo.recognizers.libraries import cores, set_threads, threads


def test_all_cores_are_used_and_waiting_threads_sleep():
    environment: dict[str, str] = {}
    set_threads(environment)
    assert environment == {
        "OMP_NUM_THREADS": str(cores()),
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def test_what_is_set_already_stays():
    environment = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "ACTIVE"}
    set_threads(environment)
    assert environment == {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "ACTIVE"}


def test_only_the_cores_count_that_this_process_may_use():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert cores() == len(allowed)


def test_engines_take_as_many_threads_as_were_set():
    assert threads({"OMP_NUM_THREADS": "3"}) == 3
    assert threads({}) == threads({"OMP_NUM_THREADS": "4,2"}) == cores()


def told(monkeypatch: pytest.MonkeyPatch, engine: str, library: str, error: Exception) -> str:
    """What is told of a library that fails to import."""

    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(libraries, "importlib", SimpleNamespace(import_module=fail))
    with pytest.raises(libraries.LibraryError) as caught:
        libraries.import_libraries(engine, (library,))
    return str(caught.value)


@pytest.mark.parametrize("missing", ["mxnet", "distutils"])
def test_what_cannot_be_installed_is_not_advised(monkeypatch, missing):
    """MXNet has no release for newer interpreters, and imports what those have no more."""
    newer = SimpleNamespace(executable="/new/python", version_info=(3, 13, 2), modules={})
    monkeypatch.setattr(libraries, "sys", newer)
    error = ModuleNotFoundError(name=missing)
    text = told(monkeypatch, "mxnet", "mxnet", error)
    assert text.startswith(f"/new/python has no module {missing}")
    assert "MXNet runs on Python up to 3.11, and this is 3.13: name one that has it: " in text
    assert "pip install" not in text
    text = told(monkeypatch, "mnn", "MNN", ModuleNotFoundError(name="MNN"))
    assert "run pip install 'sphinx-modelzoo[mnn]' there" in text


def test_a_library_of_the_system_that_is_missing_is_no_matter_of_pip_alone(monkeypatch):
    """As in containers, where there is nothing to draw with."""
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    text = told(monkeypatch, "mnn", "cv2", error)
    assert text.startswith(f"cv2 does not import in {sys.executable} (ImportError: libGL.so.1: ")
    assert "install the system's package that has this library, or run pip install" in text
    assert "opencv-python-headless" in text
