"""The examples of roles in the documentation show what it says, in both languages."""

from __future__ import annotations

import re

import pytest

from .conftest import CONF, REPOSITORY, Project

PAGE = (REPOSITORY / "docs" / "reference" / "directives.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `` ?(:\S+?:`[^`]+`) `` \| (\{\S+?\}`[^`]+`) \|$", PAGE, re.MULTILINE)
SHOWN = {
    "zoo:model:`vgg16_ucf101`": "vgg16_ucf101",
    "zoo:model:`vgg16_ucf101@05e319d4`": "vgg16_ucf101@05e319d4",
    "zoo:model:`the older VGG16 <vgg16_ucf101@05e319d4>`": "the older VGG16",
    "zoo:dataset:`ucf101`": "UCF101",
    "zoo:paper:`wang2016temporal`": "Wang et al. 2016",
    "zoo:value:`vgg16_ucf101 top1`": "83.4",
    "zoo:value:`vgg16_ucf101@05e319d4 ucf101 tsn-224 top1 unit`": "81.5\xa0%",
    "zoo:value:`vgg16_ucf101 top1_interval`": "82.2 to 84.6",
    "zoo:value:`vgg16_ucf101 hashtag`": "d6dc1bba",
    "zoo:value:`ucf101 samples`": "3783",
    "ref:`zoo-model-vgg16_ucf101`": "vgg16_ucf101",
    "ref:`this paper <zoo-paper-wang2016temporal>`": "this paper",
    "any:`inceptionv3_ucf101`": "inceptionv3_ucf101",
}


def test_each_example_is_shown_as_it_is_written() -> None:
    assert len(EXAMPLES) == len(SHOWN)
    for written, live in EXAMPLES:
        assert written.replace(":", "{", 1).replace(":`", "}`", 1) == live


@pytest.mark.parametrize("suffix", ["rst", "md"])
def test_each_example_shows_its_text_without_a_warning(project: Project, suffix: str) -> None:
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    project.page(":orphan:\n\nZoo\n===\n\n.. zoo:table:: ucf101\n.. zoo:papers::\n", "zoo.rst")
    parts = [written if suffix == "rst" else live for written, live in EXAMPLES]
    heading = "Index\n=====" if suffix == "rst" else "# Index"
    project.page(heading + "\n\n" + "\n\n".join(parts) + "\n", f"index.{suffix}")
    build = project.build()
    assert build.warnings == []
    shown = [p.get_text() for p in build.soup().select("div.body p")]
    assert shown == [SHOWN[written.removeprefix(":")] for written, _ in EXAMPLES]
