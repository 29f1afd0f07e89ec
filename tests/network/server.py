"""A server on loopback that misbehaves: one method a path, and a log of what was asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = bytes(range(256)) * 400


@dataclass
class Log:
    """What was asked, in order: method, path, the Range header, when; and how many at once."""

    requests: list[tuple[str, str, str, float]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    most: int = 0
    running: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, path: str) -> list[str]:
        return [method for method, where, _, _ in self.requests if where == path]

    def times(self, path: str) -> list[float]:
        return [when for _, where, _, when in self.requests if where == path]

    def ranges(self, path: str) -> list[str]:
        return [part for _, where, part, _ in self.requests if where == path]


class Handler(BaseHTTPRequestHandler):
    """Answers each path by the method that it is named after."""

    protocol_version = "HTTP/1.1"
    log: Log
    timeout = 5

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with self.log.lock:
            part = self.headers.get("Range", "")
            self.log.requests.append((self.command, path, part, time.monotonic()))
            self.log.headers.append(dict(self.headers))
            self.log.counts[path] += 1
            self.log.running += 1
            self.log.most = max(self.log.most, self.log.running)
        try:
            name = path.strip("/").partition("/")[0].partition(".")[0].replace("-", "_")
            answer: Callable[[], None] = getattr(self, f"on_{name}", self.on_missing)
            answer()
        finally:
            with self.log.lock:
                self.log.running -= 1

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **names}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def count(self) -> int:
        return self.log.counts[self.path.partition("?")[0]]

    def drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def on_missing(self) -> None:
        self.send(404)

    def on_ok(self) -> None:
        self.send(200, b"fine", Content_Type="text/plain")

    def on_slowish(self) -> None:
        time.sleep(0.05)
        self.send(200)

    def on_gone(self) -> None:
        self.send(410)

    def on_forbidden(self) -> None:
        self.send(403)

    def on_fails(self) -> None:
        self.send(500)

    def on_recovers(self) -> None:
        self.send(502 if self.count < 3 else 200)

    def on_no_head(self) -> None:
        self.send(404 if self.command == "HEAD" else 200)

    def on_drops_head(self) -> None:
        if self.command == "HEAD":
            self.drop()
        else:
            self.send(200)

    def on_drops(self) -> None:
        self.drop()

    def on_silent(self) -> None:
        time.sleep(3)
        self.drop()

    def on_drips(self) -> None:
        self.close_connection = True
        for _ in range(60):
            self.connection.sendall(b"H")
            time.sleep(0.1)

    def on_busy(self) -> None:
        if self.count == 1:
            self.send(429, Retry_After="1")
        else:
            self.send(200, BODY)

    def on_busy_date(self) -> None:
        if self.count == 1:
            self.send(503, Retry_After=formatdate(time.time() + 2, usegmt=True))
        else:
            self.send(200)

    def on_always_busy(self) -> None:
        self.send(429)

    def on_busy_for_hours(self) -> None:
        self.send(429, Retry_After="7200")

    def on_circle(self) -> None:
        self.send(302, Location="/circle2")

    def on_circle2(self) -> None:
        self.send(302, Location="/circle")

    def on_endless(self) -> None:
        number = int(self.path.rpartition("/")[2] or 0) if "/endless/" in self.path else 0
        self.send(302, Location=f"/endless/{number + 1}")

    def on_moved(self) -> None:
        self.send(301, Location="ok#part")

    def on_away(self) -> None:
        self.send(302, Location="ftp://example.org/x")

    def on_cookie(self) -> None:
        if "seen=1" in self.headers.get("Cookie", ""):
            self.send(200)
        else:
            self.send(302, Location="/cookie", Set_Cookie="seen=1; Path=/")

    def on_page(self) -> None:
        self.send(200, b"<html>sign in</html>", Content_Type="text/html; charset=utf-8")

    def on_file(self) -> None:
        """Give the body, whole or from where it is asked for."""
        self.part()

    def part(self, etag: str = '"one"', last: int = len(BODY)) -> None:
        wanted = self.headers.get("Range", "")
        if wanted and self.headers.get("If-Range") == etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        else:
            start = 0
            self.send_response(200)
        self.send_header("Content-Length", str(len(BODY) - start))
        self.send_header("ETag", etag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(BODY[start:last])
            self.wfile.flush()
        if last < len(BODY):
            self.drop()

    def on_breaks(self) -> None:
        """Break off twice, each time further on."""
        self.part(last=min(len(BODY), 40_000 * self.count))

    def on_changes(self) -> None:
        """Break off once, and have another version afterwards."""
        self.part(etag=f'"{self.count}"', last=40_000 if self.count == 1 else len(BODY))

    def on_no_range(self) -> None:
        """Break off once, and know nothing of ranges."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        if self.count == 1:
            self.wfile.write(BODY[:50_000])
            self.drop()
        else:
            self.wfile.write(BODY)

    def on_truncated(self) -> None:
        """Break off each time at the same byte."""
        self.part(last=50_000)

    def on_lies(self) -> None:
        """Answer a range with another one."""
        if self.headers.get("Range"):
            self.send_response(206)
            self.send_header("Content-Range", f"bytes 0-9/{len(BODY)}")
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(BODY[:10])
        else:
            self.part(last=50_000 if self.count == 1 else len(BODY))

    def on_halts(self) -> None:
        """Halt in the middle, the first time."""
        if self.count > 1:
            self.part()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("ETag", '"one"')
        self.end_headers()
        self.wfile.write(BODY[:60_000])
        self.wfile.flush()
        time.sleep(4)
        self.drop()

    def on_short(self) -> None:
        self.send(200, BODY[:-1])

    def on_zipped(self) -> None:
        self.send(200, BODY, Content_Encoding="gzip")

    def on_unframed(self) -> None:
        """Send no length, and end early."""
        self.send(200, BODY[:1000], Content_Length="", Connection="close")
        self.close_connection = True

    def on_crawls(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[tuple[str, Log]]:
    """Serve on a free port of loopback: gives the address, and the log."""
    log = Log()
    handler = type("Bound", (Handler,), {"log": log})
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", log
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
