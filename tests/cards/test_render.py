"""The templates: what they say, how a project changes them, and what their mistakes say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.cards.context import Gathering, models
from sphinx_modelzoo.cards.formats import Format
from sphinx_modelzoo.cards.markdown import MARKDOWN
from sphinx_modelzoo.cards.model import Card
from sphinx_modelzoo.cards.render import Renderer, TemplateFaultError
from sphinx_modelzoo.cards.rest import REST
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind, Verdict

DATA = Path(__file__).parent / "data"
FIRST = NumberKey("vgg16_ucf101", "d6dc1bba", "ucf101", "tsn", "top1")
SECOND = NumberKey("vgg16_ucf101", "05e319d4", "ucf101", "tsn", "top1")


def receipt(number: NumberKey, correct: int, n: int, tier: str) -> Receipt:
    return Receipt(
        number=number,
        listed="83.4",
        correct=correct,
        n=n,
        total=3783,
        band=(3137, 3173),
        verdict=Verdict.CONFIRMED,
        depends={},
        predictions="",
        started="2026-11-23T10:00:00Z",
        duration=1.0,
        tool="sphinx-modelzoo 0.1.0",
        tier=tier,
    )


@pytest.fixture
def card(zoo: Zoo) -> Card:
    """A card with a verified number, one that is claimed, and receipts."""
    verified = Status(StatusKind.VERIFIED, "2026-11-23", n=3783, correct=3155, total=3783)
    history = {
        "vgg16_ucf101": (
            (zoo.root / "receipts" / "b.json", receipt(SECOND, 500, 633, "spot")),
            (zoo.root / "receipts" / "a.json", receipt(FIRST, 3155, 3783, "full")),
        )
    }
    gathering = Gathering(
        zoo, {FIRST: verified}, history, lambda file: file.relative_to(zoo.root).as_posix()
    )
    return gathering.card(models(zoo)["vgg16_ucf101"])


@pytest.mark.parametrize(("form", "name"), [(REST, "rest.txt"), (MARKDOWN, "markdown.txt")])
def test_the_card_is_the_one_that_is_kept(card: Card, form: Format, name: str) -> None:
    assert Renderer(form).render(card) == (DATA / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [REST, MARKDOWN])
def test_a_model_with_a_name_and_a_number_only_has_a_card(zoo: Zoo, form: Format) -> None:
    text = Renderer(form).render(Gathering(zoo, {}).card(models(zoo)["bare"]))
    for absent in ("Weights", "History", "License", "None", "Protocol", "Limitations"):
        assert absent not in text
    assert "38 of 3783" in text
    assert "\n\n\n" not in text


def test_a_number_that_is_not_counted_has_no_interval(card: Card) -> None:
    speed = next(result for result in card.results if result.metric == "Speed")
    assert (speed.count, speed.interval, speed.listed) == ("", "", "12.5 clips/s")


def test_texts_that_differ_say_of_which_weights_they_are(card: Card) -> None:
    assert [said.labels for said in card.limitations] == [("d6dc1bba",)]
    assert [said.labels for said in card.licenses] == [()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder of templates."""
    (tmp_path / "templates" / "zoo").mkdir(parents=True)
    return tmp_path / "templates"


def override(folder: Path, text: str, name: str = "zoo/card.rst") -> Renderer:
    (folder / name).write_text(text, encoding="utf-8")
    return Renderer(REST, (folder,))


EXTENDS = '{% extends "!zoo/card.rst" %}\n'


def test_a_project_changes_one_block_and_keeps_the_others(card: Card, folder: Path) -> None:
    block = "{% block license %}\nAsk {{ card.zoo }} about <{{ card.name }}>.\n\n{% endblock %}\n"
    text = override(folder, EXTENDS + block).render(card)
    ours = Renderer(REST).render(card)
    assert text == ours.replace(
        "License\n-------\n\nApache-2.0\n", "Ask Action Recognition about <vgg16_ucf101>.\n"
    )


def test_a_block_can_add_to_that_of_the_package(card: Card, folder: Path) -> None:
    block = "{% block title %}\n{{ super() }}\n*Ours*\n\n{% endblock %}\n"
    text = override(folder, EXTENDS + block).render(card)
    assert text.startswith("vgg16_ucf101\n============\n\n\n*Ours*\n")


def test_macros_give_markup_and_their_values_are_escaped(card: Card, folder: Path) -> None:
    macro = "{% macro star(text) %}*{{ text }}*{% endmacro %}\n{{ star('a*b') }}\n"
    assert override(folder, macro).render(card) == "*a\\*b*\n"


