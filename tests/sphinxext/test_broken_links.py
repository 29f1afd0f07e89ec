"""``linkcheck`` tells where in the manifest a broken link stands."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from .conftest import Project


class Website(BaseHTTPRequestHandler):
    """Answers every address but those of one log and of one paper."""

    def do_GET(self) -> None:
        gone = self.path.endswith(("/vgg16_ucf101.log", "/1507.02159"))
        self.send_response(404 if gone else 200)
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Website)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def linked(project: Project, page: str, address: str) -> Project:
    """A project all of whose links lead to a server here."""
    text = project.manifest.read_text(encoding="utf-8")
    for site in ("https://raw.githubusercontent.com", "https://arxiv.org"):
        text = text.replace(site, address)
    project.manifest.write_text(text, encoding="utf-8")
    project.page(page)
    return project


def line_of(project: Project, text: str, file: str = "zoo.yaml") -> int:
    lines = (project.root / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_broken_link_is_a_warning_at_its_place_in_the_manifest(linked: Project) -> None:
    build = linked.build("linkcheck")
    paper, row = line_of(linked, "wang2015towards:"), line_of(linked, "hashtag: 05e319d4") - 1
    assert len(build.warnings) == 2
    for warning, line, end in zip(
        build.warnings, (paper, row), ("/1507.02159", "/vgg16_ucf101.log"), strict=True
    ):
        assert warning.startswith(f"{linked.manifest}:{line}:")
        assert f"{end} is broken: 404 " in warning
        assert warning.endswith("[zoo.link]")
    report = build.text("output.txt")
    shown = line_of(linked, ".. zoo:table::", "docs/index.rst")
    assert f"index.rst:{shown}: [broken] http://127.0.0.1" in report, "the page's own line"
    assert f"../zoo.yaml:{row}: [broken] http://127.0.0.1" in report
    assert "ok " in build.status


def test_links_that_work_are_no_warning_and_other_builders_look_at_none(linked: Project) -> None:
    ignored = [".*/1507.02159", ".*/vgg16_ucf101.log"]
    assert linked.build("linkcheck", linkcheck_ignore=ignored).warnings == []
    assert linked.build("html").warnings == []
