"""``zoo:cards``: a page for each model, in every builder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from .card_pages import INCEPTION, PAGE, VGG, sources
from .conftest import CONF, Build, Project
from .receipts import verify

MYST = {
    "backticks": "# Models\n\n```{zoo:cards}\n```\n",
    "colons": "# Models\n\n::::{note}\n:::{zoo:cards} ucf101\n:folder: models\n:::\n::::\n",
    "eval-rst": "# Models\n\n```{eval-rst}\n.. zoo:cards::\n   :hidden:\n```\n",
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
    cards.page(f"{PAGE}\n    :zoo:model:`vgg16_ucf101` :zoo:model:`vgg16_ucf101@05e319d4`\n")
    build = cards.build()
    assert build.warnings == []
    target = f"{VGG}.html#zoo-model-vgg16_ucf101"
    rows = build.soup().select(".zoo-table .zoo-name a, .zoo-table td a")
    assert target in {link["href"] for link in rows}
    assert len(build.soup().select(f'p a[href="{target}"]')) == 2
    assert build.soup(f"{VGG}.html").select_one("#zoo-model-vgg16_ucf101")


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
    cards.page(PAGE + "\n    .. zoo:cards::\n       :manifest: ../other.yaml\n")
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
    cards.page(PAGE.replace("zoo:cards::", "zoo:cards:: other"))
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
    cards.page(PAGE.replace("zoo:cards::", directive))
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
