"""One value changes, and not a byte beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.editing.fields import set_fields
from sphinx_modelzoo.errors import CallError, ManifestError
from sphinx_modelzoo.manifest.reader import read_zoo

SEED = Path(__file__).parents[2] / "zoo.yaml"

HEAD = """\
# kept
zoo: 1
datasets:
  ucf101: {title: "UCF101"}   # kept
  hmdb51: {}
links:
  train_log: {url: "https://example.org/{log}.log"}
protocols:
  tsn: {recognizer: gluoncv-action}
models:
"""


def edited(tmp_path: Path, models: str, name: str, head: str = HEAD, **fields: str) -> str:
    path = tmp_path / "zoo.yaml"
    path.write_bytes((head + models).encode())
    change = set_fields(read_zoo(path), name, fields)
    assert change.before == path.read_bytes()
    text = change.after.decode()
    assert text.startswith(head)
    return text[len(head) :]


def test_a_number_changes_in_place(tmp_path: Path) -> None:
    models = "  - name:  a   # x\n    dataset: ucf101\n\n    top1:   83.4   # y\n\n# end"
    assert edited(tmp_path, models, "a", top1="84.0") == models.replace("83.4", "84.0")


@pytest.mark.parametrize(
    ("models", "old", "new"),
    [
        ("- {name: a, dataset: ucf101, top1: 83.4}\n", "83.4", "84.0"),
        ('- {"name":"a","dataset":"ucf101","top1":83.4}', "83.4", "84.0"),
        ("- name: a\n  top1: '83.4'\n  dataset: ucf101\n", "83.4", "84.0"),
        ('- name: a\n  top1: "83.4"\n  dataset: ucf101\n', "83.4", "84.0"),
        ("- name: a\n  top1:\n  dataset: ucf101\n", "top1:", "top1: 84.0"),
        ("- name: a\n  top1: ~ # c\n  dataset: ucf101\n", "~", "84.0"),
        ("- {name: a, top1, dataset: ucf101}\n", "top1", "top1: 84.0"),
        ("- {name: a, top1: , dataset: ucf101}\n", "top1: ", "top1: 84.0"),
        ("- name: a\n  top1: &n 83.4\n  dataset: ucf101\n", "83.4", "84.0"),
        ("- name: a\n  top1: !!str 83.4\n  dataset: ucf101\n", "83.4", "84.0"),
        ("- name: a\n  top1: >-\n    83.4\n  dataset: ucf101\n", ">-\n    83.4", "84.0"),
        ("- name: a\n  top1:\n    83.4\n  dataset: ucf101\n", "83.4", "84.0"),
        ("- name: a\n  dataset: ucf101\n  top1: 83.4", "83.4", "84.0"),
    ],
)
def test_every_way_to_write_a_value_is_known(
    tmp_path: Path, models: str, old: str, new: str
) -> None:
    assert edited(tmp_path, models, "a", top1="84.0") == models.replace(old, new)


@pytest.mark.parametrize(
    ("models", "before", "new"),
    [
        ("  - name: a\n    dataset: ucf101\n", "name: a", "\n    hashtag: 0c453da8"),
        ("-   name: a # c\n    dataset: ucf101", "a # c", "\n    hashtag: 0c453da8"),
        ("- {name: a, dataset: ucf101}", "name: a", ", hashtag: 0c453da8"),
        ("- {name: a\n  , dataset: ucf101}", "name: a", ", hashtag: 0c453da8"),
        ('- {"name": "a"}', '"a"', ', "hashtag": "0c453da8"'),
        ("- name: a", "name: a", "\n  hashtag: 0c453da8"),
        (
            "- name: b\n  hashtag: '11112222'\n- name: a\n",
            "name: a",
            "\n  hashtag: '0c453da8'",
        ),
        (
            "- name: a\n  description: |\n    x\n\n  # c\n- name: b\n",
            "name: a",
            "\n  hashtag: 0c453da8",
        ),
    ],
)
def test_a_new_field_stands_behind_those_that_come_before_it(
    tmp_path: Path, models: str, before: str, new: str
) -> None:
    expected = models.replace(before, before + new)
    assert edited(tmp_path, models, "a", hashtag="0c453da8") == expected


def test_a_new_field_stands_behind_a_text_of_several_lines(tmp_path: Path) -> None:
    models = "- name: a\n  description: |+\n    x\n\n\n  # c\n- name: b\n"
    expected = models.replace("    x\n", "    x\n  note: n\n")
    assert edited(tmp_path, models, "a", note="n") == expected


def test_new_fields_keep_the_order_of_the_reference(tmp_path: Path) -> None:
    models = "- name: a\n  dataset: ucf101\n"
    fields = {"top1": "84.0", "size": "12", "hashtag": "0c453da8", "log": "x"}
    expected = (
        "- name: a\n  hashtag: 0c453da8\n  size: 12\n  dataset: ucf101\n  top1: 84.0\n  log: x\n"
    )
    assert edited(tmp_path, models, "a", **fields) == expected


def test_windows_line_endings_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    text = "\ufeffzoo: 1\r\n# \xe9 \U0001f600\r\nmodels:\r\n- name: a\r\n  note: x\r\n"
    before = text.encode()
    path.write_bytes(before)
    after = set_fields(read_zoo(path), "a", {"hashtag": "0c453da8", "note": "y"}).after
    expected = before.replace(b"name: a\r\n", b"name: a\r\n  hashtag: 0c453da8\r\n")
    assert after == expected.replace(b"note: x", b"note: y")


def test_a_result_is_named_by_its_data_set_and_protocol(tmp_path: Path) -> None:
    models = """\
