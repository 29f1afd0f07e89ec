"""Measuring with a program that only prints an accuracy.

Its arguments are filled from the entry, the data set and the protocol; its lines are read by
patterns. No prediction is seen: what is missing, is no number, or fits no count of all items is a
failure with a name.
"""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.pipe.messages import DataSource, Open, WeightsFile, fingerprint
from sphinx_modelzoo.verify.dataset import listed_labels
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.printed.arguments import Template, fill, placeholders
from sphinx_modelzoo.verify.printed.items import check_printed_count
from sphinx_modelzoo.verify.printed.printers import Printer
from sphinx_modelzoo.verify.printed.program import printed_lines
from sphinx_modelzoo.verify.printed.readings import Reading, read_number
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import check_weights, class_count, open_request
from sphinx_modelzoo.verify.settings import Settings, Watch
from sphinx_modelzoo.verify.source import find_source
from sphinx_modelzoo.verify.text import printable

ENTRY_FIELDS = ("name", "hashtag", "architecture", "weights", "sha1", "sha256", "offline")
DATA_FIELDS = ("dataset", "classes", "samples", "batch", "root", "list", "media", "template")
FIELDS = (*ENTRY_FIELDS, *DATA_FIELDS)
SETTINGS = (
    *("segments", "crops", "input_size", "new_height", "new_width", "new_length", "new_step"),
    *("slow_temporal_stride", "fast_temporal_stride"),
)
"""The settings of a protocol that have a name in every manifest; a protocol may lack them."""

ONLY_PRINTED = "only a number that the program printed was read; no prediction was seen"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a program printed for one run, from ``started`` (UTC) on, in ``duration`` seconds.

    ``total`` is the number of items, ``fingerprint`` theirs where there is a list of them.
    ``readings`` gives by metric what was read, ``problems`` what is wrong with the others.
    ``weights`` is the file that the program had to load, or None where none is known.
    ``environment`` tells what was read, and the command without local paths.
    """

    total: int
    fingerprint: str
    source: DataSource
    readings: Mapping[str, Reading]
    problems: Mapping[str, tuple[Problem, ...]]
    weights: WeightsFile | None
    environment: Mapping[str, str]
    started: str
    duration: float


@dataclass(slots=True)
class _Lines:
    """The lines that matter among all that were printed: the last that each pattern fits."""

    printer: Printer
    found: dict[str, re.Match[str]] = field(default_factory=dict)
    count: re.Match[str] | None = None

    def take(self, line: str) -> None:
        for metric, pattern in self.printer.accuracy.items():
            match = pattern.search(line)
            if match:
                self.found[metric] = match
        if self.printer.count:
            self.count = self.printer.count.search(line) or self.count

    def reading(self, metric: Metric, total: int) -> Reading:
        """Read a metric's number.

        Raises:
            UndecidedError: it was not printed, or is not a number that it can be.
        """
        pattern = self.printer.accuracy.get(metric.key)
        if pattern is None:
            what = f"recognizer {self.printer.name!r} has no pattern for {metric.key}"
            remedy = f"write accuracy.{metric.key} = 'a pattern' if the program prints it"
            raise UndecidedError(Problem(what, remedy))
        match = self.found.get(metric.key)
        if match is None:
            what = (
                f"recognizer {self.printer.name!r} ended well and printed no line that fits "
                f"{pattern.pattern!r}, the pattern of accuracy.{metric.key}"
            )
            remedy = "see with --debug what it prints, and correct the pattern"
            raise UndecidedError(Problem(what, remedy))
        text = match[1] or ""
        scale, decimals = self.printer.scale, self.printer.decimals
        return read_number(text, match.string, metric, total, scale=scale, decimals=decimals)


def measure_printed(
    zoo: Zoo, run: Run, printer: Printer, settings: Settings, watch: Watch
) -> Printed:
    """Run a program once over all items, and read what it prints.

    Raises:
        UndecidedError: the data set is not what it should be; the arguments cannot be filled; the
            program cannot be started, is silent, or ends with another status than 0; it counted
            other items; the weights are not those of the manifest.
    """
    clock = time.monotonic()
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source = find_source(zoo, run.dataset, settings.data.get(run.dataset.key))
    labels = listed_labels(zoo, run, source, class_count(run), None)
    known = run.dataset.samples if labels is None else len(labels)
    request = open_request(zoo, run, source, offline=settings.offline)
    fields = _fields(request, known, printer.batch)
    argv = _arguments(zoo, run, printer, fields)
    if settings.offline:
        _check_offline(run, printer, fields)
    lines = _Lines(printer)
    command = Command(printer.name, argv, printer.folder)
    printing = printed_lines(command, timeout=settings.timeout, idle=watch.idle, echo=settings.echo)
    with closing(printing):
        for line in printing:
            lines.take(line)
            watch.note(printable(line))
    batch = int(fields["batch"] or 0) if "batch" in printer.template.names else 0
    total = check_printed_count(run, printer, lines.count, known, batch)
    weights = _weights_file(run, printer, fields)
    if weights or not (request.sha1 or request.sha256):
        check_weights(zoo, run, request.weights, weights)
    else:
        what = f"which weights recognizer {printer.name!r} loaded for {run.entry.key} is not known"
        remedy = "write 'weights', the path where it keeps them, in the configuration"
        raise UndecidedError(Problem(what, remedy, str(run.entry.place)))
    readings: dict[str, Reading] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for metric in run.counted:
        try:
            readings[metric.key] = lines.reading(metric, total)
        except ModelZooError as error:
            problems[metric.key] = error.problems
    return Printed(
        total=total,
        fingerprint="" if labels is None else fingerprint(labels.items()),
        source=source,
        readings=readings,
        problems=problems,
        weights=weights,
        environment=_environment(printer, fields, lines),
        started=started,
        duration=round(time.monotonic() - clock, 3),
    )


def _fields(request: Open, total: int | None, largest_batch: int) -> dict[str, str]:
    """Give the text of each field that arguments may take."""
    data = request.data
    texts: dict[str, object] = {
        "name": request.model,
        "hashtag": request.hashtag,
        "architecture": request.architecture,
        "weights": request.weights,
        "sha1": request.sha1,
        "sha256": request.sha256,
        "offline": str(request.offline).lower(),
        "dataset": data.name,
        "classes": request.classes,
        "samples": total or "",
        "batch": batch_size(total, largest_batch) if total else "",
        "root": data.root,
        "list": data.list,
        "media": data.media,
        "template": data.template,
    }
    settings = {key: value for key, value in request.protocol.items() if key not in texts}
    return {key: str(value) for key, value in (texts | settings).items()}


def batch_size(total: int, largest: int) -> int:
    """Give the largest batch that divides all items, so that no incomplete one can be dropped."""
    return next(size for size in range(min(largest, total), 0, -1) if total % size == 0)


def _arguments(zoo: Zoo, run: Run, printer: Printer, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Fill the command; see that it hands on all that the number depends on."""
    protocols = [each for each in zoo.protocols.values() if each.recognizer == printer.name]
    settings = {key for protocol in protocols for key in protocol.settings}
    filled = fill(printer.template, fields, {*FIELDS, *SETTINGS, *settings})
    protocol = run.protocol.settings if run.protocol else {}
    needed = [*protocol, "weights" if fields["weights"] else "hashtag"]
    problems = [
        Problem(
            f"recognizer {printer.name!r} is not told {name}, which is {fields[name]}",
            f'write "{{{name}}}" into its arguments, or choices.{name}, in the configuration',
            str(run.protocol.place if run.protocol and name in protocol else run.entry.place),
        )
        for name in needed
        if fields[name] and name not in filled.used
    ]
    if not filled.used & {"dataset", "root", "list"}:
        what = f"recognizer {printer.name!r} is not told which data set it is"
        problems.append(Problem(what, 'write "{dataset}", "{root}" or "{list}" into its arguments'))
    for name in sorted(set(FIELDS) & set(protocol)):
        what = f"the protocol's setting {name!r} has the name of a field of all arguments"
        problems.append(Problem(what, "give it another name", str(run.result.place)))
    if problems:
        raise UndecidedError(*problems)
    return filled.argv


