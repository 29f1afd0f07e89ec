from __future__ import annotations

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.recognizer.commands import (
    built_in,
    commands_for,
    configured,
    find_config,
)

TABLE = '[recognizers.my-net]\ncommand = ["{python}", "tools/rec.py", "{python}"]\n'


def test_the_built_in_recognizer_is_run_by_its_path_with_the_given_interpreter():
    command = built_in("/opt/mxnet/bin/python")["gluoncv-action"]
    assert command.argv[0] == "/opt/mxnet/bin/python"
    assert command.argv[1].endswith("sphinx_modelzoo/recognizers/launch.py")
    assert command.argv[2:] == ("gluoncv-action",)


def test_another_engine_has_the_default_one_as_reference():
    command = built_in("/fast/python", "mnn", "/mxnet/python")["gluoncv-action"]
    launcher = command.argv[1]
    assert command.argv == ("/fast/python", launcher, "gluoncv-action", "--engine", "mnn")
    assert command.aside == ("--reference-python", "/mxnet/python")
    assert command.title == "mnn"
    assert command.reference is not None
    default = built_in("/mxnet/python")["gluoncv-action"]
    assert command.reference.argv == default.argv
    assert (command.reference.name, command.reference.title) == (
        "gluoncv-action (reference)",
        "mxnet",
    )


def test_another_engine_does_without_a_reference_where_there_is_none():
    command = built_in("/fast/python", "onnxruntime")["gluoncv-action"]
    assert (command.reference, command.aside) == (None, ())
    assert command.argv[-2:] == ("--engine", "onnxruntime")


def test_the_default_engine_is_its_own_reference():
    assert built_in("python", "mxnet", "/mxnet/python") == built_in("python")


def test_a_configured_recognizer_may_have_a_reference(tmp_path):
    path = tmp_path / "modelzoo.toml"
    path.write_text(f'{TABLE}reference = ["./slow", "{{python}}"]\n')
    command = configured(path, "/usr/bin/python")["my-net"]
    assert command.reference is not None
    assert command.reference.argv == (str(tmp_path / "slow"), "{python}")
    assert (command.reference.folder, command.reference.name) == (tmp_path, "my-net (reference)")
    assert command.title == "my-net"


def test_the_nearest_configuration_is_found_upwards(tmp_path):
    (tmp_path / "modelzoo.toml").write_text(TABLE)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_config(below) == tmp_path / "modelzoo.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_config(below) == tmp_path / "modelzoo.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.modelzoo.recognizers]\n")
    assert find_config(below) == tmp_path / "a" / "pyproject.toml"


def test_programs_are_found_from_the_configurations_folder(tmp_path):
    path = tmp_path / "modelzoo.toml"
    path.write_text(
        f'{TABLE}[recognizers.here]\ncommand = ["./rec", "./data"]\n'
        '[recognizers.bare]\ncommand = ["rec"]\n'
    )
    commands = configured(path, "/usr/bin/python")
    assert commands["my-net"].argv == ("/usr/bin/python", "tools/rec.py", "{python}")
    assert commands["here"].argv == (str(tmp_path / "rec"), "./data")
    assert commands["bare"].argv == ("rec",)
    assert {command.folder for command in commands.values()} == {tmp_path}


def test_pyproject_has_its_own_table(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text(TABLE.replace("[recognizers", "[tool.modelzoo.recognizers"))
    assert list(configured(path, "python")) == ["my-net"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[recognizers", "this is not TOML: "),
        ("[recognisers.x]\ncommand = ['x']\n", "unknown key 'recognisers'; did you mean"),
        ("[recognizers.x]\n", "recognizers.x has no command; write command = "),
        ("[recognizers.x]\ncommand = 'x'\n", "recognizers.x has no command"),
        ("[recognizers.x]\ncommand = []\n", "recognizers.x has no command"),
        ("[recognizers.x]\ncommand = ['']\n", "recognizers.x has no command"),
        ("[recognizers.x]\ncommand = ['x', 1]\n", "recognizers.x has no command"),
        ("[recognizers.x]\ncommand = ['x']\nenv = 1\n", "recognizers.x: unknown key 'env'"),
        ("[recognizers.x]\ncommand = ['x']\nreference = 'y'\n", "recognizers.x: 'reference' is no"),
        ("[recognizers.x]\ncommand = ['x']\nreference = []\n", 'write reference = ["{python}", '),
        (
            "[recognizers.x]\ncommand = ['x']\naccuracy.a = '(.)'\nreference = ['y']\n",
            "recognizers.x: unknown key 'reference'",
        ),
        ("recognizers = 1\n", "'recognizers' is not a table"),
    ],
)
def test_a_wrong_configuration_is_an_error_with_its_path(tmp_path, text, message):
    path = tmp_path / "modelzoo.toml"
    path.write_text(text)
    with pytest.raises(CallError) as caught:
        configured(path, "python")
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_bytes_that_are_not_text_are_no_toml(tmp_path):
    path = tmp_path / "modelzoo.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CallError, match="this is not TOML"):
        configured(path, "python")


def test_an_unknown_recognizer_is_named_once_with_its_place(make_zoo):
    runs = plan(make_zoo())
    with pytest.raises(CallError) as caught:
        commands_for(runs, built_in("python"), None)
    (problem,) = caught.value.problems
    assert problem.place.endswith("zoo.yaml:19:3")
    assert "[recognizers.my-net]" in problem.remedy
    assert "modelzoo.toml" in problem.remedy


def test_a_configuration_beside_the_manifest_is_offered_and_not_taken(make_zoo, tmp_path):
    zoo = make_zoo()
    beside = tmp_path / "modelzoo.toml"
    beside.write_text('[recognizers.my-net]\ncommand = ["x"]\n')
    with pytest.raises(CallError) as caught:
        commands_for(plan(zoo), built_in("python"), None)
    assert f"or if you trust {beside}, name it with --config" in caught.value.problems[0].remedy
    with pytest.raises(CallError) as caught:
        commands_for(plan(zoo), built_in("python"), beside)
    assert "if you trust" not in caught.value.problems[0].remedy


def test_only_the_recognizers_that_are_needed_must_be_known(make_zoo):
    runs = plan(make_zoo(), ["a@aaaaaaaa"])
    assert list(commands_for(runs, built_in("python"), None)) == ["gluoncv-action"]
