"""``zoo:cards`` built again: cards change with what they say, and files of others stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_modelzoo.cards.model import Card
from sphinx_modelzoo.cards.render import Renderer

from .card_pages import INCEPTION, PAGE, VGG, sources
from .conftest import CONF, Project
from .receipts import verify


def test_a_build_without_changes_reads_and_writes_nothing(cards: Project) -> None:
    cards.build()
    times = {path: path.stat().st_mtime_ns for path in (cards.root / "docs").rglob("*.rst")}
    for _ in range(2):
        again = cards.build()
        assert again.read == again.written == set()
    assert times == {path: path.stat().st_mtime_ns for path in (cards.root / "docs").rglob("*.rst")}


def test_a_changed_number_makes_one_card_anew(cards: Project) -> None:
    cards.build()
    cards.edit("zoo.yaml", "top1: 88.1", "top1: 88.2")
    again = cards.build()
    assert again.read == {"index", INCEPTION}
    assert again.soup(f"{INCEPTION}.html").find(string="88.2 %")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose cards have been rendered."""
    names: list[str] = []
    render = Renderer.render

    def noted(self: Renderer, card: Card, template: str = "") -> str:
        names.append(card.name)
        return render(self, card, template)

    monkeypatch.setattr(Renderer, "render", noted)
    return names


def test_only_cards_that_say_something_else_are_rendered(
    cards: Project, rendered: list[str]
) -> None:
    cards.build()
    assert rendered == ["vgg16_ucf101", "inceptionv3_ucf101"]
    for edit in (("88.1", "88.2"), ("88.2", "88.3")):
        rendered.clear()
        cards.edit("zoo.yaml", *edit)
        cards.build()
        assert rendered == ["inceptionv3_ucf101"]


def test_a_card_that_was_touched_is_looked_at_whatever_else_changes(
    cards: Project, rendered: list[str]
) -> None:
    cards.build()
    before = sources(cards)[f"{VGG}.rst"]
    for number, change in enumerate((Path.unlink, os.utime, Path.touch)):
        rendered.clear()
        change(cards.root / "docs" / f"{VGG}.rst")
        cards.edit("zoo.yaml", f"88.{number + 1}", f"88.{number + 2}")
        assert cards.build().warnings == []
        assert rendered == ["vgg16_ucf101", "inceptionv3_ucf101"]
        assert sources(cards)[f"{VGG}.rst"] == before