- name: a
  hashtag: 11112222
  results:
    - dataset: ucf101
      top1: 80.0
    - {dataset: ucf101, protocol: tsn, top1: 81.0}
    - {dataset: hmdb51, top1: 50.0}
"""
    assert edited(tmp_path, models, "a:hmdb51", top1="51.5") == models.replace("50.0", "51.5")
    name = "a@11112222:ucf101:tsn"
    assert edited(tmp_path, models, name, top1="81.5") == models.replace("81.0", "81.5")
    assert edited(tmp_path, models, name, top5="99") == models.replace("81.0", "81.0, top5: 99")
    with pytest.raises(CallError, match=r"several results; write one of a@11112222:ucf101, a@1"):
        edited(tmp_path, models, "a:ucf101", top1="1")
    with pytest.raises(CallError, match=r"has 3 results, and 'top1' belongs to one"):
        edited(tmp_path, models, "a", top1="1")


def test_a_list_is_written_as_a_list(tmp_path: Path) -> None:
    head = HEAD.replace("models:", "tags:\n  x: {}\n  y: {}\nmodels:")
    models = "- name: a\n  tags:\n    - x\n  note: n\n"
    expected = "- name: a\n  tags: [x, y]\n  note: n\n"
    assert edited(tmp_path, models, "a", head, tags="x, y") == expected
    flow = "- {name: a, tags: [x], note: n}\n"
    assert edited(tmp_path, flow, "a", head, tags="y") == flow.replace("[x]", "[y]")
    behind = "- name: a\n  tags:\n    - x # because\n"
    expected = "- name: a\n  tags: [y] # because\n"
    assert edited(tmp_path, behind, "a", head, tags="y") == expected
    commented = "- name: a\n  tags:\n    - x # because\n    - y\n"
    with pytest.raises(CallError, match=r"zoo.yaml:15:3: 'tags' has comments inside its value"):
        edited(tmp_path, commented, "a", head, tags="y")


def test_an_alias_is_replaced_and_not_what_it_stands_for(tmp_path: Path) -> None:
    models = "- {name: a, dataset: ucf101, top1: &x 83.4}\n- {name: b, dataset: ucf101, top1: *x}\n"
    assert edited(tmp_path, models, "b", top1="84.0") == models.replace("*x", "84.0")
    with pytest.raises(CallError, match="shared within b through an anchor"):
        edited(tmp_path, models, "a", top1="84.0")


def test_a_merged_field_is_overridden(tmp_path: Path) -> None:
    models = "- &base\n  name: a\n  dataset: ucf101\n  top1: 1.0\n- <<: *base\n  name: b\n"
    expected = models + "  top1: 2.0\n"
    assert edited(tmp_path, models, "b", top1="2.0") == expected


def test_an_entry_in_an_included_file_is_edited_there(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    part = tmp_path / "zoo" / "part.yaml"
    part.write_text("models:\n  - {name: b, note: x}\n")
    (tmp_path / "zoo.yaml").write_text("zoo: 1\ninclude: zoo/*.yaml\nmodels: [{name: a}]\n")
    change = set_fields(read_zoo(tmp_path / "zoo.yaml"), "b", {"note": "y"})
    assert (change.path, change.after) == (part, b"models:\n  - {name: b, note: y}\n")


@pytest.mark.parametrize(
    ("name", "field", "value", "message"),
    [
        ("c", "top1", "1", "there is no 'c' in the manifest"),
        ("a@1111222", "top1", "1", "did you mean 'a@11112222'"),
        ("a:hmdb51", "top1", "1", "its results are a@11112222:ucf101"),
        ("a", "results", "1", "'results' cannot be set here"),
        ("b", "top1", "1", "'b' is several entries; write one of b@1, b@2"),
    ],
)
def test_what_cannot_be_set_is_said(
    tmp_path: Path, name: str, field: str, value: str, message: str
) -> None:
    models = (
        "- {name: a, hashtag: 11112222, dataset: ucf101}\n"
        "- {name: b, hashtag: 1, default: true}\n- {name: b, hashtag: 2}\n"
    )
    with pytest.raises(CallError, match=message):
        edited(tmp_path, models, name, **{field: value})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("top1", "many", r"zoo.yaml:11:38: 'top1' is 'many', not a number"),
        ("topp1", "1", "unknown field 'topp1' in a model; did you mean 'top1'"),
        ("dataset", "ucf", "'ucf' is not declared under 'datasets'; did you mean 'ucf101'"),
    ],
)
def test_what_would_not_read_is_not_written(
    tmp_path: Path, field: str, value: str, message: str
) -> None:
    with pytest.raises(ManifestError, match="nothing was written") as caught:
        edited(tmp_path, "  - {name: a, dataset: ucf101, top1: 5}\n", "a", **{field: value})
    assert caught.match(message)


NUMBERS = st.decimals(0, 100, places=2).map(str)


@given(data=st.data(), number=NUMBERS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_editing_one_number_changes_exactly_its_span(
    tmp_path: Path, data: st.DataObject, number: str
) -> None:
    text = SEED.read_text(encoding="utf-8")
    noise = data.draw(st.lists(st.sampled_from(["\n", "# c: 83.4\n", "   # d\n"]), max_size=4))
    for part in noise:
        lines = text.splitlines(keepends=True)
        place = data.draw(st.integers(0, len(lines)))
        text = "".join([*lines[:place], part, *lines[place:]])
    ending = data.draw(st.sampled_from(["\n", "\r\n"]))
    before = text.replace("\n", ending).encode()
    path = tmp_path / "zoo.yaml"
    path.write_bytes(before)
    zoo = read_zoo(path)
    entry = data.draw(st.sampled_from(zoo.entries))
    listed = entry.results[0].numbers["top1"]
    after = set_fields(zoo, entry.key, {"top1": number}).after
    lines = before.decode().split(ending)
    line = lines[listed.place.line - 1]
    column = listed.place.column - 1
    assert line[column:].startswith(listed.text)
    lines[listed.place.line - 1] = line[:column] + number + line[column + len(listed.text) :]
    assert after == ending.join(lines).encode()
