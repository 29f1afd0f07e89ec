"""A new entry looks like those that are there, and they stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.editing.entries import add_entry
from sphinx_modelzoo.editing.mappings import Value
from sphinx_modelzoo.errors import CallError, ManifestError
from sphinx_modelzoo.manifest.reader import read_zoo

HEAD = "zoo: 1\ndatasets: {u: {}, v: {}}\ntags: {x: {}}\n"
NEW: dict[str, Value] = {"top1": "84.0", "dataset": "u", "name": "n", "hashtag": "0c453da8"}


def added(tmp_path: Path, models: str, values: dict[str, Value] = NEW, head: str = HEAD) -> str:
    path = tmp_path / "zoo.yaml"
    path.write_bytes((head + models).encode())
    (change,) = add_entry(read_zoo(path), values)
    text = change.after.decode()
    assert text.startswith(head)
    return text[len(head) :]


@pytest.mark.parametrize(
    ("models", "new"),
    [
        (
            "models:\n  - name: a\n    dataset: u\n",
            "\n  - name: n\n    hashtag: 0c453da8\n    dataset: u\n    top1: 84.0\n",
        ),
        (
            "models:\n- name: a\n  note: b\n- name: b\n  note: b\n",
            "- name: n\n  hashtag: 0c453da8\n  dataset: u\n  top1: 84.0\n",
        ),
        (
            "models:\n-   name: a\n    hashtag: '11112222'\n\n-   name: b\n    note: c\n",
            "\n-   name: n\n    hashtag: '0c453da8'\n    dataset: u\n    top1: 84.0\n",
        ),
        (
            "models:\n  - {name: a}\n",
            "  - {name: n, hashtag: 0c453da8, dataset: u, top1: 84.0}\n",
        ),
        (
            'models:\n  - {"name": "a"}\n',
            '  - {"name": "n", "hashtag": "0c453da8", "dataset": "u", "top1": 84.0}\n',
        ),
        (
            "",
            "\nmodels:\n  - name: n\n    hashtag: 0c453da8\n    dataset: u\n    top1: 84.0\n",
        ),
        (
            "models: # none yet\n",
            "  - name: n\n    hashtag: 0c453da8\n    dataset: u\n    top1: 84.0\n",
        ),
    ],
)
def test_a_new_entry_has_the_style_of_the_others(tmp_path: Path, models: str, new: str) -> None:
    assert added(tmp_path, models) == models + new


@pytest.mark.parametrize(
    "start", ["-\n    name: a\n", "- # c - d\n    name: a\n", "- &x\n  name: a\n"]
)
def test_a_dash_on_a_line_of_its_own_gives_the_column(tmp_path: Path, start: str) -> None:
    models = f"models:\n{start}"
    assert added(tmp_path, models, {"name": "n"}) == f"{models}- name: n\n"


def test_an_empty_list_gets_its_first_entry(tmp_path: Path) -> None:
    assert added(tmp_path, "models: []\n", {"name": "n"}) == "models:\n  - name: n\n"


def test_a_file_without_a_last_line_break_stays_without(tmp_path: Path) -> None:
    models = "models:\n- {name: a}"
    assert added(tmp_path, models, {"name": "n"}) == models + "\n- {name: n}"


def test_windows_line_endings_stay(tmp_path: Path) -> None:
    head = HEAD.replace("\n", "\r\n")
    models = "models:\r\n- name: a\r\n  note: b # c\r\n"
    new = added(tmp_path, models, {"name": "n", "note": "m"}, head)
    assert new == models + "\r\n- name: n\r\n  note: m\r\n"


def test_a_list_in_brackets_gets_one_more(tmp_path: Path) -> None:
    models = "models: [{name: a}, {name: b}] # c\n"
    expected = "models: [{name: a}, {name: b}, {name: n}] # c\n"
    assert added(tmp_path, models, {"name": "n"}) == expected
    models = 'models: [\n  {"name": "a"}\n]\n'
    expected = 'models: [\n  {"name": "a"},\n  {"name": "n"}\n]\n'
    assert added(tmp_path, models, {"name": "n"}) == expected


def test_an_entry_stands_behind_those_of_its_name_then_of_its_data_set(tmp_path: Path) -> None:
    a = "- {name: a, hashtag: '1', default: true, dataset: u}\n"
    models = f"models:\n{a}- {{name: b, dataset: v}}\n# end\n"
    twin = "- {name: a, hashtag: '2', dataset: v}\n"
    values: dict[str, Value] = {"name": "a", "hashtag": "2", "dataset": "v"}
    assert added(tmp_path, models, values) == models.replace(a, a + twin)
    other = "- {name: n, dataset: u}\n"
    assert added(tmp_path, models, {"name": "n", "dataset": "u"}) == models.replace(a, a + other)


def test_the_default_stays_where_it_was(tmp_path: Path) -> None:
    models = "models:\n- name: a\n  hashtag: 1\n  note: m # only one\n"
    expected = (
        "models:\n- name: a\n  hashtag: 1\n  default: true\n  note: m # only one\n"
        "\n- name: a\n  hashtag: 2\n"
    )
    assert added(tmp_path, models, {"name": "a", "hashtag": "2"}) == expected


def test_the_default_moves_when_it_is_asked_to(tmp_path: Path) -> None:
    models = "models:\n- {name: a, hashtag: 1, default: true}\n"
    values: dict[str, Value] = {"name": "a", "hashtag": "2", "default": "true"}
    expected = "models:\n- {name: a, hashtag: 1, default: false}\n"
    expected += "- {name: a, hashtag: 2, default: true}\n"
    assert added(tmp_path, models, values) == expected


def test_what_needs_quotes_gets_them(tmp_path: Path) -> None:
    values: dict[str, Value] = {"name": "n", "note": "a: b", "tags": ["x"]}
    assert added(tmp_path, "models:\n- {name: a}\n", values) == (
        'models:\n- {name: a}\n- {name: n, tags: [x], note: "a: b"}\n'
    )


def test_an_entry_goes_to_the_included_file_of_its_data_set(tmp_path: Path) -> None:
    part = tmp_path / "u.yaml"
    part.write_text("models:\n- {name: b, dataset: u}\n")
    (tmp_path / "zoo.yaml").write_text(
        "zoo: 1\ninclude: u.yaml\ndatasets: {u: {}}\nmodels: [{name: a}]\n"
    )
    (change,) = add_entry(read_zoo(tmp_path / "zoo.yaml"), {"name": "n", "dataset": "u"})
    assert change.path == part
    assert change.after == b"models:\n- {name: b, dataset: u}\n- {name: n, dataset: u}\n"


def test_an_entry_that_would_not_read_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"nothing was written(.|\n)*'x' is not declared"):
        added(tmp_path, "models:\n- {name: a}\n", {"name": "n", "dataset": "x"})
    with pytest.raises(ManifestError, match=r"nothing was written(.|\n)*a@1 stands twice"):
        added(tmp_path, "models:\n- {name: a, hashtag: 1}\n", {"name": "a", "hashtag": "1"})


def test_a_manifest_of_one_pair_of_braces_has_no_room(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="add the first entry by hand"):
        added(tmp_path, '{"zoo": 1}\n', {"name": "n"}, head="")
