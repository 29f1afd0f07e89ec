"""The threads of MXNet: all cores, asleep while they wait, unless someone chose otherwise."""

from __future__ import annotations

import os

from sphinx_modelzoo.recognizers.libraries import set_threads


def test_all_cores_are_used_and_waiting_threads_sleep():
    environment: dict[str, str] = {}
    set_threads(environment)
    assert environment == {
        "OMP_NUM_THREADS": str(os.cpu_count()),
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def test_what_is_set_already_stays():
    environment = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "ACTIVE"}
    set_threads(environment)
    assert environment == {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "ACTIVE"}
