"""Whether files of weights are what their entries claim: local ones, and those behind addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import requests
import urllib3

from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.network.cache import Journal
from sphinx_modelzoo.network.claims import Claims, Measured, claims_of, compare, file_name, measure
from sphinx_modelzoo.network.download import (
    BrokenOffError,
    BusyError,
    Download,
    Partial,
    RefusedError,
)
from sphinx_modelzoo.network.http import Client, failure, host_of
from sphinx_modelzoo.network.links import Patience
from sphinx_modelzoo.network.model import Finding, Outcome, State, Use
from sphinx_modelzoo.network.schedule import Again, Beat, Limits, Schedule

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+=-]+")


@dataclass(frozen=True, slots=True)
class FileCheck:
    """How files are checked. ``keep`` is the folder that right files are put in, if any."""

    journal: Journal
    patience: Patience
    limits: Limits
    timeout: float
    keep: Path | None = None
    offline: bool = False

    def run(self, zoo: Zoo) -> Iterator[Finding]:
        """Check the files of all entries that name one; give each finding as it is there."""
        for entry in zoo.entries:
            if entry.weights_file:
                yield Finding(entry.weights_file, _local(zoo, entry), (_use(entry),))
        remote: dict[str, list[Entry]] = {}
        for entry in zoo.entries:
            if entry.weights and not entry.weights_file:
                remote.setdefault(entry.weights, []).append(entry)
        places = _places(remote)
        if self.offline:
            for address, entries in remote.items():
                skipped = Outcome(State.UNKNOWN, "not fetched", "check again without --offline")
                yield Finding(address, skipped, tuple(map(_use, entries)))
            return
        jobs = []
        for address, entries in remote.items():
            known = self._known(address, places[address], entries)
            if known is None:
                jobs.append(self._job(address, entries))
            else:
                yield from _findings(address, entries, known, cached=True)
        client = Client(self.timeout)
        schedule = Schedule[_Fetch, "tuple[_Fetch, Measured | Outcome]"](
            lambda fetch, beat: self._step(client, fetch, beat), _lost, self.limits
        )
        try:
            for fetch, found in schedule.run(jobs):
                entries = remote[fetch.address]
                findings = list(_findings(fetch.address, entries, found, cached=False))
                self._settle(fetch, found, findings, places[fetch.address])
                yield from findings
        finally:
            client.close()

    def _known(self, address: str, name: str, entries: list[Entry]) -> Measured | None:
        """Give what is known from before: by the right file that was kept, or by the journal."""
        if self.keep is not None:
            try:
                found = measure(self.keep / name)
            except OSError:
                return None
            outcomes = (compare(claims_of(entry), found) for entry in entries)
            return found if all(outcome.state is State.OK for outcome in outcomes) else None
        fact = self.journal.get(address)
        try:
            return None if fact is None else _measured(fact)
        except (KeyError, TypeError, ValueError):
            return None

    def _job(self, address: str, entries: list[Entry]) -> Again[_Fetch]:
        sizes = {entry.size for entry in entries}
        size = sizes.pop() if len(sizes) == 1 else None
        path = None
        if self.keep is not None:
            name = hashlib.sha256(address.encode()).hexdigest()[:32]
            path = self.journal.path.parent / "files" / f"{name}.part"
        return Again(_Fetch(address, size, Partial(path)), host_of(address))

    def _step(
        self, client: Client, fetch: _Fetch, beat: Beat
    ) -> tuple[_Fetch, Measured | Outcome] | Again[_Fetch]:
        """Fetch a file or its rest: gives what it is, why it cannot be told, or how to go on."""
        tries = self.patience.tries - 1
        try:
            if not fetch.tries:
                fetch.partial.open()
            return fetch, Download(client, self.timeout, fetch.size).fetch(
                fetch.address, fetch.partial, beat
            )
        except RefusedError as refused:
            return fetch, refused.outcome
        except BusyError as busy:
            delay = 2.0**fetch.tries if busy.delay is None else busy.delay
            if fetch.tries < tries and delay <= self.patience.longest_wait:
                return _again(fetch, delay, pause=True)
            return fetch, Outcome(State.UNKNOWN, f"answers {busy}", "try again later")
        except BrokenOffError:
            outcome, again = Outcome(State.UNKNOWN, "", "try again"), True
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            outcome, again = failure(error)
        if again and fetch.tries < tries:
            return _again(fetch, 0.5 * 2.0**fetch.tries)
        size = fetch.partial.digester.size
        if again and size:
            what = f"the download broke off {fetch.tries + 1} times, at last after {size:,} bytes"
            outcome = Outcome(State.UNKNOWN, what, "try again")
        return fetch, outcome if outcome.what else replace(outcome, what="the server sends nothing")

    def _settle(
        self, fetch: _Fetch, found: Measured | Outcome, findings: list[Finding], name: str
    ) -> None:
        """Write down what a file is, and keep it where it is right for an entry."""
        if isinstance(found, Measured):
            facts = {"sha1": found.sha1, "sha256": found.sha256}
            self.journal.put(fetch.address, **facts, size=found.size, type=found.type)
        if self.keep is not None and any(item.outcome.state is State.OK for item in findings):
            fetch.partial.finish(self.keep / name)
        elif any(item.outcome.state is State.BROKEN for item in findings):
            fetch.partial.remove()


@dataclass(frozen=True, slots=True)
class _Fetch:
    """A file being fetched: how often it was tried, and what has come."""

    address: str
    size: int | None
    partial: Partial
    tries: int = 0


def _again(fetch: _Fetch, delay: float, *, pause: bool = False) -> Again[_Fetch]:
    onward = replace(fetch, tries=fetch.tries + 1)
    return Again(onward, host_of(fetch.address), delay, pause)


def _lost(fetch: _Fetch) -> tuple[_Fetch, Measured | Outcome]:
    return fetch, Outcome(State.UNKNOWN, "the server does not answer in time", "try again")


def _use(entry: Entry) -> Use:
    return Use(entry.key, "weights", entry.places.get("weights", entry.place))


def _findings(
    address: str, entries: list[Entry], found: Measured | Outcome, *, cached: bool
) -> Iterator[Finding]:
    """Judge one file for each entry that names it."""
    for entry in entries:
        outcome = compare(claims_of(entry), found) if isinstance(found, Measured) else found
        yield Finding(address, outcome, (_use(entry),), cached)


def _local(zoo: Zoo, entry: Entry) -> Outcome:
    path = (zoo.root / entry.weights_file).resolve()
    if not path.is_relative_to(zoo.root.resolve()):
        what = "the file lies outside the manifest's folder, behind a symbolic link"
        return Outcome(State.UNKNOWN, what, "put the file itself into the folder")
    claims: Claims = claims_of(entry)
    try:
        return compare(claims, measure(path))
    except FileNotFoundError:
        return Outcome(State.BROKEN, "there is no such file", "correct the path, or add the file")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Outcome(State.UNKNOWN, f"the file cannot be read: {reason}", "check its permissions")


def _places(remote: Mapping[str, list[Entry]]) -> dict[str, str]:
    """Give each address a file name of its own: the one that it ends in, if that is free."""
    taken: dict[str, str] = {}
    for address, entries in remote.items():
        name = _UNSAFE.sub("_", file_name(address)).lstrip(".") or "weights"
        if name in taken.values():
            name = f"{_UNSAFE.sub('_', entries[0].key)}-{name}"
        taken[address] = name
    return taken


def _measured(fact: Mapping[str, object]) -> Measured:
    size = fact["size"]
    if not isinstance(size, int):
        message = "the size is no number"
        raise TypeError(message)
    return Measured(str(fact["sha1"]), str(fact["sha256"]), size, str(fact["type"]))
