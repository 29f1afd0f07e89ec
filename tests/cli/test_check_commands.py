"""``modelzoo check-links`` and ``check-files`` as a user calls them."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Give the address of a folder that is served on loopback, and the folder."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", folder
        server.shutdown()
        thread.join()


def run(zoo, *arguments: str):
    return zoo.command("modelzoo", *arguments, "--cache", "cache", no_proxy="*")


def test_links_are_checked_and_remembered(zoo, site):
    address, folder = site
    (folder / "paper.pdf").write_text("x")
    papers = f"papers:\n  a: {{title: A, url: '{address}/paper.pdf'}}\n"
    zoo.manifest(("metrics:\n", papers + "metrics:\n"))
    done = run(zoo, "check-links")
    assert (done.returncode, done.stdout) == (0, "1 address: 1 ok, 0 broken, 0 unknown\n")
    (folder / "paper.pdf").unlink()
    done = run(zoo, "check-links", "--verbose")
    assert done.stdout.endswith("1 ok, 0 broken, 0 unknown (1 from the cache)\n")
    assert f"zoo.yaml:4:3: ok: a paper: {address}/paper.pdf: 200 OK\n" in done.stdout
    done = run(zoo, "check-links", "--max-age", "0")
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"zoo.yaml:4:3: broken: a paper: {address}/paper.pdf: 404 Not Found; "
        "correct or remove the link\n"
    )


def test_what_cannot_be_told_is_its_own_exit_code(zoo, site):
    _, folder = site
    zoo.manifest(("hashtag: aaaaaaaa", "weights: http://127.0.0.1:9/x.params"))
    done = run(zoo, "check-links", "--format", "json")
    assert done.returncode == 3
    (item,) = json.loads(done.stdout)
    assert (item["state"], item["entry"], item["role"]) == ("unknown", "net_a", "weights")
    assert (item["path"], item["line"], item["column"]) == ("zoo.yaml", 12, 14)
    assert folder.exists()


def test_offline_checks_no_link(zoo):
    done = run(zoo, "check-links", "--offline")
    assert done.returncode == 2
    assert done.stderr == (
        "links cannot be checked without the network; run check-links without --offline\n"
    )


@pytest.mark.parametrize("option", ["--max-age=soon", "--workers=0", "--timeout=-1"])
def test_a_wrong_option_is_said(zoo, option):
    done = run(zoo, "check-links", option)
    assert done.returncode == 2
    assert "is not a" in done.stderr


def test_files_are_checked_and_kept(zoo, site):
    address, folder = site
    (folder / "net.params").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    weights = f"hashtag: aaaaaaaa\n    sha256: {digest}\n    weights: {address}/net.params"
    zoo.manifest(("hashtag: aaaaaaaa", weights))
    done = run(zoo, "check-files", "--keep", "kept")
    assert (done.returncode, done.stdout) == (0, "1 file: 1 ok, 0 broken, 0 unknown\n")
    assert (zoo.path / "kept" / "net.params").read_bytes() == b"weights"
    (folder / "net.params").write_bytes(b"Weights")
    done = run(zoo, "check-files", "--max-age", "0")
    assert done.returncode == 1
    assert (
        f"zoo.yaml:14:14: broken: net_a@aaaaaaaa weights: {address}/net.params: its SHA-256 is"
        in (done.stdout)
    )


def test_offline_checks_local_files_only(zoo):
    zoo.write("net.params", "weights")
    zoo.manifest(("hashtag: aaaaaaaa", "weights: net.params\n    size: 7"))
    assert run(zoo, "check-files", "--offline").returncode == 0
    zoo.manifest(("hashtag: aaaaaaaa", "weights: http://127.0.0.1:9/x.params"))
    done = run(zoo, "check-files", "--offline")
    assert done.returncode == 3
    assert "not fetched; check again without --offline" in done.stdout
