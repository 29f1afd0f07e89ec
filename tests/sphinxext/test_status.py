"""The standing of a number, in words and a shape."""

from __future__ import annotations

import pytest
from docutils import nodes

from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.sphinxext.table.pieces import piece_node
from sphinx_modelzoo.sphinxext.table.status import status_pieces

from .conftest import Project
from .receipts import verify

COUNTS = {"date": "2026-11-23", "n": 3783, "correct": 3155, "total": 3783}


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(StatusKind.VERIFIED, **COUNTS), "✓ verified 2026-11-23, 3155 of 3783"),
        (
            Status(StatusKind.VERIFIED, date="2026-11-23", n=633, correct=528, total=3783),
            "✓ verified 2026-11-23, 528 of 633 checked, of 3783",
        ),
        (
            Status(StatusKind.SPOT, date="2026-11-23", n=633, correct=528, total=3783),
            "◐ spot-checked 2026-11-23, 528 of 633 checked, of 3783",
        ),
        (Status(StatusKind.CLAIMED), "○ claimed"),
        (Status(StatusKind.STALE, **COUNTS, reason="why"), "△ stale: why"),
        (Status(StatusKind.STALE), "△ stale"),
        (
            Status(StatusKind.REFUTED, **COUNTS, reason="measured 81.2"),
            "✗ refuted 2026-11-23: measured 81.2",
        ),
        (
            Status(StatusKind.REFUTED, **COUNTS),
            "✗ refuted 2026-11-23: measured 3155 of 3783",
        ),
    ],
)
def test_a_status_reads_as_text(status: Status, text: str) -> None:
    pieces = status_pieces(status)
    assert "".join(piece.text for piece in pieces) == text
    assert pieces[0].classes == ("zoo-mark", f"zoo-{status.kind.value}")


@pytest.mark.parametrize("kind", StatusKind)
def test_in_latex_every_shape_is_a_formula(kind: StatusKind) -> None:
    mark, *rest = (piece_node(piece, "latex") for piece in status_pieces(Status(kind)))
    assert mark.next_node(nodes.math) is not None
    assert all(node.astext().isascii() for node in rest)


def statuses(project: Project, columns: str) -> list[str]:
    project.page(f".. zoo:table:: ucf101\n   :columns: {columns}\n\n.. zoo:papers::\n")
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    soup = build.soup()
    for end in soup.select("tbody br"):
        end.replace_with(" / ")
    return [row.select("td")[-1].get_text() for row in soup.select("tbody tr")]


def test_receipts_decide_what_the_page_says(project: Project) -> None:
    folder = project.root / "receipts"
    verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    verify(project.manifest, folder, "vgg16_ucf101@05e319d4", correct=3083)
    verify(project.manifest, folder, "inceptionv3_ucf101@13ef5c3b", correct=3000)
    project.edit("zoo.yaml", "top1: 81.5", "top1: 81.6")
    assert statuses(project, "name status") == [
        "✓ verified 2026-11-23, 3155 of 3783",
        "△ stale: the listed number changed from 81.5 to 81.6",
        "✗ refuted 2026-11-23: measured 79.30",
        "○ claimed",
    ]


def test_with_several_numbers_each_has_its_own_line(project: Project) -> None:
    project.edit("zoo.yaml", "top1: 83.4", "top1: 83.4\n    top5: 96.0")
    verify(project.manifest, project.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    verified = "✓ verified 2026-11-23, 3155 of 3783"
    assert statuses(project, "name status")[0] == f"Top-1: {verified} / Top-5: ○ claimed"
    assert statuses(project, "name top1 status")[0] == verified
    assert statuses(project, "name top5 status")[0] == "○ claimed"


def test_a_row_without_the_number_that_is_shown_has_no_status_of_another(project: Project) -> None:
    project.edit("zoo.yaml", "top1: 83.4", "top1: 83.4\n    top5: 96.0")
    verify(project.manifest, project.root / "receipts", "vgg16_ucf101@05e319d4", correct=3083)
    # A cell without a status has no paragraph, so that its row gives nothing.
    assert statuses(project, "name top5 status") == ["○ claimed", "", "", ""]
    assert statuses(project, "name top1 status")[1] == "✓ verified 2026-11-23, 3083 of 3783"


def test_rows_can_be_ordered_by_status(project: Project) -> None:
    folder = project.root / "receipts"
    verify(project.manifest, folder, "inceptionv3_ucf101@0c453da8", correct=3238)
    verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3000)
    project.page(
        ".. zoo:table:: ucf101\n   :columns: hashtag\n   :sort: status\n\n.. zoo:papers::\n"
    )
    build = project.build(suppress_warnings=["toc"])
    order = [cell.get_text() for cell in build.soup().select("tbody td")]
    assert order == ["0c453da8", "05e319d4", "13ef5c3b", "d6dc1bba"]
