"""Whether an address answers: one look of a few requests, repeated where the server asks for it.

Broken is what a reader would find broken: 404, 410, a host that does not exist, redirects in a
circle. A refusal (401, 403, 429), a server's fault (5xx) and silence are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar

from sphinx_modelzoo.network.http import BROWSER, Client, failure, host_of, status_text
from sphinx_modelzoo.network.model import Outcome, State
from sphinx_modelzoo.network.retry import retry_after
from sphinx_modelzoo.network.schedule import Again

MAX_HOPS = 10
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_FOR_GOOD = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
# Endings of files, for which a web page is no answer; and of pages that show a file.
_FILES = {
    *(".params", ".pth", ".pt", ".bin", ".onnx", ".npz", ".safetensors", ".h5", ".pkl", ".tflite"),
    *(".zip", ".tar", ".gz", ".tgz", ".log", ".txt", ".sh", ".json", ".yaml", ".yml", ".csv"),
}
_PAGES = ("/blob/", "/tree/", "/src/")

Cookies = Mapping[str, RequestsCookieJar]


@dataclass(frozen=True, slots=True)
class Look:
    """A look at an address, under way: where it has come to, and what it has tried.

    ``seen`` are the requests made since the start, to find circles; ``tries`` counts those that
    were repeated. Cookies go back to the host that set them, since some lead in a circle without.
    """

    address: str
    current: str
    method: str = "HEAD"
    seen: tuple[tuple[str, int], ...] = ()
    tries: int = 0
    moved: bool = False
    cookies: Cookies = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how many seconds to wait at most when a server asks for it."""

    tries: int = 3
    longest_wait: float = 60.0


Step = tuple[str, Outcome]


def start(address: str) -> Again[Look]:
    """Give the look at an address as a job to begin with."""
    return Again(Look(address, address), host_of(address))


def take_step(client: Client, look: Look, patience: Patience) -> Step | Again[Look]:
    """Send one request of a look: gives the outcome, or how the look goes on."""
    jar = look.cookies.get(host_of(look.current))
    try:
        answer = client.request(look.method, look.current, cookies=jar)
    except (requests.RequestException, ValueError, OSError) as error:
        return _after_failure(look, error, patience)
    with answer:
        return _after_answer(look, answer, patience)


def _after_failure(look: Look, error: Exception, patience: Patience) -> Step | Again[Look]:
    outcome, again = failure(error)
    if again and look.method == "HEAD":
        # Some servers drop a connection that asks for the head alone.
        return _on(replace(look, method="GET"))
    if again and look.tries < patience.tries - 1:
        return _on(replace(look, tries=look.tries + 1), delay=2.0**look.tries)
    return look.address, outcome


def _after_answer(look: Look, answer: requests.Response, patience: Patience) -> Step | Again[Look]:
    status = answer.status_code
    if answer.is_redirect or (300 <= status < 400 and "location" in answer.headers):  # noqa: PLR2004
        return _after_redirect(look, answer)
    if answer.ok:
        return _after_success(look, answer)
    if status in _BUSY:
        return _after_busy(look, answer, patience)
    return _after_refusal(look, status, patience)


def _after_refusal(look: Look, status: int, patience: Patience) -> Step | Again[Look]:
    if look.method == "HEAD":
        # Not every server knows HEAD, and some answer it with 403, 404 or 501.
        return _on(replace(look, method="GET"))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and look.tries < patience.tries - 1:
        return _on(replace(look, tries=look.tries + 1), delay=2.0**look.tries)
    if status in _GONE:
        outcome = Outcome(State.BROKEN, status_text(status), "correct or remove the link")
    else:
        outcome = Outcome(State.UNKNOWN, f"answers {status_text(status)}", BROWSER)
    return look.address, outcome


def _after_success(look: Look, answer: requests.Response) -> Step | Again[Look]:
    suffix = PurePosixPath(urlsplit(look.address).path).suffix.lower()
    page = answer.headers.get("content-type", "").lower().startswith("text/html")
    if page and suffix in _FILES and not any(part in look.address for part in _PAGES):
        if look.method == "HEAD":
            return _on(replace(look, method="GET"))
        what = f"answers with a web page, not with a {suffix} file"
        return look.address, Outcome(State.UNKNOWN, what, BROWSER)
    what = f"moved for good to {look.current}" if look.moved else status_text(answer.status_code)
    return look.address, Outcome(State.OK, what)


def _after_busy(look: Look, answer: requests.Response, patience: Patience) -> Step | Again[Look]:
    asked = retry_after(answer.headers.get("retry-after"))
    delay = 2.0**look.tries if asked is None else asked
    if look.tries < patience.tries - 1 and delay <= patience.longest_wait:
        return _on(replace(look, tries=look.tries + 1), delay=delay, pause=True)
    wait = "" if asked is None else f", and asks to wait {asked:.0f} seconds"
    what = f"answers {status_text(answer.status_code)}{wait}"
    return look.address, Outcome(State.UNKNOWN, what, "try again later")


def _after_redirect(look: Look, answer: requests.Response) -> Step | Again[Look]:
    target = requests.Session().get_redirect_target(answer) or ""
    try:
        following = requests.compat.urljoin(look.current, target)
        scheme = urlsplit(following).scheme
    except ValueError:
        following, scheme = target, ""
    if not target or scheme not in ("http", "https"):
        what = f"redirects to {following[:100]!r}, which is no web address"
        return look.address, Outcome(State.BROKEN, what, "correct or remove the link")
    host = host_of(look.current)
    known = look.cookies.get(host)
    jar = RequestsCookieJar()
    for cookies in (known, answer.cookies):
        if cookies is not None:
            jar.update(cookies)
    step = (look.current, hash(tuple(sorted((c.name, c.value or "") for c in known or ()))))
    seen = (*look.seen, step)
    onward = replace(look, current=following, seen=seen, cookies={**look.cookies, host: jar})
    if step in look.seen or len(seen) > MAX_HOPS:
        if look.method == "HEAD":
            return _on(Look(look.address, look.address, method="GET", tries=look.tries))
        circle = "in a circle" if step in look.seen else f"more than {MAX_HOPS} times"
        outcome = Outcome(State.BROKEN, f"redirects {circle}", "correct or remove the link")
        return look.address, outcome
    for_good = answer.status_code in _FOR_GOOD and (look.moved or not look.seen)
    return _on(replace(onward, moved=for_good))


def _on(look: Look, delay: float = 0.0, *, pause: bool = False) -> Again[Look]:
    return Again(look, host_of(look.current), delay, pause)
