"""What can have changed between two manifests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.manifest.model import Place


class Kind(StrEnum):
    """A kind of change; the order is that of reports."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    REWEIGHTED = "re-weighted"
    IDENTIFIED = "identified"
    REPLACED = "replaced"
    REMEASURED = "re-measured"
    RESTATED = "restated"
    LISTED = "listed"
    UNLISTED = "unlisted"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two manifests.

    ``entry`` is the key in the new manifest (in the old one for what was removed), ``former`` the
    key in the old one where it differs. ``dataset``, ``protocol`` and ``metric`` say which number;
    ``field`` which field. ``old`` and ``new`` are the texts that stood and stand there.
    ``because`` says what else changed with a number. ``silent`` says why the change must not
    happen without a word, and is empty where it may.
    """

    kind: Kind
    entry: str
    place: Place
    former: str = ""
    dataset: str = ""
    protocol: str = ""
    metric: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    because: tuple[str, ...] = ()
    silent: str = ""
