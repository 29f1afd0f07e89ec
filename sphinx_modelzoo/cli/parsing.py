"""The parser of the commands: to an option that it does not know it names the nearest."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NoReturn

_UNKNOWN = "unrecognized arguments: "
_NEAR = 0.75  # to what is less alike than this nothing else was meant


class Parser(argparse.ArgumentParser):
    """A parser whose message on an unknown option says what to write instead."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and a message, and end with exit code 2."""
        if message.startswith(_UNKNOWN):
            message = f"{message}; {self._remedy(message.removeprefix(_UNKNOWN))}"
        super().error(message)

    def _remedy(self, given: str) -> str:
        known = sorted(_options(self))
        # A command's parser hands what it does not know to the one that it is in.
        commands = [parser.prog for parser in _commands(self)]
        name = commands[0] if len(commands) == 1 else self.prog
        for word in given.split():
            near = get_close_matches(word.partition("=")[0], known, n=1, cutoff=_NEAR)
            if word.startswith("-") and near:
                return f"did you mean {near[0]}?"
        return f"{name} --help says what there is"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Give the options of a parser and of its commands."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way
        yield from action.option_strings
    for command in _commands(parser):
        yield from _options(command)


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Give the parsers of a parser's commands."""
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.values()
