"""Signed receipts: who changes a receipt, a signature or a file it speaks of is found out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement as InTotoStatement

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import band, tolerance
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.claims import claim, observed
from sphinx_modelzoo.receipts.model import Receipt, StatusKind, Verdict
from sphinx_modelzoo.receipts.signing import (
    PublicKey,
    read_public_key,
    read_signing_key,
    sign_receipt,
    signature_fault,
)
from sphinx_modelzoo.receipts.statement import statement
from sphinx_modelzoo.receipts.status import number_key, statuses
from sphinx_modelzoo.receipts.store import write_receipt
from sphinx_modelzoo.receipts.trust import local_files, signed_files, trusted

MANIFEST = """\
zoo: 1
datasets:
  shapes: {samples: 4, classes: 2, list: list.txt}
protocols:
  p: {recognizer: any}
models:
  - {name: net, hashtag: ab12, weights: net.params, dataset: shapes, protocol: p, top1: 75,
     evidence: evidence.bin}
  - {name: other, dataset: shapes, protocol: p, top1: 50}
"""


@dataclass
class Keys:
    folder: Path

    def make(self, name: str, *options: str) -> tuple[Path, Path]:
        """Make a pair of keys with openssl, as the documentation says; give both files."""
        private, public = self.folder / f"{name}.pem", self.folder / f"{name}.pub"
        arguments = ["genpkey", *(options or ("-algorithm", "ed25519")), "-out", str(private)]
        openssl(*arguments)
        openssl("pkey", "-in", str(private), "-pubout", "-out", str(public))
        return private, public


def openssl(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, input=data)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
def zoo(tmp_path: Path) -> Zoo:
    (tmp_path / "zoo.yaml").write_text(MANIFEST)
    (tmp_path / "net.params").write_bytes(b"weights")
    (tmp_path / "evidence.bin").write_bytes(b"predictions")
    (tmp_path / "list.txt").write_text("a 1 0\nb 1 0\nc 1 1\nd 1 1\n")
    return read_zoo(tmp_path / "zoo.yaml")


def receipt_of(zoo: Zoo, row: int = 0, correct: int = 3) -> Receipt:
    (entry, result), metric = list(zoo.rows())[row], zoo.metrics["top1"]
    found = band(result.numbers["top1"], metric, 4, tolerance(metric, ""))
    return Receipt(
        number=number_key(entry, result, "top1"),
        listed=result.numbers["top1"].text,
        correct=correct,
        n=4,
        total=4,
        band=(found.low, found.high),
        verdict=Verdict.CONFIRMED if correct in found else Verdict.REFUTED,
        depends=claim(zoo, entry, result, metric) | observed(zoo, entry, result),
        predictions="0" * 64,
        started="2026-11-20T08:00:00Z",
        duration=1.5,
        tool="sphinx-modelzoo 0",
    )


def sign(zoo: Zoo, private: Path, row: int = 0, correct: int = 3) -> Path:
    receipt = receipt_of(zoo, row, correct)
    entry, result = list(zoo.rows())[row]
    path = write_receipt(zoo.root / "receipts", receipt)
    sign_receipt(
        path, receipt, signed_files(zoo, entry, result, receipt), read_signing_key(private)
    )
    return path


def fault(zoo: Zoo, path: Path, *public: Path) -> Problem | None:
    entry, result = next(zoo.rows())
    files = local_files(zoo, entry, result)
    return signature_fault(path, files, [read_public_key(each) for each in public])


KINDS = {
    "ed25519": ("-algorithm", "ed25519"),
    "ecdsa": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_receipt_is_as_it_was_signed(zoo: Zoo, keys: Keys, kind: str) -> None:
    private, public = keys.make("key", *KINDS[kind])
    _, further = keys.make("further")
    path = sign(zoo, private)
    assert bundle_path(path) == path.parent / "shapes.p.top1.json.intoto.jsonl"
    assert fault(zoo, path, public) is None
    assert fault(zoo, path, further, public) is None


def test_in_totos_own_library_knows_every_part_of_the_statement(zoo: Zoo) -> None:
    made = statement(receipt_of(zoo), {"a.json": "0" * 64})
    read = InTotoStatement.copy_from_pb(json_format.ParseDict(made, statement_pb2.Statement()))
    read.validate()
    json_format.ParseDict(made["predicate"], test_result_pb2.TestResult())
    predicate = made["predicate"]
    assert predicate["result"] == "PASSED"
    assert predicate["passedTests"] == ["net@ab12: top1 75 on shapes under p (full)"]
    assert predicate["configuration"][0]["annotations"]["claim.listed"] == "75"


def test_a_refuted_number_is_a_failed_test(zoo: Zoo) -> None:
    predicate = statement(receipt_of(zoo, correct=1), {})["predicate"]
    assert (predicate["result"], predicate["passedTests"]) == ("FAILED", [])
    assert predicate["failedTests"] == ["net@ab12: top1 75 on shapes under p (full)"]


def test_openssl_alone_can_check_the_envelope(zoo: Zoo, keys: Keys) -> None:
    """The envelope is DSSE's: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md."""
    private, public = keys.make("key")
    path = sign(zoo, private)
    envelope = json.loads(bundle_path(path).read_text())
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    (keys.folder / "signed").write_bytes(signed)
    (keys.folder / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    checked = openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin",
        "-in", str(keys.folder / "signed"), "-sigfile", str(keys.folder / "sig"),
    )  # fmt: skip
    assert b"Verified Successfully" in checked.stdout
    subjects = {each["name"]: each["digest"]["sha256"] for each in json.loads(payload)["subject"]}
    assert subjects == {
        "net@ab12/shapes.p.top1.json": hashlib.sha256(path.read_bytes()).hexdigest(),
        "net.params": hashlib.sha256(b"weights").hexdigest(),
        "evidence.bin": hashlib.sha256(b"predictions").hexdigest(),
    }


