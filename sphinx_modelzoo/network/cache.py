"""What was found lately, kept on disk: a journal of JSON lines.

Each line is written at once, so that a run that is killed goes on where it was. The newest line of
an address counts; a line that a kill cut off is passed over.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.receipts.atomic import write_atomically

_NAME = "sphinx-modelzoo"


def cache_folder() -> Path:
    """Give the user's folder for this program's caches, as the platform has it."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / _NAME / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / _NAME
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / _NAME


@dataclass(slots=True)
class Journal:
    """Facts by address, each with the time at which it was found; ``max_age`` is in seconds."""

    path: Path
    max_age: float
    _facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def load(self) -> None:
        """Read what is there and still young enough; lines that are none are passed over.

        Raises:
            UndecidedError: the file cannot be read.
        """
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._problem(error) from error
        oldest = time.time() - self.max_age
        for line in text.splitlines():
            try:
                fact = json.loads(line)
                if fact["time"] >= oldest and fact["time"] <= time.time():
                    self._facts[str(fact["address"])] = fact
            except (ValueError, KeyError, TypeError):
                continue

    def get(self, address: str) -> Mapping[str, Any] | None:
        """Give what is known of an address."""
        return self._facts.get(address)

    def put(self, address: str, **facts: object) -> None:
        """Write down what was found at an address.

        Raises:
            UndecidedError: it cannot be written.
        """
        fact = {"address": address, "time": time.time(), **facts}
        self._facts[address] = fact
        line = json.dumps(fact, ensure_ascii=True) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                # A line that a kill cut off must not take the next one with it.
                file.write((b"" if self._whole() else b"\n") + line.encode())
        except OSError as error:
            raise self._problem(error) from error

    def tidy(self) -> None:
        """Write the journal anew, with one line an address and none that is too old.

        Raises:
            UndecidedError: it cannot be written.
        """
        if self._facts:
            lines = [json.dumps(fact, ensure_ascii=True) for fact in self._facts.values()]
            try:
                write_atomically(self.path, "\n".join(lines) + "\n")
            except OSError as error:
                raise self._problem(error) from error

    def _whole(self) -> bool:
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read(1) == b"\n"
        except OSError:
            return True

    def _problem(self, error: OSError) -> UndecidedError:
        what = f"the cache cannot be used: {(error.strerror or str(error)).lower()}"
        return UndecidedError(Problem(what, "name another folder with --cache", str(self.path)))
