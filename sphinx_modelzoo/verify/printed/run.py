"""From what a program printed to the outcomes of a run's numbers."""

from __future__ import annotations

import hashlib
import json

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Opened
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.printed.measure import Printed
from sphinx_modelzoo.verify.printed.printers import Printer
from sphinx_modelzoo.verify.settings import Settings
from sphinx_modelzoo.verify.tiers import Tier


def check_full(
    run: Run, printer: Printer, settings: Settings, *, recording: bool, merging: bool
) -> None:
    """See that no more is asked for than a number over all items.

    Raises:
        UndecidedError: another tier than ``full``, a budget, evidence, or shards.
    """
    asked = ""
    if settings.part is not None or merging:
        asked = "a share of them"
    elif settings.tier not in {None, Tier.FULL}:
        asked = f"the tier {settings.tier}"
    elif settings.budget is not None:
        asked = "a budget"
    elif recording:
        asked = "evidence"
    elif settings.cluster is not None:
        asked = "a cluster"
    if asked:
        what = f"recognizer {printer.name!r} only prints a number over all items, and {asked} is "
        remedy = "take --tier full alone, or a recognizer that speaks the pipe"
        raise UndecidedError(Problem(f"{what}asked for", remedy, str(run.result.place)))


def as_measured(printer: Printer, printed: Printed) -> Measured:
    """Give what a receipt says of such a run; it holds neither predictions nor a seed."""
    opened = Opened(
        items=printed.total,
        fingerprint=printed.fingerprint,
        recognizer=printer.name,
        version=f"arguments {arguments_digest(printer)[:12]}",
        weights=printed.weights,
        environment=printed.environment,
    )
    return Measured(
        tier=Tier.FULL,
        total=printed.total,
        fingerprint=printed.fingerprint,
        opened=opened,
        source=printed.source,
        seed="",
        started=printed.started,
        duration=printed.duration,
    )


def arguments_digest(printer: Printer) -> str:
    """Give the SHA-256, in hex, of all that the configuration says of a program."""
    patterns = {key: pattern.pattern for key, pattern in printer.accuracy.items()}
    choices = {name: dict(values) for name, values in printer.choices.items()}
    count = printer.count.pattern if printer.count else ""
    reading = (patterns, count, printer.scale, printer.decimals)
    # The interpreter's path is this machine's affair.
    told = (printer.argv[1:], printer.optional, choices, printer.batch, printer.weights, reading)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
