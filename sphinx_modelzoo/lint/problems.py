"""What the reader of manifests finds wrong, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.lint.finding import Finding, Severity
from sphinx_modelzoo.lint.rule import Example, Rule

MANIFEST = Rule(
    code="ZOO000",
    name="manifest",
    summary="The manifest cannot be read as it stands.",
    explanation=(
        "Broken YAML, unknown or missing fields, references to nothing, a name and hashtag that "
        "stand twice, two defaults of a name or none: whatever keeps a manifest from being used. "
        "The other rules are asked as far as the manifest could be read. It can be neither left "
        "out nor ignored."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "models:\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1bba, default: true}\n"
        "  - {name: vgg16_ucf101, hashtag: 05e319d4, default: true}\n"
    ),
    right=Example(
        "models:\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1bba, default: true}\n"
        "  - {name: vgg16_ucf101, hashtag: 05e319d4}\n"
    ),
    check=None,
)


def as_findings(problems: Iterable[Problem], path: str) -> Iterator[Finding]:
    """Give a reader's problems as findings; one without a place is about the file ``path``."""
    for problem in problems:
        where, line, column = split_place(problem.place or path)
        yield Finding(
            MANIFEST.code, MANIFEST.severity, problem.what, problem.remedy, where, line, column
        )


def split_place(place: str) -> tuple[str, int | None, int | None]:
    """Split ``PATH:LINE:COLUMN``; the numbers are None where only a path stands there."""
    parts = place.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdecimal() and parts[2].isdecimal():  # noqa: PLR2004
        return parts[0], int(parts[1]), int(parts[2])
    return place, None, None
