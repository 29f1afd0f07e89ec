"""Which rows ``zoo:table`` shows: filtered, sorted, grouped, limited, and the best marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence import Origin, make_evidence, write_evidence

from .conftest import Build, Project, Rows
from .receipts import verify

ZOO = """
    zoo: 1
    title: Birds and planes
    usage:
      default: net = get_model('{name}', pretrained=True)
      hashtag: net = get_model('{name}', pretrained='{hashtag}')
    datasets:
      birds: {title: Birds of Europe, samples: 1000, classes: 10}
      planes: {title: Planes, samples: 200, classes: 10}
    metrics:
      error: {title: Error, direction: lower, top: 1}
      speed: {title: Speed, unit: images/s}
    protocols:
      small: {recognizer: gluoncv-action, input_size: 32}
    models:
      - {name: auk, hashtag: 682591e2, default: true, dataset: birds, protocol: small, top1: 70.1,
         parameters: 25600000, license: MIT, released: 2019-05, details: {Pretrained on: ImageNet}}
      - {name: auk, hashtag: 0badcafe, dataset: birds, protocol: small, top1: 69.0,
         license: Apache-2.0, released: 2021}
      - {name: owl, dataset: birds, protocol: small, top1: 71.5, parameters: 900,
         details: {Pretrained on: <b>nothing</b>}}
      - {name: wren, dataset: birds, protocol: small, top1: 60.0, license: MIT, speed: 25.6M}
      - {name: wren, hashtag: 18545497, default: true, dataset: planes, top1: 81.5, error: 18.5}
