"""The page on engines: its protocols are ones that the networks take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.recognizers.architectures import architecture, check_protocol
from sphinx_modelzoo.recognizers.protocol import read_protocol

from .conftest import DOCS

PAGE = DOCS / "reference" / "engines.md"


def test_the_manifest_on_the_page_is_one_that_the_networks_take(
    all_blocks: Any, tmp_path: Path
) -> None:
    (manifest,) = (
        block.text for block in all_blocks if block.page == PAGE.name and block.language == "yaml"
    )
    (tmp_path / "zoo.yaml").write_text(manifest, encoding="utf-8")
    zoo = read_zoo(tmp_path / "zoo.yaml")
    assert len(zoo.entries) == 2
    for entry in zoo.entries:
        (result,) = entry.results
        protocol = read_protocol(zoo.protocols[result.protocol].settings)
        check_protocol(entry.name, protocol)
        assert protocol.views == 30


def test_the_message_on_the_page_is_the_recognizers(all_blocks: Any) -> None:
    (shown,) = (
        block.text.strip()
        for block in all_blocks
        if block.page == PAGE.name and block.language == "text"
    )
    with pytest.raises(CallError) as caught:
        check_protocol("i3d_resnet50_v1_ucf101", read_protocol({"segments": 25}))
    assert shown == str(caught.value)


def test_the_settings_on_the_page_are_those_of_the_networks() -> None:
    rows = re.findall(r"^\| (`.*`) \| (`new_length.*`) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    names = {
        "i3d_resnet…": "i3d_resnet50_v1_ucf101",
        "i3d_nl…": "i3d_nl5_resnet50_v1_kinetics400",
        "i3d_inception…": "i3d_inceptionv1_kinetics400",
        "i3d_slow_resnet101_f16s4": "i3d_slow_resnet101_f16s4_kinetics700",
        "slowfast_4x16_…": "slowfast_4x16_resnet50_custom",
        "slowfast_8x8_…": "slowfast_8x8_resnet101_kinetics400",
        "slowfast_16x8_…": "slowfast_16x8_resnet101_kinetics400",
        "r2plus1d_…": "r2plus1d_resnet18_kinetics400",
        "p3d_…": "p3d_resnet50_kinetics400",
        "c3d": "c3d_kinetics400",
    }
    shown = {}
    for networks, settings in rows:
        pairs = re.findall(r"`(\w+): (\d+)`", settings)
        for network in re.findall(r"`([^`]+)`", networks):
            shown[network] = {name: int(value) for name, value in pairs}
    assert shown.keys() == names.keys()
    for network, name in names.items():
        known = architecture(name)
        assert known
        assert shown[network] == known.clip
