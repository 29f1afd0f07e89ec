"""The parser of the commands: to an option that it does not know it names the nearest."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NoReturn

_UNKNOWN = "unrecognized arguments: "


class Parser(argparse.ArgumentParser):
    """A parser whose message on an unknown option says what to write instead."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and a message, and end with exit code 2."""
        if message.startswith(_UNKNOWN):
            message = f"{message}; {self._remedy(message.removeprefix(_UNKNOWN))}"
        super().error(message)

    def _remedy(self, given: str) -> str:
        known = sorted(_options(self))
        for word in given.split():
            near = get_close_matches(word.partition("=")[0], known, n=1)
            if word.startswith("-") and near:
                return f"did you mean {near[0]}?"
        return f"{self.prog} --help says what there is"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Give the options of a parser and of its commands."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from _options(command)