"""


@pytest.fixture
def birds(project: Project) -> Project:
    project.write("zoo.yaml", ZOO)
    return project


def build(project: Project, options: str, dataset: str = "birds") -> Build:
    lines = "\n".join(f"   {line}" for line in options.split("\n") if line)
    project.page(f"Birds\n=====\n\n.. zoo:table:: {dataset}\n{lines}\n")
    return project.build()


def names(project: Project, options: str, dataset: str = "birds") -> str:
    made = build(project, f":columns: name\n{options}", dataset)
    assert made.warnings == []
    return " ".join(cell.get_text() for cell in made.soup().select("tbody th.zoo-name"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top1>=70", "auk owl"),
        ("top1>70.1", "owl"),
        ("top1<=69.0 license=apache-2.0", "auk"),
        ("top1=60", "wren"),
        ("top1=60.00", "wren"),
        ("top1!=60", "auk auk owl"),
        ("license=MIT", "auk wren"),
        ("license!=MIT", "auk owl"),
        ("name~U", "auk auk"),
        ("name=auk@0badcafe", "auk"),
        ("parameters>1K", "auk"),
        ("parameters<1M", "owl"),
        ("speed>=25M", "wren"),
        ("released>=2020", "auk"),
        ("released<2020", "auk"),
        ("'pretrained_on=imagenet'", "auk"),
        ("pretrained_on~<b>", "owl"),
        ("'dataset=birds of europe'", "auk auk owl wren"),
        ("dataset=birds", "auk auk owl wren"),
        ("status=claimed top1>71", "owl"),
    ],
)
def test_a_filter_keeps_the_rows_that_fit_all_its_conditions(
    birds: Project, text: str, expected: str
) -> None:
    assert names(birds, f":filter: {text}") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tops>=70", "there is no column 'tops'"),
        ("top1", "'top1' is no condition; write for example top1>=80"),
        ("license>=MIT", "'license>=MIT' compares what is no number or date"),
        ("top1>=good", "compares what is no number"),
        ("license='MIT", "a quotation mark is open"),
    ],
)
def test_a_filter_that_is_not_understood_is_passed_over_with_a_warning(
    birds: Project, text: str, message: str
) -> None:
    made = build(birds, f":columns: name\n:filter: {text}")
    assert len(made.warnings) == 1
    assert message in made.warnings[0]
    assert made.warnings[0].endswith("[zoo.option]")
    assert len(made.soup().select("tbody tr")) == 4


def test_a_filter_that_leaves_no_row_is_a_warning(birds: Project) -> None:
    made = build(birds, ":filter: top1>99")
    assert ["no row fits the filter" in line for line in made.warnings] == [True]
    assert made.soup().select("table") == []


def test_rows_are_sorted_by_several_columns_with_blanks_last(birds: Project) -> None:
    assert names(birds, ":sort: license -top1") == "auk auk wren owl"
    assert names(birds, ":sort: -released") == "auk auk owl wren"
    assert names(birds, ":sort: parameters, name") == "owl auk auk wren"


def test_rows_are_grouped_by_the_texts_of_a_column(birds: Project) -> None:
    made = build(birds, ":columns: name top1\n:group-by: license\n:sort: -top1")
    assert made.warnings == []
    groups = [
        [cell.get_text() for cell in body.select("th")] for body in made.soup().select("tbody")
    ]
    assert groups == [["License: not given", "owl"], ["MIT", "auk", "wren"], ["Apache-2.0", "auk"]]
    head = made.soup().select_one("tr.zoo-group th")
    assert head is not None
    assert (head["scope"], head["colspan"]) == ("rowgroup", "2")
    text = build_text(birds)
    assert text.index("License:") < text.index("owl") < text.index("MIT") < text.index("auk")


def build_text(project: Project) -> str:
    return project.build("text").text("index.txt")


def test_a_limit_says_how_many_rows_it_leaves_out(birds: Project) -> None:
    made = build(birds, ":columns: name\n:sort: -top1\n:limit: 3")
    assert len(made.warnings) == 1
    assert "1 row is left out by 'limit: 3'" in made.warnings[0]
    assert made.warnings[0].endswith("[zoo.limit]")
    assert [cell.get_text() for cell in made.soup().select("tbody th")] == ["owl", "auk", "auk"]
    assert build(birds, ":columns: name\n:limit: 4").warnings == []
    assert "'limit' is '0'" in build(birds, ":limit: 0").warnings[0]


def cells(soup: BeautifulSoup, key: str) -> list[str]:
    heads = [head["data-key"] for head in soup.select("thead th")]
    rows = [row.select("th, td") for row in soup.select("tbody tr:not(.zoo-group)")]
    return [row[heads.index(key)].get_text() for row in rows]


def test_the_best_is_marked_with_all_that_their_intervals_do_not_tell_from_it(
    birds: Project,
) -> None:
    made = build(birds, ":columns: name top1\n:best:")
    assert made.warnings == []
    assert cells(made.soup(), "top1") == ["70.1 ★", "69.0 ★", "71.5 ★", "60.0"]
    legend = made.soup().select_one("p.zoo-legend")
    assert legend is not None
    assert "exact 95 % intervals that overlap" in legend.get_text()
    assert "McNemar" not in legend.get_text()
    mark = made.soup().select_one("td .zoo-best")
    assert mark is not None
    assert (mark["role"], mark["aria-label"]) == (
        "img",
        "the best of its column, or not told apart from it",
    )
    assert "70.1 ★" in build_text(birds)


def test_where_less_is_better_the_least_is_the_best(birds: Project) -> None:
    birds.edit("zoo.yaml", "license: MIT, speed: 25.6M", "error: 40.0, speed: 25.6M")
    birds.edit("zoo.yaml", "top1: 71.5, parameters", "top1: 71.5, error: 28.5, parameters")
    made = build(birds, ":columns: name top1 error speed\n:best: error")
    assert cells(made.soup(), "error") == ["", "", "28.5 ★", "40.0"]
    assert "★" not in "".join(cells(made.soup(), "top1"))


def test_a_metric_without_a_better_cannot_have_a_best(birds: Project) -> None:
    made = build(birds, ":best: speed top1")
    assert ["'best' has no metric 'speed'" in line for line in made.warnings] == [True]


def record(project: Project, name: str, hashtag: str, right: range) -> None:
    """Write evidence of a model that got these items of 1000 right."""
    predictions = [
        Prediction(f"item{item}", 0, ((0 if item in right else 1, 0.9), (2, 0.1)))
        for item in range(1000)
    ]
    path = project.root / "evidence" / f"{name}-{hashtag}.jsonl.gz"
    origin = Origin(name, hashtag, "birds", "small", 10, 0, "", "fake 1", "")
    write_evidence(path, make_evidence(origin, predictions))


def test_with_evidence_items_are_compared_in_pairs(birds: Project) -> None:
    """The intervals of 71.5 and 69.0 overlap; in pairs the 25 items between are not chance."""
    record(birds, "owl", "", range(715))
    record(birds, "auk", "0badcafe", range(690))
    birds.edit("zoo.yaml", "top1: 71.5", "top1: 71.5, evidence: evidence/owl-.jsonl.gz")
    birds.edit("zoo.yaml", "top1: 69.0", "top1: 69.0, evidence: evidence/auk-0badcafe.jsonl.gz")
    made = build(birds, ":columns: name top1\n:best:")
    assert made.warnings == []
    assert cells(made.soup(), "top1") == ["70.1 ★", "69.0", "71.5 ★", "60.0"]
    legend = made.soup().select_one("p.zoo-legend")
    assert legend is not None
    assert "McNemar" in legend.get_text()
    assert "elsewhere" in legend.get_text()
    record(birds, "auk", "0badcafe", range(25, 715))
    again = birds.build()
    assert again.read == {"index"}
    assert cells(again.soup(), "top1")[1] == "69.0", "25 of the 690 differ, all one way"
    assert again.warnings == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("missing", "there is no evidence 'evidence/owl-.jsonl.gz' beside the manifest"),
        ("number", "does not give the listed top1 71.5"),
        ("model", "is of auk@682591e2 on birds"),
        ("damaged", "the evidence is damaged"),
    ],
)
def test_evidence_that_does_not_fit_is_a_warning_and_the_intervals_decide(
    birds: Project, fault: str, message: str
) -> None:
    path = birds.root / "evidence" / "owl-.jsonl.gz"
    if fault == "number":
        record(birds, "owl", "", range(700))
    elif fault == "model":
        record(birds, "auk", "682591e2", range(715))
        path.with_name("auk-682591e2.jsonl.gz").rename(path)
    elif fault == "damaged":
        record(birds, "owl", "", range(715))
        path.write_bytes(path.read_bytes()[:500])
    birds.edit("zoo.yaml", "top1: 71.5", "top1: 71.5, evidence: evidence/owl-.jsonl.gz")
    made = build(birds, ":columns: name top1\n:best:")
    assert len(made.warnings) == 1
    assert message in made.warnings[0]
    assert made.warnings[0].endswith("[zoo.evidence]")
    assert cells(made.soup(), "top1") == ["70.1 ★", "69.0 ★", "71.5 ★", "60.0"]


def test_a_number_says_its_count_and_interval_when_pointed_at(birds: Project) -> None:
    soup = build(birds, ":columns: name top1 error speed", "planes").soup()
    titles = [cell.get("title") for cell in soup.select("tbody td")]
    assert titles[0] == "163 of 200; 95 % interval 75.4 to 86.6"
    assert titles[1] == "163 of 200; 95 % interval 13.4 to 24.6"
    assert titles[2] is None


def test_a_receipts_count_goes_before_the_listed_number(project: Project, rows: Rows) -> None:
    verify(project.manifest, project.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3157)
    project.page(
        "A\n=\n\n.. zoo:table:: ucf101\n   :columns: name top1 top1_interval status\n"
        "   :limit: 1\n\n.. zoo:papers::\n"
    )
    made = project.build(suppress_warnings=["zoo.limit"])
    assert made.warnings == []
    cell = made.soup().select_one("tbody td")
    assert cell is not None
    assert cell["title"] == "3157 of 3783; 95 % interval 82.2 to 84.6"
    assert rows(made.soup())[0][2] == "82.2 to 84.6"
    status = made.soup().select("tbody td")[-1]
    link = status.select_one("a.download")
    assert link is not None
    assert (made.output / str(link["href"])).read_bytes() == next(
        (project.root / "receipts").glob("*/*.json")
    ).read_bytes()
    assert status["data-choice"] == "verified"


def test_details_are_columns_and_their_texts_never_markup(birds: Project, rows: Rows) -> None:
    soup = build(birds, ":columns: name pretrained_on released").soup()
    assert [row[1:] for row in rows(soup)] == [
        ["ImageNet", "2019-05"],
        ["", "2021"],
        ["<b>nothing</b>", ""],
        ["", ""],
    ]
    assert soup.select_one('th[data-key="pretrained_on"][data-choice]') is not None


def test_the_line_that_loads_a_model_is_at_hand(birds: Project, rows: Rows) -> None:
    soup = build(birds, ":columns: name load").soup()
    lines = [
        "net = get_model('auk', pretrained=True)",
        "net = get_model('auk', pretrained='0badcafe')",
        "net = get_model('owl', pretrained=True)",
    ]
    found = [row.get("data-load") for row in soup.select("tbody tr")]
    assert found == [*lines, None], "the last are neither the default nor have they a hashtag"
    assert [row[1] for row in rows(soup)] == [*lines, ""]


def test_values_to_sort_by_stand_where_the_text_is_not_one(birds: Project) -> None:
    soup = build(birds, ":columns: name parameters speed top1").soup()
    kinds = [head["data-sort"] for head in soup.select("thead th")]
    assert kinds == ["text", "number", "number", "number"]
    values = [[cell.get("data-sort") for cell in row.select("td")] for row in soup.select("tr")[1:]]
    assert values[0] == ["25600000", None, None]
    assert values[3] == [None, "25600000", None]


def test_names_and_hashtags_of_a_table_are_found_by_the_search(birds: Project) -> None:
    index = build(birds, ":columns: name hashtag").text("searchindex.js")
    for word in ("auk", "0badcaf", "682591e2", "wren"):
        assert word in index


def test_the_read_document_holds_one_node_a_table(birds: Project, tmp_path: Path) -> None:
    made = build(birds, ":columns: name top1 status")
    table = [node for node in made.app.env.get_doctree("index").findall() if "zoo" in node.tagname]
    assert [node.tagname for node in table] == ["zoo_table"]
    assert len(read_zoo(birds.manifest).entries) == 5
    assert tmp_path == birds.root
