from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from sphinx_modelzoo.cli.interpreters import find_interpreter, has_module
from sphinx_modelzoo.cli.recognizer_choice import known_recognizers
from sphinx_modelzoo.errors import CallError


@pytest.fixture
def interpreters(tmp_path, monkeypatch):
    """Two interpreters: one in whose path there is an MXNet, and one that finds no module."""
    monkeypatch.chdir(tmp_path)
    library = tmp_path / "library"
    (library / "mxnet").mkdir(parents=True)
    (library / "mxnet" / "__init__.py").write_text("raise ImportError('numpy is too new')\n")
    paths = []
    for name, line in (
        ("with", f'PYTHONPATH="{library}" exec "{sys.executable}" -S "$@"'),
        ("without", f'exec "{sys.executable}" -S "$@"'),
    ):
        path = tmp_path / f"python-{name}"
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
        paths.append(str(path))
    return paths


def options(**given):
    return Namespace(
        **{"engine": None, "python": None, "reference_python": None, "config": None} | given
    )


def known(**given):
    recognizers, _ = known_recognizers(options(**given))
    return recognizers["gluoncv-action"]


def test_a_module_is_found_without_importing_it(interpreters):
    with_mxnet, without = interpreters
    assert has_module(with_mxnet, "mxnet")
    assert not has_module(without, "mxnet")
    assert not has_module("/nowhere/python", "mxnet")


def test_what_lies_in_the_present_folder_is_no_module(interpreters, monkeypatch):
    with_mxnet, without = interpreters
    monkeypatch.chdir(Path(with_mxnet).parent / "library")
    assert not has_module(without, "mxnet")


def test_the_reference_is_the_interpreter_of_the_engine_where_that_has_mxnet(interpreters):
    with_mxnet, _ = interpreters
    assert known(engine="mnn", python=with_mxnet).reference.argv[0] == with_mxnet


def test_the_reference_is_else_the_one_that_runs_this(interpreters, monkeypatch):
    with_mxnet, without = interpreters
    monkeypatch.setattr(sys, "executable", with_mxnet)
    command = known(engine="mnn", python=without)
    assert command.argv[0] == without
    assert command.reference.argv[0] == with_mxnet
    assert command.aside == ("--reference-python", with_mxnet)


def test_there_is_no_reference_where_none_has_mxnet(interpreters, monkeypatch):
    _, without = interpreters
    monkeypatch.setattr(sys, "executable", without)
    command = known(engine="mnn")
    assert (command.argv[0], command.reference, command.aside) == (without, None, ())


def test_a_reference_that_is_named_is_taken(interpreters):
    with_mxnet, without = interpreters
    command = known(engine="onnxruntime", python=with_mxnet, reference_python=without)
    assert command.reference.argv[0] == without


def test_the_default_engine_needs_none_and_starts_nothing(interpreters):
    _, without = interpreters
    assert known(python=without).reference is None
    assert known(engine="mxnet", python=without) == known(python=without)


def test_an_interpreter_is_found_by_its_name_and_keeps_its_link(interpreters, monkeypatch):
    with_mxnet, _ = interpreters
    folder = Path(with_mxnet).parent
    (folder / "linked").symlink_to(with_mxnet)
    monkeypatch.setenv("PATH", str(folder))
    assert find_interpreter("--python", "linked") == str(folder / "linked")
    with pytest.raises(CallError, match="--python nothing: there is no such interpreter"):
        find_interpreter("--python", "nothing")
