"""Filling a program's arguments from an entry, its data set and its protocol.

``{segments}`` in an argument stands for the field of that name. Nothing is passed over: a field
that is lacking, a name that no field has, and a setting that no argument would hand on are errors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.values import suggestion

PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")
_NUMBER = re.compile(r"-[0-9.]+")

Arguments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A command with gaps.

    ``command`` is the program with the arguments that it always has; each of ``optional`` is a
    choice of arguments, of which the first is taken whose fields are all there, or none;
    ``choices`` gives for a field's values the arguments that hand them on.
    """

    command: Arguments
    optional: tuple[tuple[Arguments, ...], ...] = ()
    choices: Mapping[str, Mapping[str, Arguments]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields that the arguments may take."""
        groups = (self.command, *(each for choice in self.optional for each in choice))
        chosen = (words for values in self.choices.values() for words in values.values())
        return frozenset(self.choices).union(*map(placeholders, (*groups, *chosen)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A command without gaps: its words, and the names of the fields that went into them."""

    argv: Arguments
    used: frozenset[str]


def placeholders(words: Sequence[str]) -> frozenset[str]:
    """Give the names that stand in braces in some words."""
    return frozenset(name for word in words for name in PLACEHOLDER.findall(word))


def fill(template: Template, fields: Mapping[str, str], known: Collection[str]) -> Filled:
    """Fill a command.

    Args:
        template: The command.
        fields: The text of each field that is there; a field with empty text is not.
        known: The names of all fields that an entry, a data set or a protocol may have.

    Raises:
        UndecidedError: with each name that no field has, each field that is needed and not
            there, each value for which no arguments are given, and each that a program would
            take for an option of its own.
    """
    there = {name: text for name, text in fields.items() if text}
    groups = [template.command]
    for choice in template.optional:
        fitting = (words for words in choice if placeholders(words) <= there.keys())
        groups.append(next(fitting, ()))
    used = set()
    for name, values in template.choices.items():
        if name in there:
            used.add(name)
            groups.append(values.get(there[name], ()))
    problems = [
        *_unknown(template, known),
        *_lacking(groups, there, known),
        *_unlisted(template, there),
        *_options(groups, there),
    ]
    if problems:
        raise UndecidedError(*problems)
    words = tuple(word for group in groups for word in group)
    argv = tuple(PLACEHOLDER.sub(lambda match: there[match[1]], word) for word in words)
    return Filled(argv, frozenset(used | placeholders(words)))


def _unknown(template: Template, known: Collection[str]) -> Iterator[Problem]:
    for name in sorted(template.names - set(known)):
        listed = f"known are {', '.join(sorted(known))}"
        what = f"the arguments take '{{{name}}}', a field that there is not"
        yield Problem(what, suggestion(name, known, listed))


def _lacking(
    groups: Sequence[Arguments], there: Mapping[str, str], known: Collection[str]
) -> Iterator[Problem]:
    needed = frozenset[str]().union(*map(placeholders, groups))
    for name in sorted((needed & set(known)) - there.keys()):
        what = f"the arguments need '{{{name}}}', which is not given"
        remedy = "give it in the manifest, or write the arguments that take it under 'optional'"
        yield Problem(what, remedy)


def _unlisted(template: Template, there: Mapping[str, str]) -> Iterator[Problem]:
    for name, values in template.choices.items():
        if name in there and there[name] not in values:
            what = f"{name} is {there[name]}, for which no arguments are given"
            yield Problem(what, f"the choices of {name} are {', '.join(values)}")


def _options(groups: Sequence[Arguments], there: Mapping[str, str]) -> Iterator[Problem]:
    """Refuse values such as ``--load=FILE``: a manifest may come from elsewhere."""
    for word in (word for group in groups for word in group):
        match = PLACEHOLDER.match(word)
        value = there.get(match[1], "") if match else ""
        if match and value.startswith("-") and not _NUMBER.fullmatch(value):
            what = f"{match[1]} is {value!r}, which the program would take for an option"
            yield Problem(what, "write a value that does not begin with '-'")
