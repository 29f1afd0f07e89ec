from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from huggingface_hub import ModelCard, parse_eval_result_entries

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.exchange.eval_results import export_results
from sphinx_modelzoo.exchange.huggingface_export import export_cards
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from tests.exchange.conftest import Import, manifest_of, said

SEED = Path(__file__).parents[2] / "zoo.yaml"


def written(files: dict[str, str], folder: Path) -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def test_a_card_is_read_with_its_metadata(imported: Import, data: Path) -> None:
    zoo = imported(data / "huggingface" / "resnet50-sketch" / "README.md")
    (entry,) = zoo.entries
    assert (entry.name, entry.license) == ("resnet50-sketch", "apache-2.0")
    assert entry.tags == ("image-classification", "vision")
    assert entry.details["Base model"] == "microsoft/resnet-50"
    assert zoo.papers[entry.papers[0]].url == "https://arxiv.org/abs/1512.03385"
    first, second = entry.results
    assert first.dataset == "imagenet-1k"
    assert {key: each.text for key, each in first.numbers.items()} == {
        "accuracy": "0.7613",
        "f1_macro": "0.70",
        "loss": "0.12",
    }
    assert first.links["source"].url == "https://x.org/board"
    assert second.dataset == "detection-datasets/coco"
    assert second.numbers["mean_average_precision_deviation"].text == "0.2"
    assert zoo.loader == "transformers"


def test_what_a_card_says_and_a_manifest_cannot_is_a_comment(data: Path) -> None:
    text = manifest_of([data / "huggingface" / "resnet50-sketch" / "README.md"])
    assert "# F1 Macro: its verifyToken is not carried" in text


def test_accuracy_in_percent_is_top_1_and_a_share_is_not(imported: Import, tmp_path: Path) -> None:
    card = tmp_path / "net" / "README.md"
    card.parent.mkdir()
    for value, key in (("76.1", "top1"), ("0.761", "accuracy")):
        card.write_text(
            "---\nmodel-index:\n- name: net\n  results:\n  - task: {type: image-classification}\n"
            "    dataset: {type: beans, name: Beans}\n"
            f"    metrics: [{{type: accuracy, value: {value}}}]\n---\n",
            encoding="utf-8",
        )
        assert imported(card).entries[0].results[0].numbers[key].text == value


def test_results_files_belong_to_the_model_of_their_folder(imported: Import, data: Path) -> None:
    folder = data / "huggingface" / "resnet50-sketch"
    zoo = imported(folder / ".eval_results" / "hle.yaml")
    (entry,) = zoo.entries
    assert entry.name == "resnet50-sketch"
    numbers = {result.dataset: dict(result.numbers) for result in entry.results}
    assert numbers["cais/hle"]["score"].text == "20.90"
    assert numbers["Idavidrein/gpqa"]["gpqa_diamond"].text == "0.412"
    assert zoo.protocols[entry.results[0].protocol].settings == {"notes": "no-tools"}


def zoos(imported: Import, data: Path) -> list[Zoo]:
    return [
        read_zoo(SEED),
        imported(data / "pages" / "detection.rst"),
        imported(data / "huggingface" / "resnet50-sketch" / "README.md"),
        imported(data / "openmmlab" / "two-tasks.metafile.yml"),
    ]


def test_the_hubs_own_loader_takes_our_cards_and_gives_them_back(
    imported: Import, data: Path, tmp_path: Path
) -> None:
    for zoo in zoos(imported, data):
        for path in written(export_cards(zoo, Losses()), tmp_path):
            card = ModelCard.load(path)
            again = ModelCard(card.content)
            assert again.data.to_dict() == card.data.to_dict()
            assert again.data.eval_results == card.data.eval_results
            entry = next(each for each in zoo.entries if path.parent.name.startswith(each.name[:5]))
            if entry.results and entry.results[0].numbers:
                assert card.data.eval_results


def test_each_size_stays_a_result_of_its_own_for_the_hub(imported: Import, data: Path) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    cards = export_cards(zoo, Losses())
    card = ModelCard(cards["yolo3_darknet53_coco/README.md"])
    again = ModelCard(card.content)
    box = [each for each in again.data.eval_results if each.metric_type == "box_ap"]
    assert [(each.dataset_config, each.metric_value) for each in box] == [
        ("size-320", 33.6),
        ("size-416", 36.0),
        ("size-608", 37.0),
    ]


def test_import_export_and_import_give_the_same(
    imported: Import, data: Path, tmp_path: Path
) -> None:
    for number, first in enumerate(zoos(imported, data)):
        paths = written(export_cards(first, Losses()), tmp_path / str(number))
        second = imported(*paths)
        paths = written(export_cards(second, Losses()), tmp_path / f"{number} again")
        assert said(imported(*paths)) == said(second)
        for found, wanted in zip(said(second), said(first), strict=True):
            for key in ("key", "default", "architecture", "digests", "words", "papers", "tags"):
                assert found[key] == wanted[key]
            if not any(
                link.file for e in first.entries for r in e.results for link in r.links.values()
            ):
                assert found["results"] == wanted["results"]


def test_exported_results_files_are_read_by_the_hub_and_by_us(
    imported: Import, data: Path, tmp_path: Path
) -> None:
    folder = data / "huggingface" / "resnet50-sketch"
    first = imported(folder / ".eval_results" / "hle.yaml")
    paths = written(export_results(first, Losses()), tmp_path)
    entries = [
        entry
        for path in paths
        for entry in parse_eval_result_entries(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]
    assert [(e.dataset_id, e.task_id, e.value, e.notes) for e in entries] == [
        ("cais/hle", "default", 20.9, "no-tools"),
        ("Idavidrein/gpqa", "gpqa_diamond", 0.412, None),
    ]
    assert said(imported(*paths)) == said(first)


def test_what_a_format_has_no_place_for_is_named(imported: Import, data: Path) -> None:
    zoo = imported(data / "openmmlab" / "tsn.metafile.yml")
    losses = Losses()
    export_cards(zoo, losses)
    name = zoo.entries[0].key
    assert f"{name}: link config not carried: it leads to a file, not to an address" in losses.lines


@pytest.mark.parametrize(
    ("text", "said_there"),
    [
        ("# Only text\n", "a card without metadata"),
        ("---\nlicense: mit\n---\n", "README.md:2:1: the card's metadata has no 'model-index'"),
        ("---\na: [\n---\n", "README.md:"),
    ],
)
def test_wrong_cards_are_errors_with_a_place(tmp_path: Path, text: str, said_there: str) -> None:
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([path])
    assert said_there in str(caught.value)
