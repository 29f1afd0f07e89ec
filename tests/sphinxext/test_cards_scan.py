"""Finding ``zoo:cards`` in sources: where it is a directive, and nowhere else."""

from __future__ import annotations

from textwrap import dedent

import pytest

from sphinx_modelzoo.sphinxext.cards.scan import Found, scan_myst, scan_rest

REST = {
    "plain": (".. zoo:cards::", [Found()]),
    "argument": (".. zoo:cards:: ucf101", [Found("ucf101")]),
    "options": (
        ".. zoo:cards::\n   :folder: a b\n   :hidden:\n\n   :caption: not an option\n",
        [Found("", {"folder": "a b", "hidden": ""})],
    ),
    "within a note": (
        ".. note::\n\n   .. zoo:cards:: x\n      :folder: f\n",
        [Found("x", {"folder": "f"})],
    ),
    "two": (".. zoo:cards:: a\n.. zoo:cards:: b\n", [Found("a"), Found("b")]),
    "an option that is not its own": (".. zoo:cards::\n:folder: f\n", [Found()]),
    "code": (".. code-block:: rst\n\n   .. zoo:cards::\n\n.. zoo:cards:: x\n", [Found("x")]),
    "a literal block": ("Write::\n\n   .. zoo:cards::\n", []),
    "a comment": ("..\n   .. zoo:cards::\n\n.. Or:\n   .. zoo:cards::\n", []),
    "within a line": ("Write ``.. zoo:cards::`` here, .. zoo:cards::\n", []),
    "after a target": (".. _here:\n\n.. zoo:cards::\n", [Found()]),
    "another": (".. zoo:card:: x\n.. zoo:cardsx::\n", []),
}
MYST = {
    "plain": ("```{zoo:cards}\n```", [Found()]),
    "argument": ("```{zoo:cards} ucf101\n```", [Found("ucf101")]),
    "options": (
        "```{zoo:cards}\n:folder: a b\n:hidden:\n```",
        [Found("", {"folder": "a b", "hidden": ""})],
    ),
    "yaml": ('```{zoo:cards}\n---\nfolder: "f"\n---\n```', [Found("", {"folder": "f"})]),
    "colons": (":::{zoo:cards}\n:folder: f\n:::", [Found("", {"folder": "f"})]),
    "within others": (
        "::::{note}\n```{zoo:cards} a\n```\n::::\n~~~{zoo:cards} b\n~~~\n",
        [Found("a"), Found("b")],
    ),
    "eval-rst": (
        "```{eval-rst}\n.. zoo:cards:: x\n   :folder: f\n```",
        [Found("x", {"folder": "f"})],
    ),
    "code": ("````md\n```{zoo:cards}\n```\n````\n```{zoo:cards} x\n```\n", [Found("x")]),
    "a code block": ("````{code-block} md\n```{zoo:cards}\n```\n````\n", []),
    "code in rest": ("```rst\n.. zoo:cards::\n```\n", []),
    "a comment": ("<!-- no\n```{zoo:cards}\n```\n-->\n% ```{zoo:cards}\n", []),
    "an open end": ("```{zoo:cards}\n:folder: f", [Found("", {"folder": "f"})]),
    "a comment without end": ("<!-- no\n", []),
}


@pytest.mark.parametrize(("text", "found"), REST.values(), ids=REST)
def test_restructuredtext(text: str, found: list[Found]) -> None:
    assert list(scan_rest(dedent(text).splitlines())) == found


@pytest.mark.parametrize(("text", "found"), MYST.values(), ids=MYST)
def test_myst(text: str, found: list[Found]) -> None:
    assert list(scan_myst(dedent(text).splitlines())) == found
