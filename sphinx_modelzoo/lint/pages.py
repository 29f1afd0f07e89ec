"""A rule's page as text, for ``modelzoo lint --explain``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sphinx_modelzoo.lint.rule import Example, Need, Rule

_WIDTH = 88


def explained(rule: Rule) -> str:
    """Give all that is to say about a rule: what it finds, why, and its two examples."""
    lines = [f"{rule.code} {rule.name} ({rule.severity})", "", rule.summary, ""]
    lines += textwrap.wrap(rule.explanation, _WIDTH)
    if rule.need is not Need.NOTHING:
        lines += ["", f"Needs {rule.need}; without it the rule finds nothing."]
    for title, example in (("Wrong:", rule.wrong), ("Right:", rule.right)):
        lines += ["", title, "", *_example(example)]
    return "\n".join(lines) + "\n"


def _example(example: Example) -> Iterator[str]:
    yield from (f"    {line}" for line in example.manifest.splitlines())
    for name, text in example.files.items():
        yield from ("", f"  with {name}:", "")
        yield from (f"    {line}" for line in text.splitlines())
