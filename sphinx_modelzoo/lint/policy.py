"""Rules on what each row must have, and on the licence of the weights."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.model import Dataset, Entry, Result, Zoo
from sphinx_modelzoo.manifest.values import suggestion


def _missing(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    known = _known_keys(zoo)
    seen: set[tuple[int, str, str]] = set()
    for position, entry in enumerate(zoo.entries):
        for result in entry.results:
            dataset = zoo.datasets.get(result.dataset)
            for key in dataset.require if dataset else ():
                about = (position, result.dataset, key)
                if about not in seen and key in known and not _has(zoo, entry, result, key):
                    seen.add(about)
                    what = f"{entry.key} has no {key!r}, which {result.dataset!r} requires"
                    yield Remark(what, f"add {key!r}", entry.place, entry.key)


def _has(zoo: Zoo, entry: Entry, result: Result, key: str) -> bool:
    if key in zoo.links or key in zoo.metrics:
        return key in result.links or key in result.numbers
    if key in fields.ENTRY.keys():  # noqa: SIM118 - a section is no mapping
        return bool(getattr(entry, "papers" if key == "paper" else key)) and key in entry.places
    if key == "protocol":
        return bool(result.protocol)
    return key in result.places


def _known_keys(zoo: Zoo) -> set[str]:
    """Give all that a row can have."""
    given = {key for entry in zoo.entries for key in entry.places}
    given |= {key for _, result in zoo.rows() for key in result.places}
    own = {*fields.ENTRY.keys(), *fields.RESULT.keys()}
    return own | given | zoo.links.keys() | zoo.metrics.keys()


def _unknown(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    known = _known_keys(zoo)
    for dataset in zoo.datasets.values():
        for key in dataset.require:
            if key not in known:
                yield _unknown_key(dataset, key, known)


def _unknown_key(dataset: Dataset, key: str, known: set[str]) -> Remark:
    what = f"{dataset.key!r} requires {key!r}, which is no field, link or metric"
    remedy = suggestion(key, known, "name a field of a model, a link or a metric")
    return Remark(what, remedy, dataset.place)


def _licence(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    verdicts: dict[str, str] = {}
    for entry in zoo.entries:
        if not entry.license:
            continue
        if entry.license not in verdicts:
            verdicts[entry.license] = _wrong_licence(entry.license)
        if verdicts[entry.license]:
            what = f"license is {entry.license[:80]!r}, which is no SPDX expression"
            place = entry.places.get("license", entry.place)
            yield Remark(what, verdicts[entry.license], place, entry.key)


def _wrong_licence(text: str) -> str:
    """Give the remedy for a licence that is no SPDX expression; empty where it is one."""
    if _spdx(text):
        return ""
    near = next((known for guess in _guesses(text) if (known := _spdx(guess))), "")
    if near:
        return f"did you mean {near!r}?"
    return "write an id of the SPDX list, such as Apache-2.0, or LicenseRef- and a name of your own"


def _guesses(text: str) -> Iterator[str]:
    plain = text.lower().replace("license", "").replace("licence", "").replace(",", " ")
    words = plain.replace("version", "").replace("(", " ").replace(")", " ").split()
    joined = "-".join(word.removeprefix("v") if word[1:2].isdigit() else word for word in words)
    for name in (joined, joined.removeprefix("the-")):
        for ending in ("", ".0", "-2.0", "-4.0", "-only", "-Clause"):
            yield f"{name}{ending}"


def _spdx(text: str) -> str:
    """Give an SPDX expression as the list writes it; empty where the text is none."""
    from packaging.licenses import (  # noqa: PLC0415 - most manifests name no licence
        InvalidLicenseExpression,
        canonicalize_license_expression,
    )

    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return ""


REQUIRED = Rule(
    code="ZOO308",
    name="missing-field",
    summary="A row lacks what its data set requires.",
    explanation=(
        "`require` of a data set names the fields, links and metrics that each of its rows must "
        "have, such as the licence of the weights, the log and the command of the training."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "datasets: {ucf101: {require: [license]}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4}\n"
    ),
    right=Example(
        "datasets: {ucf101: {require: [license]}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4, license: Apache-2.0}\n"
    ),
    check=_missing,
)

UNKNOWN_REQUIREMENT = Rule(
    code="ZOO309",
    name="unknown-requirement",
    summary="A data set requires what no row can have.",
    explanation="`require` names fields of models, kinds of link, and metrics, nothing else.",
    severity=Severity.ERROR,
    wrong=Example("datasets: {ucf101: {require: [licence]}}\nmodels: []\n"),
    right=Example("datasets: {ucf101: {require: [license]}}\nmodels: []\n"),
    check=_unknown,
)

LICENCE = Rule(
    code="ZOO310",
    name="licence",
    summary="The licence of the weights is no SPDX expression.",
    explanation=(
        "Tools compare licences by their ids on the SPDX list, such as `Apache-2.0` or "
        "`CC-BY-NC-4.0`. Capitals do not count. A licence that is not on the list is written as "
        "`LicenseRef-` and a name."
    ),
    severity=Severity.WARNING,
    wrong=Example("models:\n  - {name: vgg16_ucf101, license: Apache License 2.0}\n"),
    right=Example("models:\n  - {name: vgg16_ucf101, license: Apache-2.0}\n"),
    check=_licence,
)
