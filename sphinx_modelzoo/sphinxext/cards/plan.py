"""Which cards the pages of a project ask for, and where those are to stand."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sphinx.config import Config
from sphinx.util.matching import get_matching_files

from sphinx_modelzoo.cards.names import file_names
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.sphinxext.cards.files import is_marked, read_source
from sphinx_modelzoo.sphinxext.cards.scan import NAME, Found, scan_myst, scan_rest

DEFAULT_FOLDER = "models"


@dataclass(frozen=True, slots=True, order=True)
class CardsCall:
    """A directive ``zoo:cards``: its page, its argument, and its options as they stand there."""

    docname: str
    dataset: str = ""
    manifest: str = ""
    folder: str = ""

    def place(self) -> str | None:
        """Give the folder of its cards from the source folder, if it lies within."""
        folder = self.folder or DEFAULT_FOLDER
        below = posixpath.dirname(self.docname)
        path = posixpath.normpath(posixpath.join("/", below, folder)).lstrip("/")
        climbs = posixpath.normpath(posixpath.join(below, folder.lstrip("/")))
        outside = not folder.startswith("/") and climbs.startswith("..")
        return None if outside or "\\" in folder else path


@dataclass(frozen=True, slots=True)
class Survey:
    """What the sources hold: directives in the pages' order, and generated pages by document."""

    calls: tuple[CardsCall, ...]
    generated: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """A card that is to be: its document, and what the document says of its manifest."""

    docname: str
    model: str
    manifest: str


def survey(folder: Path, config: Config, excluded: Collection[str]) -> Survey:
    """Look through the sources of a project.

    Files that cannot be read are Sphinx's to complain of.
    """
    calls: dict[CardsCall, None] = {}
    generated = {}
    for name in sorted(get_matching_files(folder, config.include_patterns, excluded)):
        suffix = next((each for each in config.source_suffix if name.endswith(each)), None)
        if suffix is None:
            continue
        try:
            text = read_source(folder / name)
        except OSError:
            continue
        docname = name.removesuffix(suffix)
        if is_marked(text):
            generated[docname] = folder / name
        elif NAME in text:
            markup = config.source_suffix[suffix]
            for found in _scan(text, "markdown" if "markdown" in str(markup) else "rst"):
                calls[_call(docname, found)] = None
    return Survey(tuple(calls), generated)


def plan(
    calls: Iterable[CardsCall], zoos: Mapping[str, Zoo | None]
) -> dict[CardsCall, list[PlannedCard]]:
    """Give the cards that directives ask for; ``zoos`` are by the names that pages give them.

    One model has one card in a folder, whichever directives ask for it.
    """
    asked: dict[str, dict[tuple[str, str], None]] = {}
    wanted: dict[CardsCall, list[tuple[str, str]]] = {}
    for call in calls:
        zoo, place = zoos[call.manifest], call.place()
        if zoo is not None and place is not None:
            names = dict.fromkeys(entry.name for entry in _entries(zoo, call.dataset))
            wanted[call] = [(name, call.manifest) for name in names]
            asked.setdefault(place, {}).update(dict.fromkeys(wanted[call]))
    files = {place: file_names(pairs) for place, pairs in asked.items()}
    planned = {}
    for call, pairs in wanted.items():
        place = call.place() or ""
        planned[call] = [
            PlannedCard(posixpath.join(place, files[place][pair]), *pair) for pair in pairs
        ]
    return planned


def _entries(zoo: Zoo, dataset: str) -> Iterator[Entry]:
    for entry in zoo.entries:
        if not dataset or any(result.dataset == dataset for result in entry.results):
            yield entry


def _scan(text: str, markup: str) -> Iterator[Found]:
    lines = text.expandtabs(8).splitlines()
    return scan_myst(lines) if markup == "markdown" else scan_rest(lines)


def _call(docname: str, found: Found) -> CardsCall:
    options = found.options
    return CardsCall(
        docname, found.argument, options.get("manifest", ""), options.get("folder", "")
    )
