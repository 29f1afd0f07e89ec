from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.verify.cluster.address import Kind, endpoint, kind_of, scheduler_in


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("tcp://10.0.0.7:8786", Kind.SCHEDULER),
        ("tls://head:8786", Kind.SCHEDULER),
        ("tcp://[::1]:8786", Kind.SCHEDULER),
        ("head.example.org:8786", Kind.SCHEDULER),
        ("/shared/scheduler.json", Kind.FILE),
        ("scheduler.json", Kind.FILE),
        ("~/scheduler", Kind.FILE),
        ("slurm", Kind.QUEUE),
        ("pbs", Kind.QUEUE),
        ("slurm-gpu", Kind.QUEUE),
    ],
)
def test_addresses_are_told_apart(address: str, kind: Kind) -> None:
    assert kind_of(address) is kind


@pytest.mark.parametrize(
    "address",
    [
        *("", "head", "slurmy", "http://head:8786", "tcp://head", "tcp://", "head:port", "a b"),
        *("head:65536", "tcp://head:99999", "tcp://a/b:1", "://head:1"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(CallError, match=r"this is no cluster's address; write tcp://HOST:PORT"):
        kind_of(address)


def test_host_and_port_are_read() -> None:
    assert endpoint("tcp://10.0.0.7:8786") == ("10.0.0.7", 8786)
    assert endpoint("head:1") == ("head", 1)
    assert endpoint("tls://[::1]:8786") == ("::1", 8786)


def test_a_scheduler_file_may_come_late(tmp_path: Path) -> None:
    path = tmp_path / "scheduler.json"
    assert scheduler_in(path) == ""
    path.write_text("")
    assert scheduler_in(path) == ""
    path.write_text('{"address": "tcp://10.0.0.7:8786"}')
    assert scheduler_in(path) == "tcp://10.0.0.7:8786"


@pytest.mark.parametrize("text", ["{}", "[]", "tcp://10.0.0.7:8786", '{"address": "tcp://h"}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scheduler.json"
    path.write_text(text)
    with pytest.raises(CallError, match="this is no scheduler file"):
        scheduler_in(path)
