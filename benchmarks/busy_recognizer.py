"""A recognizer that works for a while on one core: ``busy_recognizer.py SHARE SECONDS FILE``.

It answers as ``fast_recognizer.py`` does, for a SHARE of the items rightly, after so many SECONDS
of a core's time for each item; the id of each goes to FILE first.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path

from fast_recognizer import opened, prediction

BLOCK = bytes(65536)


def work(rounds: int) -> None:
    """Keep one core busy."""
    for _ in range(rounds):
        hashlib.sha256(BLOCK)


def rounds_for(seconds: float) -> int:
    """Give how many rounds of work take that long on a core that does nothing else."""
    began = time.process_time()
    work(200)
    return round(200 * seconds / (time.process_time() - began)) if seconds else 0


def main(share: float, rounds: int, file: str) -> None:
    """Answer requests until ``close``."""
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    labels: dict[str, int] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "open":
            text = Path(request["data"]["list"]).read_text(encoding="utf-8")
            labels = {row.split()[0]: int(row.split()[1]) for row in text.splitlines()}
            print(json.dumps(opened(request, list(labels.items()))), flush=True)
        elif request["type"] == "predict":
            for item in request["ids"]:
                os.write(log, f"{item}\n".encode())
                work(rounds)
                print(json.dumps(prediction(item, labels[item], share, 0.0)), flush=True)
        else:
            print(json.dumps({"type": "closed"}), flush=True)
            return


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
