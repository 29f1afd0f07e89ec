"""References to models, data sets and papers, from this project and from others."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from sphinx_modelzoo.manifest.model import Paper, Place
from sphinx_modelzoo.sphinxext.papers import short_reference

from .conftest import CONF, Build, Project

ZOO_PAGE = "Zoo\n===\n\n.. zoo:notes:: ucf101\n.. zoo:table:: ucf101\n.. zoo:papers::\n"
RST = """
    Index
    =====

    .. toctree::

       zoo

    {links}
"""


@pytest.fixture
def zoo(project: Project) -> Project:
    """A project whose zoo stands on a page of its own."""
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    project.page(ZOO_PAGE, "zoo.rst")
    return project


def refer(project: Project, links: str, builder: str = "html", **config: object) -> Build:
    project.page(RST.format(links=links))
    return project.build(builder, **config)  # type: ignore[arg-type]


def last_link(build: Build, name: str = "index.html") -> tuple[str, str]:
    """Give the text and address of the last link in a page's text."""
    link = (build.soup(name).select_one("div.body") or build.soup(name)).select("p a")[-1]
    return link.get_text(), str(link["href"])


ROW = "zoo.html#zoo-model-vgg16_ucf101"
OTHER_ROW = f"{ROW}-05e319d4"
LINKS = {
    ":zoo:model:`vgg16_ucf101`": ("vgg16_ucf101", ROW),
    ":zoo:model:`vgg16_ucf101@d6dc1bba`": ("vgg16_ucf101@d6dc1bba", ROW),
    ":zoo:model:`vgg16_ucf101@05e319d4`": ("vgg16_ucf101@05e319d4", OTHER_ROW),
    ":zoo:model:`the VGG <vgg16_ucf101>`": ("the VGG", ROW),
    ":zoo:model:`../zoo.yaml#vgg16_ucf101`": ("vgg16_ucf101", ROW),
    ":zoo:dataset:`ucf101`": ("UCF101", "zoo.html#zoo-dataset-ucf101"),
    ":zoo:paper:`wang2016temporal`": ("Wang et al. 2016", "zoo.html#zoo-paper-wang2016temporal"),
    ":ref:`zoo-model-vgg16_ucf101`": ("vgg16_ucf101", ROW),
    ":ref:`that <zoo-model-VGG16_ucf101@05e319d4>`": ("that", OTHER_ROW),
    ":ref:`zoo-dataset-ucf101`": ("UCF101", "zoo.html#zoo-dataset-ucf101"),
    ":ref:`zoo-paper-wang2016temporal`": (
        "Wang et al. 2016",
        "zoo.html#zoo-paper-wang2016temporal",
    ),
    ":any:`vgg16_ucf101`": ("vgg16_ucf101", ROW),
    ":any:`ucf101`": ("UCF101", "zoo.html#zoo-dataset-ucf101"),
}


@pytest.mark.parametrize("markup", LINKS)
def test_a_reference_leads_to_the_row_the_notes_or_the_footnote(zoo: Project, markup: str) -> None:
    build = refer(zoo, markup)
    assert build.warnings == []
    text, address = last_link(build)
    assert (text, address) == LINKS[markup]
    page, _, anchor = address.partition("#")
    target = build.soup(page).find(id=anchor)
    assert target is not None
    assert target.name == {"model": "tr", "dataset": "div", "paper": "aside"}[anchor.split("-")[1]]


MYST = {
    "{zoo:model}`vgg16_ucf101`": ("vgg16_ucf101", ROW),
    "{zoo:model}`that <vgg16_ucf101@05e319d4>`": ("that", OTHER_ROW),
    "[](#zoo-model-vgg16_ucf101)": ("vgg16_ucf101", ROW),
    "[that](#zoo-model-vgg16_ucf101@05e319d4)": ("that", OTHER_ROW),
    "<project:#zoo-dataset-ucf101>": ("UCF101", "zoo.html#zoo-dataset-ucf101"),
    "[](#inceptionv3_ucf101)": ("inceptionv3_ucf101", "zoo.html#zoo-model-inceptionv3_ucf101"),
    "{ref}`zoo-paper-wang2016temporal`": (
        "Wang et al. 2016",
        "zoo.html#zoo-paper-wang2016temporal",
    ),
    "{any}`ucf101`": ("UCF101", "zoo.html#zoo-dataset-ucf101"),
}


