"""``zoo_signature_keys``: only signed receipts make numbers verified."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.signing import read_signing_key, sign_receipt
from sphinx_modelzoo.receipts.store import read_receipt

from .conftest import Project
from .receipts import verify

KEYS = ["../zoo.pub"]


@pytest.fixture
def receipts(project: Project) -> tuple[Path, Path]:
    """Two numbers with receipts, of which the first is signed."""
    private, public = project.root / "zoo.pem", project.root / "zoo.pub"
    for words in (
        ["genpkey", "-algorithm", "ed25519", "-out", str(private)],
        ["pkey", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        subprocess.run(["openssl", *words], check=True, capture_output=True)
    folder = project.root / "receipts"
    first = verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    second = verify(project.manifest, folder, "vgg16_ucf101@05e319d4", correct=3083)
    sign_receipt(first, read_receipt(first), {}, read_signing_key(private))
    project.page(".. zoo:table:: ucf101\n   :columns: name status\n\n.. zoo:papers::\n")
    return first, second


def shown(project: Project, keys: list[str]) -> tuple[list[str], list[str], set[str]]:
    build = project.build(suppress_warnings=["toc"], zoo_signature_keys=keys)
    cells = [row.select("td")[-1].get_text() for row in build.soup().select("tbody tr")]
    return cells[:2], build.warnings, build.read


def test_an_unsigned_receipt_is_a_warning_and_verifies_nothing(
    project: Project, receipts: tuple[Path, Path]
) -> None:
    (first, second), (warning,), _ = shown(project, KEYS)
    assert first == "✓ verified 2026-11-23, 3155 of 3783"
    assert second == "○ claimed: the receipt is not signed"
    assert warning.startswith(f"{receipts[1]}:1: WARNING: the receipt is not signed; verify the ")
    assert warning.endswith("[zoo.receipt]")


def test_without_keys_no_signature_is_asked_for(
    project: Project, receipts: tuple[Path, Path]
) -> None:
    cells, warnings, _ = shown(project, [])
    assert all(cell.startswith("✓ verified") for cell in cells)
    assert (warnings, receipts[0].is_file()) == ([], True)


def test_a_signature_that_goes_is_seen_by_the_next_build(
    project: Project, receipts: tuple[Path, Path]
) -> None:
    receipts[1].unlink()
    (first, _), warnings, _ = shown(project, KEYS)
    assert (first[:10], warnings) == ("✓ verified", [])
    assert shown(project, KEYS)[2] == set()
    bundle_path(receipts[0]).unlink()
    (first, _), warnings, read = shown(project, KEYS)
    assert first == "○ claimed: the receipt is not signed"
    assert (len(warnings), read) == (1, {"index"})


@pytest.mark.usefixtures("receipts")
@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["../zoo.pem"], r"zoo_signature_keys: .*zoo\.pem: this is a private key"),
        (["nowhere"], "zoo_signature_keys: .*nowhere: the key cannot be read: no such file"),
        ([3], r"zoo_signature_keys is \[3\]; write a list of PEM files"),
    ],
)
def test_a_wrong_key_ends_the_build(project: Project, keys: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        project.build(zoo_signature_keys=keys)
