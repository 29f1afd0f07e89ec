"""A complete recognizer: it tells a text's language by counting common words.

The weights are a JSON file, a list of words for each class; an item is a text file.
"""

import hashlib
import json
import os
import sys
from pathlib import Path


class WordCounter:
    """A model and a data set, as an ``open`` request names them."""

    def __init__(self, request: dict) -> None:
        self.root, self.limit = Path(request["data"]["root"]), request["protocol"]["words"]
        lines = Path(request["data"]["list"]).read_text(encoding="utf-8").splitlines()
        pairs = (line.rsplit(maxsplit=1) for line in lines if line.strip())
        self.labels = {item: int(label) for item, label in pairs}
        data = Path(request["weights"]).read_bytes()
        self.words = json.loads(data)
        listed = sorted(f"{item}\t{label}\n".encode() for item, label in self.labels.items())
        self.opened = {
            "type": "opened",
            "pipe": 1,
            "items": len(self.labels),
            "fingerprint": hashlib.sha256(b"".join(listed)).hexdigest(),
            "recognizer": "word-counter",
            "version": "1",
            "weights": {
                "file": Path(request["weights"]).name,
                "size": len(data),
                "sha1": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
                "sha256": hashlib.sha256(data).hexdigest(),
                "parameters": sum(len(words) for words in self.words),
            },
        }

    def predict(self, item: str) -> dict:
        """Score a class by the share of the text's first words that are the class's words."""
        answer = {"type": "prediction", "id": item, "label": self.labels[item]}
        try:
            text = (self.root / item).read_text(encoding="utf-8").lower().split()[: self.limit]
        except (OSError, UnicodeError) as error:
            return {**answer, "error": f"{item}: {error}"}
        scores = [sum(text.count(word) for word in words) / len(text) for words in self.words]
        order = sorted(range(len(scores)), key=lambda index: -scores[index])
        return {**answer, "top": [[index, scores[index]] for index in order]}


def main() -> int:
    """Answer each request, one JSON object a line; give the exit status."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print goes to standard error, not into the pipe
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answers = [{"type": "closed"}]
        if request["type"] == "open":
            try:
                model = WordCounter(request)
                answers = [model.opened]
            except (OSError, ValueError) as error:
                answers = [{"type": "error", "message": str(error), "remedy": "check the files"}]
        elif request["type"] == "items":
            start, end = request["start"], request["start"] + request["count"]
            answers = [{"type": "items", "items": list(model.labels.items())[start:end]}]
        elif request["type"] == "predict":
            answers = map(model.predict, request["ids"])
        for answer in answers:
            print(json.dumps(answer, allow_nan=False), file=pipe, flush=True)
            if answer["type"] in {"closed", "error"}:
                return 0 if answer["type"] == "closed" else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
