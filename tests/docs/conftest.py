"""The documentation as files, and built."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w+|\{code-block\} \w+)\n"
    r"(?::caption: (?P<caption>[^\n]+)\n\n)?"
    r"(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A piece of code on a page."""

    page: str
    language: str
    caption: str
    text: str


@dataclass(frozen=True)
class Documentation:
    """The built documentation."""

    folder: Path
    doctrees: Path
    receipts: Path

    def build(self, builder: str, folder: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-b", builder]
        command += ["-d", str(self.doctrees), "-D", f"zoo_receipts={self.receipts}"]
        command += [str(DOCS), str(folder)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def names(self, role: str) -> set[str]:
        """Give the names of the objects of a kind that the documentation describes."""
        data = (self.folder / "objects.inv").read_bytes()
        return set(InventoryFile.loads(data, uri="").data.get(role, {}))


def pages() -> list[Path]:
    return [REPOSITORY / "README.md", *sorted(DOCS.glob("**/*.md"))]


def blocks(path: Path) -> Iterator[Block]:
    for match in _FENCE.finditer(path.read_text(encoding="utf-8")):
        language = match["language"].removeprefix("{code-block} ")
        yield Block(path.name, language, match["caption"] or "", match["text"])


@pytest.fixture(scope="session")
def all_blocks() -> list[Block]:
    """Every piece of code of the documentation."""
    return [block for path in pages() for block in blocks(path)]


@pytest.fixture(scope="session")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Documentation:
    """Build the documentation, without receipts."""
    root = tmp_path_factory.mktemp("documentation")
    built = Documentation(root / "html", root / "doctrees", root / "receipts")
    done = built.build("html", built.folder)
    assert (done.returncode, done.stderr) == (0, "")
    return built
