"""A recognizer for tests: standard library only; right for a share of the items; with any fault.

Called as ``fake_recognizer.py [SHARE [FAULT]]``. It reads lists of ``PATH LABEL`` lines; without a
list it has items of its own.
"""

import hashlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

CLASSES = 8
OWN_ITEMS = [[f"own{index:03}", index % CLASSES] for index in range(40)]
FAULTY_ITEM = 5  # which prediction goes wrong


def raw(text):
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())
    sys.stdout.flush()


def say(message):
    raw(json.dumps(message) + "\n")


def talk(text):
    sys.stderr.write(text)
    sys.stderr.flush()


def sleep():
    time.sleep(600)


def hang_with_child():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    talk(f"child {child.pid}\n")
    sleep()


def ignore_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    talk(f"child {os.getpid()}\n")
    sleep()


def write_one_line_for_ever():
    for _ in itertools.repeat(raw('{"type": "note", "text": "')):
        raw("x" * 100000)


def note_for_ever():
    while True:
        raw('{"type":"note","text":"still here"}\n' * 1000)


def give_up():
    say({"type": "error", "message": "no file\x1b[2J of weights", "remedy": "fetch it"})
    sys.exit(1)


def close_output():
    os.close(1)
    sleep()


def end_with_traceback():
    talk("Traceback\nMemoryError: out of \x1b[31mmemory\n")
    sys.exit(7)


# What is done before `opened` is said.
AT_OPEN = {
    "dies-at-start": lambda: sys.exit("no luck today"),
    "hangs-at-open": sleep,
    "hangs-with-child": hang_with_child,
    "ignores-sigterm": ignore_sigterm,
    "talks-on-stdout": lambda: raw("Downloading \x1b[31mweights\x07 ...\n"),
    "not-an-object": lambda: raw("[1, 2]\n"),
    "unknown-message": lambda: raw('{"type": "hello"}\n'),
    "out-of-turn": lambda: raw('{"type": "closed"}\n'),
    "not-utf8": lambda: raw(b'{"type": "\xff"}\n'),
    "deep-line": lambda: raw("[" * 100000 + "\n"),
    "random-bytes": lambda: raw(random.Random(7).randbytes(200000) + b"\n"),  # noqa: S311 - any bytes do
    "huge-line": write_one_line_for_ever,
    "notes-forever": note_for_ever,
    "gives-up": give_up,
    "floods-stderr": lambda: talk("talk talk talk\n" * 200000),
    "notes": lambda: say({"type": "note", "text": "loading"}),
    "closes-stdout": close_output,
}

# What is changed in `opened`.
OPENED = {
    "old-pipe": {"pipe": 0},
    "other-fingerprint": {"fingerprint": "0" * 64},
    "one-item-less": {"items": 39},
    "no-fingerprint": {"fingerprint": None},
    "no-weights": {"weights": None},
    "truth-value": {"items": True},
    "no-items": {"items": 0},
}

# What is done before the faulty item's prediction is said.
AT_ITEM = {
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exits": end_with_traceback,
    "exits-well": lambda: sys.exit(0),
    "hangs": sleep,
}

# What is changed in the faulty item's prediction.
PREDICTION = {
    "nan": {"top": [[1, float("nan")]]},
    "infinite": {"top": [[1, float("inf")]]},
    "wrong-label": {"label": 99},
    "class-out-of-range": {"top": [[CLASSES, 1.0]]},
    "class-twice": {"top": [[1, 1.0], [1, 0.5]]},
    "worst-first": {"top": [[1, 0.1], [2, 0.9]]},
    "class-is-text": {"top": [["1", 0.1]]},
    "score-is-text": {"top": [[1, "0.1"]]},
    "no-classes": {"top": []},
    "too-few-classes": {"top": [[1, 1.0]]},
    "not-asked": {"id": "never/asked"},
    "no-id": {"id": 7},
    "both": {"error": "unreadable"},
}


