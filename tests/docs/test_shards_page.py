"""What the page on shards tells to type works, and so does its workflow, step by step."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import DOCS

LANGUAGES = DOCS / "examples" / "languages"
WORKFLOW = DOCS / "examples" / "ci" / "shards-workflow.yaml"
PAGE = "shards.md"
BIN = Path(sys.executable).parent
MACHINES = ("started", "duration", "environment")


def type_in(folder: Path, lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-e", "-c", f'PATH="{BIN}:$PATH"\n{lines}'],
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def checkout(folder: Path) -> Path:
    """Give a fresh copy of the zoo, as a job begins with."""
    ignored = shutil.ignore_patterns("receipts", "__pycache__")
    return Path(shutil.copytree(LANGUAGES, folder, ignore=ignored))


def seen(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in folder.glob("receipts/*/*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        found[path.relative_to(folder).as_posix()] = {
            name: data[name] for name in data if name not in MACHINES
        }
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Give the receipts that one machine leaves."""
    folder = checkout(tmp_path_factory.mktemp("alone") / "zoo")
    assert type_in(folder, "verify-zoo").returncode == 0
    return seen(folder)


def test_the_calls_on_the_page_leave_the_receipts_of_one_machine(
    all_blocks: Any, alone: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    (typed,) = (block.text for block in all_blocks if (block.page, block.language) == (PAGE, "sh"))
    folder = checkout(tmp_path / "zoo")
    done = type_in(folder, typed)
    assert done.returncode == 0, done.stderr
    assert seen(folder) == alone
    assert len(alone) == 2


def filled(text: str, values: dict[str, str]) -> str:
    """Fill the expressions of a workflow."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1]], text)


class Job:
    """A job of the workflow in a fresh checkout, with the artifacts of the whole run."""

    def __init__(self, job: dict[str, Any], folder: Path, artifacts: Path, **values: str) -> None:
        self.steps, self.artifacts = job["steps"], artifacts
        self.values = {name.replace("_", "."): value for name, value in values.items()}
        self.values["github.run_attempt"] = values.get("attempt", "1")
        self.values["strategy.job-total"] = values.get("total", "1")
        self.folder = checkout(folder)

    def run(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Go through the steps that are not of GitHub's own; give how verify-zoo ended."""
        ended = None
        for step in self.steps:
            uses = step.get("uses", "").partition("@")[0]
            given = {
                key: filled(str(text), self.values) for key, text in step.get("with", {}).items()
            }
            if uses == "actions/download-artifact":
                self.download(given["pattern"], given["path"])
            if uses == "actions/upload-artifact":
                assert step["if"] == "${{ always() }}"
                self.upload(given["name"], given["path"])
            if step.get("run", "").startswith("verify-zoo"):
                ended = type_in(self.folder, filled(step["run"], self.values), **environment)
        assert ended is not None
        return ended

    def commits(self) -> list[str]:
        """Go through the step that commits, without pushing; give the titles of what it did."""
        (step,) = (step for step in self.steps if "git push" in step.get("run", ""))
        typed = step["run"].replace("git push", "true")
        done = type_in(self.folder, f"git init --quiet\n{typed}")
        assert done.returncode == 0, done.stderr
        return type_in(self.folder, "git log --format=%s || true").stdout.splitlines()

    def download(self, pattern: str, path: str) -> None:
        for artifact in self.artifacts.iterdir():
            if fnmatch.fnmatch(artifact.name, pattern):
                shutil.copytree(artifact, self.folder / path / artifact.name)

    def upload(self, name: str, path: str) -> None:
        if (self.folder / path).is_dir():
            shutil.copytree(self.folder / path, self.artifacts / name)


def test_the_workflow_decides_as_one_machine_after_a_job_was_lost_and_run_again(
    alone: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    assert numbers == list(range(1, len(numbers) + 1))
    artifacts = tmp_path / "artifacts"
    artifacts.mkdir()

    def predict(number: int, attempt: int) -> subprocess.CompletedProcess[str]:
        job = Job(
            jobs["shard"],
            tmp_path / f"job-{number}-{attempt}",
            artifacts,
            matrix_shard=str(number),
            total=str(len(numbers)),
            attempt=str(attempt),
        )
        if (number, attempt) == (2, 1):
            (job.folder / "modelzoo.toml").write_text(
                '[recognizers.word-counter]\ncommand = ["false"]\n', encoding="utf-8"
            )
        return job.run()

    assert [predict(number, 1).returncode for number in numbers] == [0, 3, 0, 0]
    merging = Job(jobs["merge"], tmp_path / "merge-1", artifacts)
    done = merging.run()
    assert (done.returncode, seen(merging.folder)) == (3, {})
    assert "shard 2/4 is missing" in (merging.folder / "zoo.md").read_text(encoding="utf-8")
    assert merging.commits() == []
    # Re-run failed jobs; the first one comes a second time, besides.
    assert [predict(number, 2).returncode for number in (1, 2)] == [0, 0]
    merging = Job(jobs["merge"], tmp_path / "merge-2", artifacts)
    done = merging.run()
    assert done.returncode == 0, done.stderr
    assert "shard 1/4 is there more than once" in done.stderr
    assert seen(merging.folder) == alone
    assert merging.commits() == ["Receipts"]
