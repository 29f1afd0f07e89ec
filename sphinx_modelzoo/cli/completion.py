"""Completion of the commands in the shell, by the library shtab."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from sphinx_modelzoo.errors import CallError, Problem

SHELLS = ("bash", "zsh", "fish")


class PrintCompletion(argparse.Action):
    """Print the completion script of a shell, and end."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - argparse's signature
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Print the script for the shell ``values``; exit 2 where shtab is not installed."""
        try:
            import shtab  # noqa: PLC0415 - not needed to verify
        except ImportError:
            problem = Problem(
                "completion needs the package shtab",
                "pip install 'sphinx-modelzoo[completion]'",
            )
            parser.exit(CallError.exit_code, f"{parser.prog}: {problem}\n")
        print(shtab.complete(parser, shell=str(values)))
        parser.exit()


def add_completion(parser: argparse.ArgumentParser) -> None:
    """Give a command the option ``--print-completion``."""
    parser.add_argument(
        "--print-completion",
        action=PrintCompletion,
        choices=SHELLS,
        help=f"print the completion script of a shell ({', '.join(SHELLS)})",
        metavar="SHELL",
    )
