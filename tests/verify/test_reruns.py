"""What is said of a fast engine: that another one is at work, and why."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.pipe.messages import Opened
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.reruns import engine_of, fallback_text


def opened(**environment: str) -> Opened:
    named = {name.replace("_", "."): value for name, value in environment.items()}
    return Opened(1, "0" * 64, "net", "1", environment=named)


@pytest.mark.parametrize(
    ("asked", "environment", "text"),
    [
        ("mnn", {"engine": "mnn"}, ""),
        ("", {"engine": "mxnet"}, ""),
        ("mnn", {}, ""),
        ("mnn", {"engine": "mxnet"}, "mnn cannot run it, so it is measured with mxnet"),
        (
            "mnn",
            {"engine": "mxnet", "engine_fallback": "Correlation"},
            "mnn cannot run it, so it is measured with mxnet: Correlation",
        ),
    ],
)
def test_another_engine_than_was_asked_for_is_told_with_the_reason(asked, environment, text):
    assert fallback_text(Command("net", ("net",), engine=asked), opened(**environment)) == text


def test_an_engine_goes_with_its_version():
    assert engine_of(opened(engine="mnn", engine_version="3.6.1").environment) == "mnn 3.6.1"
