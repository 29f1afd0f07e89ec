"""The checks of a recognizer, and running them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.errors import Exit, UndecidedError
from sphinx_modelzoo.verify.conformance import answers, manners, refusals
from sphinx_modelzoo.verify.conformance.bench import Bench, Subject
from sphinx_modelzoo.verify.conformance.session import FaultError

CHECKS: dict[str, Callable[[Bench], None]] = {
    "opens": answers.opens,
    "items": answers.items,
    "fingerprint": answers.fingerprints,
    "weights": answers.weights,
    "predicts": answers.predicts,
    "close-calls": answers.close_calls,
    "repeats": answers.repeats,
    "order": answers.order,
    "large-request": answers.large_request,
    "requests-ahead": answers.requests_ahead,
    "fresh-process": answers.fresh_process,
    "unknown-fields": answers.unknown_fields,
    "unreadable-item": refusals.unreadable_item,
    "unknown-id": refusals.unknown_id,
    "unknown-request": refusals.unknown_request,
    "unknown-setting": refusals.unknown_setting,
    "pipe-version": refusals.pipe_version,
    "missing-list": refusals.missing_list,
    "other-weights": refusals.other_weights,
    "closes": manners.closes,
    "end-of-input": manners.end_of_input,
    "sigterm": manners.sigterm,
    "stdout": manners.stdout,
}
"""Each check by its name; the first sentence of its docstring says what must hold."""


class State(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    UNTRIED = "untried"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a check; of one that did not pass ``what`` and ``remedy`` say why."""

    name: str
    state: State
    what: str = ""
    remedy: str = ""

    @property
    def title(self) -> str:
        """What the check asks of a recognizer, in one line."""
        return str(CHECKS[self.name].__doc__).splitlines()[0].replace("``", "'")


def conform(subject: Subject, skip: Collection[str] = ()) -> Iterator[Result]:
    """Try each check and give its result; a recognizer that does not open is tried no further.

    Raises:
        UndecidedError: the recognizer cannot be started.
    """
    bench = Bench(subject)
    opened = True
    try:
        for name, check in CHECKS.items():
            if name in skip:
                yield Result(name, State.SKIPPED, "left out")
            elif not opened:
                yield Result(name, State.UNTRIED, "it does not open", "see the check 'opens'")
            else:
                result = _tried(name, check, bench)
                opened = name != "opens" or result.state is State.PASSED
                yield result
    finally:
        bench.end()


def _tried(name: str, check: Callable[[Bench], None], bench: Bench) -> Result:
    try:
        check(bench)
    except FaultError as fault:
        return Result(name, State.FAILED, fault.what, fault.remedy)
    except UndecidedError as error:
        if name == "opens":
            raise
        (problem,) = error.problems
        return Result(name, State.UNTRIED, problem.what, problem.remedy)
    except OSError as error:
        what = f"the check itself failed: {error}"
        return Result(name, State.UNTRIED, what, "see that there is room for temporary files")
    return Result(name, State.PASSED)


def exit_code(results: Sequence[Result]) -> int:
    """Give the exit code: 1 where a check failed, else 3 where one could not be tried, else 0."""
    states = {result.state for result in results}
    if State.FAILED in states:
        return Exit.REFUTED
    return Exit.UNDECIDED if State.UNTRIED in states else Exit.HOLDS
