from __future__ import annotations

import json

from sphinx_modelzoo.compare.model import Change, Kind
from sphinx_modelzoo.compare.report import json_report, markdown_report, text_report
from sphinx_modelzoo.manifest.model import Place

PLACE = Place("zoo.yaml", 3, 5)
CHANGES = [
    Change(Kind.ADDED, "new@aaaaaaaa", PLACE),
    Change(Kind.RENAMED, "b@bbbbbbbb", PLACE, former="a@bbbbbbbb", old="a", new="b"),
    Change(
        Kind.REMEASURED,
        "c|d@cccccccc",
        PLACE,
        dataset="ucf101",
        protocol="tsn",
        metric="top1",
        old="83.4",
        new="84.0",
        because=("data set ucf101 changed",),
        silent="the number changed",
    ),
    Change(Kind.CHANGED, "e", PLACE, field="note", old="", new="with `code`"),
]


def test_text_marks_what_was_silent() -> None:
    assert text_report(CHANGES, "v1", "v2") == (
        "Added:\n"
        "  new@aaaaaaaa\n"
        "Renamed:\n"
        "  a@bbbbbbbb is now b@bbbbbbbb\n"
        "Re-measured:\n"
        "! c|d@cccccccc top1 on ucf101 under tsn: 83.4 became 84.0 (data set ucf101 changed); "
        "the number changed\n"
        "Other changes:\n"
        "  e note: with `code` is new"
    )


def test_markdown_keeps_names_as_code_and_tables_whole() -> None:
    text = markdown_report(CHANGES, "v1", "v2")
    assert "### Added\n\n- `new@aaaaaaaa`\n" in text
    (row,) = (line for line in text.splitlines() if "83.4" in line)
    assert row.startswith(
        "| `c\\|d@cccccccc` | `ucf101` under `tsn` | `top1` | 83.4 | 84.0 | **the"
    )
    assert "- `e` `note`: `` with `code` `` is new" in text


def test_json_gives_each_change_with_its_place() -> None:
    whole = json.loads(json_report(CHANGES, "v1", "v2"))
    assert (whole["old"], whole["new"], whole["silent"]) == ("v1", "v2", 1)
    number = whole["changes"][2]
    assert (number["kind"], number["path"], number["line"]) == ("re-measured", "zoo.yaml", 3)
    assert (number["metric"], number["old"], number["new"]) == ("top1", "83.4", "84.0")
    assert whole["changes"][1]["former"] == "a@bbbbbbbb"


def test_no_change_is_said() -> None:
    assert text_report([], "v1", "v2") == "v1 and v2 list the same models and numbers"
    assert markdown_report([], "v1", "v2").endswith("of `v1` and `v2` are the same.")
    assert json.loads(json_report([], "v1", "v2"))["changes"] == []