@pytest.mark.filterwarnings("ignore:.*myst_parser.*app.*:PendingDeprecationWarning")
@pytest.mark.parametrize("markup", MYST)
def test_in_myst_they_are_the_same(zoo: Project, markup: str) -> None:
    zoo.page(f"# Index\n\n```{{toctree}}\nzoo\n```\n\n{markup}\n", "index.md")
    build = zoo.build()
    assert build.warnings == []
    assert last_link(build) == MYST[markup]


@pytest.mark.parametrize(
    ("builder", "page", "address"),
    [
        ("dirhtml", "index.html", "zoo/#zoo-model-vgg16_ucf101"),
        ("singlehtml", "index.html", "#zoo-model-vgg16_ucf101"),
        ("epub", "index.xhtml", "zoo.xhtml#zoo-model-vgg16_ucf101"),
    ],
)
def test_addresses_are_those_of_the_builder(
    zoo: Project, builder: str, page: str, address: str
) -> None:
    build = refer(zoo, ":zoo:model:`vgg16_ucf101`", builder, copyright="Us")
    assert build.warnings == []
    links = [str(link["href"]) for link in build.soup(page).select("p a.reference.internal")]
    assert address in links
    file = address.partition("#")[0]
    file = {"zoo/": "zoo/index.html", "": page}.get(file, file)
    assert build.soup(file).find(id="zoo-model-vgg16_ucf101") is not None


def test_in_latex_a_reference_leads_to_the_label_in_the_row(zoo: Project) -> None:
    text = refer(zoo, ":zoo:model:`vgg16_ucf101`", "latex").text("zoo.tex")
    name = r"\detokenize{zoo:zoo-model-vgg16_ucf101}"
    assert text.count(rf"\label{{{name}}}") == 1
    assert rf"\hyperref[{name}]" in text


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_other_builders_show_the_texts(zoo: Project, builder: str) -> None:
    build = refer(zoo, ":zoo:dataset:`ucf101` and :zoo:paper:`wang2016temporal`", builder)
    assert build.warnings == []
    name = {"text": "index.txt", "man": "zoo.1", "texinfo": "zoo.texi"}[builder]
    assert re.search(r"UCF101.* and .*Wang et al. 2016", build.text(name))


@pytest.mark.parametrize(
    ("markup", "message", "subtype"),
    [
        (
            ":zoo:model:`vgg6_ucf101`",
            "there is no model 'vgg6_ucf101'; did you mean 'vgg16_ucf101'?",
            "model",
        ),
        (
            ":zoo:model:`vgg16_ucf101@13ef5c3b`",
            "there is no model 'vgg16_ucf101@13ef5c3b'; did you mean 'vgg16_ucf101",
            "model",
        ),
        (":zoo:dataset:`ucf`", "there is no data set 'ucf'; did you mean 'ucf101'?", "dataset"),
        (
            ":zoo:paper:`wang`",
            "there is no paper 'wang'; known: wang2015towards, wang2016temporal",
            "paper",
        ),
    ],
)
def test_a_reference_to_nothing_is_a_warning_that_helps(
    zoo: Project, markup: str, message: str, subtype: str
) -> None:
    build = refer(zoo, markup)
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(f"{zoo.root}/docs/index.rst:8: WARNING: {message}")
    assert build.warnings[0].endswith(f"[zoo.{subtype}]")


