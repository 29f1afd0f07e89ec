"""``zoo_require``: a warning for each listed number that is less than a project asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import NumberKey, Status, StatusKind
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.words import status_text
from sphinx_modelzoo.sphinxext.messages import Subtype, warn

if TYPE_CHECKING:
    from sphinx_modelzoo.sphinxext.domain import ZooDomain

REQUIREMENTS: Mapping[str, frozenset[StatusKind]] = {
    "": frozenset(StatusKind),
    "verified": frozenset({StatusKind.VERIFIED}),
    "spot-checked": frozenset({StatusKind.VERIFIED, StatusKind.SPOT}),
}
"""What ``zoo_require`` can be, and the kinds of status that are then enough."""


def warn_of_unverified(domain: ZooDomain, required: str) -> None:
    """Warn of each number of the manifests in use that is less than required, at its place.

    This holds for all that the manifests list, whatever this build reads or its pages show.
    """
    if not required:
        return
    for path in domain.manifests_in_use():
        zoo = domain.library.manifest(path).zoo
        if zoo is not None:
            board = domain.library.board(zoo)
            _warn_of_numbers(zoo, board.statuses, required)


def _warn_of_numbers(zoo: Zoo, statuses: Mapping[NumberKey, Status], required: str) -> None:
    """Warn of a zoo's numbers, but those of a metric without ``top``, which cannot be counted."""
    countable = [key for key, metric in zoo.metrics.items() if metric.top is not None]
    for entry, result in zoo.rows():
        for key in countable:
            number = result.numbers.get(key)
            if number is None:
                continue
            status = statuses.get(number_key(entry, result, key), Status(StatusKind.CLAIMED))
            if status.kind not in REQUIREMENTS[required]:
                on = f" under {result.protocol}" if result.protocol else ""
                text = (
                    f"{key} of {entry.key!r} on {result.dataset}{on} is not {required} but "
                    f"{status_text(status)}; run 'verify-zoo --model {entry.key}'"
                )
                warn(text, Subtype.REQUIRE, str(number.place))
