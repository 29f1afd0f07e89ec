"""Rules on what the zoo's loader knows: its names, and the hashes of its default weights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.names import agree, is_digest, loader_names
from sphinx_modelzoo.lint.rule import Example, Need, Options, Rule
from sphinx_modelzoo.manifest.loader_table import LoaderTable
from sphinx_modelzoo.manifest.model import Entry, Place, Zoo
from sphinx_modelzoo.manifest.values import suggestion

# Finding the nearest name is slow; where more names than this are unknown, it helps nobody.
_SUGGESTED = 50

_RESOLUTION = re.compile(r"[\s_.()\[\]*x\d-]*")

_STORE = """\
_model_sha1 = {name: checksum for checksum, name in [
    ('48ddf3580b5bf2c9b7e5bca6c1d3b4b9d8d0f4a1', 'resnet50_v1b_gn'),
]}
"""


def _fetched(zoo: Zoo) -> Iterator[Entry]:
    """Give the entries whose weights the loader fetches by itself."""
    return (entry for entry in zoo.entries if not entry.weights)


def _other_default(zoo: Zoo, options: Options) -> Iterator[Remark]:
    table = options.loader
    if table is None:
        return
    keys = {(entry.name, entry.hashtag.lower()): entry for entry in zoo.entries}
    for entry in _fetched(zoo):
        if not entry.default or not is_digest(entry.hashtag):
            continue
        current = _hashes(table, entry)
        if current and not any(agree(entry.hashtag, text) for text in current):
            given = " or ".join(text[: len(entry.hashtag)] for text in current)
            what = (
                f"the default hashtag is {entry.hashtag}, and {zoo.loader or table.source} "
                f"loads {given} as {entry.name}"
            )
            remedy = f"write {given}; or keep it with 'default: false' beside an entry of {given}"
            if any((entry.name, text[: len(entry.hashtag)]) in keys for text in current):
                remedy = f"make the entry of {given} the default"
            yield Remark(what, remedy, _place(entry, "hashtag"), entry.key)


def _hashes(table: LoaderTable, entry: Entry) -> tuple[str, ...]:
    """Give the hashes of an entry's name, else of its architecture.

    A name with a resolution behind it has the plain name's weights; one with _int8 has its own.
    """
    name = entry.name.lower()
    for known in (*loader_names(name), entry.architecture.lower()):
        behind = name.removeprefix(known) if known != entry.architecture.lower() else ""
        if known in table.hashes and _RESOLUTION.fullmatch(behind):
            return table.hashes[known]
    return ()


def _unknown(zoo: Zoo, options: Options) -> Iterator[Remark]:
    table = options.loader
    if table is None:
        return
    suggested = 0
    for entry in zoo.entries:
        own_architecture = "architecture" in entry.places
        if (entry.weights and not own_architecture) or _known(entry, table):
            continue
        suggested += 1
        known = table.names if suggested <= _SUGGESTED else ()
        field = "architecture" if own_architecture else "name"
        called = entry.architecture or entry.name
        what = f"{called!r} is no model of {zoo.loader or table.source}"
        remedy = suggestion(
            called.lower(), known, "write the loader's name, as 'architecture' where it differs"
        )
        yield Remark(what, remedy, _place(entry, field), entry.key)


def _known(entry: Entry, table: LoaderTable) -> bool:
    called = entry.architecture or entry.name
    return any(name in table.names for name in loader_names(called)) or (
        entry.name.lower() in table.hashes
    )


def _missing(zoo: Zoo, options: Options) -> Iterator[Remark]:
    table = options.loader
    if table is None or not options.loader_models:
        return
    listed = {
        name
        for entry in zoo.entries
        for called in (entry.name, entry.architecture)
        for name in loader_names(called)
    }
    place = Place(str(zoo.path), 1, 1)
    for name in sorted(table.hashes.keys() - listed):
        what = f"{name} is a model of {zoo.loader or table.source}, and not in the manifest"
        digests = " or ".join(text[:8] for text in table.hashes[name])
        yield Remark(what, f"add it, with the hashtag {digests}", place)


def _place(entry: Entry, field: str) -> Place:
    return entry.places.get(field, entry.place)


OTHER_DEFAULT = Rule(
    code="ZOO104",
    name="loader-hash",
    summary="A default entry's hashtag is not what the loader loads.",
    explanation=(
        "The loader keeps the hash of each name's default weights. The entry that the manifest "
        "calls the default must have it; other entries are older weights, which stay available. "
        "For `loader: gluoncv` and `loader: mxnet` the table is read from the source of the "
        "installed package, without importing it, or from the file that `--model-store` names. "
        "Entries with `weights` of their own are not compared."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "loader: gluoncv\nmodels:\n  - {name: ResNet50_v1b_gn, hashtag: 0ecdba34}\n",
        {"model_store.py": _STORE},
    ),
    right=Example(
        "loader: gluoncv\nmodels:\n  - {name: ResNet50_v1b_gn, hashtag: 48ddf358}\n",
        {"model_store.py": _STORE},
    ),
    check=_other_default,
    need=Need.LOADER,
)

UNKNOWN = Rule(
    code="ZOO105",
    name="unknown-to-loader",
    summary="The loader has no model of this name.",
    explanation=(
        "A name that the loader does not know cannot be loaded. Capitals do not count, and a name "
        "may end with a resolution or a precision, such as `_320` or `_int8`. `architecture` says "
        "what the loader calls the network where the entry's name is another. The table is found "
        "as for ZOO104."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "loader: gluoncv\nmodels:\n  - {name: resnet50_v1b_gm}\n",
        {"model_store.py": _STORE},
    ),
    right=Example(
        "loader: gluoncv\nmodels:\n  - {name: ResNet50_v1b_GN}\n  - {name: resnet50_v1b_gn_int8}\n",
        {"model_store.py": _STORE},
    ),
    check=_unknown,
    need=Need.LOADER,
)

MISSING = Rule(
    code="ZOO106",
    name="missing-model",
    summary="The loader has a model that the manifest has not.",
    explanation=(
        "Released weights that no table lists are not found by readers. The rule speaks only with "
        "`--loader-models`, for a manifest may well hold a part of what its loader has."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "loader: gluoncv\nmodels: []\n",
        {"model_store.py": _STORE},
    ),
    right=Example(
        "loader: gluoncv\nmodels:\n  - {name: resnet50_v1b_gn, hashtag: 48ddf358}\n",
        {"model_store.py": _STORE},
    ),
    check=_missing,
    need=Need.LOADER_MODELS,
)
