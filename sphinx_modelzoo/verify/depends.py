"""What the predictions of a run depend on: those of a former run are taken up where it is equal."""

from __future__ import annotations

import hashlib
import json

from sphinx_modelzoo.pipe.messages import DataSource, Opened
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.script import script_digest
from sphinx_modelzoo.verify.reruns import engine_of

REFERENCE = "reference"
"""The name of what only close items depend on: a former run may have gone without."""

_NONE = "-" * hashlib.sha256().digest_size * 2  # as long as a digest


def depends_on(
    run: Run, command: Command, opened: Opened, source: DataSource, *, files: str, seed: str
) -> dict[str, str]:
    """Give all that a run's predictions depend on, by names.

    Args:
        run: What is measured.
        command: How the recognizer is started.
        opened: What it said.
        source: Where the items are.
        files: The digest of the items' files, where it was asked for.
        seed: That of the items' order.
    """
    return {
        "entry": run.entry.key,
        "architecture": run.entry.architecture,
        "classes": str(run.dataset.classes),
        "weights": opened.weights.sha256 if opened.weights else "",
        "data set": f"{run.dataset.key} {opened.fingerprint}",
        "media": f"{source.media} {source.template}",
        "files": files,
        "protocol": json.dumps(dict(run.protocol.settings) if run.protocol else {}),
        "recognizer": f"{opened.recognizer} {opened.version}",
        "program": script_digest(command),
        "command": json.dumps(command.argv),
        "engine": f"{engine_of(opened.environment)} {opened.disagreement!r}".strip(),
        REFERENCE: _reference(command),
        "seed": seed,
    }


def _reference(command: Command) -> str:
    """Give the digest of what decides close items; dashes, as many, where nothing does."""
    if command.reference is None:
        return _NONE
    text = json.dumps([command.reference.argv, script_digest(command.reference)])
    return hashlib.sha256(text.encode()).hexdigest()