def test_an_envelope_with_another_tools_key_id_is_checked_by_its_signature(
    zoo: Zoo, keys: Keys
) -> None:
    private, public = keys.make("key")
    path = sign(zoo, private)
    envelope = json.loads(bundle_path(path).read_text())
    envelope["signatures"][0]["keyid"] = "release"
    lines = ["{}", "no json", json.dumps(envelope)]
    bundle_path(path).write_text("\n".join(lines))
    assert fault(zoo, path, public) is None


def change_receipt(path: Path) -> None:
    path.write_text(path.read_text().replace("2026-11-20", "2026-11-21"))


def change_payload(path: Path) -> None:
    bundle = bundle_path(path)
    envelope = json.loads(bundle.read_text())
    payload = base64.b64decode(envelope["payload"]).replace(b"PASSED", b"FAILED")
    bundle.write_text(json.dumps({**envelope, "payload": base64.b64encode(payload).decode()}))


def change_signature(path: Path) -> None:
    bundle = bundle_path(path)
    envelope = json.loads(bundle.read_text())
    sig = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
    sig[7] ^= 1
    envelope["signatures"][0]["sig"] = base64.b64encode(sig).decode()
    bundle.write_text(json.dumps(envelope))


def change_file(name: str) -> Callable[[Path], None]:
    return lambda path: (path.parents[2] / name).write_bytes(b"other") and None


