"""Keeping dask's own talk from the user, who is told in our words what matters of it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_PACKAGES = r"(dask|distributed|dask_jobqueue|tornado)\b"


@contextmanager
def quiet() -> Iterator[None]:
    """Show neither the log of dask nor its warnings, until the end."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=_PACKAGES)
            yield
    finally:
        logging.disable(before)
