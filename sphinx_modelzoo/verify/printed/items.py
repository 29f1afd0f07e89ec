"""How many items a program that only prints an accuracy must have counted."""

from __future__ import annotations

import re

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.printed.printers import BATCHES, ITEMS, Printer


def check_printed_count(
    run: Run, printer: Printer, match: re.Match[str] | None, total: int | None, batch: int
) -> int:
    """Compare what a program says of its items with what is known; give their number.

    Args:
        run: What is measured.
        printer: The program.
        match: Where it printed how many items it has, perhaps in how many batches.
        total: The number of items, where it is known.
        batch: How many items it was told to put into a batch; 0 where it was not told.

    Raises:
        UndecidedError: the numbers disagree, batches leave items out, its line
            was not printed, or no number is known.
    """
    place = str(run.dataset.place)
    if match is None and printer.count is not None:
        what = (
            f"recognizer {printer.name!r} ended well and printed no line that fits "
            f"{printer.count.pattern!r}, the pattern of 'count'"
        )
        raise UndecidedError(Problem(what, "see with --debug what it prints, and correct it"))
    if match is None and not total:
        what = f"how many items data set {run.dataset.key!r} has is not known"
        remedy = "write 'samples: NUMBER' in the manifest, or 'count' in the configuration"
        raise UndecidedError(Problem(what, remedy, place))
    if match is None:
        return total or 0
    groups = match.groupdict(default="")
    found = {key: int(text) if text.isdecimal() else 0 for key, text in groups.items()}
    items = found[ITEMS]
    if items < 1 or (total and items != total):
        expected = total or "one or more"
        what = f"recognizer {printer.name!r} has {match[ITEMS]} items, not {expected}"
        raise UndecidedError(Problem(what, "let it read the list that it is given", place))
    if batch and BATCHES in found and found[BATCHES] * batch != items:
        what = (
            f"recognizer {printer.name!r} counts {found[BATCHES]} batches of {batch}, which are "
            f"not the {items} items"
        )
        remedy = "let it take '{batch}' for the size of a batch"
        raise UndecidedError(Problem(what, remedy, place))
    return items
