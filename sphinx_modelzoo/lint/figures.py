"""Rule on numbers and the training logs that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.metrics import last_digit
from sphinx_modelzoo.lint.roles import Role, role_of
from sphinx_modelzoo.lint.rule import Example, Need, Options, Rule
from sphinx_modelzoo.lint.training_logs import Figure, Reported, find_log, read_log
from sphinx_modelzoo.manifest.model import Entry, Metric, Number, Zoo
from sphinx_modelzoo.manifest.numbers import scale

_REMEDY = "list what the log reports, or link the log of the run that gave these weights"


def log_at_hand(zoo: Zoo, entry: Entry, options: Options) -> bool:
    """Tell whether a log of an entry can be read here."""
    return any(
        role_of(key) is Role.LOG and find_log(link, zoo.root, options.logs) is not None
        for result in entry.results
        for key, link in result.links.items()
    )


def _differs(zoo: Zoo, options: Options) -> Iterator[Remark]:
    tops = [metric for metric in zoo.metrics.values() if metric.top is not None]
    for entry, result in zoo.rows():
        for key, link in result.links.items():
            path = find_log(link, zoo.root, options.logs) if role_of(key) is Role.LOG else None
            if path is None:
                continue
            for metric in tops:
                number = result.numbers.get(metric.key)
                if number is not None and (what := _compare(path, metric, number)):
                    yield Remark(what, _REMEDY, number.place, entry.key)


def _compare(path: Path, metric: Metric, number: Number) -> str:
    """Give how a number differs from its log; empty where it does not, or the log tells nothing."""
    reported = _reported(path, metric)
    if reported is None or _fits(number, reported.last) or _fits(number, reported.best):
        return ""
    last = reported.last
    reports = f"{last.value.normalize():f} (line {last.line} of {path})"
    return f"{metric.key} is {number.text}, and its log ends with {reports}"


def _reported(path: Path, metric: Metric) -> Reported | None:
    try:
        return read_log(path, metric.top or 0, scale(metric))
    except OSError:
        return None


def _fits(number: Number, figure: Figure) -> bool:
    """Tell whether two numbers can be one value, rounded or cut to their digits."""
    return abs(number.value - figure.value) < max(last_digit(number), figure.step)


LOG_DIFFERS = Rule(
    code="ZOO208",
    name="log-differs",
    summary="A number is not what its own training log reports.",
    explanation=(
        "The log of an entry must be that of the run that made its weights. It is read where it "
        "lies beside the manifest (a link with `file`), or in the folder that `--logs` names. "
        "The number is compared with the last test in the log; where there is none, with the last "
        "validation, and the best one is right too. Lines that give `top1` or `acc-top1` after a "
        "word such as test, validation or eval are understood, as fractions or percentages."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        'links: {train_log: {file: "{name}.log"}}\n'
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4}\n",
        {"vgg16_ucf101.log": "[Epoch 79] validation: acc-top1=0.8153 acc-top5=0.9574\n"},
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        'links: {train_log: {file: "{name}.log"}}\n'
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 81.5}\n",
        {"vgg16_ucf101.log": "[Epoch 79] validation: acc-top1=0.8153 acc-top5=0.9574\n"},
    ),
    check=_differs,
    need=Need.LOGS,
)
