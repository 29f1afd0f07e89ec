"""The canonical style: only blanks change, the meaning never, and a second time nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.editing.document import open_document
from sphinx_modelzoo.editing.style import format_zoo, formatted
from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.reader import read_zoo

SEED = Path(__file__).parents[2] / "zoo.yaml"


def styled(text: str) -> str:
    after = formatted(open_document(Path("zoo.yaml"), text.encode()))
    again = formatted(open_document(Path("zoo.yaml"), after))
    assert again == after
    return after.decode()


def test_the_seed_zoo_is_in_the_canonical_style() -> None:
    assert format_zoo(read_zoo(SEED)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1  \n\n\n\nb: 2\t\n\n\n", "a: 1\n\nb: 2\n"),
        ("\n\na: 1", "a: 1\n"),
        ("a:\n    b:\n       c: 1\n    # d\n    d: 2\n", "a:\n  b:\n    c: 1\n  # d\n  d: 2\n"),
        ("a:\n- b\n-   c\n", "a:\n  - b\n  - c\n"),
        ("a:\n- - b\n  -  c\n", "a:\n  - - b\n    - c\n"),
        ("a: &x 1\nb:\n- *x\n-  y\n- *x\n", "a: &x 1\nb:\n  - *x\n  - y\n  - *x\n"),
        ("a:\n    b: |\n        x  \n\n\n         y\n", "a:\n  b: |\n      x  \n\n\n       y\n"),
        ("a:\n    b: |+\n      x\n\n\n    c: d\n", "a:\n  b: |+\n    x\n\n\n  c: d\n"),
        ("a:\n    b: |2\n        x\n", "a:\n  b: |2\n      x\n"),
        ("a:\n    b: 'x  \n\n\n      y'   # c  \n", "a:\n  b: 'x  \n\n\n    y'   # c\n"),
        ("a:\n    b: {c: d,\n      e: f}  \n", "a:\n  b: {c: d,\n    e: f}\n"),
        (
            "models:\n- a: 1\n  b: 2\n# c\n- a: 1\n# end\n",
            "models:\n  - a: 1\n    b: 2\n\n  # c\n  - a: 1\n# end\n",
        ),
        ("models:\n  - {a: 1}\n  - {a: 2}\n", "models:\n  - {a: 1}\n  - {a: 2}\n"),
        (
            "models:\n-\n  a: 1\n  b: 1\n-\n  a: 2\n",
            "models:\n  -\n    a: 1\n    b: 1\n\n  -\n    a: 2\n",
        ),
        ("a: 1\r\n\r\n\r\nb:\r\n    c: 2", "a: 1\r\n\r\nb:\r\n  c: 2\r\n"),
        ("--- # x\na: 1\n", "--- # x\na: 1\n"),
        ("# only a comment\n", "# only a comment\n"),
        ('{"a": 1,\n   "b": 2}', '{"a": 1,\n   "b": 2}\n'),
    ],
)
def test_the_style(before: str, after: str) -> None:
    assert styled(before) == after


def test_a_byte_order_mark_stays() -> None:
    data = b"\xef\xbb\xbfa:  1  \n"
    assert formatted(open_document(Path("x"), data)) == b"\xef\xbb\xbfa:  1\n"


def test_a_way_of_writing_that_is_not_known_is_said_with_its_place() -> None:
    with pytest.raises(CallError, match=r"zoo.yaml:1:3: fmt does not know this way of writing"):
        styled("? a\n: 1\n")


def test_included_files_are_formatted_with_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("models:\n- name: b  \n")
    (tmp_path / "zoo.yaml").write_text("zoo: 1\ninclude: part.yaml\n")
    (change,) = format_zoo(read_zoo(tmp_path / "zoo.yaml"))
    assert (change.path.name, change.after) == ("part.yaml", b"models:\n  - name: b\n")


_DASHES = re.compile(r"(?:- *)+")


def words(text: str) -> list[str]:
    """Give the lines without blanks at their ends and after dashes, and without blank lines."""
    lines = []
    for line in text.splitlines():
        dashes = _DASHES.match(line.strip())
        rest = line.strip()[dashes.end() if dashes else 0 :]
        lines.append("- " * (dashes[0].count("-") if dashes else 0) + rest)
    return [line for line in lines if line]


def reindented(text: str, step: int, dash: int) -> str:
    """Indent the seed zoo in another way: steps, and lists at their key's own indentation."""
    lines = []
    for line in text.splitlines(keepends=True):
        level, rest = divmod(len(line) - len(line.lstrip(" ")), 2)
        assert not rest
        body = line.lstrip(" ")
        if body.startswith("- "):
            body = "-" + " " * (step - 1) + body[2:]
        lines.append(" " * max(0, level * step - (dash if level else 0)) + body)
    return "".join(lines)


@given(data=st.data(), step=st.integers(2, 7), blanks=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_formatting_keeps_the_meaning_and_every_word(
    tmp_path: Path, data: st.DataObject, step: int, blanks: list[int]
) -> None:
    text = reindented(SEED.read_text(encoding="utf-8"), step, 0)
    lines = text.splitlines(keepends=True)
    for place in blanks:
        extra = data.draw(st.sampled_from(["\n", "   \n", "# comment  \n", "      # deep\n"]))
        lines.insert(place % (len(lines) + 1), extra)
    text = "".join(lines).replace("\n", data.draw(st.sampled_from(["\n", "\r\n"])))
    path = tmp_path / "zoo.yaml"
    path.write_bytes(text.encode())
    before = read_zoo(path)
    for change in format_zoo(before):
        assert words(change.after.decode()) == words(text)
        path.write_bytes(change.after)
    after = read_zoo(path)
    assert facts(after) == facts(before)
    assert format_zoo(after) == []
