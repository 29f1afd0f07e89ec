"""A recognizer for tests of clusters: ``slow_recognizer.py SHARE SECONDS FILE [FAULT [LIST]]``.

Right for a SHARE of the items; takes SECONDS for each, and appends its id to FILE first. A FAULT is
the id of an item that kills the worker, or with ``!`` behind it the recognizer, ``dies-at-open``,
``items!`` or ``wrong-label``.
"""

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path

CLASSES = 8


def say(message):
    print(json.dumps(message), flush=True)


def kill_worker():
    worker = os.getppid()
    assert b"dask_worker" in Path(f"/proc/{worker}/cmdline").read_bytes()
    os.kill(worker, signal.SIGKILL)
    time.sleep(60)


class Slow:
    def __init__(self, share, seconds, file, fault="", listed=""):
        self.share, self.seconds, self.fault = float(share), float(seconds), fault
        # In one piece each, whatever other processes write.
        self.file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self.listed, self.labels, self.right = listed, {}, set()

    def open(self, request):
        lines = (
            Path(request["data"]["list"] or self.listed).read_text(encoding="utf-8").splitlines()
        )
        self.labels = {line.split()[0]: int(line.split()[1]) for line in lines}
        self.right = set(sorted(self.labels)[: round(self.share * len(self.labels))])
        listed = sorted(f"{item}\t{label}\n".encode() for item, label in self.labels.items())
        weights = os.environ.get("OTHER_WEIGHTS", "weights").encode()
        if self.fault == "dies-at-open" or os.environ.get("DIES_AT_OPEN"):
            kill_worker()
        say({"type": "note", "text": "loading the net"})
        say(
            {
                "type": "opened",
                "pipe": 1,
                "items": len(self.labels),
                "fingerprint": hashlib.sha256(b"".join(listed)).hexdigest(),
                "recognizer": "slow",
                "version": os.environ.get("OTHER_VERSION", "1"),
                "weights": {
                    "file": "none",
                    "size": len(weights),
                    "sha1": hashlib.sha1(weights, usedforsecurity=False).hexdigest(),
                    "sha256": hashlib.sha256(weights).hexdigest(),
                    "parameters": 1,
                },
                "environment": {"threads": os.environ.get("OMP_NUM_THREADS", "")},
            }
        )

    def items(self, request):
        if self.fault == "items!":
            os.kill(os.getpid(), signal.SIGKILL)
        start, end = request["start"], request["start"] + request["count"]
        say({"type": "items", "items": [list(pair) for pair in self.labels.items()][start:end]})

    def predict(self, request):
        for item in request["ids"]:
            os.write(self.file, f"{item}\n".encode())
            if item == self.fault:
                kill_worker()
            if f"{item}!" == self.fault:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self.seconds)
            label = self.labels[item]
            wrong = (label + 1) % CLASSES
            first, second = (label, wrong) if item in self.right else (wrong, label)
            top = [[first, 0.75], [second, 0.25]]
            answer = {"type": "prediction", "id": item, "label": label, "top": top}
            if self.fault == "wrong-label":
                answer["label"] = wrong
            if os.environ.get("NO_MEDIA"):
                answer |= {"top": [], "error": "there is no such file"}
            say(answer)

    def close(self, _):
        say({"type": "closed"})
        sys.exit(0)


def main():
    slow = Slow(*sys.argv[1:])
    for line in sys.stdin:
        request = json.loads(line)
        getattr(slow, request["type"])(request)


if __name__ == "__main__":
    main()
