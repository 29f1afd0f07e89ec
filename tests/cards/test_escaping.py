"""No text of a manifest becomes markup: whatever it is, readers see it as it is."""

from __future__ import annotations

import unicodedata
from io import StringIO
from types import ModuleType

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sphinx_modelzoo.cards import markdown, rest
from sphinx_modelzoo.cards.model import Link

MARKUP = st.text(alphabet="a1 \\`*_|:<>[](){}#.-+=!~&@$'\"^/,;\n", min_size=1)
TEXTS = st.one_of(st.text(min_size=1), MARKUP)
EXAMPLES = (
    ".. raw:: html\n\n   <script>alert(1)</script>",
    ":download:`x </etc/passwd>`",
    "|release| and `a`_ and b_ and http://example.org me@example.org",
    "1. one",
    "- item",
    "a::",
    "====",
    "* *",
    "C:\\temp\\",
    "[![x](javascript:alert(1))](y)",
    "<img src=x onerror=alert(1)>",
    "&lt;",
    "www.example.org",
    "``a`` `b` ```c```",
    "--- ... 'q' \"q\"",
    "a\0b\x1b[31m\x85",
    "+---+\n| a |\n+---+",
    ">>> print()",
    "__ x",
    "(a) b",
    "#. x",
    "# x #",
    "-o FILE  option",
)


def seen(text: str) -> str:
    """Give a text as it is to be seen: on one line, what cannot be shown replaced."""
    plain = " ".join(text.split())
    unfit = {"Cc", "Cs"}
    return "".join(
        "\ufffd" if unicodedata.category(each) in unfit or each in "\ufffe\uffff" else each
        for each in plain
    )


def read_rest(source: str) -> nodes.document:
    settings_ = {"report_level": 1, "halt_level": 1, "warning_stream": StringIO()}
    return publish_doctree(source, settings_overrides={**settings_, "smart_quotes": True})


def read_markdown(source: str) -> BeautifulSoup:
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)
    return BeautifulSoup(html, "html.parser")


def with_examples(test: object) -> object:
    for text in EXAMPLES:
        test = example(text)(test)
    return test


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_paragraph_of_rest_is_its_text(text: str) -> None:
    source = rest.escape(text)
    document = read_rest(f"x\n\n{source}\n\ny\n")
    if not seen(text):
        assert source == ""
        return
    _, paragraph, _ = document.children
    assert isinstance(paragraph, nodes.paragraph)
    assert paragraph.astext() == seen(text)
    assert [type(child) for child in paragraph.children] == [nodes.Text]


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_cell_of_rest_is_its_text(text: str) -> None:
    document = read_rest(f".. list-table::\n\n   * - {rest.escape(text)}\n     - y\n")
    first, _ = document.findall(nodes.entry)
    assert first.astext() == seen(text)
    assert not list(first.findall(nodes.reference))


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_inline_markup_of_rest_holds_its_text(text: str) -> None:
    if not seen(text):
        return
    link = rest.link(Link("x", text, url="https://example.org/a_(b)_"))
    document = read_rest(f"a {rest.code(text)} b {rest.REST.filters['strong'](text)} c {link} d\n")
    (literal,) = document.findall(nodes.literal)
    (strong,) = document.findall(nodes.strong)
    (reference,) = document.findall(nodes.reference)
    assert literal.astext() == strong.astext() == reference.astext() == seen(text)
    assert reference["refuri"] == "https://example.org/a_(b)_"


@with_examples
@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_heading_of_rest_is_its_text(text: str) -> None:
    if not seen(text):
        return
    document = read_rest(f"One\n===\n\n{rest.heading(text, 2)}\n\nx\n\n{rest.heading('y', 2)}\n")
    titles = [title.astext() for title in document.findall(nodes.title)]
    assert titles == ["One", seen(text), "y"]


@pytest.mark.parametrize("form", [rest, markdown])
@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), MARKUP))
@example("a\n\n\n  b\n")
@example("   :name: x\n")
@example("```\n~~~\n````")
def test_lines_of_code_stay_as_they_are(form: ModuleType, text: str) -> None:
    source = form.code_block(text, "none")
    expected = "\n".join(
        "\n".join(seen_line(line) for line in text.expandtabs().splitlines())
        .strip("\n")
        .split("\n")
    )
    if form is rest:
        source = source.replace(" none\n   :force:\n", "\n   :class: code\n")  # what docutils knows
        blocks = [block.astext() for block in read_rest(f"{source}\n").findall(nodes.literal_block)]
    else:
        blocks = [block.text.rstrip("\n") for block in read_markdown(source).select("pre > code")]
    assert blocks == ([expected] if expected.strip() else [])


def seen_line(line: str) -> str:
    unfit = {"Cc", "Cs"}
    return "".join(
        "\ufffd" if unicodedata.category(each) in unfit or each in "\ufffe\uffff" else each
        for each in line.rstrip()
    )


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_paragraph_of_markdown_is_its_text(text: str) -> None:
    soup = read_markdown(f"x\n\n{markdown.escape(text)}\n\ny\n")
    paragraphs = soup.find_all("p")
    if not seen(text):
        return
    assert [each.name for each in soup.find_all()] == ["p", "p", "p"]
    assert paragraphs[1].text == seen(text)


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_cell_of_markdown_is_its_text(text: str) -> None:
    soup = read_markdown(f"| a | b |\n|---|---|\n| {markdown.cell(text)} | y |\n")
    cells = soup.find_all("td")
    assert [cell.text.strip() for cell in cells] == [seen(text).strip(), "y"]
    assert cells[0].find() is None


@with_examples
@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_inline_markup_of_markdown_holds_its_text(text: str) -> None:
    if not seen(text):
        return
    link = markdown.link(Link("x", text, url="https://example.org/a_(b)_"))
    soup = read_markdown(
        f"a {markdown.code(text)} b {markdown.MARKDOWN.filters['strong'](text)} c {link} d\n"
    )
    shown = [soup.code, soup.strong, soup.a]
    assert [each.text if each else None for each in shown] == [seen(text)] * 3


@with_examples
@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_heading_of_markdown_is_its_text(text: str) -> None:
    if not seen(text):
        return
    soup = read_markdown(f"{markdown.heading(text, 2)}\n\nx\n")
    assert [(each.name, each.text) for each in soup.find_all("h2")] == [("h2", seen(text))]
    assert soup.h2 is not None
    assert soup.h2.find() is None


@pytest.mark.parametrize("form", [rest, markdown])
@settings(max_examples=60, deadline=None)
@given(MARKUP)
@example("Use `InceptionV3`, or `x`y.")
@example("`a``b`")
def test_prose_has_code_and_else_its_text(form: ModuleType, text: str) -> None:
    source = form.prose(text)
    shown = read_rest(f"x\n\n{source}\n") if form is rest else read_markdown(f"x\n\n{source}\n")
    plain = shown.astext() if isinstance(shown, nodes.document) else shown.text
    kept = plain.removeprefix("x").replace("`", "").split()
    assert "".join(kept) == seen(text).replace("`", "").replace(" ", "")
