"""The scene as SVG and PDF, the data as CSV, the whole in words."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import StringIO

import matplotlib as mpl
import pytest

from sphinx_modelzoo.plots.layout import lay_out
from sphinx_modelzoo.plots.model import Axis, Labels, Omission, Plot
from sphinx_modelzoo.plots.pdf import pdf_bytes
from sphinx_modelzoo.plots.scene import COLOURS, Shape
from sphinx_modelzoo.plots.shapes import corners, right_half
from sphinx_modelzoo.plots.svg import inline_svg, svg_file
from sphinx_modelzoo.plots.table import columns, csv_text, rows
from sphinx_modelzoo.plots.words import notes
from sphinx_modelzoo.receipts.model import StatusKind

from .build import Y, plot, point

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "a<b>&\"'$x^2$]]>模型"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


@pytest.fixture
def every() -> Plot:
    """A plot with every status, and groups, bars, and one point without a bar."""
    points = [
        point(10.0**index, 50 + index, f"m{index}", status=status, group=group, low=45.0, high=60.0)
        for index, (status, group) in enumerate(
            zip(StatusKind, ("a", "b", "c", "d", "e"), strict=True)
        )
    ]
    points.append(point(2e3, 53.5, NASTY, group="a", status_text="claimed"))
    return plot(points, groups=("a", "b", "c", "d", "others"))


def test_text_stays_text_and_is_escaped(every: Plot) -> None:
    tree = parsed(inline_svg(lay_out(every), 'k"&', {}))
    written = [element.text for element in tree.iter(f"{SVG}text")]
    assert NASTY in written
    assert {"Top-1 (%)", "verified", "m0"} <= set(written)
    titles = [element.text or "" for element in tree.iter(f"{SVG}title")]
    assert len(titles) == 6
    assert titles[-1].startswith(NASTY)


def test_points_with_an_address_are_links_and_all_have_names(every: Plot) -> None:
    tree = parsed(inline_svg(lay_out(every), "k", {"m1": "cards/m1.html#a&b"}))
    links = list(tree.iter(f"{SVG}a"))
    assert [link.get("href") for link in links] == ["cards/m1.html#a&b"]
    points = [element for element in tree.iter() if element.get("class") == "zoo-point"]
    assert len(points) == 6
    assert all(element.get("aria-label") for element in points)
    assert [element.get("role") for element in points].count("img") == 5


def test_the_drawing_has_a_name_a_description_and_ids_of_its_own(every: Plot) -> None:
    tree = parsed(inline_svg(lay_out(every), "plot-7", {}))
    assert tree.get("aria-label") == "Top-1 against parameters"
    description = tree.find(f"{SVG}desc")
    assert description is not None
    assert description.get("id") == tree.get("aria-describedby") == "plot-7-text"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert ids == ["plot-7-text"]


def test_colours_are_the_pages_own_or_a_groups(every: Plot) -> None:
    tree = parsed(inline_svg(lay_out(every), "k", {}))
    for element in tree.iter():
        assert element.get("fill") in {None, "none", "currentColor"}
        assert element.get("stroke") in {None, "currentColor"}
        if element.get("color"):
            number = COLOURS.index(str(element.get("color"))) + 1
            assert element.get("class") == f"zoo-group-{number}"


@pytest.mark.parametrize("colour", COLOURS)
def test_each_colour_shows_on_white_and_on_dark(colour: str) -> None:
    def luminance(text: str) -> float:
        values = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance(colour) + 0.05) >= 3.8
    assert (luminance(colour) + 0.05) / (luminance("#14181e") + 0.05) >= 3


def test_each_status_is_filled_in_its_own_way(every: Plot) -> None:
    tree = parsed(inline_svg(lay_out(every), "k", {}))
    marks = [element for element in tree.iter() if element.get("class") == "zoo-point"]
    looks = set()
    for mark in marks[:5]:
        (group,) = (child for child in mark if child.tag == f"{SVG}g")
        drawn = [child for child in group if child.get("stroke-width") != "1.2"]
        looks.add(tuple((child.get("fill"), child.get("stroke")) for child in drawn))
    assert len(looks) == 5


def test_what_xml_cannot_hold_is_marked() -> None:
    odd = plot([point(1, 2, "a", status_text="was \x07\ud800")])
    for text in (inline_svg(lay_out(odd), "k", {}), svg_file(lay_out(odd))):
        assert "was \ufffd\ufffd" in "".join(parsed(text).itertext())
        text.encode()


def test_a_file_of_its_own_is_whole_and_dark_on_white(every: Plot) -> None:
    tree = parsed(svg_file(lay_out(every)))
    assert tree.get("width") == "640"
    rectangle = tree.find(f"{SVG}rect")
    assert rectangle is not None
    assert rectangle.get("fill") == "#ffffff"
    assert list(tree.iter(f"{SVG}a")) == []


@pytest.mark.parametrize("shape", Shape)
def test_the_half_of_a_shape_is_its_right_half(shape: Shape) -> None:
    half = right_half(shape, 4)
    assert min(x for x, _ in half) >= -1e-9
    whole = corners(shape, 4) or half
    assert max(x for x, _ in half) == pytest.approx(max(x for x, _ in whole))
    assert sum(abs(x) < 1e-9 for x, _ in half) >= 2


def test_equal_scenes_give_equal_bytes_in_another_process_too(every: Plot) -> None:
    scene = lay_out(every)
    assert inline_svg(scene, "k", {}) == inline_svg(lay_out(every), "k", {})
    assert pdf_bytes(scene) == pdf_bytes(lay_out(every))
    program = (
        "from tests.plots.build import plot, point\n"
        "from sphinx_modelzoo.plots.layout import lay_out\n"
        "from sphinx_modelzoo.plots.pdf import pdf_bytes\n"
        "import hashlib\n"
        "scene = lay_out(plot([point(1, 2, 'abc'), point(3, 4, 'déf')]))\n"
        "print(hashlib.sha256(pdf_bytes(scene)).hexdigest())\n"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_the_pdf_embeds_its_font_and_has_no_date(every: Plot) -> None:
    content = pdf_bytes(lay_out(every))
    assert content.startswith(b"%PDF")
    assert b"DejaVuSans" in content
    assert b"CreationDate" not in content
    assert b"/Type3" not in content


def test_the_pdf_neither_takes_nor_leaves_settings(every: Plot) -> None:
    scene = lay_out(every)
    usual = pdf_bytes(scene)
    settings = {"text.color": "red", "font.size": 40, "lines.linewidth": 9, "pdf.fonttype": 3}
    with mpl.rc_context(settings):
        before = dict(mpl.rcParams)
        assert pdf_bytes(scene) == usual
        assert dict(mpl.rcParams) == before
    program = (
        "import sys, sphinx_modelzoo.plots.pdf\n"
        "assert 'matplotlib.pyplot' not in sys.modules, 'it has a state for the whole program'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_nothing_else_needs_matplotlib() -> None:
    program = (
        "import sys, sphinx_modelzoo.sphinxext.extension, sphinx_modelzoo.plots.svg\n"
        "assert not {'matplotlib', 'numpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_csv_has_bare_numbers_and_all_columns(every: Plot) -> None:
    records = list(csv.DictReader(StringIO(csv_text(every))))
    assert list(records[0]) == [
        "model",
        "hashtag",
        "dataset",
        "protocol",
        "parameters",
        "top1",
        "low",
        "high",
        "count",
        "status",
    ]
    assert records[1]["parameters"] == "10.000000"
    assert (records[1]["low"], records[5]["low"]) == ("45.0", "")
    assert records[5]["model"] == NASTY


def test_the_table_has_the_columns_that_any_point_fills(every: Plot) -> None:
    assert columns(every) == ["Model", "Group", "Parameters", "Top-1", "Status"]
    assert rows(every)[5] == [NASTY, "a", "2000", "53.5 %", "claimed"]
    bare = plot([point(1, 2)])
    assert columns(bare) == ["Model", "Parameters", "Top-1"]


def test_the_words_say_what_eyes_would_see(every: Plot) -> None:
    text = lay_out(every).description
    assert "Top-1 against parameters, on a logarithmic scale: 6 points." in text
    assert "Top-1 from 50 % (m0) to 54 % (m4)." in text
    assert f"On the Pareto front: m0, m1, m2, m3, {NASTY}, m4." in text
    assert "1 point without an interval: the number of items is not known." in text


def test_notes_name_what_is_left_out_and_count_what_is_too_much() -> None:
    lacking = [Omission(f"m{index}", "parameters") for index in range(11)]
    shown = replace(plot([point(1, 2)]), omissions=(*lacking, Omission("n", "Top-1")))
    assert list(notes(shown, 2, bars=False)) == [
        (
            "11 are left out, as the manifest lists no parameters: "
            "m0, m1, m2, m3, m4, m5, m6, m7 and 3 more."
        ),
        "1 is left out, as the manifest lists no Top-1: n.",
        "2 points have no room for a name; the table has all.",
    ]


def test_notes_say_why_there_is_no_front() -> None:
    shown = plot([point(1, 2)], x=Axis("taste", "Taste"), y=Y, labels=Labels.NONE)
    assert list(notes(shown, 0, bars=False)) == [
        (
            "There is no Pareto front, as the manifest does not give the direction in which Taste "
            "is better."
        )
    ]