def test_what_the_manifest_has_and_no_page_shows_is_said_so(project: Project) -> None:
    project.page(":zoo:model:`vgg16_ucf101` :zoo:dataset:`ucf101`\n\n.. zoo:papers::\n")
    build = project.build(suppress_warnings=["toc"])
    assert [line.split("WARNING: ")[1] for line in build.warnings] == [
        "no page shows the model 'vgg16_ucf101'; show it with zoo:table or zoo:cards [zoo.model]",
        "no page shows the data set 'ucf101'; show it with zoo:table or zoo:notes [zoo.dataset]",
    ]


def test_nitpick_ignore_silences_one_reference(zoo: Project) -> None:
    ignored = {"nitpicky": True, "nitpick_ignore": [("zoo:model", "nobody")]}
    assert refer(zoo, ":zoo:model:`nobody`", **ignored).warnings == []
    assert len(refer(zoo, ":zoo:model:`noone`", **ignored).warnings) == 1


SECOND = """
    zoo: 1
    datasets: {{birds: {{samples: 100}}}}
    models:
      - {{name: {name}, dataset: birds, top1: 90.0}}
"""


def add_zoo(project: Project, folder: str, name: str) -> None:
    project.write(f"{folder}/zoo.yaml", SECOND.format(name=name))
    table = f".. zoo:table::\n   :manifest: ../{folder}/zoo.yaml\n"
    project.page(f":orphan:\n\n{folder}\n======\n\n{table}", f"{folder}.rst")


def test_a_name_is_found_in_any_manifest_the_projects_first(zoo: Project) -> None:
    add_zoo(zoo, "second", "vgg16_ucf101")
    add_zoo(zoo, "third", "wren")
    assert last_link(refer(zoo, ":zoo:model:`vgg16_ucf101`"))[1] == ROW
    address = last_link(refer(zoo, ":zoo:model:`wren`"))[1]
    assert address == "third.html#zoo-model-wren"
    link = last_link(refer(zoo, ":zoo:model:`../second/zoo.yaml#vgg16_ucf101`"))
    assert link == ("vgg16_ucf101", "second.html#zoo-model-vgg16_ucf101")


def test_a_name_of_several_manifests_is_a_warning_that_names_them(zoo: Project) -> None:
    add_zoo(zoo, "second", "wren")
    add_zoo(zoo, "third", "wren")
    build = refer(zoo, ":zoo:model:`wren`")
    assert [line.split("WARNING: ")[1] for line in build.warnings] == [
        (
            "several manifests have a model 'wren'; "
            "write '../second/zoo.yaml#wren' or '../third/zoo.yaml#wren' [zoo.model]"
        )
    ]


def inventory(build: Build) -> dict[str, dict[str, str]]:
    """Give the addresses in a build's inventory by type and name."""
    data = (build.output / "objects.inv").read_bytes().split(b"\n", 4)[4]
    found: dict[str, dict[str, str]] = {}
    for line in zlib.decompress(data).decode().splitlines():
        match = re.fullmatch(r"(.+?) (\S+:\S+) -?\d+ (\S+) .*", line)
        assert match is not None
        name, kind, address = match.groups()
        found.setdefault(kind, {})[name] = address.replace("$", name)
    return found


def test_the_inventory_has_each_object_and_its_label(zoo: Project) -> None:
    add_zoo(zoo, "second", "vgg16_ucf101")
    found = inventory(zoo.build(suppress_warnings=["toc"], root_doc="zoo"))
    assert found["zoo:model"] == {
        "vgg16_ucf101": ROW,
        "vgg16_ucf101@d6dc1bba": ROW,
        "vgg16_ucf101@05e319d4": OTHER_ROW,
        "inceptionv3_ucf101": "zoo.html#zoo-model-inceptionv3_ucf101",
        "inceptionv3_ucf101@13ef5c3b": "zoo.html#zoo-model-inceptionv3_ucf101",
        "inceptionv3_ucf101@0c453da8": "zoo.html#zoo-model-inceptionv3_ucf101-0c453da8",
        "../second/zoo.yaml#vgg16_ucf101": "second.html#zoo-model-vgg16_ucf101",
    }
    for kind in ("model", "dataset", "paper"):
        for name, address in found[f"zoo:{kind}"].items():
            assert found["std:label"][f"zoo-{kind}-{name.lower()}"] == address


