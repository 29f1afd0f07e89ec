"""A recognizer for tests of the conformance checks: right in all, or with one fault.

Called as ``faulty_recognizer.py [FAULT]``, where the fault is the name of a check. An item is a
text file that holds a number; its class is that number, shifted by the weights.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CLASSES = 5
FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def say(message):
    print(json.dumps(message), flush=True)


def give_up(text):
    say({"type": "error", "message": text})
    sys.exit(1)


class Recognizer:
    def __init__(self):
        self.asked = 0
        self.former = 0

    def open(self, request):
        if FAULT == "opens":
            give_up("I do not want to")
        if request["pipe"] != 1 and FAULT != "pipe-version":
            give_up(f"version {request['pipe']} is not spoken here")
        if list(request["protocol"]) != ["shift"] and FAULT != "unknown-setting":
            give_up("only 'shift' is known")
        if "field_of_a_later_version" in request and FAULT == "unknown-fields":
            give_up("what is that field?")
        self.shift, self.root = request["protocol"]["shift"], Path(request["data"]["root"])
        self.labels = {f"item{number}": number % CLASSES for number in range(12)}
        path = Path(request["data"]["list"])
        if request["data"]["list"] and (path.exists() or FAULT != "missing-list"):
            try:
                lines = path.read_text(encoding="utf-8").splitlines()
            except OSError as error:
                give_up(str(error))
            self.labels = {line.split()[0]: int(line.split()[1]) for line in lines}
        if FAULT == "sigterm":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if FAULT == "stdout":
            print("Downloading the weights ...", flush=True)
        say(self.opened(request))

    def opened(self, request):
        listed = sorted(f"{item}\t{label}\n".encode() for item, label in self.labels.items())
        if FAULT == "fingerprint":
            listed.reverse()
        file = Path(request["weights"])
        data = file.read_bytes()
        weights = {
            "file": "other.bin" if FAULT == "weights" else file.name,
            "size": len(data),
            "sha1": hashlib.sha1(data).hexdigest(),  # noqa: S324 - what the pipe asks for
            "sha256": hashlib.sha256(data).hexdigest(),
            "parameters": len(data),
        }
        if FAULT == "other-weights" and request["sha256"]:
            weights |= {"sha1": request["sha1"], "sha256": request["sha256"]}
        return {
            "type": "opened",
            "pipe": 1,
            "items": len(listed),
            "fingerprint": hashlib.sha256(b"".join(listed)).hexdigest(),
            "recognizer": "faulty",
            "version": "1",
            "weights": weights,
        }

    def items(self, request):
        start, end = request["start"], request["start"] + request["count"]
        page = list(self.labels.items())[start:end]
        say({"type": "items", "items": page[:1] if FAULT == "items" else page})

    def predict(self, request):
        self.asked += 1
        for item in request["ids"]:
            if item not in self.labels and FAULT != "unknown-id":
                give_up(f"there is no {item}")
            say(self.prediction(item))

    def prediction(self, item):
        answer = {"type": "prediction", "id": item, "label": self.labels.get(item, 0)}
        try:
            number = int((self.root / item).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            if FAULT != "unreadable-item":
                return answer | {"error": str(error)}
            number = 0
        best = (number + self.shift) % CLASSES
        if FAULT == "repeats" and self.asked > 1:
            best = (best + 1) % CLASSES
        if FAULT == "order":  # a memory of the item before
            best, self.former = (best + self.former) % CLASSES, number
        scores = [1.0 if index == best else index / 10 for index in range(CLASSES)]
        if FAULT == "fresh-process":
            scores[best] += hash(item) % 1000  # another one in each process
        order = sorted(range(CLASSES), key=lambda index: -scores[index])
        top = [[index, scores[index]] for index in order]
        if FAULT == "close-calls":
            answer["close"] = True
        return answer | {"top": top[:1] if FAULT == "predicts" else top}

    def close(self, _):
        say({"type": "closed"})
        if FAULT == "closes":
            subprocess.Popen(SLEEPER)
        sys.exit(0)


def requests():
    if FAULT == "large-request":
        while line := sys.stdin.readline(65536):
            yield line
    elif FAULT == "requests-ahead":  # takes what there is for one request
        while chunk := os.read(0, 65536):
            yield chunk.partition(b"\n")[0]
            time.sleep(0.1)
    else:
        yield from sys.stdin


def main():
    recognizer = Recognizer()
    known = {name: getattr(recognizer, name) for name in ("open", "items", "predict", "close")}
    for line in requests():
        request = json.loads(line)
        if request["type"] in known:
            known[request["type"]](request)
        elif FAULT != "unknown-request":
            give_up(f"unknown request {request['type']}")
    if FAULT == "end-of-input":
        time.sleep(600)


if __name__ == "__main__":
    main()