TAMPERED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "receipt": (change_receipt, "top1.json", "the receipt was changed after it was signed"),
    "payload": (
        change_payload,
        ".intoto.jsonl",
        "the signature was changed, or what .* had signed",
    ),
    "signature": (change_signature, ".intoto.jsonl", "the signature was changed, or what"),
    "weights": (change_file("net.params"), "net.params", "net.params is not the file that was sig"),
    "evidence": (change_file("evidence.bin"), "evidence.bin", "evidence.bin is not the file that"),
    "unsigned": (lambda path: bundle_path(path).unlink(), "top1.json", "the receipt is not signed"),
    "empty": (lambda path: bundle_path(path).write_text(""), ".jsonl", "no signature in this file"),
    "folder": (
        lambda path: (bundle_path(path).unlink(), bundle_path(path).mkdir()),
        ".jsonl",
        "the signature cannot be read: is a directory",
    ),
    "deep": (lambda path: bundle_path(path).write_text("[" * 100_000), ".jsonl", "no signature in"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_tampered_with_is_named(zoo: Zoo, keys: Keys, name: str) -> None:
    private, public = keys.make("key")
    path = sign(zoo, private)
    tamper, place, message = TAMPERED[name]
    tamper(path)
    found = fault(zoo, path, public)
    assert found is not None
    assert found.place.endswith(place)
    assert re.search(message, found.what), found


def test_a_signature_by_another_key_is_named(zoo: Zoo, keys: Keys) -> None:
    private, _ = keys.make("theirs")
    _, public = keys.make("ours")
    found = fault(zoo, sign(zoo, private), public)
    assert found is not None
    assert found.what == f"the receipt is signed by another key than {public}"


def test_a_signature_that_belongs_to_another_receipt_is_named(zoo: Zoo, keys: Keys) -> None:
    private, public = keys.make("key")
    path, other = sign(zoo, private), sign(zoo, private, row=1, correct=2)
    shutil.copy(bundle_path(other), bundle_path(path))
    found = fault(zoo, path, public)
    assert found is not None
    assert found.what == (
        "the signature belongs to another receipt, that of other: top1 50 on shapes under p (full)"
    )


def test_a_new_receipt_takes_the_former_ones_signature_away(zoo: Zoo, keys: Keys) -> None:
    private, public = keys.make("key")
    path = sign(zoo, private)
    write_receipt(zoo.root / "receipts", replace(receipt_of(zoo), started="2026-11-22T08:00:00Z"))
    found = fault(zoo, path, public)
    assert found is not None
    assert found.what == "the receipt is not signed"


def test_a_number_counts_as_verified_only_by_a_signed_receipt(zoo: Zoo, keys: Keys) -> None:
    private, public = keys.make("key")
    path = sign(zoo, private)
    write_receipt(zoo.root / "receipts", receipt_of(zoo, row=1, correct=2))
    found = statuses(zoo, [zoo.root / "receipts"])
    assert [status.kind for status in found.values()] == [StatusKind.VERIFIED] * 2
    checked, faults = trusted(zoo, found, [read_public_key(public)])
    first, second = checked.values()
    assert (first.kind, first.receipt) == (StatusKind.VERIFIED, path)
    assert (second.kind, second.reason) == (StatusKind.CLAIMED, "the receipt is not signed")
    assert [fault.place for fault in faults] == [
        str(zoo.root / "receipts" / "other" / "shapes.p.top1.json")
    ]


def test_a_stale_number_stays_so_and_says_both(zoo: Zoo, keys: Keys) -> None:
    private, public = keys.make("key")
    sign(zoo, private)
    (zoo.root / "net.params").write_bytes(b"other")
    checked, _ = trusted(zoo, statuses(zoo, [zoo.root / "receipts"]), [read_public_key(public)])
    status = next(iter(checked.values()))
    assert status.kind is StatusKind.STALE
    assert "the weights' file changed from" in status.reason
    assert "net.params is not the file that was signed" in status.reason


def test_weights_that_are_elsewhere_are_signed_by_the_name_they_were_loaded_from(
    zoo: Zoo,
) -> None:
    entry, result = next(zoo.rows())
    (zoo.root / "net.params").unlink()
    receipt = replace(
        receipt_of(zoo),
        depends={**receipt_of(zoo).depends, "weights.sha256": "e" * 64},
        weights={"file": "net-ab12.params"},
    )
    assert signed_files(zoo, entry, result, receipt)["net-ab12.params"] == "e" * 64


def test_evidence_that_came_later_is_nothing_that_was_signed(zoo: Zoo, keys: Keys) -> None:
    private, public = keys.make("key")
    (zoo.root / "evidence.bin").unlink()
    path = sign(zoo, private)
    (zoo.root / "evidence.bin").write_bytes(b"later")
    assert fault(zoo, path, public) is None


WRONG_KEYS: dict[str, tuple[bytes, str]] = {
    "text": (b"hello", "this is not a private key that can sign"),
    "public": (b"", "this is a public key, and a private key signs"),
    "locked": (b"", "the key is locked with a password; unlock it for the call: --sign <"),
}


@pytest.mark.parametrize("name", WRONG_KEYS)
def test_a_file_that_is_no_private_key_is_a_wrong_call(keys: Keys, name: str) -> None:
    private, public = keys.make("key")
    path = keys.folder / "wrong"
    data, message = WRONG_KEYS[name]
    path.write_bytes(data)
    if name == "public":
        shutil.copy(public, path)
    if name == "locked":
        locked = ["-aes256", "-passout", "pass:secret", "-out", str(path)]
        openssl("pkey", "-in", str(private), *locked)
    with pytest.raises(CallError, match=message):
        read_signing_key(path)


def test_a_file_that_is_no_public_key_is_a_wrong_call(keys: Keys) -> None:
    private, _ = keys.make("key")
    with pytest.raises(CallError, match="this is a private key, and signatures are checked with"):
        read_public_key(private)
    with pytest.raises(CallError, match=r"nowhere\.pem: the key cannot be read: no such file"):
        read_public_key(keys.folder / "nowhere.pem")


def test_a_kind_of_key_that_cannot_sign_is_a_wrong_call(keys: Keys) -> None:
    private, public = keys.make("key", "-algorithm", "x25519")
    with pytest.raises(CallError, match="this is not a private key that can sign"):
        read_signing_key(private)
    with pytest.raises(CallError, match="this is not a public key that can check"):
        read_public_key(public)


def test_a_signature_that_cannot_be_written_is_an_error(zoo: Zoo, keys: Keys) -> None:
    private, _ = keys.make("key")
    receipt = receipt_of(zoo)
    path = write_receipt(zoo.root / "receipts", receipt)
    bundle_path(path).mkdir()
    with pytest.raises(UndecidedError, match="the signature cannot be written: Is a directory"):
        sign_receipt(path, receipt, {}, read_signing_key(private))


def test_without_the_library_the_message_says_what_to_install(tmp_path: Path, keys: Keys) -> None:
    _, public = keys.make("key")
    (tmp_path / "securesystemslib.py").write_text("raise ImportError('not here')\n")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from pathlib import Path\n"
        "from sphinx_modelzoo.receipts.signing import read_public_key\n"
        f"read_public_key(Path({str(public)!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert "signatures need the package securesystemslib; pip install" in done.stderr


def test_a_key_knows_its_file(keys: Keys) -> None:
    _, public = keys.make("key")
    assert isinstance(read_public_key(public), PublicKey)
    assert read_public_key(public).path == public
