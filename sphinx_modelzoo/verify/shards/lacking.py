"""What there is to say of shards: those that came twice, and what is lacking of the others."""

from __future__ import annotations

from collections.abc import Sequence

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.shards.merged import Shards
from sphinx_modelzoo.verify.tally import Tally

_NAMED = 12  # of many shards, so many are named


def repeated(shards: Shards) -> str:
    """Say which shards are there more than once; empty where none is."""
    twice = [number for number, files in sorted(shards.files.items()) if len(files) > 1]
    if not twice:
        return ""
    first, second = (file.path for file in shards.files[twice[0]][:2])
    verb = "is" if len(twice) == 1 else "are"
    which = _numbers(twice, shards.head.of)
    return f"{which} {verb} there more than once ({first}, {second}); each item is counted once"


def incomplete(run: Run, shards: Shards) -> Problem:
    """Say which shards are lacking where all items are needed."""
    lacking = _lacking(shards)
    what = f"not all items of {run.title} were predicted: {'; '.join(lacking)}"
    return Problem(what, _again(shards), str(run.result.place))


def advice(shards: Shards, tally: Tally) -> str:
    """Say what to do where a number's test is undecided still; empty where none is."""
    open_ = [test for test in tally.tests if test.spot().verdict is Verdict.UNDECIDED]
    if not open_:
        return ""
    lacking = _lacking(shards)
    if lacking:
        return f"{'; '.join(lacking)}; {_again(shards)}"
    needed = max(test.needed_in_all() for test in open_)
    more = min(shards.head.total, needed + needed // 10)  # some may come out otherwise
    return (
        f"if it holds, about {needed} items decide it: run each shard again with --items {more}, "
        "and with the same folder of --shards, so that it goes on after what it has; then merge "
        "again"
    )


def _lacking(shards: Shards) -> list[str]:
    """Name the shards that are missing, and those that stopped early."""
    of, missing, texts = shards.head.of, shards.missing, []
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        texts.append(f"{_numbers(missing, of)} {verb} missing")
    for number, predicted, goal in shards.unfinished():
        texts.append(f"shard {number}/{of} stopped after {predicted} of {goal} items")
    return texts


def _again(shards: Shards) -> str:
    numbers = sorted([*shards.missing, *(number for number, _, _ in shards.unfinished())])
    of = shards.head.of
    calls = f"verify-zoo --shard {numbers[0]}/{of}" + (" and so on" if len(numbers) > 1 else "")
    return (
        f"run {calls}, with the options that the others had: it goes on after what there is; then "
        "merge again"
    )


def _numbers(numbers: Sequence[int], of: int) -> str:
    named = ", ".join(f"{number}/{of}" for number in numbers[:_NAMED])
    more = len(numbers) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"shard {named}" if len(numbers) == 1 else f"shards {named}{rest}"
