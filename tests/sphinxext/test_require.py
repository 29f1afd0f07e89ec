"""``zoo_require``: every number that is less than asked for is a warning, on every build."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sphinx_modelzoo.receipts.rule import NOT_HIGHER, NOT_LOWER
from sphinx_modelzoo.receipts.store import read_receipt, write_receipt

from .conftest import CONF, Project
from .receipts import verify

ENTRIES = {
    "vgg16_ucf101@d6dc1bba": 3155,
    "vgg16_ucf101@05e319d4": 3083,
    "inceptionv3_ucf101@13ef5c3b": 3333,
    "inceptionv3_ucf101@0c453da8": 3238,
}


@pytest.fixture
def release(project: Project) -> Project:
    """A project that shows some numbers and asks that all be verified."""
    project.write("docs/conf.py", f'{CONF}zoo_require = "verified"\n')
    project.page("Zoo\n===\n\n:zoo:value:`vgg16_ucf101 top1`\n")
    return project


def place(project: Project, text: str) -> str:
    """Give where the number behind a text stands."""
    lines = project.manifest.read_text(encoding="utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, 1) if text in line)
    return f"{project.manifest}:{line}:{lines[line - 1].index(text) + 1 + len('top1: ')}"


def test_each_number_is_warned_of_at_its_place_on_every_build(release: Project) -> None:
    verify(release.manifest, release.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    verify(release.manifest, release.root / "receipts", "vgg16_ucf101@05e319d4", correct=3000)
    for read in ({"index"}, set()):
        build = release.build()
        assert build.read == read
        assert len(build.warnings) == 3
        assert build.warnings[0] == (
            f"{place(release, 'top1: 81.5')}: WARNING: top1 of 'vgg16_ucf101@05e319d4' on ucf101 "
            "under tsn-224 is not verified but refuted 2026-11-23: measured 79.30; "
            "run 'verify-zoo --model vgg16_ucf101@05e319d4' [zoo.require]"
        )
        assert build.warnings[1].startswith(f"{place(release, 'top1: 88.1')}: WARNING: top1 of ")
        assert "is not verified but claimed; run" in build.warnings[1]


def test_a_release_with_every_number_verified_is_clean_until_one_goes_stale(
    release: Project,
) -> None:
    for key, correct in ENTRIES.items():
        verify(release.manifest, release.root / "receipts", key, correct=correct)
    assert release.build().warnings == []
    release.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    warnings = release.build().warnings
    assert len(warnings) == 1
    assert "stale: the listed number changed from 83.4 to 83.5" in warnings[0]


def test_a_spot_check_is_enough_where_it_is_asked_for_and_not_for_verified(
    release: Project,
) -> None:
    folder = release.root / "receipts"
    for key, correct in ENTRIES.items():
        path = verify(release.manifest, folder, key, correct=correct)
    full = read_receipt(path)
    path.unlink()
    sides = {NOT_LOWER: "100", NOT_HIGHER: "100"}
    write_receipt(
        folder, replace(full, tier="spot", n=600, correct=514, alpha=0.05, e_values=sides)
    )
    warnings = release.build().warnings
    assert len(warnings) == 1
    assert "not verified but spot-checked 2026-11-23, 514 of 600" in warnings[0]
    assert release.build(zoo_require="spot-checked").warnings == []


def test_a_metric_that_is_not_counted_cannot_be_required(release: Project) -> None:
    release.edit("zoo.yaml", "metrics:\n", "metrics:\n  speed: {title: Speed, unit: clips/s}\n")
    release.edit("zoo.yaml", "top1: 83.4", "speed: 12\n    top1: 83.4")
    for key, correct in ENTRIES.items():
        verify(release.manifest, release.root / "receipts", key, correct=correct)
    assert release.build().warnings == []


def test_a_manifest_that_no_page_uses_is_not_asked(release: Project) -> None:
    release.page("Zoo\n===\n\nNo zoo here.\n")
    assert release.build().warnings == []


def test_a_warning_stops_a_strict_build_and_can_be_silenced(release: Project) -> None:
    assert len(release.build().warnings) == 4
    assert release.build(suppress_warnings=["zoo.require"]).warnings == []


def test_asking_for_it_reads_no_page_again(project: Project) -> None:
    project.page(":orphan:\n\n:zoo:value:`vgg16_ucf101 top1`\n")
    assert project.build().warnings == []
    build = project.build(zoo_require="spot-checked")
    assert build.read == set()
    assert all("is not spot-checked but claimed" in line for line in build.warnings)
