"""Where models, data sets and papers are at home, and under which ids."""

from __future__ import annotations

import pickle
import re
import time

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.manifest.model import Entry, Place
from sphinx_modelzoo.sphinxext.references.objects import (
    Anchors,
    PageObjects,
    claim_id,
    model_id,
    object_id,
    settle,
)

from .conftest import Project

ZOO = "/zoo.yaml"
OTHER = "/other.yaml"


def entry(key: str, *, default: bool = True) -> Entry:
    name, _, hashtag = key.partition("@")
    return Entry(name, hashtag, Place("zoo.yaml", 1, 1), default=default)


def listed(*entries: Entry, manifest: str = ZOO) -> PageObjects:
    page = PageObjects()
    page.note_entries(manifest, entries)
    return page


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vgg16_ucf101", "zoo-model-vgg16_ucf101"),
        ("vgg16_ucf101@05e319d4", "zoo-model-vgg16_ucf101-05e319d4"),
        ("ResNet.v1-b", "zoo-model-ResNet.v1-b"),
        ("org/net", "zoo-model-org-net-2115b0fe"),
        ("org net", "zoo-model-org-net-ee18dfea"),
        ("模型", "zoo-model-c98e118e"),
    ],
)
def test_ids_are_plain_and_names_that_are_not_have_a_digest(name: str, expected: str) -> None:
    assert model_id(name) == expected


NAMES = st.text(st.characters(exclude_characters="@", exclude_categories=("C",)), min_size=1)


@given(st.sets(NAMES, min_size=2, max_size=2))
def test_no_two_names_share_an_id_and_each_is_safe(names: set[str]) -> None:
    ids = {model_id(name) for name in names}
    assert len(ids) == 2
    assert all(re.fullmatch(r"zoo-model-[A-Za-z0-9._-]+", one) for one in ids)


def test_keys_whose_ids_would_be_the_same_are_told_apart_on_a_page() -> None:
    page = listed(entry("net@a"), entry("net@b", default=False), entry("net-b@c"))
    assert page.listed["model", ZOO] == {
        "net": "zoo-model-net",
        "net-b": "zoo-model-net-b",
        "net@b": "zoo-model-net-b-2",
    }


def test_two_zoos_with_the_same_names_on_one_page_have_their_own_ids() -> None:
    page = listed(entry("net"))
    page.note_entries(OTHER, [entry("net")])
    assert page.listed["model", OTHER] == {"net": "zoo-model-net-2"}
    page.note_entries(OTHER, [entry("net"), entry("more")])
    assert page.listed["model", OTHER] == {"net": "zoo-model-net-2", "more": "zoo-model-more"}


def test_default_weights_are_known_by_name_and_by_hashtag() -> None:
    directory = settle({"a": listed(entry("net@b", default=False), entry("net@a"))})
    home = ("a", "zoo-model-net")
    assert directory.home("model", ZOO, "net") == home
    assert directory.home("model", ZOO, "net@a") == home
    assert directory.home("model", ZOO, "net@b") == ("a", "zoo-model-net-b")
    assert directory.home("model", ZOO, "net@c") is None
    assert directory.home("model", OTHER, "net") is None


def test_a_name_whose_default_is_nowhere_means_the_weights_that_are_somewhere() -> None:
    directory = settle({"a": listed(entry("net@b", default=False))})
    assert directory.home("model", ZOO, "net") == ("a", "zoo-model-net-b")
    directory = settle({"a": listed(entry("net@b", default=False)), "z": listed(entry("net@a"))})
    assert directory.home("model", ZOO, "net") == ("z", "zoo-model-net")


def test_the_first_page_by_name_is_the_home_whatever_was_read_first() -> None:
    directory = settle({"b": listed(entry("net")), "a": listed(entry("net"))})
    assert directory.home("model", ZOO, "net") == ("a", "zoo-model-net")


