"""``--changed-since`` and ``--due``: only what a change touches, only what has grown old."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

FAKE = Path(__file__).parents[1] / "verify" / "fake_recognizer.py"

SECOND = """\
    top5: 100
  - name: net_b
    weights: models/b.params
    dataset: clips
    protocol: other
    top1: 75.0
"""
CHANGES = (
    ("    top5: 100\n", SECOND),
    ("hashtag: aaaaaaaa", "hashtag: aaaaaaaa\n    weights: models/a.params"),
    ("segments: 3}", "segments: 3}\n  other: {recognizer: second}"),
)


def git(zoo, *arguments):
    options = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *options, *arguments], cwd=zoo.path, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write_recognizers(zoo):
    """Let one recognizer be a program of the repository, and the other one from elsewhere."""
    zoo.write("tool.py", FAKE.read_text(encoding="utf-8"))
    zoo.write("exact.py", "# the reference")
    zoo.write(
        "modelzoo.toml",
        f"[recognizers.fake]\ncommand = [{sys.executable!r}, 'tool.py', '0.75']\n"
        f"reference = [{sys.executable!r}, 'exact.py']\n"
        f"[recognizers.second]\ncommand = [{sys.executable!r}, {str(FAKE)!r}, '0.75', 'quick']\n",
    )


@pytest.fixture
def repository(zoo):
    """A zoo of two entries and recognizers in a git repository, all committed."""
    zoo.manifest(*CHANGES)
    zoo.write("models/a.params", "a")
    zoo.write("models/b.params", "b")
    zoo.write(".gitignore", "receipts/\n")
    write_recognizers(zoo)
    git(zoo, "init", "-q", "-b", "main")
    git(zoo, "add", ".")
    git(zoo, "commit", "-q", "-m", "one")
    return zoo


def verified(done):
    """Give the entries that were verified."""
    rows = [line for line in done.stdout.splitlines() if "CONFIRMED" in line or "REFUTED" in line]
    return sorted({row.split()[0] for row in rows})


A, B = "net_a@aaaaaaaa", "net_b"


def test_nothing_touched_is_nothing_to_do(repository):
    done = repository.run("--changed-since", "HEAD", "--report", "json=found.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "none of 3 numbers is touched since HEAD\n"
    assert json.loads((repository.path / "found.json").read_text())["numbers"] == []


TOUCHES = {
    "a number": ("zoo.yaml", "top5: 100", "top5: 99.9", [A], "the listed number changed from 100"),
    "a protocol": ("zoo.yaml", "segments: 3", "segments: 4", [A], "protocol segments changed"),
    "a data set": ("zoo.yaml", "classes: 8", "classes: 9", [A, B], "classes changed from 8 to 9"),
    "weights": ("models/b.params", "b", "other", [B], "models/b.params changed"),
    "the list": ("clips.txt", "clip000 0", "clip000 1", [A, B], "clips.txt changed"),
    "a title": ("zoo.yaml", "title: Top-1", "title: First", [], ""),
    "a comment": ("zoo.yaml", "zoo: 1", "zoo: 1 # one", [], ""),
    "a command": (
        "modelzoo.toml",
        "quick",
        "faster",
        [B],
        "the command of recognizer 'second' changed",
    ),
    "a program": (
        "tool.py",
        "import time",
        "import time ",
        [A],
        "tool.py, of recognizer 'fake', ch",
    ),
    "a reference": ("exact.py", "the", "another", [A], "exact.py, of recognizer 'fake', changed"),
}


@pytest.mark.parametrize(
    ("name", "committed"),
    [*((name, False) for name in TOUCHES), ("a number", True), ("weights", True)],
)
def test_only_what_a_change_touches_is_verified(repository, name, committed):
    file, before, after, entries, why = TOUCHES[name]
    path = repository.path / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    if committed:
        git(repository, "commit", "-q", "-am", "two")
    done = repository.run("--changed-since", "HEAD~1" if committed else "HEAD")
    assert verified(done) == entries, done.stderr
    assert why in done.stderr


def test_a_new_entry_is_touched_and_new_weights_that_git_does_not_know(repository):
    (repository.path / "models" / "a.params").unlink()
    git(repository, "commit", "-q", "-am", "without")
    repository.write("models/a.params", "a")
    assert verified(repository.run("--changed-since", "HEAD")) == [A]
    git(repository, "checkout", "-q", "HEAD~1", "--", "models")
    text = (repository.path / "zoo.yaml").read_text()
    more = "  - {name: net_c, dataset: clips, protocol: other, top1: 75.0}\n"
    repository.write("zoo.yaml", text + more)
    done = repository.run("--changed-since", "HEAD~1")
    assert verified(done) == ["net_c"]
    assert "net_c on clips: top1 is not in HEAD~1\n" in done.stderr


def test_a_manifest_that_a_revision_lacks_or_breaks_touches_all(repository):
    text = (repository.path / "zoo.yaml").read_text()
    repository.write("zoo.yaml", "zoo: [")
    git(repository, "commit", "-q", "-am", "broken")
    repository.write("zoo.yaml", text)
    done = repository.run("--changed-since", "HEAD")
    assert verified(done) == [A, B]
    assert "the manifest cannot be read in HEAD" in done.stderr
    git(repository, "rm", "-q", "--cached", "zoo.yaml")
    git(repository, "commit", "-q", "-m", "gone")
    assert verified(repository.run("--changed-since", "HEAD")) == [A, B]


def test_a_zoo_below_the_repositorys_top_is_compared_there(repository):
    (repository.path / "inner").mkdir()
    for name in ("zoo.yaml", "clips.txt", "models", "modelzoo.toml", "tool.py"):
        git(repository, "mv", name, "inner")
    git(repository, "commit", "-q", "-m", "moved")
    config = ("--config", "inner/modelzoo.toml", "inner/zoo.yaml")
    assert verified(repository.run("--changed-since", "HEAD", *config)) == []
    repository.write("inner/models/b.params", "new")
    assert verified(repository.run("--changed-since", "HEAD", *config)) == [B]


def test_an_unknown_revision_is_a_wrong_call(repository):
    done = repository.run("--changed-since", "nowhere")
    assert done.returncode == 2
    assert "--changed-since nowhere: there is no such revision in this repository" in done.stderr
    assert "git fetch origin nowhere" in done.stderr


def test_without_a_repository_the_message_says_so(zoo):
    done = zoo.run("--changed-since", "HEAD", GIT_CEILING_DIRECTORIES=str(zoo.path.parent))
    assert done.returncode == 2
    assert "git repository" in done.stderr


def age_receipts(zoo, entry, days, seconds):
    """Let an entry's receipts be some days older, and have taken some seconds."""
    started = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for path in (zoo.path / "receipts" / entry).glob("*.json"):
        data = json.loads(path.read_text())
        path.write_text(json.dumps({**data, "started": started, "duration": seconds}))


