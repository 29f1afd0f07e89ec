"""What each misbehaviour of a server means for a link."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.network.cache import Journal
from sphinx_modelzoo.network.links import Patience
from sphinx_modelzoo.network.model import Finding
from sphinx_modelzoo.network.schedule import Limits
from sphinx_modelzoo.network.survey import LinkCheck

Server = tuple[str, Any]


def look(folder: Path, *addresses: str, **limits: float) -> list[Finding]:
    lines = "".join(f"  p{i}: {{title: P, url: '{url}'}}\n" for i, url in enumerate(addresses))
    path = folder / "zoo.yaml"
    path.write_text(f"zoo: 1\npapers:\n{lines}")
    journal = Journal(folder / "cache" / "links.jsonl", 3600)
    journal.load()
    bounds: Any = {"workers": 4, "per_host": 4, "silence": 2.0, **limits}
    check = LinkCheck(journal, Patience(3, 5), Limits(**bounds), 0.5)
    found = {finding.target: finding for finding in check.run(read_zoo(path))}
    return [found[address] for address in addresses]


@pytest.mark.parametrize(
    ("path", "state", "what"),
    [
        ("/ok", "ok", "200 OK"),
        ("/nothing", "broken", "404 Not Found"),
        ("/gone", "broken", "410 Gone"),
        ("/forbidden", "unknown", "answers 403 Forbidden"),
        ("/fails", "unknown", "answers 500 Internal Server Error"),
        ("/recovers", "ok", "200 OK"),
        ("/no-head", "ok", "200 OK"),
        ("/drops-head", "ok", "200 OK"),
        ("/drops", "unknown", "no answer: remotedisconnected"),
        ("/silent", "unknown", "the server does not answer in time"),
        ("/drips", "unknown", "the server does not answer in time"),
        ("/busy", "ok", "200 OK"),
        ("/busy-date", "ok", "200 OK"),
        ("/always-busy", "unknown", "answers 429 Too Many Requests"),
        ("/busy-for-hours", "unknown", "429 Too Many Requests, and asks to wait 7200 seconds"),
        ("/circle", "broken", "redirects in a circle"),
        ("/endless", "broken", "redirects more than 10 times"),
        ("/moved", "ok", "moved for good to http://127.0.0.1"),
        ("/away", "broken", "redirects to 'ftp://example.org/x', which is no web address"),
        ("/cookie", "ok", "200 OK"),
        ("/page/train.log", "unknown", "answers with a web page, not with a .log file"),
        ("/page/blob/train.log", "ok", "200 OK"),
        ("/page/paper", "ok", "200 OK"),
    ],
)
def test_what_an_answer_means(
    tmp_path: Path, server: Server, path: str, state: str, what: str
) -> None:
    (finding,) = look(tmp_path, server[0] + path)
    assert finding.outcome.state.value == state
    assert what.lower() in finding.outcome.what.lower()


@pytest.mark.parametrize(("path", "least"), [("/busy", 1.0), ("/busy-date", 0.9)])
def test_a_server_gets_the_pause_that_it_asks_for(
    tmp_path: Path, server: Server, path: str, least: float
) -> None:
    address, log = server
    look(tmp_path, address + path)
    first, second = log.times(path)[:2]
    assert second - first >= least


def test_a_pause_is_kept_by_all_looks_at_the_host_and_by_no_other(
    tmp_path: Path, server: Server
) -> None:
    address, log = server
    other = address.replace("127.0.0.1", "localhost")
    addresses = [f"{address}/busy", *(f"{address}/ok/{i}" for i in range(6)), f"{other}/ok/other"]
    findings = look(tmp_path, *addresses, per_host=1)
    assert {finding.outcome.state.value for finding in findings} == {"ok"}
    (busy, *_) = log.times("/busy")
    later = [log.times(f"/ok/{i}")[0] for i in range(6)]
    assert all(when < busy or when - busy >= 1.0 for when in later)
    assert log.times("/ok/other")[0] - busy < 0.9


def test_no_host_gets_more_looks_at_once_than_its_limit(tmp_path: Path, server: Server) -> None:
    address, log = server
    addresses = [f"{address}/slowish/{i}" for i in range(12)]
    findings = look(tmp_path, *addresses, workers=8, per_host=3)
    assert all(finding.outcome.state.value == "ok" for finding in findings)
    assert log.most <= 3
    assert log.most > 1


def test_a_host_that_does_not_exist_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_host(host: str, *_: object, **__: object) -> list[str]:
        if host == "example.org":
            return ["an address"]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_host)
    (finding,) = look(tmp_path, "http://nosuch.example.org/x")
    assert finding.outcome.state.value == "broken"
    assert finding.outcome.what == "there is no host nosuch.example.org"


def test_without_a_network_no_host_is_called_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    found, reserved = look(tmp_path, "http://www.example.org/x", "http://host.invalid/x")
    assert found.outcome.state.value == "unknown"
    assert found.outcome.what == "no host's name can be looked up"
    assert reserved.outcome.state.value == "broken"


def test_a_name_that_cannot_be_looked_up_now_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", busy)
    (finding,) = look(tmp_path, "http://www.example.org/x")
    assert finding.outcome.state.value == "unknown"


def test_a_port_that_nobody_listens_on_is_unknown(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (finding,) = look(tmp_path, f"http://127.0.0.1:{port}/x")
    assert finding.outcome.state.value == "unknown"
    assert "connection refused" in finding.outcome.what


def test_what_was_found_is_asked_once_and_what_was_not_again(
    tmp_path: Path, server: Server
) -> None:
    address, log = server
    addresses = [f"{address}/ok", f"{address}/gone", f"{address}/forbidden"]
    look(tmp_path, *addresses)
    before = dict(log.counts)
    findings = look(tmp_path, *addresses)
    assert [finding.cached for finding in findings] == [True, True, False]
    assert [finding.outcome.state.value for finding in findings] == ["ok", "broken", "unknown"]
    assert (log.counts["/ok"], log.counts["/gone"]) == (before["/ok"], before["/gone"])
    assert log.counts["/forbidden"] > before["/forbidden"]


def test_no_password_is_sent(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, log = server
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    look(tmp_path, f"{address}/ok", address.replace("//", "//me:secret@") + "/ok/2")
    assert len(log.requests) == 2
    assert not any("Authorization" in headers for headers in log.headers)


def test_a_look_that_never_ends_holds_up_no_other(tmp_path: Path, server: Server) -> None:
    address, _ = server
    began = time.monotonic()
    addresses = [f"{address}/drips/{i}" for i in range(4)]
    findings = look(tmp_path, *addresses, f"{address}/ok", silence=0.8)
    assert [finding.outcome.state.value for finding in findings] == ["unknown"] * 4 + ["ok"]
    assert time.monotonic() - began < 5
