"""The threads of engines: all cores, asleep while they wait, unless someone chose otherwise."""

from __future__ import annotations

import os

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
