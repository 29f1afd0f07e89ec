"""``--sign`` and ``--check-signatures``: receipts that nobody else can have written."""

from __future__ import annotations

import gzip
import json
import subprocess

import pytest

WITH_FILES = (("hashtag: aaaaaaaa", "hashtag: aaaaaaaa\n    weights: net.params"),)


def make_keys(zoo, name="zoo"):
    private, public = zoo.path / f"{name}.pem", zoo.path / f"{name}.pub"
    for arguments in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture
def signed(zoo):
    make_keys(zoo)
    zoo.manifest(*WITH_FILES)
    zoo.write("net.params", "weights")
    done = zoo.run("--sign", "zoo.pem")
    assert done.returncode == 0, done.stderr
    return zoo


def test_signed_receipts_are_believed(signed):
    done = signed.run("status", "--check-signatures", "zoo.pub", "--require", "verified")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("verified") == 2
    again = signed.run("--check-signatures", "zoo.pub")
    assert (again.returncode, again.stdout) == (0, done.stdout)


def test_each_receipt_has_a_bundle_beside_it_which_reports_name(signed):
    done = signed.run("--sign", "zoo.pem", "--report", "json=-")
    first = json.loads(done.stdout)["numbers"][0]
    assert first["artefacts"] == [first["receipt"], f"{first['receipt']}.intoto.jsonl"]
    assert (signed.path / first["artefacts"][1]).is_file()


def test_an_unsigned_receipt_verifies_nothing_where_signatures_are_checked(signed):
    signed.run()  # without a key: the former signatures go with the former receipts
    assert "verified" in signed.run("status").stdout
    done = signed.run("--check-signatures", "zoo.pub")
    assert done.returncode == 3
    assert done.stdout.count("claimed: the receipt is not signed") == 2
    assert "clips.plain.top1.json: the receipt is not signed; verify the number" in done.stderr


def test_changed_weights_are_named(signed):
    signed.write("net.params", "other weights")
    done = signed.run("--check-signatures", "zoo.pub")
    assert done.returncode == 3
    assert "stale: the weights' file changed" in done.stdout
    assert "net.params: net.params is not the file that was signed with the receipt" in done.stderr


def test_a_changed_receipt_is_named(signed):
    path = signed.receipts[0]
    path.write_text(path.read_text().replace('"tool": "', '"tool": "my '))
    done = signed.run("--check-signatures", "zoo.pub")
    assert done.returncode == 3
    assert f"{path.relative_to(signed.path)}: the receipt was changed after it was" in done.stderr


def test_another_key_is_named(signed):
    make_keys(signed, "other")
    done = signed.run("--check-signatures", "other.pub")
    assert done.returncode == 3
    assert "the receipt is signed by another key than other.pub" in done.stderr
    assert (
        signed.run("--check-signatures", "other.pub", "--check-signatures", "zoo.pub").returncode
        == 0
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sign", "zoo.pub"), "zoo.pub: this is a public key, and a private key signs"),
        (("--sign", "nowhere"), "nowhere: the key cannot be read: no such file"),
        (("--check-signatures", "zoo.pem"), "zoo.pem: this is a private key, and signatures"),
        (
            ("--sign", "zoo.pem", "--check-signatures", "zoo.pub"),
            "--sign and --check-signatures were both given",
        ),
    ],
)
def test_a_wrong_key_is_a_wrong_call_before_anything_runs(signed, arguments, message):
    done = signed.run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_signature_that_cannot_be_written_is_no_success(signed):
    bundle = signed.receipts[0].with_name(f"{signed.receipts[0].name}.intoto.jsonl")
    bundle.unlink()
    bundle.mkdir()
    done = signed.run("--sign", "zoo.pem")
    assert done.returncode == 3
    assert "cannot be written: " in done.stderr


def test_recorded_evidence_is_signed_and_a_change_of_it_named(signed):
    assert signed.run("--record", "--sign", "zoo.pem").returncode == 0
    (evidence,) = (signed.path / "evidence").rglob("*.jsonl.gz")
    inside = evidence.relative_to(signed.path).as_posix()
    signed.manifest(*WITH_FILES, ("    top1: 75.0", f"    evidence: {inside}\n    top1: 75.0"))
    assert signed.run("--check-signatures", "zoo.pub").returncode == 0
    evidence.write_bytes(gzip.compress(gzip.decompress(evidence.read_bytes()) + b"x"))
    done = signed.run("--check-signatures", "zoo.pub")
    assert done.returncode == 3
    assert f"{inside} is not the file that was signed with the receipt" in done.stderr
