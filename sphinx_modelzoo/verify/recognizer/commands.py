"""Which command a recognizer's name stands for: built in, or from the maintainers' configuration.

A manifest names a recognizer and never says what to start. That stands in ``modelzoo.toml``,

    [recognizers.my-net]
    command = ["{python}", "tools/my_recognizer.py"]
    reference = ["{python}", "tools/my_recognizer.py", "--double"]

or under ``[tool.modelzoo.recognizers.my-net]`` in ``pyproject.toml``: the nearest of them from the
current directory upwards, or the file that ``--config`` names. The program runs in that file's
folder. ``{python}`` is the interpreter that ``--python`` names, or the one that runs this. A
``reference``, which may be left out, decides what the recognizer calls close; see
:mod:`sphinx_modelzoo.verify.recognizer.guarded`.

A table with ``accuracy`` is a program that only prints; see
:mod:`sphinx_modelzoo.verify.printed.printers`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.values import suggestion
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.printed.printers import KEYS, FieldError, read_printer
from sphinx_modelzoo.verify.recognizer.process import Command

CONFIG_NAME = "modelzoo.toml"
PROJECT_NAME = "pyproject.toml"
PYTHON = "{python}"
BUILT_IN = ("gluoncv-action",)
EXAMPLE = 'command = ["{python}", "my_recognizer.py"]'

ENGINES = ("mxnet", "onnxruntime", "mnn")
"""What a built-in recognizer computes with; the first is the reference of the others."""
REFERENCE_ENGINE = ENGINES[0]


def built_in(
    python: str, engine: str = REFERENCE_ENGINE, reference_python: str = ""
) -> dict[str, Command]:
    """Give the recognizers of the package.

    Args:
        python: The interpreter that has the engine; it runs their file by its path.
        engine: What they compute with, one of :data:`ENGINES`.
        reference_python: The interpreter that has the reference engine; empty where none has it.
    """
    return {name: _built_in(name, python, engine, reference_python) for name in BUILT_IN}


def _built_in(name: str, python: str, engine: str, reference_python: str) -> Command:
    launcher = str(Path(__file__).resolve().parents[2] / "recognizers" / "launch.py")
    if engine == REFERENCE_ENGINE:
        return Command(name, (python, launcher, name))
    argv = (python, launcher, name, "--engine", engine)
    if not reference_python:
        return Command(name, argv, engine=engine)
    again = (reference_python, launcher, name)
    reference = Command(_reference_name(name), again, engine=REFERENCE_ENGINE)
    # Fast items depend on where the reference is as little as on where the cache is.
    aside = ("--reference-python", reference_python)
    return Command(name, argv, aside=aside, engine=engine, reference=reference)


def _reference_name(name: str) -> str:
    """Give what messages call the reference of a recognizer."""
    return f"{name} (reference)"


def find_config(folder: Path) -> Path | None:
    """Give the nearest configuration from a folder upwards; None where there is none.

    Raises:
        CallError: a ``pyproject.toml`` on the way is not TOML.
    """
    start = folder.resolve()
    for candidate in (start, *start.parents):
        if (candidate / CONFIG_NAME).is_file():
            return candidate / CONFIG_NAME
        project = candidate / PROJECT_NAME
        if project.is_file() and _section(_load(project), project) is not None:
            return project
    return None


def configured(path: Path, python: str) -> dict[str, Command]:
    """Read the recognizers of a configuration file.

    Raises:
        CallError: it cannot be read, is not TOML, or holds anything else than recognizers.
    """
    section = _section(_load(path), path)
    if section is None:
        return {}
    problems = _unknown(section, ("recognizers",), path, "")
    table = section.get("recognizers", {})
    if not isinstance(table, dict):
        what = "'recognizers' is not a table"
        raise CallError(Problem(what, f"write [recognizers.NAME] with {EXAMPLE}", str(path)))
    commands: dict[str, Command] = {}
    for name, fields in table.items():
        where = f"recognizers.{name}"
        if not isinstance(fields, dict) or not _is_command(fields.get("command")):
            what = f"{where} has no command"
            problems.append(Problem(what, f"write {EXAMPLE}", str(path)))
            continue
        known = KEYS if "accuracy" in fields else ("command", "reference")
        problems += _unknown(fields, known, path, f"{where}: ")
        try:
            commands[name] = _configured(name, fields, path.resolve().parent, python)
        except FieldError as error:
            problems.append(Problem(f"{where}: {error.what}", error.remedy, str(path)))
    if problems:
        raise CallError(*problems)
    return commands


def _configured(name: str, fields: Mapping[str, Any], folder: Path, python: str) -> Command:
    """Read one recognizer's table, which has a command.

    Raises:
        FieldError: another of its fields is not what it should be.
    """
    argv = _argv(fields["command"], folder, python)
    if "accuracy" in fields:
        return read_printer(name, fields, folder, argv)
    if "reference" not in fields:
        return Command(name, argv, folder)
    if not _is_command(fields["reference"]):
        what = "'reference' is not a program with its arguments"
        raise FieldError(what, f"write {EXAMPLE.replace('command', 'reference')}")
    again = _argv(fields["reference"], folder, python)
    reference = Command(_reference_name(name), again, folder)
    return Command(name, argv, folder, reference=reference)


def commands_for(
    runs: Sequence[Run], known: Mapping[str, Command], config: Path | None
) -> dict[str, Command]:
    """Give the command of each recognizer that the runs need.

    Raises:
        CallError: a protocol names a recognizer that is not known.
    """
    problems = {}
    commands: dict[str, Command] = {}
    for run in runs:
        if run.protocol is None or not run.counted:
            continue
        name = run.protocol.recognizer
        if name in known:
            commands[name] = known[name]
            continue
        where = config or CONFIG_NAME
        write = f"write [recognizers.{name}] with {EXAMPLE} into {where}"
        if config and config.name == PROJECT_NAME:
            write = f"write [tool.modelzoo.recognizers.{name}] with {EXAMPLE} into {where}"
        beside = Path(run.protocol.place.path).parent / CONFIG_NAME
        if beside.is_file() and not (config and config.resolve() == beside.resolve()):
            # It is not taken by itself: the manifest may come from elsewhere, and that with it.
            write = f"{write}, or if you trust {beside}, name it with --config"
        guess = suggestion(name, known, "")
        remedy = f"{guess} Else {write}" if guess else write
        what = f"protocol {run.protocol.key!r} names the unknown recognizer {name!r}"
        problems[name] = Problem(what, remedy, str(run.protocol.place))
    if problems:
        raise CallError(*problems.values())
    return commands


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CallError(
            Problem(f"cannot be read: {reason}", "check the path", str(path))
        ) from error
    except ValueError as error:
        problem = Problem(f"this is not TOML: {error}", "correct the file", str(path))
        raise CallError(problem) from error


def _section(data: dict[str, Any], path: Path) -> dict[str, Any] | None:
    if path.name != PROJECT_NAME:
        return data
    tool = data.get("tool")
    section = tool.get("modelzoo") if isinstance(tool, dict) else None
    return section if isinstance(section, dict) else None


def _unknown(
    table: Mapping[str, Any], known: Sequence[str], path: Path, where: str
) -> list[Problem]:
    return [
        Problem(
            f"{where}unknown key {key!r}",
            suggestion(key, known, f"known here is {', '.join(known)}"),
            str(path),
        )
        for key in table
        if key not in known
    ]


def _is_command(value: Any) -> bool:
    """Tell whether a value is a program with arguments: an array of texts, the first not empty."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(word, str) for word in value)
        and bool(value[0].strip())
    )


def _argv(words: Sequence[str], folder: Path, python: str) -> tuple[str, ...]:
    return (_program(words[0], folder, python), *words[1:])


def _program(word: str, folder: Path, python: str) -> str:
    """Resolve a program: ``{python}``, a path from the configuration's folder, or a bare name."""
    if word == PYTHON:
        return python
    return str(folder / word) if "/" in word else word