def test_a_card_is_the_home_before_any_list() -> None:
    card = PageObjects()
    card.note("model", ZOO, "net", "top", card=True)
    directory = settle({"a": listed(entry("net")), "z": card})
    assert directory.home("model", ZOO, "net") == ("z", "top")


def test_titles_are_those_of_any_page_and_else_the_key() -> None:
    page = PageObjects()
    page.note("dataset", ZOO, "ucf101", "x", title="UCF101")
    directory = settle({"a": page})
    assert directory.title("dataset", ZOO, "ucf101") == "UCF101"
    assert directory.title("model", ZOO, "net") == "net"


def test_ids_of_rows_are_handed_out_once_and_at_home_only() -> None:
    first, other = entry("net@a"), entry("net@b", default=False)
    page = listed(first, other)
    anchors = Anchors(settle({"a": page, "b": page}))
    assert anchors.take("b", ZOO, first) == ""
    assert anchors.take("a", ZOO, first) == "zoo-model-net"
    assert anchors.take("a", ZOO, first) == ""
    assert anchors.take("a", ZOO, other) == "zoo-model-net-b"
    assert anchors.take("a", OTHER, first) == ""


def test_weights_without_a_hashtag_do_not_take_the_place_of_the_default() -> None:
    bare = entry("net", default=False)
    anchors = Anchors(settle({"a": listed(bare, entry("net@a"))}))
    assert anchors.take("a", ZOO, bare) == ""
    assert anchors.take("a", ZOO, entry("net@a")) == "zoo-model-net"


def test_an_id_is_kept_or_made_and_never_one_that_the_page_has() -> None:
    document = nodes.document(None, None)  # type: ignore[arg-type]
    mine = nodes.note("", ids=["mine"])
    assert claim_id(document, mine, "wanted") == "mine"
    first, second = nodes.note(), nodes.note()
    assert claim_id(document, first, object_id("dataset", "d")) == "zoo-dataset-d"
    assert claim_id(document, second, object_id("dataset", "d")) == "zoo-dataset-d-2"


def test_fifty_thousand_models_are_noted_settled_and_kept_quickly() -> None:
    entries = [entry(f"net{number}@{number:08x}") for number in range(50_000)]
    start = time.process_time()
    pages = {"index": listed(*entries)}
    kept = pickle.dumps((pages, settle(pages)))
    assert time.process_time() - start < 1.5, "about 0.15 s on a laptop"
    assert len(kept) < 8_000_000


def test_a_page_with_two_tables_of_the_same_rows_has_each_id_once(project: Project) -> None:
    table = ".. zoo:table:: ucf101\n\n"
    project.page(f"Zoo\n===\n\n{table}{table}.. zoo:papers::\n")
    build = project.build()
    assert build.warnings == []
    ids = [str(tag["id"]) for tag in build.soup().select("[id]")]
    assert len(ids) == len(set(ids))
    assert "zoo-model-vgg16_ucf101-05e319d4" in ids


def test_two_zoos_on_one_page_lead_to_their_own_rows(project: Project) -> None:
    project.write("second/zoo.yaml", project.manifest.read_text(encoding="utf-8"))
    project.page("""
        Zoo
        ===

        :zoo:model:`vgg16_ucf101` and :zoo:model:`../second/zoo.yaml#vgg16_ucf101`

        .. zoo:table:: ucf101
        .. zoo:papers::
        .. zoo:table:: ucf101
           :manifest: ../second/zoo.yaml
        .. zoo:papers::
           :manifest: ../second/zoo.yaml
    """)
    build = project.build()
    assert build.warnings == []
    soup = build.soup()
    links = [str(link["href"]) for link in soup.select("p a.reference.internal")[:2]]
    assert links == ["#zoo-model-vgg16_ucf101", "#zoo-model-vgg16_ucf101-2"]
    tables = soup.select("table.zoo-rows")
    assert all(
        soup.select_one(link) in table.descendants
        for link, table in zip(links, tables, strict=True)
    )
