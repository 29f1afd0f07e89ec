"""What goes wrong on a worker is told as it would be here, with the worker's address."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WORKER = r"tcp://127\.0\.0\.1:\d+"


def run(zoo: Any, machines: Any, *options: str) -> str:
    """Run a zoo, which ends undecided; give what was said."""
    options = ("--cluster", machines.address, "--tier", "full", "--patience", "20s", *options)
    done = zoo.run(*options)
    assert done.returncode == 3, done.stderr
    zoo.wait_until_alone()
    return str(done.stderr)


def test_a_wrong_answer(cluster: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    zoo.command("0.75", "0", str(zoo.predicted), "wrong-label")
    errors = run(zoo, cluster)
    assert re.search(
        rf"^zoo.yaml:\d+:\d+: net@aaaaaaaa on items: worker {WORKER}: recognizer 'slow' gives "
        r"'class\d/item\d+' the label \d; the list says \d; its answers cannot be counted",
        errors,
        re.MULTILINE,
    )
    assert "Traceback" not in errors


def test_a_recognizer_that_dies_and_its_last_words(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo()
    zoo.command("no number", "0", "file")
    died = (
        rf"worker {WORKER}: recognizer 'slow' ended with status 1 before it answered 'open'; its "
        r"last words may say why\n(    \| .*\n)+    \| ValueError: could not convert"
    )
    assert re.search(died, run(zoo, cluster))
    # With --debug they are heard as they come, too.
    assert re.search(r"^ValueError: could not convert", run(zoo, cluster, "--debug"), re.MULTILINE)


def test_workers_with_other_weights(machines: Any, make_zoo: Callable[..., Any]) -> None:
    machines.scheduler()
    machines.worker()
    machines.worker(OTHER_WEIGHTS="others")
    zoo = make_zoo(0.01)  # the second one opens while the first one is at work
    assert re.search(
        rf"worker {WORKER} opened another weights' sha1 than worker {WORKER}: \w+, not \w+; "
        "every machine of a cluster needs the same files and the same packages",
        run(zoo, machines),
    )


def test_a_worker_without_the_items_files_is_named(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    machines.scheduler()
    machines.worker()
    machines.worker(NO_MEDIA="1")
    errors = run(make_zoo(0.01), machines)
    told = rf"worker {WORKER} cannot read 'class\d/item\d+': there is no such file"
    assert len(re.findall(told, errors)) == 1
    assert "could not be read" in errors


def test_a_worker_without_the_package(
    machines: Any, make_zoo: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['sphinx_modelzoo'] = None")
    machines.scheduler()
    machines.worker(PYTHONPATH=str(tmp_path))
    assert re.search(
        rf"worker {WORKER} cannot load sphinx-modelzoo: ModuleNotFoundError: .*; install the same "
        r"version of sphinx-modelzoo\[cluster\] on all machines",
        run(make_zoo(), machines),
    )


def test_a_worker_with_another_version(
    machines: Any, make_zoo: Callable[..., Any], tmp_path: Path
) -> None:
    hook = "import sphinx_modelzoo\nsphinx_modelzoo.__version__ = '0.0.1'\n"
    (tmp_path / "sitecustomize.py").write_text(hook)
    machines.scheduler()
    machines.worker(PYTHONPATH=str(tmp_path))
    assert re.search(
        rf"worker {WORKER} has sphinx-modelzoo 0.0.1, and here is \d\S*; install the same",
        run(make_zoo(), machines),
    )


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--cluster", "nowhere"), "--cluster nowhere: this is no cluster's address; write "),
        (("--cluster", "slurm"), "--cluster slurm is a job queue, and --workers was not given"),
        (("--cluster", "h:1", "--workers", "2"), "--workers was given with --cluster h:1"),
        (("--resources", "GPU=1"), "--resources was given without --cluster; add --cluster"),
        (("--cluster", "h:1", "--resources", "GPU"), "'GPU' is not NAME=AMOUNT; write for "),
        (("--cluster", "h:1", "--resources", "GPU=."), "'GPU=.' is not NAME=AMOUNT; write for "),
        (("--cluster", "slurm", "--workers", "0"), "'0' is no number of workers; write for"),
        (
            ("--cluster", "slurm-x", "--workers", "2"),
            "dask's configuration has no jobqueue.slurm-x",
        ),
    ],
)
def test_a_wrong_call(make_zoo: Callable[..., Any], options: tuple[str, ...], what: str) -> None:
    done = make_zoo().run(*options)
    assert done.returncode == 2
    assert what in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_at_the_address(make_zoo: Callable[..., Any]) -> None:
    done = make_zoo().run("--cluster", "127.0.0.1:1", "--patience", "0.5s")
    assert done.returncode == 3
    assert done.stdout == ""
    what = "no scheduler answers at 127.0.0.1:1 within 0.5 seconds: Connection refused; see that"
    assert what in done.stderr


def test_somebody_at_the_address_who_says_nothing(make_zoo: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        done = make_zoo().run("--cluster", address, "--patience", "0.5s")
    assert done.returncode == 3
    what = f"no scheduler answers at {address} within 0.5 seconds: nobody there answers; see that"
    assert what in done.stderr


@pytest.mark.parametrize(
    ("module", "text", "what"),
    [
        (
            "sitecustomize",
            "import sys; sys.modules['distributed'] = None",
            "needs the package dist",
        ),
        ("distributed", "from dask import no_such_name", "dask does not import in /"),
    ],
)
def test_no_dask_or_a_broken_one(
    make_zoo: Callable[..., Any], tmp_path: Path, module: str, text: str, what: str
) -> None:
    (tmp_path / f"{module}.py").write_text(text)
    done = make_zoo().run("--cluster", "127.0.0.1:1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert f"--cluster {what}" in done.stderr or f"--cluster: {what}" in done.stderr
    assert "pip install 'sphinx-modelzoo[cluster]'" in done.stderr
    assert "Traceback" not in done.stderr
