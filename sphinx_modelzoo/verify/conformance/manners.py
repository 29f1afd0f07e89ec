"""Checks of a recognizer's process: how it ends, and what it writes."""

from __future__ import annotations

from sphinx_modelzoo.verify.conformance.bench import Bench
from sphinx_modelzoo.verify.conformance.session import FaultError
from sphinx_modelzoo.verify.text import first_named


def closes(bench: Bench) -> None:
    """It answers ``close`` with ``closed``, and ends by itself with status 0."""
    with bench.opened_anew() as session:
        session.send({"type": "close"})
        session.receive("closed", "before it answered 'close'")
        session.ends(0, "'closed'", hang_up=False)


def end_of_input(bench: Bench) -> None:
    """It ends with status 0 when its input ends, before ``open`` and after it."""
    with bench.started() as session:
        session.ends(0, "the end of its input", hang_up=True)
    with bench.opened_anew() as session:
        session.ends(0, "the end of its input", hang_up=True)


def sigterm(bench: Bench) -> None:
    """It ends on SIGTERM, with all processes that it started."""
    with bench.opened_anew() as session:
        session.process.terminate()
        if session.process.finish(session.exit_seconds, hang_up=False) is None:
            what = f"was still there {session.exit_seconds:g} seconds after SIGTERM"
            raise FaultError(what, "let SIGTERM end it")
        session.leaves_no_children("SIGTERM")


def stdout(bench: Bench) -> None:
    """Standard output carries messages only; looks back at all that was written before."""
    if bench.strays:
        shown = first_named([repr(line) for line in dict.fromkeys(bench.strays)], limit=3)
        what = f"wrote lines that are no messages: {shown}"
        raise FaultError(what, "send what libraries print to standard error")
