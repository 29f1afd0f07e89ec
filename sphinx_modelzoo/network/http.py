"""One request, and what its failing means. Only this module and ``download`` import requests."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import urlsplit

import requests
import urllib3
from requests.cookies import RequestsCookieJar

from sphinx_modelzoo.network.model import Outcome, State

AGENT = f"sphinx-modelzoo/{version('sphinx-modelzoo')} (checks the links of a model zoo)"
BROWSER = "open it in a browser"

_CONTROL = "example.org"
# Endings that no host has, by RFC 2606.
_RESERVED = (".invalid", ".test", ".example")


_FAILURES: tuple[tuple[tuple[type[BaseException], ...], Outcome, bool], ...] = (
    (
        (requests.exceptions.ProxyError,),
        Outcome(State.UNKNOWN, "the proxy does not answer", "check the proxy"),
        False,
    ),
    (
        (ssl.SSLError, requests.exceptions.SSLError),
        Outcome(State.UNKNOWN, "no secure connection: {reason}", BROWSER),
        False,
    ),
    (
        (requests.Timeout,),
        Outcome(State.UNKNOWN, "the server does not answer in time", "try again"),
        True,
    ),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema),
        Outcome(State.BROKEN, "this is no address", "correct it"),
        False,
    ),
    (
        (requests.RequestException, urllib3.exceptions.HTTPError, OSError),
        Outcome(State.UNKNOWN, "no answer: {reason}", "try again"),
        True,
    ),
)


def host_of(address: str) -> str:
    """Give the host and port of an address."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()


class Client:
    """Sends requests, from many threads; connections are kept for the next request of a thread.

    No password is sent: neither one from a netrc file, nor one that stands in an address. Cookies
    are sent only where they are given.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._local = threading.local()
        self._sessions: list[requests.Session] = []

    def request(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str] | None = None,
        cookies: RequestsCookieJar | None = None,
    ) -> requests.Response:
        """Send one request; its body is left to be read, and a redirect to be followed.

        Raises:
            requests.RequestException: there was no answer.
            ValueError: the address is none.
        """
        return self._session().request(
            method,
            address,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})},
            cookies=cookies,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        )

    def close(self) -> None:
        """Close all connections."""
        for session in self._sessions:
            session.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.auth = _no_password
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
            self._local.session = session
            self._sessions.append(session)
        return session


def status_text(status: int) -> str:
    """Give a status with its name: ``404 Not Found``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def failure(error: Exception) -> tuple[Outcome, bool]:
    """Say what a request without an answer means, and whether it is worth trying again."""
    causes = list(_causes(error))
    lookup = next((cause for cause in causes if isinstance(cause, socket.gaierror)), None)
    if lookup is not None and not isinstance(error, requests.exceptions.ProxyError):
        return _name_failure(error, lookup)
    for kinds, outcome, again in _FAILURES:
        if any(isinstance(cause, kinds) for cause in causes):
            return replace(outcome, what=outcome.what.format(reason=_reason(causes))), again
    return Outcome(State.BROKEN, f"this is no address: {error}", "correct it"), False


def names_resolve() -> bool:
    """Tell whether names can be looked up at all, by one that always exists (RFC 2606)."""
    try:
        return bool(socket.getaddrinfo(_CONTROL, 80))
    except OSError:
        return False


def _no_password(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


def _name_failure(error: Exception, cause: socket.gaierror) -> tuple[Outcome, bool]:
    """Tell a name that does not exist from one that cannot be looked up now."""
    asked = getattr(getattr(error, "request", None), "url", "") or ""
    host = urlsplit(asked).hostname or ""
    if not host.endswith(_RESERVED):
        if cause.errno == socket.EAI_AGAIN:
            what = "the host's name cannot be looked up now"
            return Outcome(State.UNKNOWN, what, "try again; is there a network?"), True
        if not names_resolve():
            what = "no host's name can be looked up"
            return Outcome(State.UNKNOWN, what, "try again where there is a network"), False
    what = f"there is no host {host}" if host else "there is no such host"
    return Outcome(State.BROKEN, what, "correct or remove the link"), False


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error with all that it wraps, in attributes, arguments and causes."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args)
        waiting += [part for part in inner if isinstance(part, BaseException)]


def _reason(causes: list[BaseException]) -> str:
    """Give the words of the innermost error that has some."""
    for cause in reversed(causes):
        text = getattr(cause, "strerror", None) or getattr(cause, "verify_message", None)
        if isinstance(text, str) and text:
            return text.lower()
    return type(causes[-1]).__name__ if causes else "no reason given"
