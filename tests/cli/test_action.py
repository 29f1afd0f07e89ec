"""The GitHub Action's steps, run by the shell that it names, in a repository with a change."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
MODELZOO = str(Path(sysconfig.get_path("scripts")) / "modelzoo")

MANIFEST = """\
zoo: 1
datasets: {u: {samples: 1000}}
models:
  - name: a
    hashtag: aaaaaaaa
    dataset: u
    top1: 83.4
"""

GH = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$GH_LOG"
if [[ "$1 $2" == "api --paginate" ]]; then printf '%s' "$GH_IDS"; exit "$GH_STATUS"; fi
exit "$GH_STATUS"
"""


@dataclass
class Job:
    """A runner's folders, and the values that expressions have."""

    folder: Path
    values: dict[str, str] = field(default_factory=dict)

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.repository,
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        )
        return done.stdout.strip()

    def expression(self, text: str) -> str:
        """Evaluate ``${{ a || b }}``, which is all that the steps' environments use."""

        def value(found: re.Match[str]) -> str:
            names = (name.strip() for name in found[1].split("||"))
            return next((self.values[name] for name in names if self.values.get(name)), "")

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    def run(self, name: str, **more: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[name]
        assert step["shell"] == "bash"
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        environment = {key: self.expression(value) for key, value in step["env"].items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.repository,
            env={
                **os.environ,
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
                "GH_LOG": str(self.folder / "gh.log"),
                "GH_IDS": "",
                "GH_STATUS": "0",
                **environment,
                **more,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for line in self.read("output").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step.get('id', '')}.outputs.{key}"] = value
        return done

    def read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    made = Job(tmp_path)
    made.repository.mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    made.git("init", "-q")
    (made.repository / "zoo.yaml").write_text(MANIFEST)
    made.git("add", ".")
    made.git("commit", "-qm", "one")
    made.values = {
        "steps.install.outputs.command": MODELZOO,
        "inputs.manifest": "zoo.yaml",
        "inputs.strict": "false",
        "inputs.base": "",
        "inputs.token": "secret",
        "github.event.pull_request.base.sha": made.git("rev-parse", "HEAD"),
        "github.event.pull_request.number": "7",
        "github.repository": "me/zoo",
    }
    (made.repository / "zoo.yaml").write_text(MANIFEST.replace("83.4", "84.0"))
    return made


def test_every_step_is_tried_here() -> None:
    assert list(STEPS) == ["Install", "Lint", "Compare", "Comment"]


def test_no_step_puts_an_input_into_its_script() -> None:
    assert not any("${{" in step["run"] for step in STEPS.values())


def test_lint_names_lines_as_github_understands_them(job: Job) -> None:
    assert job.run("Lint").returncode == 0
    (job.repository / "zoo.yaml").write_text(MANIFEST.replace("83.4", "183.4"))
    done = job.run("Lint")
    assert done.returncode == 2
    assert re.search(r"^::error file=zoo\.yaml,line=7,", done.stdout, re.MULTILINE)


def test_the_changes_stand_in_the_summary(job: Job) -> None:
    assert job.run("Compare").returncode == 0
    summary = job.read("summary.md")
    assert summary.startswith("## Changes of the model zoo\n\n### Re-measured")
    assert "| 83.4 | 84.0 |" in summary


def test_a_silent_change_fails_the_job_where_that_is_wanted(job: Job) -> None:
    job.values["inputs.strict"] = "true"
    done = job.run("Compare")
    assert done.returncode == 1
    assert "zoo.yaml:7:11: a@aaaaaaaa: the number changed" in done.stderr
    assert "| 83.4 | 84.0 |" in job.read("summary.md")


def test_a_wrong_manifest_fails_the_job_without_a_report(job: Job) -> None:
    (job.repository / "zoo.yaml").write_text("zoo: 2\n")
    assert job.run("Compare").returncode == 2
    assert job.read("summary.md") == job.read("output") == ""


@pytest.mark.parametrize("base", ["", "0" * 40])
def test_a_first_push_has_nothing_to_compare_with(job: Job, base: str) -> None:
    job.values |= {"github.event.pull_request.base.sha": "", "github.event.before": base}
    done = job.run("Compare")
    assert (done.returncode, done.stdout) == (0, "There is nothing to compare with.\n")


def test_a_base_that_a_shallow_clone_lacks_is_fetched(job: Job, tmp_path: Path) -> None:
    job.git("commit", "-qam", "two")
    origin = job.repository.rename(tmp_path / "origin")
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", f"file://{origin}", str(job.repository)],
        check=True,
        timeout=30,
    )
    job.git("remote", "set-url", "origin", f"file://{origin}")
    subprocess.run(
        ["git", "config", "uploadpack.allowAnySHA1InWant", "true"], cwd=origin, check=True
    )
    assert job.run("Compare").returncode == 0
    assert "| 83.4 | 84.0 |" in job.read("summary.md")


def test_a_comment_is_made_once_and_changed_later(job: Job) -> None:
    job.run("Compare")
    assert job.run("Comment").returncode == 0
    assert "pr comment 7 --repo me/zoo --body-file" in job.read("gh.log")
    comment = job.read("modelzoo-comment.md")
    assert comment.startswith("<!-- sphinx-modelzoo: changes -->\n## Changes of the model zoo\n")
    assert "| 83.4 | 84.0 |" in comment
    (job.folder / "gh.log").unlink()
    assert job.run("Comment", GH_IDS="41\n42\n").returncode == 0
    log = job.read("gh.log")
    assert "api --silent --method PATCH repos/me/zoo/issues/comments/41 --field body=@" in log
    assert "pr comment" not in log


def test_a_token_that_may_not_comment_is_a_warning(job: Job) -> None:
    job.run("Compare")
    done = job.run("Comment", GH_STATUS="1")
    assert done.returncode == 0
    assert "::warning::The token cannot" in done.stdout
