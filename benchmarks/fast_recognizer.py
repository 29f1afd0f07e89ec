"""A recognizer that answers at once, for benchmarks: ``fast_recognizer.py [SHARE [FLIPS]]``.

It reads a list of ``PATH LABEL`` lines and is right for a SHARE of the items, drawn by the digest
of their names; FLIPS of all items are right where others are, and as many the other way round.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

CLASSES = 10


def share_of(item: str, salt: str) -> float:
    """Give a number from 0 to 1 that looks drawn, the same every time."""
    digest = hashlib.sha256(f"{salt}|{item}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def prediction(item: str, label: int, share: float, flips: float) -> dict[str, Any]:
    """Predict the label where the draw says so, else the class behind it."""
    right = share_of(item, "right") < share
    if flips and share_of(item, "flip") < flips / (share if right else 1 - share):
        right = not right
    wrong = (label + 1) % CLASSES
    best = [[label, 0.75], [wrong, 0.25]] if right else [[wrong, 0.75], [label, 0.25]]
    return {"type": "prediction", "id": item, "label": label, "top": best}


def opened(request: dict[str, Any], items: list[tuple[str, int]]) -> dict[str, Any]:
    """Answer an ``open``."""
    lines = sorted(f"{item}\t{label}\n".encode() for item, label in items)
    weights = json.dumps(request["protocol"]).encode()
    return {
        "type": "opened",
        "pipe": 1,
        "items": len(items),
        "fingerprint": hashlib.sha256(b"".join(lines)).hexdigest(),
        "recognizer": "fast",
        "version": "1",
        "weights": {
            "file": "none",
            "size": len(weights),
            "sha1": hashlib.sha1(weights, usedforsecurity=False).hexdigest(),
            "sha256": hashlib.sha256(weights).hexdigest(),
            "parameters": 0,
        },
    }


def main(share: float, flips: float) -> None:
    """Answer requests until ``close``."""
    labels: dict[str, int] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "open":
            text = Path(request["data"]["list"]).read_text(encoding="utf-8")
            labels = {row.split()[0]: int(row.split()[1]) for row in text.splitlines()}
            answers = [opened(request, list(labels.items()))]
        elif request["type"] == "predict":
            answers = [prediction(item, labels[item], share, flips) for item in request["ids"]]
        else:
            answers = [{"type": "closed"}]
        for answer in answers:
            print(json.dumps(answer), flush=True)
        if request["type"] == "close":
            return


if __name__ == "__main__":
    numbers = [float(word) for word in sys.argv[1:]]
    main(*[*numbers, *(0.834, 0.0)[len(numbers) :]])
