"""A fast recognizer and its reference for tests: standard library only.

Called as ``noisy_recognizer.py NOISE [FAULT]``. Each score is off from the reference's by up to
NOISE of the item's largest; with 0 it is the reference. Of each ten items two have first classes
that lie nearer than that, and one a fifth and sixth class.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

CLASSES = 8
NEAR = 0.0005
OWN_ITEMS = [[f"own{index:03}", index % CLASSES] for index in range(200)]


def say(message):
    print(json.dumps(message), flush=True)


def drawn(text):
    return random.Random(text)  # noqa: S311 - the same in every process


def true_scores(item, label):
    """Give the scores that the reference has, about 1 apart but for what is close."""
    number = drawn(item)
    order = list(range(CLASSES))
    number.shuffle(order)
    if number.random() < 0.8:
        order.remove(label)
        order.insert(0, label)
    ranked = [10.0 - rank - number.random() / 2 for rank in range(CLASSES)]
    kind = number.randrange(10)
    if kind in (0, 1):
        ranked[1] = ranked[0] * (1 - NEAR * number.random())
    if kind == 2:
        ranked[5] = ranked[4] - ranked[0] * NEAR * number.random()
    return dict(zip(order, ranked, strict=True))


class Recognizer:
    def __init__(self, noise, fault):
        self.noise, self.fault, self.count = noise, fault, 0

    def open(self, request):
        if self.fault == "dies-at-start":
            sys.exit("no luck today")
        if self.fault == "babbles":
            print("Downloading the weights ...", flush=True)
        if self.fault == "hangs":
            time.sleep(600)
        lines = (
            Path(request["data"]["list"]).read_text(encoding="utf-8").splitlines()
            if request["data"]["list"]
            else []
        )
        items = [[line.split()[0], int(line.split()[1])] for line in lines] or OWN_ITEMS
        self.labels = dict(items)
        told = items[1:] if self.fault == "other-items" else items
        listed = sorted(f"{item}\t{label}\n".encode() for item, label in told)
        data = b"other" if self.fault == "other-weights" else b"weights"
        answer = {
            "type": "opened",
            "pipe": 1,
            "items": len(told),
            "fingerprint": hashlib.sha256(b"".join(listed)).hexdigest(),
            "recognizer": "noisy",
            "version": "1",
            "weights": {
                "file": "noisy.params",
                "size": len(data),
                "sha1": hashlib.sha1(data).hexdigest(),  # noqa: S324 - what the pipe asks for
                "sha256": hashlib.sha256(data).hexdigest(),
                "parameters": 7,
            },
            "environment": {"engine": "noise" if self.noise else "truth", "engine.version": "1"},
        }
        if self.fault == "no-weights":
            del answer["weights"]
        if self.noise and not self.fault.startswith(("states-nothing", "passes-for")):
            answer["disagreement"] = self.noise
        if self.fault == "states-one":
            answer["disagreement"] = 0.001
        say(answer)

    def items(self, request):
        start, end = request["start"], request["start"] + request["count"]
        say({"type": "items", "items": list(self.labels.items())[start:end]})

    def predict(self, request):
        for item in request["ids"]:
            self.count += 1
            if self.count == 3 and self.fault == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.fault == "slow":
                time.sleep(0.02)
            say(self.prediction(item))

    def prediction(self, item):
        answer = {"type": "prediction", "id": item, "label": self.labels[item]}
        if self.fault == "unreadable":
            return answer | {"error": f"{item} is gone"}
        scores = true_scores(item, self.labels[item])
        off = 0.02 if "far" in self.fault else self.noise
        largest, number = max(scores.values()), drawn(f"noise of {item}")
        for index in scores:
            scores[index] += number.uniform(-1, 1) * off * largest
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        near = 2 * self.noise * ranked[0][1]
        first, second, *_, fifth, sixth = (score for _, score in ranked[:6])
        if self.noise and (first - second <= near or fifth - sixth <= near):
            answer["close"] = True
        if self.fault == "calls-all-close":
            answer["close"] = True
        if self.fault.startswith(("gives-all", "passes-for")):
            answer.pop("close", None)
            return answer | {"top": ranked}
        return answer | {"top": ranked[:5]}

    def close(self, _):
        say({"type": "closed"})
        sys.exit(9 if self.fault == "ends-badly" else 0)


def main(noise, fault=""):
    recognizer = Recognizer(float(noise), fault or os.environ.get("NOISY_FAULT", ""))
    if Path(pids := os.environ.get("NOISY_PIDS", "")).is_dir() and pids:
        (Path(pids) / f"{os.getpid()}-{noise}").touch()
    for line in sys.stdin:
        request = json.loads(line)
        getattr(recognizer, request["type"])(request)


if __name__ == "__main__":
    main(*sys.argv[1:])