def test_a_receipt_changes_the_card_and_lies_beside_it_for_download(cards: Project) -> None:
    cards.build()
    path = verify(cards.manifest, cards.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    again = cards.build()
    assert again.warnings == []
    assert VGG in again.read
    assert INCEPTION not in again.read
    page = again.soup(f"{VGG}.html")
    assert page.find(string="verified 2026-11-23")
    row = page.select_one(".zoo-history tbody tr")
    assert row is not None
    assert row.get_text(" ", strip=True) == (
        "2026-11-23 d6dc1bba UCF101 Top-1 83.4 full confirmed 3155 of 3783 receipt verify-zoo"
    )
    link = row.select_one("a.download")
    assert link is not None
    copy = again.output / "models" / str(link["href"])
    assert copy.read_bytes() == path.read_bytes()
    path.unlink()
    assert "History" not in cards.build().text(f"{VGG}.html")


def test_a_model_that_is_gone_takes_its_card_along(cards: Project) -> None:
    cards.build()
    text = cards.manifest.read_text(encoding="utf-8")
    cards.manifest.write_text(text[: text.index("  - name: inceptionv3")], encoding="utf-8")
    cards.edit("zoo.yaml", "model: inceptionv3_ucf101", "model: vgg16_ucf101")
    again = cards.build()
    assert again.warnings == []
    assert list(sources(cards)) == [f"{VGG}.rst"]
    assert "inceptionv3_ucf101" not in again.text("index.html")


def test_without_the_directive_all_cards_go(cards: Project) -> None:
    cards.build()
    cards.page("Models\n======\n")
    assert cards.build().warnings == []
    assert not (cards.root / "docs" / "models").exists()


def test_another_option_moves_the_cards(cards: Project) -> None:
    cards.build()
    cards.page(PAGE + "       :folder: /zoo/models\n")
    build = cards.build()
    assert build.warnings == []
    assert list(sources(cards)) == [f"zoo/{INCEPTION}.rst", f"zoo/{VGG}.rst"]


def test_a_file_of_the_user_is_left_alone(cards: Project) -> None:
    own = cards.write(f"docs/{VGG}.rst", ":orphan:\n\nMine\n====\n")
    build = cards.build()
    (warning,) = build.warnings
    assert f"{own}:1" in warning
    assert "stands in the place of a model's card" in warning
    assert "[zoo.card]" in warning
    assert own.read_text(encoding="utf-8") == ":orphan:\n\nMine\n====\n"
    assert [a["href"] for a in build.soup().select(".toctree-wrapper a")] == [f"{INCEPTION}.html"]
    own.unlink()
    again = cards.build()
    assert again.warnings == []
    assert len(again.soup().select(".toctree-wrapper a")) == 2


def test_a_card_that_was_changed_by_hand_is_never_lost(cards: Project) -> None:
    cards.build()
    cards.edit(f"docs/{VGG}.rst", "Load it", "Take it")
    for edit in (("83.4", "83.5"), ("83.5", "83.6"), ("88.1", "88.2")):
        cards.edit("zoo.yaml", *edit)
        build = cards.build()
        (warning,) = build.warnings
        assert "was changed by hand" in warning
        assert "Take it" in sources(cards)[f"{VGG}.rst"]
    cards.page("Models\n======\n\n.. toctree::\n\n   models/vgg16_ucf101\n")
    (warning,) = cards.build().warnings
    assert "no zoo:cards asks for this card" in warning
    assert "Take it" in sources(cards)[f"{VGG}.rst"]


def test_a_copy_of_a_card_elsewhere_is_the_users(cards: Project) -> None:
    cards.build()
    text = (cards.root / "docs" / f"{VGG}.rst").read_text(encoding="utf-8")
    copy = cards.write("docs/copies/mine.rst", f":orphan:\n\n{text}")
    other = cards.write("docs/copies/models/plain.rst", text)
    cards.build()
    cards.page("Models\n======\n")
    cards.build()
    assert copy.exists()
    assert other.exists()


def test_a_template_of_the_project_makes_the_cards_anew(cards: Project) -> None:
    cards.write("docs/conf.py", CONF + 'templates_path = ["_templates"]\n')
    assert cards.build().warnings == []
    block = '{% block license %}{% include "zoo/part.txt" %}{% endblock %}\n'
    cards.write("docs/_templates/zoo/part.txt", "\nAsk us.\n\n")
    cards.write("docs/_templates/zoo/card.rst", '{% extends "!zoo/card.rst" %}\n' + block)
    again = cards.build()
    assert again.warnings == []
    assert again.read >= {VGG, INCEPTION}
    assert "Ask us." in again.text(f"{VGG}.html")
    cards.write("docs/_templates/zoo/part.txt", "\nAsk them.\n\n")
    again = cards.build()
    assert again.read >= {VGG, INCEPTION}
    assert "Ask them." in again.text(f"{VGG}.html")
    assert cards.build().read == set()
    (cards.root / "docs/_templates/zoo/card.rst").unlink()
    assert "Ask them." not in cards.build().text(f"{VGG}.html")


def test_a_template_that_need_not_be_there_makes_the_cards_anew_when_it_comes(
    cards: Project,
) -> None:
    cards.write("docs/conf.py", CONF + 'templates_path = ["_templates"]\n')
    block = '{% block license %}{% include "zoo/part.txt" ignore missing %}{% endblock %}\n'
    cards.write("docs/_templates/zoo/card.rst", '{% extends "!zoo/card.rst" %}\n' + block)
    cards.build()
    assert cards.build().read == set()
    cards.write("docs/_templates/zoo/part.txt", "\nAsk us.\n\n")
    again = cards.build()
    assert again.read >= {VGG, INCEPTION}
    assert "Ask us." in again.text(f"{VGG}.html")


def test_a_mistake_in_a_template_is_a_warning_and_the_cards_stay(cards: Project) -> None:
    cards.write("docs/conf.py", CONF + 'templates_path = ["_templates"]\n')
    cards.build()
    before = sources(cards)
    path = cards.write("docs/_templates/zoo/card.rst", "{# ours #}\n{{ card.colour }}\n")
    for _ in range(2):
        (warning,) = cards.build().warnings
        assert f"{path}:2: WARNING: the template uses what is not there" in warning
        assert "[zoo.card]" in warning
    assert sources(cards) == before
    path.unlink()
    assert cards.build().warnings == []


def test_a_mistake_from_the_start_lists_nothing_until_it_is_mended(cards: Project) -> None:
    cards.write("docs/conf.py", CONF + 'templates_path = ["_templates"]\n')
    path = cards.write("docs/_templates/zoo/card.rst", "{{ card.colour }}\n")
    assert len(cards.build().warnings) == 1
    assert sources(cards) == {}
    path.unlink()
    again = cards.build()
    assert again.warnings == []
    assert len(again.soup().select(".toctree-wrapper a")) == 2


def test_cards_stay_while_the_manifest_is_wrong(cards: Project) -> None:
    cards.build()
    before = sources(cards)
    cards.edit("zoo.yaml", "top1: 83.4", "top1: many")
    build = cards.build()
    assert all("[zoo.manifest]" in warning for warning in build.warnings)
    assert sources(cards) == before
    assert len(build.soup().select(".toctree-wrapper a")) == 2
    cards.edit("zoo.yaml", "top1: many", "top1: 83.4")
    assert cards.build().warnings == []
