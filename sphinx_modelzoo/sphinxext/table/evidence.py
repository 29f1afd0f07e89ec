"""Which items a model got right, as its evidence says: for comparing two models item by item."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sphinx_modelzoo.errors import ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Metric, Number, Place, Zoo
from sphinx_modelzoo.manifest.numbers import percentage
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.evidence import Evidence, correct_ids, read_evidence
from sphinx_modelzoo.receipts.model import NumberKey
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.messages import Subtype, warn_problem
from sphinx_modelzoo.sphinxext.table.columns import Row


class EvidenceShelf:
    """The evidence of one zoo; each file is read once.

    Evidence that is missing, damaged, of another model, or that does not give the listed number is
    a warning at its place in the manifest, and counts as none.
    """

    def __init__(self, zoo: Zoo) -> None:
        self._zoo = zoo
        self._read: dict[str, Evidence | None] = {}
        self._outcomes: dict[NumberKey, Mapping[str, bool] | None] = {}

    def outcomes(self, row: Row, metric: Metric) -> Mapping[str, bool] | None:
        """Give which items a row's model got right; None where that is not on record."""
        if not row.result.evidence or metric.top is None:
            return None
        number = number_key(row.entry, row.result, metric.key)
        if number not in self._outcomes:
            self._outcomes[number] = self._find(row, metric, metric.top)
        return self._outcomes[number]

    def _find(self, row: Row, metric: Metric, top: int) -> Mapping[str, bool] | None:
        path = row.result.evidence
        place = row.result.places.get("evidence", row.result.place)
        if path not in self._read:
            self._read[path] = self._open(path, place)
        found = self._read[path]
        if found is None:
            return None
        origin, correct = found.origin, correct_ids(found, top)
        of = (origin.name, origin.hashtag, origin.dataset, origin.protocol)
        entry, result = row.entry, row.result
        if of != (entry.name, entry.hashtag, result.dataset, result.protocol):
            what = f"the evidence {path!r} is of {origin.name}@{origin.hashtag} on {origin.dataset}"
            _warn(what, "name the evidence of this model", place)
            return None
        listed = row.result.numbers[metric.key]
        if not _gives(listed, len(correct), len(found.predictions), metric):
            what = f"the evidence {path!r} does not give the listed {metric.key} {listed.text}"
            _warn(what, "list what it gives, or record it anew", place)
            return None
        return {item: item in correct for item in found.predictions}

    def _open(self, path: str, place: Place) -> Evidence | None:
        file = local_file(self._zoo, path)
        if file is None:
            what = f"there is no evidence {path!r} beside the manifest"
            _warn(what, "record it with verify-zoo --record, or correct the path", place)
            return None
        try:
            return read_evidence(file)
        except ModelZooError as error:
            for problem in error.problems:
                warn_problem(problem, Subtype.EVIDENCE)
            return None


def _gives(listed: Number, correct: int, total: int, metric: Metric) -> bool:
    """Tell whether a count is the listed number, to its last digit."""
    counted = total - correct if metric.direction == "lower" else correct
    unit = 10**listed.decimals
    if not total:
        return False
    gap = abs(percentage(counted, total, metric) - Fraction(listed.value))
    return gap <= Fraction(1, 2 * unit)


def _warn(what: str, remedy: str, place: Place) -> None:
    warn_problem(Problem(what, remedy, str(place)), Subtype.EVIDENCE)
