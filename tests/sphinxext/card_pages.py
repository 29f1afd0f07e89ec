"""A page that asks for cards, and what the cards are as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Project

PAGE = """
    Models
    ======

    .. zoo:table:: ucf101
       :columns: name top1

    .. zoo:papers::

    .. zoo:cards::
"""
VGG, INCEPTION = "models/vgg16_ucf101", "models/inceptionv3_ucf101"


def sources(project: Project) -> dict[str, str]:
    folder = project.root / "docs"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("**/models/**/*"))
        if path.is_file()
    }
