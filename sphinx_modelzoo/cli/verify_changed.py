"""Which numbers a change touches: ``verify-zoo --changed-since REVISION``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.compare.git import Changed, Revision, changed_files, open_revision, top_path
from sphinx_modelzoo.errors import CallError, ManifestError, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.claims import claim, differences
from sphinx_modelzoo.receipts.model import NumberKey
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.due import Chosen
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recognizer.commands import PROJECT_NAME
from sphinx_modelzoo.verify.recognizer.process import Command


@dataclass(frozen=True, slots=True)
class _Then:
    """What a revision held: what each number depended on, and what differs from it now.

    ``claims`` is None where the manifest cannot be read in it.
    """

    name: str
    claims: Mapping[NumberKey, Mapping[str, str]] | None
    changed: Changed
    recognizers: frozenset[str]


def changed_runs(
    zoo: Zoo,
    runs: Sequence[Run],
    revision: str,
    commands: Mapping[str, Command],
    config: Path | None,
) -> list[Chosen]:
    """Give the runs with a number that depends on something else now than in a revision.

    A number depends on what the manifest says of it, on the weights, the evidence, the list and the
    items beside the manifest, and on its recognizer's command with the files that it names.

    Args:
        zoo: The manifest as it is now.
        runs: What there is to verify.
        revision: A git revision of the repository that the manifest is in.
        commands: The command of each recognizer.
        config: The file that they stand in, where there is one.

    Raises:
        CallError: there is no such revision, or no repository.
    """
    folder = zoo.path.resolve().parent
    without = "leave --changed-since out: all numbers are verified then"
    opened = open_revision(folder, revision, without)
    if opened is None:
        what = f"--changed-since {revision}: there is no such revision in this repository"
        remedy = f"fetch it: git fetch origin {revision}; in CI, check out with the whole history"
        raise CallError(Problem(what, remedy, str(folder)))
    changed = changed_files(folder, revision)
    recognizers = frozenset[str]()
    if config is not None and changed.touches(config.resolve()):
        recognizers = _changed_recognizers(opened, commands, config.resolve())
    then = _Then(revision, _claims(zoo, opened), changed, recognizers)
    return [Chosen(run, why) for run in runs if (why := next(_why(zoo, run, then, commands), ""))]


def _claims(zoo: Zoo, revision: Revision) -> Mapping[NumberKey, Mapping[str, str]] | None:
    """Give what each number depended on in a revision, as far as the manifest says it."""
    inside = top_path(zoo.path.resolve())
    if not revision.has(inside):
        return {}
    try:
        old = read_zoo(revision.path(inside), revision)
    except ManifestError:
        return None
    return {
        number_key(entry, result, key): claim(old, entry, result, old.metrics[key])
        for entry, result in old.rows()
        for key in result.numbers
    }


def _why(zoo: Zoo, run: Run, then: _Then, commands: Mapping[str, Command]) -> Iterator[str]:
    """Say what touches a run."""
    if then.claims is None:
        yield f"the manifest cannot be read in {then.name}"
        return
    for metric in run.counted:
        number = number_key(run.entry, run.result, metric.key)
        if number not in then.claims:
            yield f"{metric.key} is not in {then.name}"
            continue
        now = claim(zoo, run.entry, run.result, metric)
        yield from differences(then.claims[number], now)
    paths = (run.entry.weights_file, run.result.evidence, run.dataset.list, run.dataset.root)
    for path in dict.fromkeys(each for each in paths if each):
        if then.changed.touches(zoo.path.resolve().parent / path):
            yield f"{path} changed"
    name = run.protocol.recognizer if run.protocol else ""
    if name in then.recognizers:
        yield f"the command of recognizer {name!r} changed"
    if name in commands:
        for file in _named_files(commands[name]):
            if then.changed.touches(file):
                yield f"{file.name}, of recognizer {name!r}, changed"


def _changed_recognizers(
    revision: Revision, commands: Mapping[str, Command], path: Path
) -> frozenset[str]:
    """Give the recognizers whose section in the configuration differs from a revision's."""
    now = _sections(path.read_bytes(), path.name)
    inside = top_path(path)
    then: Mapping[str, Any] = {}
    if revision.has(inside):
        then = _sections(revision.read(revision.path(inside)), path.name)
    return frozenset(name for name in commands if now.get(name) != then.get(name))


def _sections(data: bytes, name: str) -> Mapping[str, Any]:
    """Give the recognizers of a configuration; none where it is not one."""
    try:
        table: Any = tomllib.loads(data.decode())
        if name == PROJECT_NAME:
            table = table["tool"]["modelzoo"]
        recognizers = table["recognizers"]
    except (ValueError, KeyError, TypeError):
        return {}
    return recognizers if isinstance(recognizers, dict) else {}


def _named_files(command: Command) -> Iterator[Path]:
    """Give the files that a command names and that stand beside its configuration."""
    if command.folder is None:
        return
    folder = command.folder.resolve()
    again = command.reference.argv if command.reference else ()
    for word in (*command.argv, *again):
        path = Path(os.path.normpath(folder / word))
        if path.is_relative_to(folder) and path.is_file():
            yield path