def test_what_is_due_is_verified_the_cheapest_first(repository):
    text = (repository.path / "zoo.yaml").read_text()
    more = "  - {name: net_c, dataset: clips, protocol: other, top1: 75.0}\n"
    repository.run()
    done = repository.run("--due", "90d")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "none of 3 numbers is due\n"
    age_receipts(repository, A, 91, 50.0)
    age_receipts(repository, B, 92, 5.0)
    repository.write("zoo.yaml", text.replace("  - name: net_a", f"{more}  - name: net_a"))
    done = repository.run("--due", "90d")
    entries = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert entries == [B, A, A, "net_c"]
    assert "net_c on clips: top1 was never verified\n" in done.stderr
    assert "net_b on clips: top1 was verified 92 days ago\n" in done.stderr
    assert "4 of 4 numbers are due\n" in done.stderr
    assert "none of 4" in repository.run("--due", "90d").stderr


def test_what_is_due_shares_a_budget(repository):
    done = repository.run("--due", "90d", "--budget", "10m")
    assert done.returncode == 0, done.stderr
    assert verified(done) == [A, B]


def test_a_stale_number_is_due_whatever_its_age(repository):
    repository.run()
    repository.write("models/b.params", "new")
    done = repository.run("--due", "3650d")
    assert verified(done) == [B]
    assert "net_b on clips: top1 is stale: the weights' file changed" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("--due", "soon"), ("--due", "9"), ("--due", "9d", "--changed-since", "HEAD")]
)
def test_a_wrong_choice_is_a_wrong_call(zoo, arguments):
    assert zoo.run(*arguments).returncode == 2
