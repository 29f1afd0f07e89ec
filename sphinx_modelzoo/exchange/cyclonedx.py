"""A zoo as a CycloneDX bill of materials for machine learning (version 1.6).

The CycloneDX library makes the components, and its validator checks the result against the schema
that it ships; it has no classes for model cards, which are completed here.
https://cyclonedx.org/capabilities/mlbom/
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.source import ExchangeError
from sphinx_modelzoo.exchange.tasks import UNKNOWN, task_of
from sphinx_modelzoo.manifest.model import Dataset, Entry, Zoo

if TYPE_CHECKING:
    from cyclonedx.model import ExternalReference
    from cyclonedx.model.component import Component

_CARRIED = {
    *("hashtag", "weights", "sha1", "sha256", "size", "parameters", "license", "description"),
    *("papers", "note", "details", "architecture", "links", "zoo.title", "tags"),
    *("results.protocol", "datasets.split", "datasets.samples", "datasets.classes"),
}
_PREFIX = "modelzoo:"
# Names of serial numbers: the same zoo gives the same bill.
_NAMESPACE = uuid.UUID("6f0f6c0e-35a1-5f9b-9f7e-2d5a3b8c1e47")


def export_bill(zoo: Zoo, losses: Losses) -> str:
    """Give the bill as JSON, valid by CycloneDX 1.6's strict schema.

    Raises:
        CallError: the CycloneDX library is not installed.
        ExchangeError: the bill is not valid: a value of the manifest has no place in it.
    """
    try:
        from cyclonedx.output import make_outputter  # noqa: PLC0415 - an extra
        from cyclonedx.schema import OutputFormat, SchemaVersion  # noqa: PLC0415
        from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415
    except ImportError as error:
        what = "the CycloneDX library is not installed"
        remedy = "pip install 'sphinx-modelzoo[exchange]'"
        raise CallError(Problem(what, remedy)) from error
    losses.check(zoo, _CARRIED)
    bom = _bill(zoo, losses)
    made = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    bill: dict[str, Any] = json.loads(made)
    bill.get("metadata", {}).pop("timestamp", None)
    cards = {_reference(entry): _card(zoo, entry) for entry in zoo.entries}
    for component in bill.get("components", ()):
        card = cards.get(component["bom-ref"])
        if card:
            component["modelCard"] = card
    bill["serialNumber"] = _serial_number(bill)
    text = json.dumps(bill, indent=2, ensure_ascii=False) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        where = "/".join(str(part) for part in getattr(fault.data, "absolute_path", ()))
        what = f"the bill is not valid CycloneDX at {where}: {str(fault).splitlines()[0][:200]}"
        raise ExchangeError(Problem(what, "correct that value in the manifest", str(zoo.path)))
    return text


def _bill(zoo: Zoo, losses: Losses) -> Any:
    from cyclonedx.model.bom import Bom, BomMetaData  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415

    whole = Component(name=zoo.title or "model zoo", type=ComponentType.DATA, bom_ref="zoo")
    datasets = [_dataset(dataset) for dataset in zoo.datasets.values()]
    models = [_model(zoo, entry, losses) for entry in zoo.entries]
    bom = Bom(components=[*models, *datasets], metadata=BomMetaData(component=whole))
    bom.register_dependency(whole, [*models, *datasets])
    return bom


def _serial_number(bill: dict[str, Any]) -> str:
    said = json.dumps({**bill, "serialNumber": ""}, sort_keys=True)
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, said)}"


def _reference(entry: Entry) -> str:
    return f"model:{entry.key}"


def _dataset(dataset: Dataset) -> Component:
    from cyclonedx.model import Property  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415

    properties = [
        Property(name=f"{_PREFIX}{name}", value=str(getattr(dataset, name)))
        for name in ("split", "samples", "classes")
        if getattr(dataset, name)
    ]
    return Component(
        name=dataset.title,
        type=ComponentType.DATA,
        bom_ref=f"dataset:{dataset.key}",
        properties=properties,
    )


def _model(zoo: Zoo, entry: Entry, losses: Losses) -> Component:
    from cyclonedx.contrib.license.factories import LicenseFactory  # noqa: PLC0415
    from cyclonedx.model import HashAlgorithm, HashType, Property  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415

    digests = (
        (HashAlgorithm.SHA_1, entry.sha1),
        (HashAlgorithm.SHA_256, entry.sha256),
    )
    return Component(
        name=entry.name,
        version=entry.hashtag or None,
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=_reference(entry),
        description=entry.description or None,
        hashes=[HashType(alg=kind, content=digest) for kind, digest in digests if digest],
        licenses=[LicenseFactory().make_from_string(entry.license)] if entry.license else [],
        external_references=list(_addresses(zoo, entry, losses)),
        properties=[Property(name=name, value=value) for name, value in _properties(entry)],
    )


def _properties(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in ("size", "parameters", "note"):
        if getattr(entry, name):
            yield f"{_PREFIX}{name}", str(getattr(entry, name))
    if entry.weights_file:
        yield f"{_PREFIX}weights", entry.weights_file
    for tag in entry.tags:
        yield f"{_PREFIX}tag", tag
    for title, text in entry.details.items():
        yield f"{_PREFIX}detail:{title}", text


def _addresses(zoo: Zoo, entry: Entry, losses: Losses) -> Iterator[ExternalReference]:
    from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri  # noqa: PLC0415

    kinds = {
        "train_log": ExternalReferenceType.LOG,
        "train_command": ExternalReferenceType.BUILD_META,
        "config": ExternalReferenceType.CONFIGURATION,
    }
    found: list[tuple[ExternalReferenceType, str, str]] = []
    if entry.weights and not entry.weights_file:
        found.append((ExternalReferenceType.DISTRIBUTION, entry.weights, "weights"))
    for result in entry.results:
        for key, link in result.links.items():
            if link.file:
                losses.lost(entry.key, f"link {key}", "it leads to a file, not to an address")
                continue
            found.append((kinds.get(key, ExternalReferenceType.OTHER), link.url, link.text))
    for key in entry.papers:
        paper = zoo.papers[key]
        if paper.url:
            found.append((ExternalReferenceType.DOCUMENTATION, paper.url, paper.title))
        else:
            losses.lost(entry.key, f"paper {key}", "it has no address")
    for kind, address, comment in dict.fromkeys(found):
        yield ExternalReference(type=kind, url=XsUri(address), comment=comment)


def _card(zoo: Zoo, entry: Entry) -> dict[str, Any]:
    """Give the model card of an entry: https://cyclonedx.org/docs/1.6/json/#components."""
    tasks = [task_of(zoo, result) for result in entry.results]
    known = [task.key for task in tasks if task is not UNKNOWN]
    parameters: dict[str, Any] = {"task": known[0]} if known else {}
    parameters["modelArchitecture"] = entry.architecture
    datasets = dict.fromkeys(f"dataset:{result.dataset}" for result in entry.results)
    if datasets:
        parameters["datasets"] = [{"ref": reference} for reference in datasets]
    metrics = [
        {
            "type": zoo.metrics[key].title
            + (f" ({unit})" if (unit := zoo.metrics[key].unit) else ""),
            "value": number.text,
            "slice": ", ".join(part for part in (result.dataset, result.protocol) if part),
        }
        for result in entry.results
        for key, number in result.numbers.items()
    ]
    card: dict[str, Any] = {"modelParameters": parameters}
    if metrics:
        card["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    return card
