"""The command ``modelzoo add``: a file of weights becomes an entry."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_modelzoo.cli.edits import add_dry_run, add_manifest_option, key_and_value, show_diff
from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.errors import CallError, Problem

if TYPE_CHECKING:
    from sphinx_modelzoo.editing.mappings import Value
    from sphinx_modelzoo.editing.weights import WeightsFacts
    from sphinx_modelzoo.manifest.model import Zoo

EPILOG = """\
SHA-1, SHA-256, size and number of parameters are computed from the file. Parameters are counted in
MXNet .params, safetensors, .npz, ONNX and PyTorch zip files; nothing in the file is run.

examples:
  modelzoo add vgg16.params --name vgg16_ucf101 --dataset ucf101 --protocol tsn-224 --metric top1=84.0
  modelzoo add net.safetensors --name my_net --license Apache-2.0 --address https://example.org/net

exit codes:
  0  the entry was added
  2  the manifest or the call is wrong; nothing was written
  3  the manifest could not be written
"""  # noqa: E501

_HASH_IN_NAME = re.compile(r"[-_.]([0-9a-f]{8,64})(?=[.]|$)")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "add",
        help="add an entry for a file of weights",
        description="Add an entry for a file of weights, in the style of the manifest.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("weights", type=Path, metavar="WEIGHTS", help="the file of weights")
    parser.add_argument("--name", required=True, help="the model's name")
    parser.add_argument(
        "--hashtag", help="its hashtag (default: the first eight digits of the SHA-1)"
    )
    parser.add_argument("--dataset", metavar="KEY", help="the data set that it was measured on")
    parser.add_argument("--protocol", metavar="KEY", help="the protocol that it was measured by")
    parser.add_argument(
        "--metric",
        action="append",
        default=[],
        type=key_and_value,
        metavar="KEY=NUMBER",
        help="a listed number, such as top1=84.0 (repeatable)",
    )
    parser.add_argument(
        "--default", action="store_true", help="make it the default weights of its name"
    )
    parser.add_argument("--architecture", metavar="NAME", help="what the loader calls the network")
    parser.add_argument(
        "--paper", action="append", default=[], metavar="KEY", help="its paper (repeatable)"
    )
    parser.add_argument(
        "--tag", action="append", default=[], metavar="KEY", help="a tag (repeatable)"
    )
    parser.add_argument("--license", metavar="ID", help="the licence of the weights, an SPDX id")
    parser.add_argument(
        "--address", metavar="URL", help="where the weights can be fetched, in place of their path"
    )
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        type=key_and_value,
        metavar="KEY=VALUE",
        help="any further field, such as log=my_net_run2 (repeatable)",
    )
    add_manifest_option(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.editing.entries import add_entry  # noqa: PLC0415 - see above
    from sphinx_modelzoo.editing.weights import inspect_weights  # noqa: PLC0415
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415

    zoo = read_zoo(default_manifest(arguments.manifest))
    found = inspect_weights(arguments.weights)
    values = _values(arguments, zoo, found)
    changes = add_entry(zoo, values)
    if arguments.dry_run:
        show_diff(changes)
    else:
        for change in changes:
            change.write()
    key = f"{values['name']}@{values['hashtag']}"
    added = "would be added to" if arguments.dry_run else "added to"
    counted = found.parameters is not None
    parameters = f"{found.parameters:,} parameters" if counted else "parameters not counted"
    stream = sys.stderr if arguments.dry_run else sys.stdout
    print(f"{key} {added} {changes[-1].path}: {found.size:,} bytes, {parameters}", file=stream)
    for note in _notes(arguments.weights, zoo, values, found):
        print(f"note: {note}", file=sys.stderr)
    return 0


def _values(arguments: argparse.Namespace, zoo: Zoo, found: WeightsFacts) -> dict[str, Value]:
    """Give the new entry's fields."""
    further: list[tuple[str, str]] = [*arguments.metric, *arguments.field]
    for key, _ in arguments.metric:
        if key not in zoo.metrics:
            known = ", ".join(zoo.metrics)
            what = f"{key!r} is no metric of this manifest"
            raise CallError(Problem(what, f"its metrics are {known}; declare others under metrics"))
    values: dict[str, Value] = {
        "name": arguments.name,
        "hashtag": arguments.hashtag or found.hashtag,
        "sha1": found.sha1,
        "sha256": found.sha256,
        "size": str(found.size),
    }
    given: dict[str, Value | None] = {
        "default": "true" if arguments.default else None,
        "architecture": arguments.architecture,
        "weights": arguments.address or _path_beside(arguments.weights, zoo),
        "parameters": None if found.parameters is None else str(found.parameters),
        "license": arguments.license,
        "paper": arguments.paper[0] if len(arguments.paper) == 1 else arguments.paper,
        "tags": arguments.tag,
        "dataset": arguments.dataset,
        "protocol": arguments.protocol,
    }
    values |= {key: value for key, value in given.items() if value}
    for key, value in further:
        if key in values:
            raise CallError(Problem(f"{key!r} is given twice", "give each field once"))
        values[key] = value
    return values


def _path_beside(weights: Path, zoo: Zoo) -> str:
    """Give the weights' path from the manifest's folder; empty where they lie elsewhere."""
    root, file = zoo.root.resolve(), weights.resolve()
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else ""


def _notes(weights: Path, zoo: Zoo, values: dict[str, Value], found: WeightsFacts) -> Iterator[str]:
    if "weights" not in values:
        yield "the file lies outside the manifest's folder: its path is left out; see --address"
    if found.uncounted:
        yield f"the parameters were not counted: {found.uncounted}"
    in_name = _HASH_IN_NAME.findall(weights.name)
    if in_name and not any(digest.startswith(in_name[-1]) for digest in (found.sha1, found.sha256)):
        yield f"the file's name says {in_name[-1]}, but its SHA-1 is {found.sha1}"
    for entry in zoo.entries:
        if found.sha256 == entry.sha256 or found.sha1 == entry.sha1:
            yield f"{entry.key} has the same file of weights"
