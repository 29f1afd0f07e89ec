"""All that a number depends on, as names and texts, and the digest that makes a receipt's key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.manifest.model import Entry, Metric, Result, Zoo
from sphinx_modelzoo.manifest.numbers import tolerance
from sphinx_modelzoo.pipe.itemlist import read_items
from sphinx_modelzoo.pipe.messages import fingerprint
from sphinx_modelzoo.pipe.versions import VERSIONS
from sphinx_modelzoo.receipts.evidence import open_evidence

WEIGHTS = "weights.sha256"
FINGERPRINT = "dataset.fingerprint"
RECOGNIZER = "recognizer"
SCRIPT = "recognizer.script"
"""The path of a configured recognizer's program beside the manifest."""
SCRIPT_SHA256 = "recognizer.sha256"
EVIDENCE = "evidence.sha256"
FILES = "dataset.files"

_CHUNK = 1 << 20


def claim(zoo: Zoo, entry: Entry, result: Result, metric: Metric) -> dict[str, str]:
    """Give what the manifest says that a number depends on; each name begins with ``claim.``."""
    dataset = zoo.datasets[result.dataset]
    protocol = zoo.protocols.get(result.protocol)
    facts: dict[str, object] = {
        "name": entry.name,
        "hashtag": entry.hashtag,
        "architecture": entry.architecture,
        "weights": entry.weights_file,
        "sha1": entry.sha1,
        "sha256": entry.sha256,
        "dataset": dataset.key,
        "split": dataset.split,
        "samples": dataset.samples,
        "classes": dataset.classes,
        "root": dataset.root,
        "list": dataset.list,
        "media": dataset.media,
        "template": dataset.template,
        "metric": metric.key,
        "top": metric.top,
        "unit": metric.unit,
        "direction": metric.direction,
        "listed": result.numbers[metric.key].text,
        "tolerance": tolerance(metric, dataset.media),
        "recognizer": protocol.recognizer if protocol else "",
    }
    settings = protocol.settings if protocol else {}
    facts |= {f"protocol.{name}": value for name, value in settings.items()}
    return {f"claim.{name}": str(value) for name, value in facts.items() if value not in ("", None)}


def observed(zoo: Zoo, entry: Entry, result: Result) -> dict[str, str]:
    """Give what can be seen without running anything.

    That is the local weights, a local list of items, and the version of a recognizer of this
    package. What is not there, or cannot be read, is left out.
    """
    seen = {}
    weights = local_file(zoo, entry.weights_file)
    if weights is not None:
        seen[WEIGHTS] = file_sha256(weights)
    items = local_file(zoo, zoo.datasets[result.dataset].list)
    if items is not None:
        try:
            seen[FINGERPRINT] = fingerprint((item.id, item.label) for item in read_items(items))
        except ModelZooError:
            seen[FINGERPRINT] = "unreadable"
    protocol = zoo.protocols.get(result.protocol)
    if protocol is not None and protocol.recognizer in VERSIONS:
        seen[RECOGNIZER] = f"{protocol.recognizer} {VERSIONS[protocol.recognizer]}"
    return seen


def observed_for(zoo: Zoo, result: Result, depends: Mapping[str, str]) -> dict[str, str]:
    """Give what can be seen now of further files that a receipt depends on.

    These are the program of a configured recognizer, and the evidence.
    """
    seen = {}
    script = local_file(zoo, depends.get(SCRIPT, ""))
    if script is not None:
        seen[SCRIPT_SHA256] = file_sha256(script)
    evidence = local_file(zoo, result.evidence) if EVIDENCE in depends else None
    if evidence is not None:
        try:
            seen[EVIDENCE] = open_evidence(evidence).digest
        except ModelZooError:
            seen[EVIDENCE] = "unreadable"
    return seen


def local_file(zoo: Zoo, path: str) -> Path | None:
    """Give a file that the manifest names beside it, if it is there and inside its folder."""
    if not path:
        return None
    file = (zoo.root / path).resolve()
    return file if file.is_file() and file.is_relative_to(zoo.root.resolve()) else None


def file_sha256(path: Path) -> str:
    """Give the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digest(depends: Mapping[str, str]) -> str:
    """Give the digest of what a number depends on: SHA-256 of its canonical JSON, in hex."""
    text = json.dumps(dict(depends), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Say in words how what a number depends on has changed since its receipt.

    Claims are compared whole; of what is seen only that which is known at both times. A file whose
    content is known to be the same may have moved.
    """
    for name in dict.fromkeys((*then, *now)):
        claimed = name.startswith("claim.")
        before, after = then.get(name, ""), now.get(name, "")
        content = _CONTENTS.get(name, "")
        moved = bool(then.get(content)) and then.get(content) == now.get(content)
        if name == RECOGNIZER and before.split(" ")[0] != after.split(" ")[0]:
            continue  # a configured program stands in for the package's own
        if before != after and not moved and (claimed or (before and after)):
            what = _WORDS.get(name, name.removeprefix("claim.").replace(".", " "))
            yield f"{what} changed from {_shown(before)} to {_shown(after)}"


# The claim that names a file, and what is seen of its content.
_CONTENTS = {"claim.weights": WEIGHTS, "claim.list": FINGERPRINT}

_WORDS = {
    WEIGHTS: "the weights' file",
    FINGERPRINT: "the data set's list of items",
    RECOGNIZER: "the recognizer",
    SCRIPT_SHA256: "the recognizer's program",
    EVIDENCE: "the evidence",
    "claim.listed": "the listed number",
    "claim.weights": "the path of the weights",
    "claim.root": "the data set's folder",
    "claim.list": "the data set's list",
    "claim.template": "the name of a frame's file",
    "claim.direction": "which is better",
    "claim.samples": "the data set's number of items",
    "claim.recognizer": "the protocol's recognizer",
}


def _shown(text: str) -> str:
    if not text:
        return "nothing"
    return f"{text[:8]}…" if len(text) == 64 else text  # noqa: PLR2004