def test_a_pages_own_label_wins(zoo: Project) -> None:
    zoo.page(".. _zoo-model-vgg16_ucf101:\n\nIndex\n=====\n\n.. toctree::\n\n   zoo\n")
    build = zoo.build()
    assert build.warnings == []
    assert inventory(build)["std:label"]["zoo-model-vgg16_ucf101"].startswith("index.html")


@pytest.mark.parametrize("ours", [False, True], ids=["without", "with"])
@pytest.mark.parametrize("suffix", ["rst", "md"])
def test_another_project_refers_to_the_zoo(
    zoo: Project, tmp_path: Path, *, ours: bool, suffix: str
) -> None:
    refer(zoo, "Nothing.")
    other = Project(tmp_path / "other")
    extensions = ["sphinx.ext.intersphinx", "myst_parser", *(["sphinx_modelzoo"] if ours else [])]
    mapping = {"zoo": ("https://zoo.example.org/", str(zoo.root / "build/html/objects.inv"))}
    other.write("docs/conf.py", f"extensions = {extensions}\nintersphinx_mapping = {mapping}\n")
    links = {
        "rst": [":ref:`zoo-model-vgg16_ucf101`", ":ref:`zoo-model-vgg16_ucf101@05e319d4`"],
        "md": ["{ref}`zoo-model-vgg16_ucf101`", "[](inv:#zoo-model-vgg16_ucf101@05e319d4)"],
    }[suffix]
    role = ":zoo:model:" if suffix == "rst" else "{zoo:model}"
    links += [f"{role}`vgg16_ucf101`", f"{role}`vgg16_ucf101@05e319d4`"] if ours else []
    mark = "=====\n" if suffix == "rst" else ""
    other.page(f"{'' if mark else '# '}Other\n{mark}\n{' '.join(links)}\n", f"index.{suffix}")
    build = other.build()
    assert build.warnings == []
    soup: BeautifulSoup = build.soup()
    found = [(link.get_text(), link["href"]) for link in soup.select("a.reference.external")]
    pair = [
        ("vgg16_ucf101", f"https://zoo.example.org/{ROW}"),
        ("vgg16_ucf101@05e319d4", f"https://zoo.example.org/{OTHER_ROW}"),
    ]
    assert found == pair * (2 if ours else 1)


def test_the_search_finds_models_by_name(zoo: Project) -> None:
    text = refer(zoo, "Nothing.").text("searchindex.js")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    ranks = {name: rank for _, _, rank, _, name in index["objects"][""]}
    assert ranks["vgg16_ucf101"] == ranks["UCF101"] == 1
    assert ranks["vgg16_ucf101@05e319d4"] == 2, "behind pages where the words stand"
    assert ["zoo", "model", "model"] in index["objnames"].values()


@pytest.mark.parametrize(
    ("authors", "year", "expected"),
    [
        (("Limin Wang",), 2015, "Wang 2015"),
        (("Limin Wang", "Luc Van Gool"), 2016, "Wang and Van Gool 2016"),
        (("van der Maaten, Laurens", "B", "C"), None, "van der Maaten et al."),
        ((), 2015, "A Title"),
        (("OpenAI",), 2021, "OpenAI 2021"),
    ],
)
def test_a_paper_is_called_by_its_authors_and_year(
    authors: tuple[str, ...], year: int | None, expected: str
) -> None:
    paper = Paper("key", 1, "A Title", Place("zoo.yaml", 1, 1), authors=authors, year=year)
    assert short_reference(paper) == expected
