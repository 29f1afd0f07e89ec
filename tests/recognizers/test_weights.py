"""Finding weights: local files, and GluonCV's store on loopback."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError, UndecidedError

from .clips import NETWORK, quietly, uses_mxnet

pytestmark = [*uses_mxnet, pytest.mark.usefixtures("store")]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, counts the requests, and keeps silent."""

    requests: list[str]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.requests.append(self.path)
        super().do_GET()


class Store:
    """A store like GluonCV's, and a home for its local copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "served" / "gluon" / "models"
        self.folder.mkdir(parents=True)
        self.local = folder / "home" / "models"
        self.requests: list[str] = []

    def put(self, params: Path, hashtag: str = "", inside: str = "") -> str:
        tag = hashtag or params.stem.rpartition("-")[2]
        name = f"{NETWORK}-{tag}"
        with zipfile.ZipFile(self.folder / f"{name}.zip", "w") as archive:
            archive.write(params, inside or f"{name}.params")
        return tag


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    served = Store(tmp_path)
    handler = type("Handler", (Quiet,), {"requests": served.requests})
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(handler, directory=str(tmp_path / "served"))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("MXNET_GLUON_REPO", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("MXNET_HOME", str(tmp_path / "home"))
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def find(rooms, *, offline: bool = False, **wanted: str):
    return rooms.store.find_weights(rooms.weights.Wanted(NETWORK, **wanted), offline=offline)


def told(rooms, *, offline: bool = False, **wanted: str) -> str:
    with pytest.raises(UndecidedError) as caught:
        find(rooms, offline=offline, **wanted)
    return str(caught.value)


def sha1_of(path: Path) -> str:
    return hashlib.sha1(path.read_bytes()).hexdigest()  # noqa: S324 - GluonCV's names


def test_weights_are_fetched_by_hashtag_once_and_measured(rooms, store, weights_file):
    tag = store.put(weights_file)
    found = find(rooms, hashtag=tag)
    assert found.path == store.local / weights_file.name
    assert found.size == weights_file.stat().st_size
    assert found.sha1 == sha1_of(weights_file)
    assert found.sha256 == hashlib.sha256(weights_file.read_bytes()).hexdigest()
    assert store.requests == [f"/gluon/models/{NETWORK}-{tag}.zip"]
    assert find(rooms, hashtag=tag.upper(), offline=True) == found
    assert find(rooms, hashtag=found.sha1) == found
    assert len(store.requests) == 1
    assert not list(store.local.glob("*.zip"))


def test_weights_that_the_store_does_not_have_are_told_with_the_address(rooms):
    message = told(rooms, hashtag="0badcafe")
    assert f"the store has no {NETWORK}-0badcafe.zip" in message
    assert "127.0.0.1" in message


def test_fetched_weights_with_another_hash_are_told_with_both_and_not_kept(
    rooms, store, weights_file
):
    store.put(weights_file, hashtag="0badcafe")
    message = told(rooms, hashtag="0badcafe")
    assert "0badcafe was asked for" in message
    assert sha1_of(weights_file) in message
    assert not list(store.local.glob("*.params"))


def test_one_flipped_byte_is_found(rooms, store, weights_file, tmp_path):
    data = bytearray(weights_file.read_bytes())
    data[len(data) // 2] ^= 1
    broken = tmp_path / weights_file.name
    broken.write_bytes(data)
    tag = store.put(broken)
    assert f"{tag} was asked for, the file's SHA-1 is {sha1_of(broken)}" in told(rooms, hashtag=tag)


def test_what_is_no_zip_file_is_told_and_not_kept(rooms, store):
    (store.folder / f"{NETWORK}-0badcafe.zip").write_text("<html>moved</html>")
    assert "is not a zip file" in told(rooms, hashtag="0badcafe")
    assert not list(store.local.glob("*.zip"))


def test_a_zip_file_without_the_weights_is_told(rooms, store, weights_file):
    store.put(weights_file, hashtag="0badcafe", inside="other.params")
    message = told(rooms, hashtag="0badcafe")
    assert f"zip does not hold {NETWORK}-0badcafe.params" in message


def test_a_store_that_does_not_answer_is_told(rooms, monkeypatch):
    monkeypatch.setenv("MXNET_GLUON_REPO", "http://127.0.0.1:9")
    monkeypatch.setattr(rooms.store.time, "sleep", lambda _: None)
    assert "could not be fetched" in told(rooms, hashtag="0badcafe")


def test_offline_nothing_is_fetched_and_the_path_is_told(rooms, store, weights_file):
    tag = store.put(weights_file)
    message = told(rooms, hashtag=tag, offline=True)
    assert message.startswith(str(store.local / weights_file.name))
    assert "not in the local store" in message
    assert store.requests == []


def test_offline_a_local_copy_with_another_hash_is_told_and_kept(rooms, store):
    store.local.mkdir(parents=True)
    path = store.local / f"{NETWORK}-0badcafe.params"
    path.write_bytes(b"x")
    assert f"another hash, {sha1_of(path)}" in told(rooms, hashtag="0badcafe", offline=True)
    assert path.exists()


def test_a_damaged_local_copy_is_fetched_again(rooms, store, weights_file):
    tag = store.put(weights_file)
    store.local.mkdir(parents=True)
    (store.local / weights_file.name).write_bytes(b"x")
    assert find(rooms, hashtag=tag).sha1 == sha1_of(weights_file)


def test_gluoncvs_own_table_is_checked_beyond_the_eight_characters(
    rooms, store, weights_file, monkeypatch
):
    tag = store.put(weights_file)
    table = quietly("gluoncv.model_zoo.model_store")._model_sha1
    monkeypatch.setitem(table, NETWORK, tag + "0" * 32)
    message = told(rooms, hashtag=tag)
    assert f"GluonCV's table is {tag}{'0' * 32}" in message
    assert not list(store.local.glob("*.params"))


def test_without_a_hashtag_the_loaders_default_is_fetched(rooms, store, weights_file, monkeypatch):
    table = quietly("gluoncv.model_zoo.model_store")._model_sha1
    monkeypatch.setitem(table, NETWORK, sha1_of(weights_file))
    store.put(weights_file)
    assert find(rooms).sha1 == sha1_of(weights_file)


def test_without_hashtag_and_default_the_hashtag_is_asked_for(rooms, monkeypatch):
    monkeypatch.delitem(quietly("gluoncv.model_zoo.model_store")._model_sha1, NETWORK)
    assert "GluonCV has no default weights" in told(rooms)


def test_a_local_file_is_taken_with_the_right_hashes(rooms, weights_file):
    sha256 = hashlib.sha256(weights_file.read_bytes()).hexdigest()
    sha1 = sha1_of(weights_file)
    found = find(rooms, file=str(weights_file), hashtag=sha1[:8], sha1=sha1, sha256=sha256)
    assert found.path == weights_file


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ({"hashtag": "0badcafe"}, "the hashtag is 0badcafe"),
        ({"sha1": "0" * 40}, "the manifest's sha1 is 000"),
        ({"sha256": "0" * 64}, "the manifest's sha256 is 000"),
    ],
)
def test_a_local_file_with_another_hash_is_told_with_both(rooms, weights_file, wanted, what):
    message = told(rooms, file=str(weights_file), **wanted)
    assert "the weights have another hash" in message
    assert what in message
    assert weights_file.exists()


def test_a_local_file_that_is_not_there_is_told(rooms, tmp_path):
    message = told(rooms, file=str(tmp_path / "none.params"))
    assert "none.params: there is no such file of weights" in message


@pytest.mark.parametrize("hashtag", ["../../x", "xyz", "12", "g" * 8])
def test_what_is_no_hashtag_is_refused(rooms, hashtag):
    with pytest.raises(CallError, match="is no hashtag"):
        find(rooms, hashtag=hashtag)