def test_markup_that_is_worked_on_becomes_text_again(card: Card, folder: Path) -> None:
    text = override(folder, "{{ (card.name|code) ~ card.descriptions[0].text }}\n").render(card)
    assert text == "\\`\\`vgg16_ucf101\\`\\`A \\*convolutional\\* network.\n"
    text = override(folder, "{{ (card.name|code).replace('v', '`') }}\n").render(card)
    assert text == "\\`\\`\\`gg16_ucf101\\`\\`\n"
    text = override(folder, "{{ ('*'|strong).format(1) }}\n").render(card)
    assert text == "\\*\\*\\\\\\*\\*\\*\n"


MISTAKES = [
    ("x\n{{ card.nmae }}\n", 2, "has no attribute 'nmae'"),
    ("{% if %}\n", 1, "Expected an expression"),
    ("a\n\n{% block x %}\n", 3, "block"),
    ("{{ card.__class__ }}\n", 1, "unsafe"),
    ("{{ card.name.__class__.__mro__ }}\n", 1, "unsafe"),
    ("\n{{ card.weights.append(1) }}\n", 2, "append"),
    ("{% include 'zoo/none.rst' %}\n", 1, "there is no template 'zoo/none.rst'"),
    ('{% extends "zoo/card.rst" %}\n', 1, "extends or includes itself"),
    ("\n{{ 1 / 0 }}\n", 2, "ZeroDivisionError"),
    ("{{ card.name|nofilter }}\n", 1, "No filter named 'nofilter'"),
    ("{{ '../../secret'|heading(9) }}\n", 1, "IndexError"),
    ("{% include '../secret.rst' %}\n", 1, "there is no template"),
    ("{% for i in range(10**9) %}{% endfor %}\n", 1, "OverflowError"),
]


@pytest.mark.parametrize(("text", "line", "what"), MISTAKES)
def test_a_mistake_names_its_file_and_line(
    card: Card, folder: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(TemplateFaultError) as caught:
        override(folder, text).render(card)
    (problem,) = caught.value.problems
    assert problem.place == f"{folder / 'zoo' / 'card.rst'}:{line}"
    assert what in problem.what
    assert problem.remedy
    assert "\n" not in str(problem)


def test_a_mistake_in_an_included_template_is_placed_there(card: Card, folder: Path) -> None:
    (folder / "zoo" / "part.txt").write_text("\n\n{{ nothing }}\n", encoding="utf-8")
    with pytest.raises(TemplateFaultError) as caught:
        override(folder, "{% include 'zoo/part.txt' %}\n").render(card)
    assert caught.value.problems[0].place == f"{folder / 'zoo' / 'part.txt'}:3"


def block(name: str, text: str = "x") -> str:
    return f"{{% block {name} %}}\n{text}\n\n{{% endblock %}}\n"


def test_a_block_that_is_nowhere_is_named_with_the_nearest(card: Card, folder: Path) -> None:
    with pytest.raises(TemplateFaultError) as caught:
        override(folder, EXTENDS + block("title") + block("licence")).render(card)
    assert str(caught.value) == (
        f"{folder / 'zoo' / 'card.rst'}:6: there is no block 'licence' in '!zoo/card.rst', "
        "which the template extends; did you mean 'license'?"
    )
    with pytest.raises(TemplateFaultError, match="; known: title, summary, description, load, "):
        override(folder, EXTENDS + block("zzz")).render(card)


def test_a_block_that_is_nowhere_is_found_in_each_template_in_use(card: Card, folder: Path) -> None:
    (folder / "zoo" / "ours.rst").write_text(EXTENDS + block("licence"), encoding="utf-8")
    for text in ('{% extends "zoo/ours.rst" %}\n', "{% include 'zoo/ours.rst' %}\n"):
        with pytest.raises(TemplateFaultError) as caught:
            override(folder, text).render(card)
        assert caught.value.problems[0].place == f"{folder / 'zoo' / 'ours.rst'}:2"


def test_a_template_can_have_blocks_of_its_own(card: Card, folder: Path) -> None:
    (folder / "zoo" / "ours.rst").write_text(
        EXTENDS + block("license", block("terms", "Ask us.")), encoding="utf-8"
    )
    texts = {
        '{% extends "zoo/ours.rst" %}\n' + block("terms", "Ask them."): "Ask them.",
        EXTENDS + block("star", "Shine.") + block("title", "{{ self.star() }}"): "Shine.",
        block("all", "Everything."): "Everything.",
        "{% if card.name %}{% extends '!zoo/card.rst' %}{% endif %}\n" + block("other"): "Results",
    }
    for text, shown in texts.items():
        assert shown in override(folder, text).render(card)


def test_a_template_that_is_not_utf8_is_named(card: Card, folder: Path) -> None:
    (folder / "zoo" / "card.rst").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateFaultError, match="cannot be read"):
        Renderer(REST, (folder,)).render(card)


def test_the_templates_in_use_are_known_with_those_that_they_extend(
    card: Card, folder: Path
) -> None:
    renderer = override(folder, EXTENDS)
    renderer.render(card)
    assert renderer.used().keys() == {"zoo/card.rst", "!zoo/card.rst"}
