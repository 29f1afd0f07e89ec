"""Files are measured as they stream; what breaks off goes on, and nothing half is kept."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.network.cache import Journal
from sphinx_modelzoo.network.files import FileCheck
from sphinx_modelzoo.network.links import Patience
from sphinx_modelzoo.network.model import Finding
from sphinx_modelzoo.network.schedule import Limits

Server = tuple[str, Any]


def check(
    folder: Path, *entries: str, keep: Path | None = None, offline: bool = False
) -> list[Finding]:
    path = folder / "zoo.yaml"
    lines = (f"- {{name: n{i}, {entry}}}\n" for i, entry in enumerate(entries))
    path.write_text(f"zoo: 1\nmodels:\n{''.join(lines)}")
    journal = Journal(folder / "cache" / "files.jsonl", 3600)
    journal.load()
    limits = Limits(4, 4, 3.0)
    run = FileCheck(journal, Patience(4, 5), limits, 0.5, keep=keep, offline=offline)
    found = {
        finding.uses[0].owner.partition("@")[0]: finding for finding in run.run(read_zoo(path))
    }
    return [found[f"n{i}"] for i in range(len(entries))]


@pytest.fixture
def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/file", "ok: 102,400 bytes, as claimed"),
        ("/busy", "ok: as claimed"),
        ("/breaks", "ok: as claimed"),
        ("/changes", "ok: as claimed"),
        ("/no-range", "ok: as claimed"),
        ("/lies", "ok: as claimed"),
        ("/truncated", "unknown: the download broke off 4 times, at last after 50,000 bytes"),
        ("/short", "broken: it has 102,399 bytes, not 102,400"),
        ("/page", "broken: it has 20 bytes, not 102,400 (the server sent a web page)"),
        ("/zipped", "unknown: the server sends the file compressed"),
        ("/unframed", "unknown: the download broke off 4 times"),
        ("/crawls", "unknown: the server sends too slowly"),
        ("/drops", "unknown: no answer: remotedisconnected"),
        ("/silent", "unknown: the server does not answer in time"),
        ("/nothing", "broken: 404 Not Found"),
        ("/forbidden", "unknown: answers 403 Forbidden"),
        ("/always-busy", "unknown: answers 429 Too Many Requests"),
        ("/circle", "broken: redirects in a circle"),
        ("/endless", "broken: redirects more than 10 times"),
    ],
)
def test_what_a_server_sends_is_judged(
    tmp_path: Path, server: Server, sha256: str, path: str, expected: str
) -> None:
    (finding,) = check(tmp_path, f"weights: '{server[0]}{path}', size: 102400, sha256: '{sha256}'")
    state, _, what = expected.partition(": ")
    assert finding.outcome.state.value == state
    assert what.lower() in finding.outcome.what.lower()


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path, server: Server, sha256: str) -> None:
    address, log = server
    check(tmp_path, f"weights: '{address}/breaks', sha256: '{sha256}'")
    assert log.ranges("/breaks") == ["", "bytes=40000-", "bytes=80000-"]


def test_each_claim_is_compared(tmp_path: Path, server: Server, body: bytes, sha256: str) -> None:
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    weights = f"weights: '{server[0]}/file'"
    entries = [
        f"hashtag: '{sha1[:8]}', {weights}, sha1: '{sha1}'",
        f"hashtag: '{sha256[:8]}', {weights}",
        f"hashtag: 'ffffffff', {weights}",
        f"hashtag: 'ffffffff', {weights}, sha256: '{sha256}'",
        f"hashtag: V2, {weights}, sha1: '{'0' * 40}'",
        f"hashtag: '20221001', {weights}, size: 102400",
        f"hashtag: '{sha1[:8]}', weights: '{server[0]}/file/net-{sha1[:8]}.params'",
        f"weights: '{server[0]}/file/net-ffffffff.pth'",
        f"hashtag: 'ffffffff', weights: '{server[0]}/file/net-ffffffff.zip'",
        weights,
    ]
    findings = check(tmp_path, *entries)
    states = [finding.outcome.state.value for finding in findings]
    assert states == ["ok", "ok", "broken", "ok", "broken", "ok", "ok", "broken", "unknown", "ok"]
    assert "the hashtag ffffffff begins neither its SHA-1" in findings[2].outcome.what
    assert f"its SHA-1 is {sha1}, not {'0' * 40}" in findings[4].outcome.what
    assert "the file name ffffffff begins neither" in findings[7].outcome.what
    assert findings[9].outcome.what == f"nothing to compare with; sha256 is {sha256}"
    assert server[1].counts["/file"] == 1


def test_a_web_page_is_no_file_of_weights(tmp_path: Path, server: Server) -> None:
    (finding,) = check(tmp_path, f"weights: '{server[0]}/page'")
    assert finding.outcome.state.value == "broken"


def test_local_files_are_checked_too_and_offline(tmp_path: Path, sha256: str, body: bytes) -> None:
    (tmp_path / "net.params").write_bytes(body)
    (tmp_path / "flipped.params").write_bytes(b"\1" + body[1:])
    (tmp_path / "outside.params").symlink_to(sys.executable)
    findings = check(
        tmp_path,
        f"weights: net.params, sha256: '{sha256}'",
        f"weights: flipped.params, sha256: '{sha256}', size: 102400",
        "weights: nothing.params",
        "weights: outside.params",
        "weights: 'http://127.0.0.1:9/x'",
        offline=True,
    )
    states = [finding.outcome.state.value for finding in findings]
    assert states == ["ok", "broken", "broken", "unknown", "unknown"]
    assert findings[1].outcome.what.startswith("its SHA-256 is ")
    assert findings[4].outcome.what == "not fetched"


def test_a_file_is_fetched_once_while_it_is_remembered(
    tmp_path: Path, server: Server, sha256: str
) -> None:
    entry = f"weights: '{server[0]}/file', sha256: '{sha256}'"
    assert not check(tmp_path, entry)[0].cached
    assert check(tmp_path, entry)[0].cached
    wrong = entry.replace(sha256, "0" * 64)
    assert check(tmp_path, wrong)[0].outcome.state.value == "broken"
    assert server[1].counts["/file"] == 1
    assert not (tmp_path / "cache" / "files").exists()


def test_right_files_are_kept_whole_and_wrong_ones_not_at_all(
    tmp_path: Path, server: Server, sha256: str, body: bytes
) -> None:
    keep = tmp_path / "weights"
    entries = [
        f"weights: '{server[0]}/breaks/net.params', sha256: '{sha256}'",
        f"weights: '{server[0]}/file/wrong.params', sha256: '{'0' * 64}'",
        f"weights: '{server[0]}/truncated/part.params', sha256: '{sha256}'",
        f"weights: '{server[0]}/file/other/net.params', sha256: '{sha256}'",
    ]
    findings = check(tmp_path, *entries, keep=keep)
    states = [finding.outcome.state.value for finding in findings]
    assert states == ["ok", "broken", "unknown", "ok"]
    kept = {path.name: path.read_bytes() for path in keep.iterdir()}
    assert kept == {"net.params": body, "n3-net.params": body}
    parts = sorted(path.stat().st_size for path in (tmp_path / "cache" / "files").glob("*.part"))
    assert parts == [50_000]
    (keep / "net.params").write_bytes(b"damaged")
    check(tmp_path, *entries, keep=keep)
    assert (keep / "net.params").read_bytes() == body


KILLED = """
import sys
from pathlib import Path
from sphinx_modelzoo.cli.modelzoo import main
sys.exit(main(["check-files", "--keep", "weights", "--cache", "cache", "--timeout", "5"]))
"""


def test_a_killed_download_goes_on_where_it_was(
    tmp_path: Path, server: Server, sha256: str, body: bytes
) -> None:
    """Kill the command in the middle of a file, and run it again."""
    address, log = server
    entry = f"{{name: n, weights: '{address}/halts/net.params', sha256: '{sha256}'}}"
    (tmp_path / "zoo.yaml").write_text(f"zoo: 1\nmodels:\n- {entry}\n")
    command = [sys.executable, "-c", KILLED]
    first = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    part: list[Path] = []
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (part and part[0].stat().st_size >= 30_000):
        part = list((tmp_path / "cache").glob("files/*.part"))
        time.sleep(0.02)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert part
    assert not (tmp_path / "weights").exists()
    come = part[0].stat().st_size
    second = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 0, second.stdout + second.stderr
    assert log.ranges("/halts/net.params")[-1] == f"bytes={come}-"
    assert (tmp_path / "weights" / "net.params").read_bytes() == body
    facts = json.loads((tmp_path / "cache" / "files.jsonl").read_text())
    assert facts["sha256"] == sha256
