"""Starting a recognizer's process, with its reference at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from sphinx_modelzoo.verify.recognizer.guarded import Guarded
from sphinx_modelzoo.verify.recognizer.pipe import Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command, nothing


def start_recognizer(
    command: Command,
    tops: Collection[int],
    *,
    timeout: float,
    note: Callable[[str], None] | None = None,
    idle: Callable[[], None] = nothing,
    echo: Callable[[bytes], None] | None = None,
) -> Guarded:
    """Start a recognizer whose close calls its reference decides.

    Args:
        command: How to start it, and its reference where it has one.
        tops: Of how many of the best classes the metrics ask whether the label is among them.
        timeout: Seconds of silence after which either process counts as hanging.
        note: Receives the texts of their notes.
        idle: Called about twice a second while nothing comes.
        echo: Receives what they say on standard error.

    Raises:
        UndecidedError: it cannot be started.
    """
    start = partial(Recognizer, timeout=timeout, note=note, idle=idle, echo=echo)
    return Guarded(command, start, tops, note=note)
