from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.exchange.bibtex import export_bibtex
from sphinx_modelzoo.exchange.cyclonedx import export_bill
from sphinx_modelzoo.exchange.json_export import export_json
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.tables_export import export_table
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from tests.exchange.conftest import Import, manifest_of, said

SEED = Path(__file__).parents[2] / "zoo.yaml"


def zoos(imported: Import, data: Path) -> list[Zoo]:
    return [
        read_zoo(SEED),
        imported(data / "pages" / "detection.rst"),
        imported(data / "openmmlab" / "tsn.metafile.yml"),
        imported(data / "timm" / "results-imagenet.csv"),
        imported(data / "huggingface" / "resnet50-sketch" / "README.md"),
    ]


def test_bills_are_valid_and_hold_each_models_card(imported: Import, data: Path) -> None:
    for zoo in zoos(imported, data):
        text = export_bill(zoo, Losses())
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        components = {part["bom-ref"]: part for part in json.loads(text)["components"]}
        for entry in zoo.entries:
            component = components[f"model:{entry.key}"]
            assert component["type"] == "machine-learning-model"
            metrics = component["modelCard"].get("quantitativeAnalysis", {})
            assert [each["value"] for each in metrics.get("performanceMetrics", [])] == [
                number.text for result in entry.results for number in result.numbers.values()
            ]


def test_the_same_zoo_gives_the_same_bill() -> None:
    assert export_bill(read_zoo(SEED), Losses()) == export_bill(read_zoo(SEED), Losses())


def test_a_bill_holds_digests_licences_and_addresses(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_text(
        "zoo: 1\nmodels:\n  - name: net\n    hashtag: d6dc1bba\n    license: Apache-2.0\n"
        f"    sha1: {'a' * 40}\n    sha256: {'b' * 64}\n    weights: https://x.org/net.pth\n",
        encoding="utf-8",
    )
    (component,) = json.loads(export_bill(read_zoo(path), Losses()))["components"]
    assert {each["alg"]: each["content"] for each in component["hashes"]} == {
        "SHA-1": "a" * 40,
        "SHA-256": "b" * 64,
    }
    assert component["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert component["version"] == "d6dc1bba"
    assert component["externalReferences"][0]["url"] == "https://x.org/net.pth"


@pytest.mark.parametrize("number", range(5))
def test_tables_hold_what_their_import_reads_back(
    imported: Import, data: Path, tmp_path: Path, number: int
) -> None:
    first = zoos(imported, data)[number]
    path = tmp_path / "table.csv"
    path.write_text(export_table(first, Losses()), encoding="utf-8")
    second = imported(path)
    again = tmp_path / "again.csv"
    again.write_text(export_table(second, Losses()), encoding="utf-8")
    assert said(imported(again)) == said(second)
    for found, wanted in zip(said(second), said(first), strict=True):
        for key in ("key", "default", "weights", "digests", "words", "tags"):
            assert found[key] == wanted[key]
    if not any(link.file for e in first.entries for r in e.results for link in r.links.values()):
        assert [e["details"] for e in said(second)] == [e["details"] for e in said(first)]
    titles = {
        paper.title
        for entry in first.entries
        for key in entry.papers
        for paper in (first.papers[key],)
    }
    assert {paper.title for paper in second.papers.values()} == titles


PLAIN = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=("C", "Z")),
    min_size=1,
    max_size=10,
)


@given(
    name=PLAIN.filter(lambda text: "@" not in text),
    note=PLAIN,
    fact=PLAIN.filter(lambda text: text.lower() != "na"),
)
@settings(max_examples=60, deadline=None)
def test_texts_of_a_table_are_read_back_as_they_stand(
    tmp_path_factory: pytest.TempPathFactory, name: str, note: str, fact: str
) -> None:
    folder = tmp_path_factory.mktemp("table")
    path = folder / "zoo.yaml"
    path.write_text(
        "zoo: 1\ndatasets: {voc: {title: Pascal VOC}}\nmodels:\n"
        f"  - name: {json.dumps(f'n{name}n', ensure_ascii=False)}\n"
        f"    note: {json.dumps(f'x{note}', ensure_ascii=False)}\n"
        f"    details: {{Pretrained: {json.dumps(f'{fact}n', ensure_ascii=False)}}}\n"
        "    dataset: voc\n    top1: 83.40\n",
        encoding="utf-8",
    )
    first = read_zoo(path)
    table = folder / "table.csv"
    table.write_text(export_table(first, Losses()), encoding="utf-8")
    path.write_text(manifest_of([table]), encoding="utf-8")
    assert said(read_zoo(path)) == said(first)


def test_a_table_is_one_that_spreadsheets_read(imported: Import, data: Path) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    rows = list(csv.DictReader(export_table(zoo, Losses()).splitlines()))
    assert len(rows) == sum(len(entry.results) for entry in zoo.entries)
    yolo = [row for row in rows if row["Name"] == "yolo3_darknet53_coco"]
    assert [(row["input_size (protocol)"], row["Box AP"]) for row in yolo] == [
        ("320", "33.6"),
        ("416", "36.0"),
        ("608", "37.0"),
    ]
    assert yolo[0]["Training Log"].startswith("https://")


def test_json_holds_all_texts(imported: Import, data: Path) -> None:
    for zoo in zoos(imported, data):
        text = json.loads(export_json(zoo, Losses()))
        for entry, found in zip(zoo.entries, text["entries"], strict=True):
            assert found["name"] == entry.name
            for result, like in zip(entry.results, found.get("results", []), strict=True):
                numbers = {key: each["text"] for key, each in like.get("numbers", {}).items()}
                assert numbers == {key: each.text for key, each in result.numbers.items()}
        assert "place" not in text


def test_bibtex_escapes_and_keeps_titles(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_text(
        "zoo: 1\npapers:\n  he2016: {title: 'Nets & 100% {x}_y', authors: [A and B, Xu Li], "
        "published: 'CVPR', year: 2016}\n  wang2015: {title: T, url: 'https://arxiv.org/abs/1507.02159'}\n",
        encoding="utf-8",
    )
    text = export_bibtex(read_zoo(path), Losses())
    assert r"title = {{Nets \& 100\% \{x\}\_y}}," in text
    assert "author = {{A and B} and Xu Li}," in text
    assert re.findall(r"@(\w+)\{(\w+),", text) == [
        ("inproceedings", "he2016"),
        ("misc", "wang2015"),
    ]
    assert "eprint = {1507.02159}," in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
