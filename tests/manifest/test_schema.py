"""The schema and the reader judge a manifest alike, as far as a schema can say it.

Left out are mistakes that no schema can see: references from one part to another, templates,
identity of entries, further keys of models, and how a number is written.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import ManifestError
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.kinds import KEY
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.manifest.schema import DIALECT, manifest_schema, schema_text

ROOT = Path(__file__).parents[2]

VALIDATOR = jsonschema.Draft202012Validator(manifest_schema())

BASE: dict[str, Any] = {
    "zoo": 1,
    "title": "Zoo",
    "usage": {"default": "get('{name}')"},
    "papers": {"p": {"title": "A paper", "authors": ["A. Author"]}},
    "tags": {"t": {"text": "x"}},
    "links": {"base": "https://example.org", "log": {"url": "https://example.org/{name}.log"}},
    "datasets": {"u": {"title": "U", "samples": 10}},
    "metrics": {"flops": {"unit": "G"}},
    "protocols": {"q": {"recognizer": "r", "crops": 3, "options": {"a": 1}}},
    "models": [{"name": "m", "hashtag": "d6dc1bba", "paper": "p", "tags": ["t"]}],
}
PARTS = {
    "papers": ("p", fields.PAPER),
    "tags": ("t", fields.TAG),
    "links": ("log", fields.LINK),
    "datasets": ("u", fields.DATASET),
    "metrics": ("flops", fields.METRIC),
    "protocols": ("q", fields.PROTOCOL),
}

TEXTS = [
    *("a", "a b", "", " ", " a", "x@y", "../x", "x/../y", "/abs", "C:x", "a\\b", "a\nb", "-", "é"),
    *("https://example.org/a", "http://e.org/a b", "ftp://example.org", "https://", "null", "~"),
    *("0", "5", "05", "-5", "83.4", "83.4M", "83.", "1" * 18, "1" * 19, "1e5", "grey", "videos"),
    *("true", "TRUE", "yes", "1", "higher", "0" * 40, "Ab" * 20, "g" * 40, "a" * 64, "a" * 81),
]
PLAIN = [*TEXTS, 0, 1, 5, -1, 224, 83.4, -0.5, 10**18, True, False, None]
SCALARS = st.sampled_from(PLAIN)
VALUES = st.one_of(
    SCALARS, SCALARS, st.lists(SCALARS, max_size=2), st.just({}), st.just({"a": "b"})
)
WRONG = ["", "a b", "-a", "é", {"a": 1}, ["a b"], [None]]
WRONG_KEYS = st.sampled_from(WRONG)


def reader_accepts(folder: Path, data: object) -> bool:
    path = folder / "zoo.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        read_zoo(path)
    except ManifestError as error:
        assert error.problems
        return False
    return True


def draw_field(data: st.DataObject, section: fields.Section, part: dict[str, Any]) -> None:
    """Give one field of a part another value, take it away, or add one that is not known."""
    names = [item.key for item in section.fields if item.key != "include"]
    key = data.draw(st.sampled_from([*names, "unknown"]))
    kinds = {item.key: item.kind for item in section.fields}
    if data.draw(st.integers(0, 5)) == 0:
        part.pop(key, None)
    elif kinds.get(key) is KEY and key != "require":
        part[key] = data.draw(WRONG_KEYS)  # a right key that is not declared is no schema's matter
    elif (section, key) == (fields.USAGE, "model"):
        part[key] = data.draw(
            st.sampled_from(["m", "m@", "", None, 5.5, []]).filter(lambda v: v != 5.5)
        )
    elif (section, key) == (fields.LINK, "url"):
        part[key] = data.draw(st.sampled_from(["https://e.org/{name}", "ftp://x", "", None, 5, {}]))
    else:
        part[key] = data.draw(VALUES)


SECTIONS = {"top": fields.ZOO, "usage": fields.USAGE, "model": fields.ENTRY} | {
    where: section for where, (_, section) in PARTS.items()
}


def part_of(manifest: dict[str, Any], where: str) -> dict[str, Any]:
    """Give the mapping of a manifest that a section describes."""
    if where == "top":
        return manifest
    if where == "usage":
        return manifest["usage"]
    return manifest["models"][0] if where == "model" else manifest[where][PARTS[where][0]]


@pytest.mark.parametrize("where", SECTIONS)
def test_each_value_of_each_field_is_judged_alike(tmp_path: Path, where: str) -> None:
    verdicts = []
    for item in SECTIONS[where].fields:
        declared = item.kind is KEY and item.key != "require"
        values = WRONG if declared else [*PLAIN, [], ["a"], ["a", None], [5, "x@"], {}, {"a": 1}]
        if (where, item.key) in {("links", "url"), ("top", "include"), ("usage", "model")}:
            values = ["/x@", "", "/ m@", {}, [None], ["/.."], None]
        for value in values:
            manifest = copy.deepcopy(BASE)
            part_of(manifest, where)[item.key] = value
            found = [error.message for error in VALIDATOR.iter_errors(manifest)]
            verdicts.append(reader_accepts(tmp_path, manifest))
            assert (not found) == verdicts[-1], (item.key, value, found)
    assert any(verdicts)
    assert not all(verdicts)


def draw_model(data: st.DataObject, model: dict[str, Any]) -> None:
    """Write a model flat or with results, rightly or wrongly."""
    absent = object()
    result: dict[str, Any] = {"dataset": "u"}
    choices = {
        "results": [absent, None, [], [result], [{"top1": 5}], [{"dataset": None}], [None], {}],
        "dataset": [absent, "u", None],
        "protocol": [absent, "q", None],
        "top1": [absent, 83.4, "83.40", "many", None, True, [5], 10**18],
        "top5": [absent, absent, "5M", "1" * 19],
        "details": [absent, {"a": "b"}, {"a": None}, {"a": []}, None, "x"],
        "ignore": [absent, {"ZOO101": "because"}, [], 5],
        "log": [absent, "https://example.org/x.log", None],
        "unknown": [absent, absent, [], {}],
    }  # fmt: skip
    for key, values in choices.items():
        value = data.draw(st.sampled_from(values))
        if value is not absent:
            model[key] = copy.deepcopy(value)
    if isinstance(model.get("results"), list) and data.draw(st.booleans()):
        for item in model["results"]:
            if isinstance(item, dict):
                key = data.draw(st.sampled_from(["dataset", "protocol", "top1", "x"]))
                pool = WRONG_KEYS if key in ("dataset", "protocol") else st.sampled_from([[], {}])
                item[key] = data.draw(pool)


@given(data=st.data())
@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_schema_and_reader_judge_alike(tmp_path: Path, data: st.DataObject) -> None:
    manifest = copy.deepcopy(BASE)
    for _ in range(data.draw(st.integers(0, 2))):
        where = data.draw(st.sampled_from([*SECTIONS, "rows", "rows", "rows", "key"]))
        if where == "rows":
            draw_model(data, manifest["models"][0])
        elif where == "key":
            key = data.draw(st.sampled_from(list(PARTS)))
            manifest[key][data.draw(st.sampled_from(["bad key", "", "-", "a:b"]))] = {
                "title": "x",
                "recognizer": "r",
            }
        else:
            draw_field(data, SECTIONS[where], part_of(manifest, where))
            manifest["models"][0].pop("unknown", None)
    accepted = reader_accepts(tmp_path, manifest)
    event(f"accepted: {accepted}")
    found = [error.message for error in VALIDATOR.iter_errors(manifest)]
    assert (not found) == accepted, (found, json.dumps(manifest))


@pytest.mark.parametrize("key", [*fields.PARTS, "zoo", "unknown"])
@pytest.mark.parametrize("value", [[], {}, "x", 5, ["a"], [None], {"a": None}, {"a": []}])
def test_a_part_of_a_wrong_shape_is_judged_alike(tmp_path: Path, key: str, value: object) -> None:
    manifest = {"zoo": 1, key: value}
    assert VALIDATOR.is_valid(manifest) == reader_accepts(tmp_path, manifest)


def test_the_shipped_schema_is_what_the_code_makes() -> None:
    assert (ROOT / "zoo.schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("included", [False, True])
def test_the_schema_is_a_schema(included: bool) -> None:  # noqa: FBT001
    schema = manifest_schema(included=included)
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_field_is_explained() -> None:
    schema = manifest_schema()
    for section, part in (
        (fields.ZOO, schema),
        (fields.ENTRY, schema["$defs"]["model"]),
        (fields.RESULT, schema["$defs"]["result"]),
        (fields.DATASET, schema["$defs"]["dataset"]),
        (fields.PROTOCOL, schema["$defs"]["protocol"]),
    ):
        for item in section.fields:
            assert part["properties"][item.key]["description"].startswith(item.doc)


ZOOS = [ROOT / "zoo.yaml", *sorted(ROOT.glob("docs/examples/**/zoo.yaml"))]


@pytest.mark.parametrize("path", ZOOS, ids=str)
def test_the_zoos_of_this_project_fit_the_schema(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize("hashtag", ["18545497", "682591e2", "1e10", "0x123456", "08038185"])
def test_hashtags_that_yaml_tools_take_for_numbers_fit(hashtag: str) -> None:
    data = yaml.safe_load(f"zoo: 1\nmodels:\n- {{name: a, hashtag: {hashtag}}}\n")
    assert VALIDATOR.is_valid(data)


def test_an_included_file_needs_no_version_and_includes_nothing(tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(manifest_schema(included=True))
    (tmp_path / "zoo.yaml").write_text("zoo: 1\ninclude: part.yaml\n")
    for part in ({"models": []}, {"include": "x.yaml"}, {"title": "T", "zoo": 1}):
        (tmp_path / "part.yaml").write_text(json.dumps(part))
        try:
            read_zoo(tmp_path / "zoo.yaml")
            accepted = True
        except ManifestError:
            accepted = False
        assert validator.is_valid(part) == accepted
