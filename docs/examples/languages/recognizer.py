"""A complete recognizer: it tells a text's language by counting common words."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path


class WordCounter:
    """The weights are a JSON file, a list of words for each class; an item is a text file."""

    def open(self, request: dict) -> Iterator[dict]:
        """Load the model and read the list of items."""
        if request["pipe"] != 1 or list(request["protocol"]) != ["words"]:
            raise ValueError(f"known are pipe 1 and the setting 'words', not {request}")
        self.root, self.limit = Path(request["data"]["root"]), request["protocol"]["words"]
        lines = Path(request["data"]["list"]).read_text(encoding="utf-8").splitlines()
        self.labels = {item: int(label) for item, label in map(str.split, lines)}
        listed = sorted(f"{item}\t{label}\n".encode() for item, label in self.labels.items())
        digest = hashlib.sha256(b"".join(listed)).hexdigest()
        file = Path(request["weights"])
        self.words = json.loads(data := file.read_bytes())
        weights = {kind: hashlib.new(kind, data).hexdigest() for kind in ("sha1", "sha256")}
        weights |= {"file": file.name, "size": len(data), "parameters": sum(map(len, self.words))}
        opened = {"type": "opened", "pipe": 1, "recognizer": "word-counter", "version": "1"}
        yield opened | {"items": len(listed), "fingerprint": digest, "weights": weights}

    def items(self, request: dict) -> Iterator[dict]:
        """List a page of the items with their labels."""
        page = list(self.labels.items())[request["start"] :][: request["count"]]
        yield {"type": "items", "items": page}

    def predict(self, request: dict) -> Iterator[dict]:
        """Score each class by how many of a text's first words are its words."""
        for item in request["ids"]:
            answer = {"type": "prediction", "id": item, "label": self.labels[item]}
            try:
                text = (self.root / item).read_text(encoding="utf-8").lower().split()[: self.limit]
                scores = enumerate(sum(map(text.count, words)) for words in self.words)
                yield answer | {"top": sorted(scores, key=lambda pair: -pair[1])}
            except (OSError, UnicodeError) as error:
                yield answer | {"error": f"{item}: {error}"}

    def close(self, _request: dict) -> Iterator[dict]:
        """Say that all is done, and end."""
        yield {"type": "closed"}
        raise SystemExit


if __name__ == "__main__":
    model, pipe = WordCounter(), os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print goes to standard error, not into the pipe
    try:
        for request in map(json.loads, os.fdopen(0, "rb")):
            for answer in getattr(model, request["type"])(request):
                print(json.dumps(answer, allow_nan=False), file=pipe, flush=True)
    except Exception as error:
        print(json.dumps({"type": "error", "message": str(error)}), file=pipe, flush=True)
        raise
