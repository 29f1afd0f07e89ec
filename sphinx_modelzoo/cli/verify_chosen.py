"""Choosing what to verify by what changed, or by what is due."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sphinx_modelzoo.cli.command import print_problems
from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import NumberKey, Receipt
from sphinx_modelzoo.receipts.status import statuses
from sphinx_modelzoo.verify.due import Chosen, due_runs
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recognizer.commands import find_config
from sphinx_modelzoo.verify.recognizer.process import Command


def chosen_runs(
    zoo: Zoo,
    runs: Sequence[Run],
    options: argparse.Namespace,
    *,
    commands: Mapping[str, Command],
    former: Mapping[NumberKey, Receipt],
    receipts: Path,
) -> tuple[Run, ...]:
    """Choose by ``--changed-since`` or ``--due``, and say on standard error what was chosen.

    Raises:
        CallError: there is no such revision.
    """
    if options.changed_since is not None:
        # Only this needs git.
        from sphinx_modelzoo.cli.verify_changed import changed_runs  # noqa: PLC0415

        config = options.config or find_config(Path.cwd())
        chosen = changed_runs(zoo, runs, options.changed_since, commands, config)
        how = f"touched since {options.changed_since}"
    else:
        age = timedelta(seconds=options.due)
        chosen = _due(zoo, runs, former, receipts, age)
        how = "due"
    for each in chosen:
        print(each, file=sys.stderr)
    number = sum(len(run.metrics) for run in runs)
    kept = sum(len(each.run.metrics) for each in chosen)
    are = "is" if kept in {0, 1} else "are"
    print(f"{kept or 'none'} of {number} numbers {are} {how}", file=sys.stderr)
    return tuple(each.run for each in chosen)


def _due(
    zoo: Zoo,
    runs: Sequence[Run],
    former: Mapping[NumberKey, Receipt],
    receipts: Path,
    age: timedelta,
) -> list[Chosen]:
    problems: list[Problem] = []
    standing = statuses(zoo, [receipts], problems.append)
    print_problems(problems)
    return due_runs(runs, standing, former, age, datetime.now(UTC))
