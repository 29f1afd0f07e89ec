"""``ignore`` on an entry: which findings it silences, and when it is itself a mistake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from sphinx_modelzoo.lint.finding import Finding, Remark, Severity
from sphinx_modelzoo.lint.rule import Example, Rule
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.values import suggestion

USELESS_IGNORE = Rule(
    code="ZOO001",
    name="useless-ignore",
    summary="An entry ignores a rule that finds nothing on it, or that does not exist.",
    explanation=(
        "An `ignore` that silences nothing hides the next mistake. It is not said of a rule that "
        "was left out, or that lacked what it needs, such as the loader's table or a log."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        "models:\n"
        "  - name: vgg16_ucf101\n"
        "    dataset: ucf101\n"
        "    top1: 83.4\n"
        "    ignore: {ZOO201: measured in permille}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "models:\n"
        "  - name: vgg16_ucf101\n"
        "    dataset: ucf101\n"
        "    top1: 834\n"
        "    ignore: {ZOO201: measured in permille}\n"
    ),
    check=None,
)

NO_REASON = Rule(
    code="ZOO002",
    name="ignore-without-reason",
    summary="An entry ignores a rule and gives no reason.",
    explanation="The reason tells the next reader why the rule does not hold here.",
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 834, ignore: {ZOO201: ''}}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 834, ignore: {ZOO201: in permille}}\n"
    ),
    check=None,
)


def silenced(zoo: Zoo, findings: Sequence[Finding]) -> tuple[list[Finding], set[tuple[str, str]]]:
    """Take out what entries ignore; give the rest, and which (entry, code) did so."""
    ignored = {(entry.key, code) for entry in zoo.entries for code in entry.ignore}
    kept = [found for found in findings if (found.entry, found.code) not in ignored]
    used = {(found.entry, found.code) for found in findings} & ignored
    return kept, used


def useless(
    zoo: Zoo,
    used: Collection[tuple[str, str]],
    known: Collection[str],
    asked: Callable[[str, Entry], bool],
) -> Iterator[Remark]:
    """Give the ignores that silence nothing.

    ``known`` are all codes; ``asked`` tells whether a rule was asked about an entry.
    """
    for entry in zoo.entries:
        place = entry.places.get("ignore", entry.place)
        for code in entry.ignore:
            if code not in known:
                remedy = suggestion(code, known, "modelzoo lint --explain shows the codes")
                yield Remark(f"there is no rule {code!r} to ignore", remedy, place, entry.key)
            elif (entry.key, code) not in used and asked(code, entry):
                what = f"{code} is ignored, and finds nothing here"
                yield Remark(what, "remove it from 'ignore'", place, entry.key)


def unreasoned(zoo: Zoo) -> Iterator[Remark]:
    """Give the ignores without a reason."""
    for entry in zoo.entries:
        place = entry.places.get("ignore", entry.place)
        for code, reason in entry.ignore.items():
            if not reason.strip():
                yield Remark(f"{code} is ignored without a reason", "say why", place, entry.key)
