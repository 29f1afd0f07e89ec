from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

FAKE = Path(__file__).parents[1] / "verify" / "fake_recognizer.py"

MANIFEST = """\
zoo: 1
title: Test zoo
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 0}
  top5: {title: Top-5, unit: "%", top: 5, tolerance: 0}
datasets:
  clips: {title: Clips, samples: 40, classes: 8, list: clips.txt}
protocols:
  plain: {recognizer: fake, segments: 3}
models:
  - name: net_a
    hashtag: aaaaaaaa
    dataset: clips
    protocol: plain
    top1: 75.0
    top5: 100
"""


@dataclass
class ZooFolder:
    """A folder with a manifest, a list of 40 items and a recognizer that is right for 30."""

    path: Path

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def manifest(self, *changes: tuple[str, str]) -> None:
        text = MANIFEST
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.write("zoo.yaml", text)

    def recognizer(self, share: float = 0.75, fault: str = "", name: str = "fake") -> None:
        command = [sys.executable, str(FAKE), str(share), *([fault] if fault else [])]
        self.write("modelzoo.toml", f"[recognizers.{name}]\ncommand = {command}\n")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.command("verify-zoo", *arguments, **environment)

    def command(
        self, name: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.script(name), *arguments],
            cwd=self.path,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @staticmethod
    def script(name: str) -> str:
        """Give the path of one of our commands; other programs go by their name."""
        path = Path(sysconfig.get_path("scripts")) / name
        return str(path) if path.is_file() else name

    @property
    def receipts(self) -> list[Path]:
        return sorted(self.path.rglob("*receipts/**/*.json"))


@pytest.fixture(scope="session")
def zoo_in() -> Callable[[Path], ZooFolder]:
    """Give a function that makes a zoo in a folder."""

    def make(path: Path) -> ZooFolder:
        folder = ZooFolder(path / "zoo")
        folder.manifest()
        lines = (f"class{i % 8}/clip{i:03} {i % 8}\n" for i in range(40))
        folder.write("clips.txt", "".join(lines))
        folder.recognizer()
        return folder

    return make


@pytest.fixture
def zoo(zoo_in: Callable[[Path], ZooFolder], tmp_path: Path) -> ZooFolder:
    return zoo_in(tmp_path)
