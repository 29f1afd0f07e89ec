"""The versions of the recognizers in this package, known without running them.

A version is raised whenever predictions may change: numbers that another version verified are
stale from then on.
"""

from __future__ import annotations

from collections.abc import Mapping

GLUONCV_ACTION = "gluoncv-action"

VERSIONS: Mapping[str, str] = {GLUONCV_ACTION: "1"}
