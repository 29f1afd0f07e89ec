"""Whatever a manifest looks like: an edit reads back as wanted, or is refused in words."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.editing.entries import add_entry
from sphinx_modelzoo.editing.fields import set_fields
from sphinx_modelzoo.editing.style import format_zoo
from sphinx_modelzoo.errors import ManifestError, ModelZooError
from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.reader import read_zoo

SEED = (Path(__file__).parents[2] / "zoo.yaml").read_text(encoding="utf-8")
PIECES = [
    "&x ",
    "*x",
    "- ",
    "  ",
    "\t",
    "# c",
    "|\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "'",
    '"',
    "\r",
]
PIECES += [
    "\u2028",
    "\x85",
    "? ",
    "!!str ",
    "<<: ",
    "---\n",
    "\n\n",
    "null",
    "~",
    "é",
    "\U0001f600",
]


def damaged(data: st.DataObject) -> str:
    text = SEED
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(text)))
        end = position + data.draw(st.integers(0, 2))
        piece = data.draw(st.sampled_from(["", *PIECES]))
        text = text[:position] + piece + text[end:]
    return text


@given(data=st.data())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_a_damaged_manifest_is_edited_rightly_or_not_at_all(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(damaged(data).encode())
    try:
        zoo = read_zoo(path)
    except ManifestError:
        assume(False)  # noqa: FBT003
    before = path.read_bytes()
    try:
        for change in format_zoo(zoo):
            path.write_bytes(change.after)
        after = read_zoo(path)
        assert facts(after) == facts(zoo)
        assert format_zoo(after) == []
    except ModelZooError as error:
        assert error.problems
    path.write_bytes(before)
    for entry in zoo.entries[:2]:
        try:
            path.write_bytes(set_fields(zoo, entry.key, {"note": "x: y"}).after)
        except ModelZooError as error:
            assert error.problems
        else:
            notes = [new.note for new in read_zoo(path).entries if new.key == entry.key]
            assert notes == ["x: y"]
        path.write_bytes(before)
    try:
        (change,) = add_entry(zoo, {"name": "new", "note": "q"})
    except ModelZooError as error:
        assert error.problems
    else:
        path.write_bytes(change.after)
        assert len(read_zoo(path).entries) == len(zoo.entries) + 1
