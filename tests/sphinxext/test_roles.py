"""The roles ``greytag``, ``tsntag`` and ``zoo:tag``, in reStructuredText and MyST."""

from __future__ import annotations

import pytest
from docutils import nodes

from .conftest import CONF, Project

SOURCES = {
    "index.rst": ":greytag:`a` and :tsntag:`b` and :zoo:tag:`c <tsntag>`\n",
    "index.md": "{greytag}`a` and {tsntag}`b` and {zoo:tag}`c <tsntag>`\n",
    "index.rst with the seed's declarations": (
        ".. role:: greytag\n\n.. role:: tsntag\n\n"
        ":greytag:`a` and :tsntag:`b` and :zoo:tag:`c <tsntag>`\n"
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_tags_are_classes_and_texts_without_any_declaration(project: Project, source: str) -> None:
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    project.page(SOURCES[source], source.split(maxsplit=1)[0])
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    found = [(node.astext(), node["classes"]) for node in build.doctree().findall(nodes.inline)]
    assert found == [
        ("a", ["greytag"]),
        ("b", ["tsntag"]),
        (" (no TSN)", ["zoo-tag"]),
        ("c", ["tsntag"]),
        (" (no TSN)", ["zoo-tag"]),
    ]
    assert build.doctree().astext() == "a and b (no TSN) and c (no TSN)"


def test_a_declaration_of_a_page_does_not_reach_the_next(project: Project) -> None:
    project.page(SOURCES["index.rst with the seed's declarations"])
    project.page(":orphan:\n\n:tsntag:`b`\n", "later.rst")
    build = project.build(suppress_warnings=["toc"])
    assert build.doctree("later").astext() == "b (no TSN)"


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        (
            ":zoo:tag:`c <tsntg>`",
            "there is no tag 'tsntg'; write 'name <tag>'; did you mean 'tsntag'?",
        ),
        (":zoo:tag:`c`", "'c' has no tag; write 'name <tag>'; known: tsntag, greytag"),
    ],
)
def test_an_unknown_tag_is_a_warning(project: Project, markup: str, message: str) -> None:
    project.page(f"{markup}\n")
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == [f"{project.root}/docs/index.rst:1: WARNING: {message} [zoo.tag]"]
    assert build.doctree().astext() == "c"
