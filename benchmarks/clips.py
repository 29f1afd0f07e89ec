"""Generated clips, and what is asked of them, for ``engines.py`` and ``memory.py``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from sphinx_modelzoo.pipe.messages import DataSource, Open

CLASSES = 101
_LIST = "clips.txt"


@dataclass(frozen=True, slots=True)
class Case:
    """A network, its protocol, and the number of clips."""

    model: str
    segments: int
    crops: int
    input_size: int
    new_height: int
    new_width: int
    clips: int

    @property
    def protocol(self) -> dict[str, int | str]:
        """The protocol as a manifest has it."""
        fields = ("segments", "crops", "input_size", "new_height", "new_width")
        return {field: getattr(self, field) for field in fields}

    def request(self, folder: Path, weights: Path) -> Open:
        """Give the request that has a recognizer open the network and the clips in a folder."""
        data = DataSource("clips", str(folder), str(folder / _LIST), media="frames")
        return Open(self.model, self.model, "", CLASSES, data, self.protocol, str(weights))

    def loop_settings(self, folder: Path, batch: int) -> dict[str, Any]:
        """Give the settings of ``gluoncv_loop.py``, imperative, for the clips in a folder."""
        return {
            "model": self.model,
            "classes": CLASSES,
            **self.protocol,
            "root": str(folder),
            "list": str(folder / _LIST),
            "batch": batch,
            "workers": 4,
            "hybrid": False,
        }


def make_clips(folder: Path, case: Case) -> None:
    """Write clips of 320 x 240 with smooth moving patterns, 60 frames each, and their list."""
    draw = np.random.default_rng(7)
    rows, columns = np.mgrid[0:240, 0:320].astype(np.float32)
    lines = []
    for clip in range(case.clips):
        path = folder / f"clip{clip:02d}"
        path.mkdir()
        waves = draw.uniform(0.01, 0.12, (3, 2)), draw.uniform(0.0, 6.3, 3)
        for frame in range(60):
            channels = [
                127 + 120 * np.sin(rows * down + columns * right + phase + frame * 0.2)
                for (down, right), phase in zip(*waves, strict=True)
            ]
            image = np.stack(channels, axis=-1).astype(np.uint8)
            cv2.imwrite(str(path / f"img_{frame + 1:05d}.jpg"), image)
        lines.append(f"{path.name} 60 0\n")
    (folder / _LIST).write_text("".join(lines), encoding="utf-8")