def read_list(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines() if path else []
    return [[line.rsplit(None, 1)[0], int(line.rsplit(None, 1)[1])] for line in lines]


def fingerprint(items):
    lines = sorted(f"{item}\t{label}\n".encode() for item, label in items)
    return hashlib.sha256(b"".join(lines)).hexdigest()


def weights_of(request):
    data = Path(request["weights"]).read_bytes() if request["weights"] else b"weights"
    return {
        "file": "fake.params",
        "size": len(data),
        "sha1": hashlib.sha1(data).hexdigest(),  # noqa: S324 - what the pipe asks for
        "sha256": hashlib.sha256(data).hexdigest(),
        "parameters": 7,
    }


class Fake:
    def __init__(self, share, fault):
        self.share, self.fault = share, fault
        self.items, self.labels, self.right = [], {}, set()
        self.count = 0

    def open(self, request):
        self.items = read_list(request["data"]["list"]) or OWN_ITEMS
        if self.fault == "relabels":
            self.items[0] = [self.items[0][0], 7]
        self.labels = dict(self.items)
        self.right = set(sorted(self.labels)[: round(self.share * len(self.labels))])
        AT_OPEN.get(self.fault, bool)()
        answer = {
            "type": "opened",
            "pipe": 1,
            "items": len(self.items),
            "fingerprint": fingerprint(self.items),
            "recognizer": "fake",
            "version": "1.0",
            "weights": weights_of(request),
            "environment": {"offline": str(request["offline"]), "folder": str(Path.cwd())},
        }
        if self.fault == "other-weights":
            answer["weights"]["sha256"] = "0" * 64
        say(answer | OPENED.get(self.fault, {}))

    def list_items(self, request):
        page = self.items[request["start"] : request["start"] + request["count"]]
        if self.fault == "short-page":
            page = page[1:]
        if self.fault == "page-repeats":
            page = [*page[:-1], page[0]]
        say({"type": "items", "items": page})

    def predict(self, request):
        for item in request["ids"][::-1] if self.fault == "reversed" else request["ids"]:
            self.count += 1
            answer = self.prediction(item)
            if self.count == FAULTY_ITEM:
                AT_ITEM.get(self.fault, bool)()
                answer |= PREDICTION.get(self.fault, {})
                if self.fault == "skips-one":
                    continue
                if self.fault == "id-twice":
                    say(answer)
                if self.fault == "huge-score":
                    raw(json.dumps(answer | {"top": [[1, 0.5]]}).replace("0.5", "1e999") + "\n")
            if self.fault == "unreadable" and self.count % 10 == 3:
                answer |= {"top": [], "error": f"{item}.avi is\ttruncated"}
            if self.fault == "slow":
                time.sleep(0.05)
            say(answer)

    def prediction(self, item):
        label = self.labels[item]
        wrong = (label + 1) % CLASSES
        others = [index for index in range(CLASSES) if index not in (label, wrong)]
        order = [label, wrong, *others] if item in self.right else [wrong, label, *others]
        top = [[index, 1.0 - rank / 10] for rank, index in enumerate(order[:5])]
        return {"type": "prediction", "id": item, "label": label, "top": top, "error": ""}

    def close(self, _):
        if self.fault == "dies-at-close":
            sys.exit(9)
        if self.fault == "one-too-many":
            say(self.prediction(self.items[0][0]))
        say({"type": "closed"})
        if self.fault == "fails-after-closing":
            os._exit(11)
        sys.exit(0)


def main(share=1.0, fault=""):
    # By the environment the command stays the same, with a fault or without.
    fake = Fake(float(share), fault or os.environ.get("FAKE_FAULT", ""))
    requests = {
        "open": fake.open,
        "items": fake.list_items,
        "predict": fake.predict,
        "close": fake.close,
    }
    for line in sys.stdin:
        request = json.loads(line)
        requests[request["type"]](request)


if __name__ == "__main__":
    main(*sys.argv[1:])
