"""A scheduler that lets in only who has a certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from distributed.security import Security


@pytest.fixture
def tls(tmp_path: Path) -> str:
    """Make dask's configuration with certificates, and give its folder."""
    folder = tmp_path / "tls"
    folder.mkdir()
    made = Security.temporary()
    for name, text in (("cert", made.tls_ca_file), ("key", made.tls_client_key)):
        (folder / f"{name}.pem").write_text(str(text))
    pair = {"cert": f"{folder}/cert.pem", "key": f"{folder}/key.pem"}
    roles = dict.fromkeys(("scheduler", "worker", "client"), pair)
    comm = {"require-encryption": True, "tls": {"ca-file": pair["cert"], **roles}}
    (folder / "tls.yaml").write_text(json.dumps({"distributed": {"comm": comm}}))
    return str(folder)


def test_a_scheduler_with_tls_takes_who_has_a_certificate_alone(
    machines: Any, make_zoo: Callable[..., Any], tls: str
) -> None:
    zoo = make_zoo()
    machines.address = machines.address.replace("tcp", "tls")
    machines.scheduler(DASK_CONFIG=tls)
    machines.worker(DASK_CONFIG=tls)
    options = ("--cluster", machines.address, "--tier", "full", "--patience", "5s")
    done = zoo.run(*options, DASK_CONFIG=tls)
    assert done.returncode == 0, done.stderr
    assert "300 of 300  CONFIRMED" in done.stdout
    # Who has none, and does not say so, is not let in.
    plain = zoo.run("--cluster", machines.address.replace("tls", "tcp"), "--patience", "0.1s")
    assert plain.returncode == 3
    assert "who is there ends the connection, as one does of another protocol" in plain.stderr
    # Who has none is told before anything is sent; so is who forgets to use them.
    without = zoo.run(*options)
    assert without.returncode == 2
    what = "dask's configuration names no certificates on this machine; write"
    assert f"--cluster {machines.address}: {what}" in without.stderr
    plain = zoo.run("--cluster", machines.address.replace("tls", "tcp"), DASK_CONFIG=tls)
    assert plain.returncode == 2
    assert "requires encryption; write tls://HOST:PORT" in plain.stderr
    assert "Traceback" not in without.stderr + plain.stderr


def test_certificates_that_are_not_there_are_named(
    make_zoo: Callable[..., Any], tls: str, tmp_path: Path
) -> None:
    zoo = make_zoo()
    (Path(tls) / "key.pem").unlink()
    file = tmp_path / "scheduler.json"
    file.write_text('{"address": "tls://127.0.0.1:1"}')
    for address in ("tls://127.0.0.1:1", str(file)):
        done = zoo.run("--cluster", address, DASK_CONFIG=tls)
        assert done.returncode == 2
        what = f"cannot be used: there is no {tls}/key.pem; correct distributed.comm.tls in "
        assert (
            f"--cluster {address}: the certificates of dask's configuration {what}" in done.stderr
        )
    (Path(tls) / "key.pem").write_text("no key")
    done = zoo.run("--cluster", "tls://127.0.0.1:1", DASK_CONFIG=tls)
    assert done.returncode == 2
    assert "the certificates of dask's configuration cannot be used: " in done.stderr
