"""What the demo data set is, in numbers; standard library only, as ``--help`` needs no numpy."""

from __future__ import annotations

SEED = 10
# Clips in each split; the classes take turns, so each has a tenth of them.
CLIPS = {"train": 2000, "test": 420}
