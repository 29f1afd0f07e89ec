"""Rule on the numbers of one set of weights: two of them for the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.metrics import is_cost, same_rounded
from sphinx_modelzoo.lint.names import canonical, stem
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.lint.weights import same_weights
from sphinx_modelzoo.manifest.model import Entry, Number, Zoo

_PROTOCOLS = "keep the right one, or name the protocols that they were measured by"
_WRONG_HASH = "correct the hash or address that is not its own, or the number"


# The claims of one thing, by their number and then by the entry's levelled name.
_Known = dict[Decimal, dict[str, tuple[Entry, Number]]]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a number is of; ``weights`` is the position of the first entry that has them."""

    weights: int
    dataset: str
    protocol: str
    metric: str

    def __str__(self) -> str:
        under = f" under {self.protocol}" if self.protocol else ""
        return f"{self.metric} on {self.dataset}{under}"


def _two_numbers(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    weights = same_weights(zoo)
    quality = {key for key, metric in zoo.metrics.items() if not is_cost(metric)}
    seen: dict[_Claim, _Known] = {}
    for position, entry in enumerate(zoo.entries):
        for result in entry.results:
            for key in quality.intersection(result.numbers):
                number = result.numbers[key]
                claim = _Claim(weights[position], result.dataset, result.protocol, key)
                known = seen.setdefault(claim, {})
                other = _contradicted(entry, number, known)
                if other is None:
                    alike = known.setdefault(number.value, {})
                    alike.setdefault(canonical(entry.name), (entry, number))
                else:
                    what = f"{claim} is {number.text} here, and {_told(other, entry)}"
                    remedy = _PROTOCOLS if other[0] is entry else _WRONG_HASH
                    yield Remark(what, remedy, number.place, entry.key)


def _contradicted(entry: Entry, number: Number, known: _Known) -> tuple[Entry, Number] | None:
    """Give the first claim of the same thing that has another number."""
    for value, alike in known.items():
        if value == number.value:
            continue
        for other, first in alike.values():
            if same_rounded(first, number):
                break
            if _comparable(other, entry):
                return other, first
    return None


def _comparable(first: Entry, second: Entry) -> bool:
    """Tell whether two entries state the same thing.

    Names may say how weights were run, as ``…_320`` and ``…_416`` do, or ``…_int8``.
    """
    if canonical(first.name) == canonical(second.name):
        return True
    return stem(first.name) != stem(second.name)


def _told(other: tuple[Entry, Number], entry: Entry) -> str:
    holder, number = other
    told = f"{number.text} in line {number.place.line}"
    return told if holder is entry else f"{told} for {holder.key}, which has the same weights"


TWO_NUMBERS = Rule(
    code="ZOO204",
    name="two-numbers",
    summary="One set of weights has two numbers for one metric on one data set and protocol.",
    explanation=(
        "The same weights give the same number, unless they are measured in another way; that way "
        "is a protocol of its own, such as another input size. Entries have the same weights when "
        "they share a full hash, an address of the weights, or a hashtag that is a hash. Names "
        "that differ only by a resolution or precision at their end are measured in another way."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "datasets: {coco: {}}\n"
        "metrics: {map: {unit: '%'}}\n"
        "models:\n"
        "  - name: yolo3_darknet53_coco\n"
        "    hashtag: 09767802\n"
        "    results:\n"
        "      - {dataset: coco, map: 36.0}\n"
        "      - {dataset: coco, map: 37.0}\n"
    ),
    right=Example(
        "datasets: {coco: {}}\n"
        "metrics: {map: {unit: '%'}}\n"
        "protocols:\n"
        "  at-416: {recognizer: gluoncv-detection, input_size: 416}\n"
        "  at-608: {recognizer: gluoncv-detection, input_size: 608}\n"
        "models:\n"
        "  - name: yolo3_darknet53_coco\n"
        "    hashtag: 09767802\n"
        "    results:\n"
        "      - {dataset: coco, protocol: at-416, map: 36.0}\n"
        "      - {dataset: coco, protocol: at-608, map: 37.0}\n"
    ),
    check=_two_numbers,
)
