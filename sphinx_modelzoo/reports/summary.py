"""A report on listed numbers as Markdown, for a pull request or a job's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sphinx_modelzoo.reports.markdown import block, code, row
from sphinx_modelzoo.reports.numbers import Level, ListedNumber, Report

_MARKS = {Level.HOLDS: "✓", Level.NOTE: "○", Level.WARNING: "△", Level.ERROR: "✗"}
_HEADS = ("", "Model", "Data set", "Metric", "Listed", "Measured", "Counted", "Result")
_ALIGNED = ("---", "---", "---", "---", "---:", "---:", "---:", "---")


def markdown_report(report: Report) -> str:
    """Give the report: what needs attention first and in full, and the rest folded."""
    loud = [each for each in report.numbers if each.level in (Level.WARNING, Level.ERROR)]
    quiet = [each for each in report.numbers if each.level in (Level.HOLDS, Level.NOTE)]
    blocks = [f"### {_title(report, loud)}", f"{code(report.manifest)}: {_counted(report)}"]
    blocks += [block(str(problem)) for problem in report.problems]
    if loud:
        blocks.append(_table(loud))
        blocks += [part for number in loud for part in _details(number)]
    if quiet:
        which = "1 number" if len(quiet) == 1 else f"{len(quiet)} numbers"
        summary = f"<details><summary>{which} without a fault</summary>"
        blocks += [summary, _table(quiet), *_remarks(quiet), "</details>"]
    return "\n\n".join(blocks) + "\n"


def _title(report: Report, loud: list[ListedNumber]) -> str:
    errors = sum(number.level is Level.ERROR for number in loud)
    total = len(report.numbers)
    if errors:
        return f"{_MARKS[Level.ERROR]} {report.command}: {errors} of {_numbers(total)} failed"
    if report.exit_code or report.problems:
        return f"{_MARKS[Level.ERROR]} {report.command}: exit code {report.exit_code}"
    if loud:
        return f"{_MARKS[Level.WARNING]} {report.command}: {len(loud)} of {_numbers(total)} to see"
    return f"{_MARKS[Level.HOLDS]} {report.command}: {_numbers(total)}, no fault"


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


def _counted(report: Report) -> str:
    """Count the results by their words: ``2 confirmed, 1 refuted``."""
    words = Counter(number.word for number in report.numbers)
    return ", ".join(f"{count} {word}" for word, count in words.items()) or "no number"


def _remarks(numbers: Iterable[ListedNumber]) -> Iterator[str]:
    """Give what is to be known of how numbers were measured, once where it is of several."""
    remarks = (
        f"{code(number.entry)}, {code(number.dataset)}: {code(remark)}"
        for number in numbers
        for remark in number.remarks
    )
    lines = [f"- {remark}" for remark in dict.fromkeys(remarks)]
    if lines:
        yield "\n".join(lines)


def _table(numbers: Iterable[ListedNumber]) -> str:
    return "\n".join([row(_HEADS), row(_ALIGNED), *(row(_cells(number)) for number in numbers)])


def _cells(number: ListedNumber) -> tuple[str, ...]:
    under = f" ({code(number.protocol)})" if number.protocol else ""
    return (
        _MARKS[number.level],
        code(number.entry),
        f"{code(number.dataset)}{under}",
        code(number.metric),
        number.listed,
        number.measured,
        number.counted,
        number.word,
    )


def _details(number: ListedNumber) -> Iterator[str]:
    yield f"#### {_MARKS[number.level]} {code(number.entry)}: {code(number.which)}"
    yield block(f"{number.path}:{number.line}:{number.column}: {number.message or number.word}")
    if number.reasons:
        ranked = [f"{rank}. {code(reason)}" for rank, reason in enumerate(number.reasons, 1)]
        yield "\n".join(["Likely reasons:", "", *ranked])
    if number.remarks:
        yield "\n".join(f"- {code(remark)}" for remark in number.remarks)
    if number.artefacts:
        yield f"Kept: {', '.join(map(code, number.artefacts))}"
