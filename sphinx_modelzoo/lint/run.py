"""Asking all rules about a manifest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.lint.figures import log_at_hand
from sphinx_modelzoo.lint.files import is_file
from sphinx_modelzoo.lint.finding import Finding, Remark
from sphinx_modelzoo.lint.ignores import NO_REASON, USELESS_IGNORE, silenced, unreasoned, useless
from sphinx_modelzoo.lint.problems import MANIFEST, as_findings
from sphinx_modelzoo.lint.rule import Need, Options, Rule
from sphinx_modelzoo.lint.rules import RULES
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.reader import examine
from sphinx_modelzoo.manifest.sources import Source
from sphinx_modelzoo.manifest.values import suggestion


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules are asked, by codes or their beginnings; ``ignore`` goes before ``select``."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def check(self) -> None:
        """See that every code begins one that there is.

        Raises:
            CallError: one does not.
        """
        codes = [rule.code for rule in RULES]
        for given in (*self.select, *self.ignore):
            if not given or not any(code.startswith(given) for code in codes):
                remedy = suggestion(given, codes, f"the codes go from {codes[0]} to {codes[-1]}")
                raise CallError(Problem(f"there is no rule {given!r}", remedy))

    def __contains__(self, rule: Rule) -> bool:
        """Tell whether a rule is asked; the reader's problems always are."""
        if rule is MANIFEST:
            return True
        selected = not self.select or rule.code.startswith(self.select)
        return selected and not (self.ignore and rule.code.startswith(self.ignore))


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a manifest, sorted by place; and the zoo as far as it could be read."""

    zoo: Zoo
    findings: tuple[Finding, ...] = field(default=())


def lint(
    path: Path,
    options: Options | None = None,
    choice: Choice | None = None,
    source: Source | None = None,
) -> Report:
    """Read a manifest and ask all chosen rules about it.

    A manifest that cannot be read gives findings too, one a problem; it raises nothing.
    """
    zoo, problems = examine(path, source)
    return lint_zoo(zoo, problems, options or Options(), choice or Choice())


def lint_zoo(zoo: Zoo, problems: Sequence[Problem], options: Options, choice: Choice) -> Report:
    """Ask all chosen rules about a zoo in which the reader found ``problems``."""
    asked = [rule for rule in RULES if rule in choice and not (rule.whole and problems)]
    found = [finding for rule in asked for finding in _ask(rule, zoo, options)]
    kept, used = silenced(zoo, found)
    if USELESS_IGNORE in asked:
        by_code = {rule.code: rule for rule in asked}

        def was_asked(code: str, entry: Entry) -> bool:
            rule = by_code.get(code)
            return rule is not None and _can_answer(rule, zoo, entry, options)

        remarks = useless(zoo, used, [rule.code for rule in RULES], was_asked)
        kept += _findings(USELESS_IGNORE, remarks)
    if NO_REASON in asked:
        kept += _findings(NO_REASON, unreasoned(zoo))
    kept += as_findings(problems, str(zoo.path))
    return Report(zoo, tuple(sorted(dict.fromkeys(kept), key=_position)))


def _position(finding: Finding) -> tuple[str, int, int, str]:
    return finding.position


def _ask(rule: Rule, zoo: Zoo, options: Options) -> Iterator[Finding]:
    if rule.check is not None:
        yield from _findings(rule, rule.check(zoo, options))


def _findings(rule: Rule, remarks: Iterable[Remark]) -> Iterator[Finding]:
    for remark in remarks:
        place = remark.place
        yield Finding(
            rule.code,
            rule.severity,
            remark.what,
            remark.remedy,
            place.path,
            place.line,
            place.column,
            remark.entry,
        )


def _can_answer(rule: Rule, zoo: Zoo, entry: Entry, options: Options) -> bool:
    """Tell whether a rule had what it needs to find something on an entry."""
    if rule.need is Need.LOADER:
        return options.loader is not None
    if rule.need is Need.FILES:
        file = entry.weights_file
        return not file or (options.files and is_file(zoo.root / file))
    if rule.need is Need.LOGS:
        return log_at_hand(zoo, entry, options)
    return rule.need is Need.NOTHING


def rule_of(code: str, rules: Collection[Rule] = RULES) -> Rule:
    """Give the rule of a code, in capitals or not.

    Raises:
        CallError: there is none.
    """
    for rule in rules:
        if code.upper() in {rule.code, rule.name.upper()}:
            return rule
    codes = [rule.code for rule in rules]
    remedy = suggestion(code.upper(), codes, f"the codes go from {codes[0]} to {codes[-1]}")
    raise CallError(Problem(f"there is no rule {code!r}", remedy))
