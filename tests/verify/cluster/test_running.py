"""Runs on a real scheduler with real workers give what one machine gives."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.shares import former_pace


@pytest.mark.parametrize("tier", ["full", "spot"])
def test_a_cluster_gives_the_receipts_of_one_machine(
    cluster: Any, make_zoo: Callable[..., Any], tier: str
) -> None:
    zoo = make_zoo(0.005)
    assert zoo.run("--tier", tier).returncode == 0
    expected = zoo.receipt(tier)
    zoo.forget()
    process = zoo.start("--cluster", cluster.address, "--tier", tier)
    seen = set()
    while process.poll() is None:
        seen |= set(zoo.recognizers())
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert zoo.receipt(tier) == expected
    # Each worker has opened the model once; no item was predicted twice; dask has said nothing.
    assert len(seen) == 2
    predicted = zoo.said()
    assert len(predicted) == len(set(predicted))
    assert "CONFIRMED" in output
    assert "distributed" not in errors
    assert "Warning" not in errors
    if tier == "spot":
        # Doubling from one, a worker that has predicted half of n items has pieces of a quarter.
        n = int(expected["n"])
        assert n < len(zoo.labels)
        assert n <= len(predicted) <= n + 2 * (n // 4 + 1)
    zoo.wait_until_alone()


def test_a_recognizer_takes_its_workers_threads(cluster: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    assert zoo.run("--cluster", cluster.address, "--tier", "full").returncode == 0
    receipt = zoo.folder / "receipts" / "net@aaaaaaaa" / "items.own.top1.json"
    environment = json.loads(receipt.read_text())["environment"]
    assert environment["threads"] == "3"
    assert environment["cluster"].startswith("distributed 2")


def test_a_budget_is_planned_by_the_pace_of_the_same_kind_of_run(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo()
    assert zoo.run("--cluster", cluster.address, "--tier", "full").returncode == 0
    [run] = plan(read_zoo(zoo.folder / "zoo.yaml"))
    assert former_pace(zoo.folder / "receipts", run, cluster=False) is None
    assert former_pace(zoo.folder / "receipts", run, cluster=True)


def test_a_budget_ends_in_time_whatever_is_at_work(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(600)
    done = zoo.run("--cluster", cluster.address, "--budget", "10s")
    assert done.returncode == 3
    assert "0 of 300 items did not decide it; run again with more time" in done.stderr
    zoo.wait_until_alone()


@pytest.mark.parametrize("tier", ["weights", "golden"])
def test_other_tiers_run_on_a_cluster_too(
    cluster: Any, make_zoo: Callable[..., Any], tier: str
) -> None:
    zoo = make_zoo()
    done = zoo.run("--cluster", cluster.address, "--tier", tier)
    assert done.returncode == 0, done.stderr
    assert "CHECKED" in done.stdout
    assert len(zoo.said()) <= (0 if tier == "weights" else 8 + 2 * 8)


def test_a_list_that_only_the_recognizer_has(cluster: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    manifest = zoo.folder / "zoo.yaml"
    manifest.write_text(manifest.read_text().replace(", list: items.txt", ""))
    zoo.command("0.75", "0", str(zoo.predicted), "", str(zoo.folder / "items.txt"))
    done = zoo.run("--cluster", cluster.address, "--tier", "full")
    assert done.returncode == 0, done.stderr
    assert "300 of 300  CONFIRMED" in done.stdout


def test_workers_without_the_resource_get_nothing(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo()
    manifest = zoo.folder / "zoo.yaml"
    text = manifest.read_text()
    second = text.splitlines()[-1].replace("net, hashtag: aaaaaaaa", "more, hashtag: bbbbbbbb")
    manifest.write_text(f"{text}{second}\n")
    options = ("--cluster", cluster.address, "--tier", "full", "--resources", "GPU=1")
    done = zoo.run(*options, "--patience", "1s")
    assert done.returncode == 3
    assert re.search(
        rf"zoo.yaml:\d+:\d+: net@aaaaaaaa on items: the cluster {cluster.address} has no worker "
        r"with the resources GPU=1 among its 2, for 1 seconds; start them with "
        r"'dask worker --resources \"GPU=1\"', or give more time with --patience",
        done.stderr,
    )
    # What was waited for in vain is not waited for again.
    assert re.search(r"more@bbbbbbbb on items: the cluster \S+ has .* among its 2; st", done.stderr)
    assert zoo.said() == []


def test_a_scheduler_file_and_a_worker_with_the_resource_that_come_late(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.003)
    file = machines.folder / "scheduler.json"
    process = zoo.start("--cluster", str(file), "--tier", "full", "--resources", "GPU=1")
    said = process.stderr.readline()
    assert said.endswith(f"no scheduler answers at {file} yet; waiting for it\n")
    machines.scheduler("--scheduler-file", str(file))
    machines.worker()
    fitting = machines.worker("--resources", "GPU=1 MEMORY=4")
    parents = set()
    while process.poll() is None:
        for number in zoo.recognizers():
            with contextlib.suppress(OSError):
                stat = Path(f"/proc/{number}/stat").read_text()
                parents.add(int(stat.rpartition(")")[2].split()[1]))
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "300 of 300  CONFIRMED" in output
    assert parents == {fitting.pid}
