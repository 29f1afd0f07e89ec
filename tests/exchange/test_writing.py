from __future__ import annotations

import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.folding import ABSENT, Linked, common_base, fill_target, fold
from sphinx_modelzoo.exchange.scalars import flow_list, flow_mapping, scalar
from sphinx_modelzoo.exchange.write import write_manifest
from sphinx_modelzoo.exchange.yaml_text import dump
from sphinx_modelzoo.manifest.model import Dataset, LinkTemplate, Metric, Place
from sphinx_modelzoo.manifest.reader import read_zoo

PLACE = Place("source", 1, 1)
TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("C", "Z")),
    max_size=12,
) | st.sampled_from(
    [
        *("18545497", "682591e2", "08038185", "0x1f", "1.0", ".5", "yes", "No", "null", "~", "on"),
        *("a: b", "a #b", "- a", "[a", "a, b", "{a}", "12:30:45", "2001-01-01", "=", "<<", "a'b"),
        *('"', "a:", "? a", "a?", "---", "...", "!a", "%a", "@a", "*a", "&a"),
    ]
)


@given(TEXTS)
def test_a_scalar_is_this_text_for_every_yaml_reader(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}
    assert yaml.safe_load(f"key: {flow_list((text, text))}") == {"key": [text, text]}
    pairs = {text: scalar(text, flow=True)}
    assert yaml.safe_load(flow_mapping(pairs)) == {text: text}


@pytest.mark.parametrize(
    "text", ["d6dc1bba", "vgg16_ucf101", "ImageNet-1k", "32 (64/2)", "https://a.b/c"]
)
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert scalar(text) == text


@given(
    st.recursive(
        TEXTS,
        lambda part: (
            st.lists(part, min_size=1, max_size=3)
            | st.dictionaries(TEXTS, part, min_size=1, max_size=3)
        ),
    )
)
def test_block_text_is_read_as_the_same_value(value: object) -> None:
    assert yaml.safe_load("\n".join(dump({"key": value}))) == {"key": value}  # type: ignore[dict-item]


NAMES = st.sampled_from(["net", "net_b", "resnet50_v1", "voc"])
PARTS = st.sampled_from(["net", "voc", "net_b", "resnet50_v1", "a", "x-y", "12ab34cd", "%20", "ü"])
ADDRESSES = st.builds(
    lambda host, parts, ending: f"https://{host}/{'/'.join(parts)}{ending}",
    st.sampled_from(["x.org", "y.org"]),
    st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from(["", ".log", ".sh", "_tsn.log"]),
)
LINKED = st.builds(
    lambda name, hashtag, links: Linked(
        {"name": name, "hashtag": hashtag, "dataset": "voc"}, links
    ),
    NAMES,
    st.sampled_from(["12ab34cd", "d6dc1bba"]),
    st.dictionaries(st.sampled_from(["log", "train_log", "command"]), ADDRESSES, max_size=3),
)


@given(st.lists(LINKED, max_size=8))
@settings(max_examples=300)
def test_folded_links_give_back_exactly_what_was_folded(rows: list[Linked]) -> None:
    targets: dict[str, list[str]] = {}
    for row in rows:
        for kind, target in row.links.items():
            targets.setdefault(kind, []).append(target)
    folded = fold(rows, common_base(targets), {"name", "hashtag", "dataset"})
    for row, own in zip(rows, folded.own, strict=True):
        found = {}
        for kind in {*folded.templates, *own.keys() & targets.keys()}:
            if kind in own:
                found[kind] = None if own[kind] == ABSENT else own[kind]
            else:
                values = {**row.values, **own}
                found[kind] = fill_target(folded.templates[kind], folded.constants, values)
        assert {kind: target for kind, target in found.items() if target} == row.links


def test_what_all_share_is_a_template_and_the_rest_a_field() -> None:
    rows = [
        Linked({"name": name}, {"log": f"https://x.org/logs/{name}{tail}.log"})
        for name, tail in (("net_a", ""), ("net_b", "_tsn"), ("net_c", ""), ("net_d", "_tsn"))
    ]
    folded = fold(rows, "", ())
    assert folded.templates == {"log": "https://x.org/logs/{log_file}.log"}
    assert folded.own[1] == {"log_file": "net_b_tsn"}


def draft() -> Draft:
    made = Draft()
    made.add_dataset(Dataset("voc", "Pascal VOC", PLACE))
    made.add_metric(Metric("map", "mAP", PLACE, unit="", direction="higher"))
    made.add_link(LinkTemplate("log", PLACE, "Log", "log", url="https://x.org/a"))
    return made


@given(
    st.lists(
        st.tuples(
            st.text(string.ascii_lowercase + string.digits + "_.", min_size=1, max_size=8),
            st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
            st.dictionaries(TEXTS.filter(bool), TEXTS.filter(str.strip), max_size=2),
            st.dictionaries(st.just("log"), ADDRESSES, max_size=1),
        ),
        unique_by=lambda row: row[:2],
        max_size=5,
    )
)
@settings(max_examples=150)
def test_any_draft_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, dict[str, str], dict[str, str]]],
) -> None:
    made = draft()
    for name, hashtag, details, links in rows:
        made.rows.append(
            Row(
                name,
                PLACE,
                hashtag=hashtag,
                dataset="voc",
                details=details,
                links=links,
                numbers={"map": "37.0"},
            )
        )
    path = tmp_path_factory.mktemp("zoo") / "zoo.yaml"
    path.write_text(write_manifest(made), encoding="utf-8")
    zoo = read_zoo(path)
    found = {
        (entry.name, entry.hashtag): (
            dict(entry.details),
            {key: link.url for key, link in entry.results[0].links.items()},
        )
        for entry in zoo.entries
    }
    assert found == {(row[0], row[1]): (row[2], row[3]) for row in rows}


def test_remarks_stand_above_what_they_are_about() -> None:
    made = draft()
    made.remark("is it 2007?", "datasets.voc")
    made.rows.append(Row("net", PLACE, dataset="voc", numbers={"map": "1"}, remarks=("odd",)))
    text = write_manifest(made)
    assert "  # is it 2007?\n  voc: {title: Pascal VOC}\n" in text
    assert "  # odd\n  - name: net\n" in text


def test_an_empty_draft_is_a_manifest(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_text(write_manifest(Draft()), encoding="utf-8")
    assert read_zoo(path).entries == ()
