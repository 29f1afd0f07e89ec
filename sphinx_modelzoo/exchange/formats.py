"""The formats: how a file's is recognised, and what imports and exports each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from sphinx_modelzoo.errors import CallError, ModelZooError, Problem
from sphinx_modelzoo.exchange import (
    bibtex,
    cyclonedx,
    eval_results,
    gluoncv,
    huggingface,
    huggingface_export,
    json_export,
    openmmlab,
    openmmlab_export,
    tables_export,
    timm,
)
from sphinx_modelzoo.exchange.draft import Draft
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.source import pairs, read_bytes, read_text, read_yaml
from sphinx_modelzoo.manifest.model import Zoo

IMPORTS = ("gluoncv", "openmmlab", "huggingface", "timm")
_TITLES = {
    "gluoncv": "GluonCV",
    "openmmlab": "OpenMMLab",
    "huggingface": "Hugging Face",
    "timm": "timm",
}
_TextExport = Callable[[Zoo, Losses], str]
_FilesExport = Callable[[Zoo, Losses], Mapping[str, str]]
FILES: Mapping[str, _FilesExport] = {
    "huggingface": huggingface_export.export_cards,
    "eval-results": eval_results.export_results,
}
"""Exports that write a folder: the texts by their paths in it."""
TEXTS: Mapping[str, _TextExport] = {
    "openmmlab": openmmlab_export.export_metafile,
    "cyclonedx": cyclonedx.export_bill,
    "csv": tables_export.export_table,
    "json": json_export.export_json,
    "bibtex": bibtex.export_bibtex,
}
"""Exports that write one file: its text."""
EXPORTS = (*FILES, *TEXTS)
_NAMED = 10  # more files than this are counted, not named


def import_files(paths: Sequence[Path], given: str = "") -> Draft:
    """Read foreign files into one draft; ``given`` is their format, recognised where empty.

    Raises:
        CallError: a file cannot be read, or its format not be recognised.
        ExchangeError: a file is damaged, or not of its format. Every file's error is raised.
    """
    draft = Draft()
    problems: list[Problem] = []
    formats = []
    for path in paths:
        try:
            name = given or recognised(path)
            _import(path, name, draft)
            formats.append(name)
        except ModelZooError as error:
            problems += error.problems
    if problems:
        raise CallError(*problems)
    names = ", ".join(dict.fromkeys(path.name for path in paths))
    if len(paths) > _NAMED:
        names = f"{len(paths)} files, {paths[0].name} to {paths[-1].name}"
    titles = ", ".join(dict.fromkeys(_TITLES[name] for name in formats))
    draft.remarks[""] = [f"Imported from {names} ({titles}).", *draft.remarks.get("", ())]
    return draft


def recognised(path: Path) -> str:
    """Tell a file's format from its name and what it begins with.

    Raises:
        CallError: it is none that can be imported.
        ExchangeError: it is YAML by its name, and damaged.
    """
    ending = path.suffix.lower()
    if ending in {".rst", ".rest", ".txt"}:
        return "gluoncv"
    if ending in {".csv", ".tsv"}:
        first = next(iter(read_text(path).splitlines()), "")
        return "timm" if timm.is_results(first) else "gluoncv"
    if ending in {".md", ".markdown"}:
        return "huggingface"
    if ending in {".yml", ".yaml"}:
        return _recognised_yaml(path)
    remedy = f"say it with --from {' or '.join(IMPORTS)}"
    raise CallError(Problem("the format is not recognised", remedy, str(path)))


def _recognised_yaml(path: Path) -> str:
    root = read_yaml(read_bytes(path), path)
    fields = pairs(root)
    if fields.keys() & {"Models", "Import", "Collections"}:
        return "openmmlab"
    if "zoo" in fields:
        what = "this is a manifest already"
        raise CallError(Problem(what, "there is nothing to import", str(path)))
    if not fields and root is not None:
        return "huggingface"
    what = "YAML that is neither OpenMMLab's (Models, Import) nor of .eval_results (a list)"
    raise CallError(Problem(what, "name a metafile, an index or results", str(path)))


def _import(path: Path, name: str, draft: Draft) -> None:
    is_yaml = path.suffix.lower() in {".yml", ".yaml"}
    match name:
        case "openmmlab":
            openmmlab.import_metafile(path, draft)
        case "timm":
            timm.import_results(path, draft)
        case "huggingface" if is_yaml:
            eval_results.import_results(path, draft)
        case "huggingface":
            huggingface.import_card(path, draft)
        case _ if path.suffix.lower() in {".csv", ".tsv"}:
            gluoncv.import_table(path, draft)
        case _:
            gluoncv.import_page(path, draft)


def export_files(zoo: Zoo, name: str, losses: Losses) -> Mapping[PurePosixPath, str]:
    """Give the files of an export that writes a folder, by their paths in it."""
    made = FILES[name](zoo, losses)
    return {PurePosixPath(path): text for path, text in made.items()}
