"""``zoo:cards``: a page for each model, made anew only where it would say something else."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from .conftest import CONF, Build, Project
from .receipts import verify

REST = """
    Models
    ======

    .. zoo:table:: ucf101
       :columns: name top1

    .. zoo:papers::

    .. zoo:cards::
"""
MYST = {
    "backticks": "# Models\n\n```{zoo:cards}\n```\n",
    "colons": "# Models\n\n::::{note}\n:::{zoo:cards} ucf101\n:folder: models\n:::\n::::\n",
    "eval-rst": "# Models\n\n```{eval-rst}\n.. zoo:cards::\n   :hidden:\n```\n",
}
VGG, INCEPTION = "models/vgg16_ucf101", "models/inceptionv3_ucf101"


@pytest.fixture
def cards(project: Project) -> Project:
    """A project with a table and the cards of its models."""
    project.page(REST)
    return project


def sources(project: Project) -> dict[str, str]:
    folder = project.root / "docs"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("**/models/**/*"))
        if path.is_file()
    }


def test_each_model_has_a_page_that_the_directive_lists_in_order(cards: Project) -> None:
    build = cards.build()
    assert build.warnings == []
    links = [link["href"] for link in build.soup().select(".toctree-wrapper a")]
    assert links == [f"{VGG}.html", f"{INCEPTION}.html"]
    page = build.soup(f"{VGG}.html")
    assert page.h1 is not None
    assert page.h1.get_text().startswith("vgg16_ucf101")
    assert [row.get_text(" ", strip=True) for row in page.select(".zoo-results tbody tr")] == [
        "UCF101 d6dc1bba Top-1 83.4 % ○ claimed 82.2 to 84.6 3155 of 3783",
        "UCF101 05e319d4 Top-1 81.5 % ○ claimed 80.2 to 82.7 3083 of 3783",
    ]
    regions = page.select('[role="group"][tabindex="0"]')
    assert [region["aria-label"] for region in regions] == [
        "Results",
        "Weights d6dc1bba (default)",
        "Weights 05e319d4 (no TSN)",
    ]
    scopes = [heading.get("scope") for heading in page.select("th")]
    assert scopes == [*["col"] * 7, *["row"] * 6]


@pytest.mark.parametrize("source", MYST.values(), ids=MYST)
@pytest.mark.filterwarnings("ignore:.*myst_parser.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*myst_parser.*:PendingDeprecationWarning")
def test_myst_has_the_same_cards(cards: Project, source: str) -> None:
    cards.build()
    expected = sources(cards)
    (cards.root / "docs" / "index.rst").unlink()
    extra = 'myst_enable_extensions = ["colon_fence"]\n'
    cards.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]') + extra)
    cards.page(source, "index.md")
    build = cards.build(output="myst")
    assert build.warnings == []
    assert sources(cards) == expected
    assert build.soup(f"{VGG}.html").select_one(".zoo-results")


def test_the_names_of_a_table_and_references_lead_to_the_cards(cards: Project) -> None:
    cards.page(f"{REST}\n    :zoo:model:`vgg16_ucf101` :zoo:model:`vgg16_ucf101@05e319d4`\n")
    build = cards.build()
    assert build.warnings == []
    target = f"{VGG}.html#zoo-model-vgg16_ucf101"
    rows = build.soup().select(".zoo-table .zoo-name a, .zoo-table td a")
    assert target in {link["href"] for link in rows}
    assert len(build.soup().select(f'p a[href="{target}"]')) == 2
    assert build.soup(f"{VGG}.html").select_one("#zoo-model-vgg16_ucf101")


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
    cards.page(REST + "       :folder: /zoo/models\n")
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
    for edit in (("83.4", "83.5"), ("83.5", "83.6")):
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


NAMES = ["a/b", "a b", "é", "VGG", "vgg", "con", "..", "index", "x" * 180, "*b* |c| `d`_", ":e: f"]


def test_any_name_has_a_page_of_its_own(cards: Project) -> None:
    text = cards.manifest.read_text(encoding="utf-8")
    entry = "  - name: {}\n    default: true\n    dataset: ucf101\n    top1: 1.0\n"
    entries = "".join(entry.format(f'"{name}"') for name in NAMES)
    cards.manifest.write_text(text[: text.index("  - name:")] + entries, encoding="utf-8")
    cards.edit("zoo.yaml", "model: inceptionv3_ucf101", 'model: "vgg"')
    build = cards.build()
    assert build.warnings == []
    names = [Path(name).stem for name in sources(cards)]
    assert len({name.lower() for name in names}) == len(NAMES)
    assert all(name.isascii() and len(name) < 120 for name in names)
    links = build.soup().select(".toctree-wrapper a")
    assert [link.get_text() for link in links] == NAMES
    again = cards.build()
    assert again.read == set()


HOSTILE = (
    ".. raw:: html\\n\\n   <script>alert(1)</script>\\n\\n:download:`x </etc/passwd>` |release|"
)


def test_no_text_of_a_manifest_is_read_as_markup(cards: Project) -> None:
    fields = "".join(
        f'    {name}: "{HOSTILE}"\n' for name in ("description", "intended_use", "limitations")
    )
    plain = HOSTILE.replace("\\n", " ")
    fields += f'    note: "{plain}"\n    details: {{"{plain}": "{plain}"}}\n'
    cards.edit("zoo.yaml", "    hashtag: d6dc1bba\n", f"    hashtag: d6dc1bba\n{fields}")
    build = cards.build()
    assert build.warnings == []
    page = build.soup(f"{VGG}.html")
    main = page.select_one('[role="main"]')
    assert main is not None
    assert main.find("script") is None
    assert main.select("a.download") == []
    assert main.get_text(" ").count("<script>alert(1)</script>") == 6


def test_two_zoos_share_a_folder(cards: Project) -> None:
    (cards.root / "other.yaml").write_bytes(cards.manifest.read_bytes())
    cards.edit("other.yaml", "top1: 83.4", "top1: 70.1")
    cards.page(REST + "\n    .. zoo:cards::\n       :manifest: ../other.yaml\n")
    build = cards.build()
    assert build.warnings == []
    assert len(sources(cards)) == 4
    links = [link["href"] for link in build.soup().select(".toctree-wrapper a")]
    assert len(set(links)) == 4
    assert "70.1 %" in build.text(str(links[2]))


def test_a_data_set_chooses_the_models(cards: Project) -> None:
    cards.edit("zoo.yaml", "datasets:\n", "datasets:\n  other: {title: Other, samples: 10}\n")
    entry = "\n  - name: new\n    default: true\n    dataset: other\n    top1: 10.0\n"
    cards.manifest.write_text(cards.manifest.read_text(encoding="utf-8") + entry, encoding="utf-8")
    cards.page(REST.replace("zoo:cards::", "zoo:cards:: other"))
    build = cards.build()
    assert build.warnings == []
    assert list(sources(cards)) == ["models/new.rst"]


MISTAKES = {
    "zoo:cards:: ucf110": "did you mean 'ucf101'",
    "zoo:cards::\n       :folder: ../../elsewhere": "is not within the documentation's",
    "zoo:cards::\n       :folder: _skipped": "Sphinx does not read the cards in '_skipped'",
}


@pytest.mark.parametrize(("directive", "said"), MISTAKES.items())
def test_a_mistake_in_the_directive_is_a_warning_there(
    cards: Project, directive: str, said: str
) -> None:
    cards.write("docs/conf.py", CONF + 'exclude_patterns = ["_skipped"]\n')
    cards.page(REST.replace("zoo:cards::", directive))
    (warning,) = cards.build().warnings
    assert "index.rst:" in warning
    assert said in warning


def test_a_directive_in_an_included_file_is_a_warning(cards: Project) -> None:
    cards.page("Models\n======\n\n.. include:: part.txt\n")
    cards.page(".. zoo:cards::\n", "part.txt")
    (warning,) = cards.build().warnings
    assert "does not stand in the page's own file" in warning


def test_a_folder_that_cannot_be_written_is_a_warning(cards: Project) -> None:
    cards.write("docs/models", "a file\n")
    build = cards.build()
    assert len(build.warnings) == 2
    assert all("the card cannot be written" in warning for warning in build.warnings)


def test_a_log_that_is_missing_is_a_warning_in_the_manifest(cards: Project) -> None:
    url = 'url: "{base}/{dataset}/{log}.log"'
    cards.edit("zoo.yaml", url, 'file: "logs/{log}.log"')
    for name in ("vgg16_ucf101_tsn", "vgg16_ucf101", "inceptionv3_ucf101"):
        cards.write(f"logs/{name}.log", "log\n")
    (warning,) = cards.build().warnings
    assert "logs/inceptionv3_ucf101_tsn.log" in warning
    assert "zoo.yaml:" in warning
    cards.write("logs/inceptionv3_ucf101_tsn.log", "log\n")
    again = cards.build()
    assert again.warnings == []
    assert INCEPTION in again.read
    assert len(again.soup(f"{INCEPTION}.html").select("a.download")) == 2


def test_four_processes_give_what_one_gives(cards: Project) -> None:
    def digests(build: Build) -> dict[str, str]:
        return {
            str(path.relative_to(build.output)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in build.output.rglob("*.html")
        }

    one = digests(cards.build(output="one"))
    for path in (cards.root / "docs" / "models").iterdir():
        os.utime(path)
    assert digests(cards.build(jobs=4, output="four")) == one


BUILDERS = ["dirhtml", "singlehtml", "text", "gettext", "xml", "latex", "texinfo"]


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_takes_the_cards(cards: Project, builder: str) -> None:
    verify(cards.manifest, cards.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    assert cards.build(builder).warnings == []


def test_text_and_latex_say_what_the_page_says(cards: Project) -> None:
    verify(cards.manifest, cards.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    text = cards.build("text").text(f"{VGG}.txt")
    assert "✓ verified" in text
    assert "82.2 to 84.6" in text
    assert "@inproceedings{wang2016temporal" in text
    latex = cards.build("latex").text("zoo.tex")
    assert r"\(\checkmark\)" in latex
    assert "✓" not in latex


def test_man_and_epub_have_the_cards(cards: Project) -> None:
    man = cards.build("man", man_pages=[("index", "zoo", "Zoo", "Us", 7)])
    assert man.warnings == []
    assert "82.2 to 84.6" in man.text("zoo.7")
    assert "<#" not in man.text("zoo.7"), "links within a manual page have no address"
    epub = cards.build("epub", epub_show_urls="no", copyright="Us")
    assert epub.warnings == []
    assert "82.2 to 84.6" in epub.text(f"{VGG}.xhtml")