def _check_offline(run: Run, printer: Printer, fields: Mapping[str, str]) -> None:
    """Refuse a program that may fetch weights and cannot be told not to."""
    path = _weights_path(printer, fields)
    if "offline" not in printer.template.names and not (path and path.is_file()):
        what = f"recognizer {printer.name!r} may fetch weights, and --offline was given"
        remedy = 'write choices.offline = {true = ["--its-option"], false = []}'
        raise UndecidedError(Problem(what, remedy, str(run.entry.place)))


def _weights_path(printer: Printer, fields: Mapping[str, str]) -> Path | None:
    """Give where the weights lie: beside the manifest, or where the program keeps them."""
    if fields["weights"]:
        return Path(fields["weights"])
    if not printer.weights or not all(fields.get(name) for name in placeholders([printer.weights])):
        return None
    (path,) = fill(Template((printer.weights,)), fields, fields).argv
    return (printer.folder or Path.cwd()) / Path(path).expanduser()


def _weights_file(run: Run, printer: Printer, fields: Mapping[str, str]) -> WeightsFile | None:
    path = _weights_path(printer, fields)
    if path is None:
        return None
    try:
        sha1, sha256 = digests(path)
        size = path.stat().st_size
    except OSError as error:
        what = f"the weights {path} of {run.entry.key} cannot be read: {error.strerror}"
        remedy = "let 'weights' be where the program keeps weights that it fetches"
        raise UndecidedError(Problem(what, remedy, str(run.entry.place))) from error
    return WeightsFile(path.name, size, sha1, sha256, parameters=0)  # they are not told


def _environment(printer: Printer, fields: Mapping[str, str], lines: _Lines) -> dict[str, str]:
    """Tell what was read, and what was run: paths of this machine by their last part."""
    argv = fill(printer.template, fields, printer.template.names).argv
    command = shlex.join(Path(word).name if word.startswith("/") else word for word in argv)
    told = {"printed": ONLY_PRINTED, "printed.command": command}
    if lines.count:
        told["printed.count"] = printable(lines.count.string)
    return told | {f"printed.{key}": printable(match.string) for key, match in lines.found.items()}
