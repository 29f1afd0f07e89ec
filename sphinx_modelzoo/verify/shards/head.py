"""The first line of a shard's file: all that its predictions depend on, and what made them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import PurePath
from typing import Any

from sphinx_modelzoo.pipe.messages import Opened, encode
from sphinx_modelzoo.verify.recognizer.parse import MalformedError, read_opened
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.reruns import engine_of

FORMAT = 1
BUDGET = "budget"
"""What stands for the tier where a budget of time says how far a shard goes."""

# What the journal has of what predictions depend on, and another machine calls by another path or
# measures anew.
_LOCAL = frozenset({"command", "engine", "reference"})
# What says how numbers are decided, and no prediction depends on; the evidence is in the seed.
_DECIDING = frozenset({"tier", "error rate", "evidence"})
_INTERPRETER = re.compile(r"python[\d.]*")


@dataclass(frozen=True, slots=True)
class Head:
    """What a shard is of.

    It is shard ``number`` of ``of``, and all of them together have ``total`` items. ``depends`` is
    what predictions depend on, by names; ``command`` is how the recognizer was started, without the
    folders of this machine. ``tier`` is ``full``, ``spot`` or :data:`BUDGET`; ``alpha`` is a spot
    check's error rate and ``evidence`` the digest of what it compares with, or empty. ``media`` and
    ``item_list`` are the kind of the items' files and the name of their list. ``started`` is a time
    in UTC, ISO 8601.
    """

    entry: str
    dataset: str
    protocol: str
    number: int
    of: int
    total: int
    tier: str
    alpha: float
    evidence: str
    tool: str
    command: str
    depends: Mapping[str, str]
    opened: Opened
    media: str
    item_list: str
    started: str

    @property
    def run(self) -> tuple[str, str, str]:
        """The entry, the data set and the protocol: which run it is a shard of."""
        return self.entry, self.dataset, self.protocol

    def same(self) -> dict[str, str]:
        """Give, by names, what all shards of a run must have in common."""
        return {
            **self.depends,
            "number of shards": str(self.of),
            "number of items": str(self.total),
            "tier": self.tier,
            "error rate": repr(self.alpha),
            "evidence": self.evidence,
            "version": self.tool,
            "command": self.command,
            "engine": engine_of(self.opened.environment),
        }

    def differs(self, other: Head) -> list[str]:
        """Give the names of what another shard has otherwise of what predictions depend on."""
        ours, its = self.same(), other.same()
        names = sorted(ours.keys() | its.keys())
        return [name for name in names if name not in _DECIDING and ours.get(name) != its.get(name)]

    def line(self) -> bytes:
        """Give the first line of the shard's file, newline included."""
        told = {name: getattr(self, name) for name in _FIELDS}
        told["opened"] = json.loads(encode(self.opened))
        text = json.dumps({"shard": FORMAT, **told}, separators=(",", ":"))
        return text.encode() + b"\n"


_FIELDS = tuple(field.name for field in fields(Head))
_WHOLE = ("number", "of", "total")
_NO_TEXT = {*_WHOLE, "alpha", "depends", "opened"}


def read_head(line: bytes) -> Head:
    """Read what :meth:`Head.line` wrote.

    Raises:
        ValueError: it is anything else, to the byte.
    """
    try:
        data = json.loads(line)
        if not isinstance(data, dict) or data.pop("shard", None) != FORMAT:
            raise ValueError(line)
        head = Head(**{**data, "opened": read_opened(data["opened"])})
        if not _is_sound(head) or head.line() != line:
            raise ValueError(line)
    except (TypeError, KeyError, AttributeError, RecursionError, MalformedError) as error:
        raise ValueError(line) from error
    return head


def on_any_machine(depends: Mapping[str, str]) -> dict[str, str]:
    """Give what predictions depend on, without what each machine has of its own."""
    return {name: text for name, text in depends.items() if name not in _LOCAL}


def portable(command: Command) -> str:
    """Say how a recognizer is started, on any machine: programs without their folders."""
    words = [PurePath(word).name if "/" in word else word for word in command.argv]
    if _INTERPRETER.fullmatch(words[0]):
        words[0] = "python"
    return json.dumps(words)


def _is_sound(head: Head) -> bool:
    """Tell whether every field is of its kind."""
    told: dict[str, Any] = asdict(head)
    return (
        all(type(told[name]) is int for name in _WHOLE)
        and 1 <= head.number <= head.of
        and head.total >= 1
        and type(head.alpha) is float
        and all(isinstance(told[name], str) for name in _FIELDS if name not in _NO_TEXT)
        and isinstance(head.depends, dict)
        and all(isinstance(text, str) for text in head.depends.values())
    )
