"""A file as it streams: measured, kept where that is wanted, and resumed where it broke off."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

import requests
import urllib3

from sphinx_modelzoo.network.claims import Digester, Measured
from sphinx_modelzoo.network.http import BROWSER, Client, status_text
from sphinx_modelzoo.network.model import Outcome, State
from sphinx_modelzoo.network.retry import retry_after

_PIECE = 1 << 16
_RANGE = re.compile(r"bytes ([0-9]+)-[0-9]+/(?:[0-9]+|\*)")
MAX_HOPS = 10
# Slower than this many bytes a second, over the time that a silent server gets, is given up.
_SLOWEST = 100


class BrokenOffError(Exception):
    """The stream ended before the file did; what came so far is kept."""


class RefusedError(Exception):
    """There is nothing to stream: the server gave an answer that decides."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.what)
        self.outcome = outcome


class BusyError(Exception):
    """The server asks to come back later: after ``delay`` seconds, where it says so."""

    def __init__(self, status: int, delay: float | None) -> None:
        super().__init__(status_text(status))
        self.delay = delay


@dataclass(slots=True)
class Partial:
    """What has come of a file so far, in memory and, with ``path``, on disk.

    ``validator`` is what the server names this version of the file by (a strong ETag, or the time
    of its last change); without one a stream that broke off begins anew.
    """

    path: Path | None = None
    digester: Digester = field(default_factory=Digester)
    validator: str = ""
    type: str = ""

    def open(self) -> None:
        """Take up what an earlier run left on disk."""
        if self.path is None:
            return
        try:
            facts = json.loads(self._facts().read_text(encoding="utf-8"))
            with self.path.open("rb") as file:
                while piece := file.read(1 << 20):
                    self.digester.update(piece)
            self.validator, self.type = str(facts["validator"]), str(facts["type"])
        except (OSError, ValueError, KeyError, TypeError):
            self.begin("", "")

    def begin(self, validator: str, kind: str) -> None:
        """Begin anew with a version of the file."""
        self.digester, self.validator, self.type = Digester(), validator, kind
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(b"")
            facts: dict[str, Any] = {"validator": validator, "type": kind}
            self._facts().write_text(json.dumps(facts), encoding="utf-8")

    def remove(self) -> None:
        """Leave nothing on disk."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self._facts().unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Put the whole file in its place."""
        if self.path is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name[:40]}.part")
            try:
                # A copy, where the cache lies on another file system; seen only when it is whole.
                shutil.move(self.path, beside)
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
            self._facts().unlink(missing_ok=True)

    def _facts(self) -> Path:
        return Path(f"{self.path}.json")


@dataclass(frozen=True, slots=True)
class Download:
    """How a file is fetched; ``size`` is the size that it must have, where that is known."""

    client: Client
    timeout: float
    size: int | None = None

    def fetch(self, address: str, partial: Partial, beat: Callable[[], None]) -> Measured:
        """Fetch a file, or the rest of it.

        Raises:
            RefusedError: the server's answer decides without the file.
            BusyError: the server asks to come back later.
            BrokenOffError: the stream ended too early; call again to go on.
            requests.RequestException, urllib3.exceptions.HTTPError, OSError: there is no answer,
                or none any more.
        """
        with self._answer(address, partial) as answer:
            status = answer.status_code
            if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
                raise BusyError(status, retry_after(answer.headers.get("retry-after")))
            if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and partial.digester.size:
                partial.begin("", "")
                raise BrokenOffError
            if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
                raise RefusedError(_refusal(status))
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                what = "the server sends the file compressed, so its bytes cannot be compared"
                raise RefusedError(Outcome(State.UNKNOWN, what, BROWSER))
            if status == HTTPStatus.OK:
                partial.begin(_validator(answer), answer.headers.get("content-type", ""))
            elif not _continues(answer, partial):
                partial.begin("", "")
                raise BrokenOffError
            return self._stream(answer, partial, beat)

    def _answer(self, address: str, partial: Partial) -> requests.Response:
        """Ask for the file, from where it broke off, and follow redirects."""
        headers = {}
        if partial.digester.size and partial.validator:
            headers = {
                "Range": f"bytes={partial.digester.size}-",
                "If-Range": partial.validator,
            }
        seen = []
        while True:
            answer = self.client.request("GET", address, headers)
            target = answer.headers.get("location") if answer.is_redirect else None
            if target is None:
                return answer
            answer.close()
            seen.append(address)
            address = requests.compat.urljoin(address, target)
            if address in seen or len(seen) > MAX_HOPS:
                circle = "in a circle" if address in seen else f"more than {MAX_HOPS} times"
                outcome = Outcome(State.BROKEN, f"redirects {circle}", "correct the address")
                raise RefusedError(outcome)

    def _stream(
        self, answer: requests.Response, partial: Partial, beat: Callable[[], None]
    ) -> Measured:
        length = answer.headers.get("content-length", "")
        total = partial.digester.size + int(length[:18]) if length.isdecimal() else None
        self._check_size(total, partial)
        window, came = time.monotonic(), 0
        file = partial.path.open("ab") if partial.path is not None else None
        try:
            while piece := self._read(answer):
                beat()
                partial.digester.update(piece)
                if file is not None:
                    file.write(piece)
                if self.size is not None and partial.digester.size > self.size:
                    self._check_size(partial.digester.size, partial)
                came += len(piece)
                if time.monotonic() - window > self.timeout:
                    if came < _SLOWEST * self.timeout:
                        what = "the server sends too slowly"
                        raise RefusedError(Outcome(State.UNKNOWN, what, "try again later"))
                    window, came = time.monotonic(), 0
        finally:
            _close(file)
        if partial.digester.size < (total or self.size or 0):
            raise BrokenOffError
        return partial.digester.measured(partial.type)

    def _check_size(self, total: int | None, partial: Partial) -> None:
        """End early where the file cannot be the right one."""
        if self.size is None or total is None or total == self.size:
            return
        page = " (the server sent a web page)" if partial.type.startswith("text/html") else ""
        more = "at least " if total == partial.digester.size else ""
        what = f"it has {more}{total:,} bytes, not {self.size:,}{page}"
        remedy = "correct the manifest, or publish the right file"
        raise RefusedError(Outcome(State.BROKEN, what, remedy))

    @staticmethod
    def _read(answer: requests.Response) -> bytes:
        raw: urllib3.HTTPResponse = answer.raw
        return raw.read1(_PIECE, decode_content=False)


def _close(file: BinaryIO | None) -> None:
    if file is not None:
        file.close()


def _refusal(status: int) -> Outcome:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Outcome(State.BROKEN, status_text(status), "correct the address")
    return Outcome(State.UNKNOWN, f"answers {status_text(status)}", BROWSER)


def _validator(answer: requests.Response) -> str:
    etag = answer.headers.get("etag", "")
    strong = etag if etag and not etag.startswith("W/") else ""
    return strong or answer.headers.get("last-modified", "")


def _continues(answer: requests.Response, partial: Partial) -> bool:
    """Tell whether a part that was sent goes on where the file broke off."""
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    return found is not None and int(found[1]) == partial.digester.size
