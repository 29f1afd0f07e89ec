"""Making the cards' pages before Sphinx looks for pages, and only those that have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import sphinx_modelzoo
from sphinx_modelzoo.cards.context import Gathering, models
from sphinx_modelzoo.cards.environment import TemplateFolders
from sphinx_modelzoo.cards.history import read_history
from sphinx_modelzoo.cards.model import Card
from sphinx_modelzoo.cards.render import Renderer, TemplateFaultError
from sphinx_modelzoo.cards.rest import REST
from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Entry, Place, Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.sphinxext.cards.files import Owner, marked, remove_page, write_page
from sphinx_modelzoo.sphinxext.cards.memory import (
    Memory,
    call_key,
    page_state,
    recall,
    remember,
)
from sphinx_modelzoo.sphinxext.cards.plan import CardsCall, PlannedCard, Survey, plan
from sphinx_modelzoo.sphinxext.library import Inputs, Library

_OTHER_FOLDER = "name another folder with the option 'folder' of zoo:cards"


@dataclass(slots=True)
class CardPages:
    """The cards of a build: each directive's documents in order, and what went wrong.

    ``changed`` are the pages whose directives show other cards than in the last build; ``missing``
    are files that cards would link to, with the place in the manifest that names them.
    """

    shown: dict[CardsCall, tuple[str, ...]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    problems: dict[Problem, None] = field(default_factory=dict)
    missing: dict[str, Place] = field(default_factory=dict)

    def problem(self, what: str, remedy: str, path: Path) -> None:
        """Note what went wrong with a file."""
        self.problems[Problem(what, remedy, str(path))] = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the cards of one manifest come from: what they can say, and each model's entries."""

    gathering: Gathering
    models: Mapping[str, Sequence[Entry]]

    @property
    def file(self) -> str:
        """The manifest's name."""
        return self.gathering.zoo.path.name

    def content(self, card: PlannedCard) -> tuple[str, Card]:
        """Give what announces a page as the card of its model, and what the card says."""
        entries = self.models[card.model]
        hashtags = " ".join(entry.hashtag for entry in entries if entry.hashtag)
        lines = [f".. zoo:card:: {quote(card.model, errors='replace')}"]
        lines += [f"   :manifest: {card.manifest}"] if card.manifest else []
        lines += [f"   :hashtags: {hashtags}"] if hashtags else []
        return "\n".join(lines), self.gathering.card(entries)


@dataclass(slots=True)
class _Making:
    """What one build makes, beside what the last one with the same templates made.

    ``made`` are the files that stand by their documents, ``contents`` digests of what those say
    that this build or a former one wrote.
    """

    renderer: Renderer
    before: Memory
    cards: CardPages = field(default_factory=CardPages)
    made: dict[str, Path] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)

    def note(self, docname: str, path: Path, content: str) -> None:
        """Note a card that says what it should."""
        self.made[docname] = path
        self.contents[docname] = content


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the pages of one project.

    ``folder`` is the source folder, ``suffix`` that of pages in reStructuredText, ``templates`` the
    project's folders of templates, ``memory`` a file that keeps what the last build made.
    """

    folder: Path
    suffix: str
    templates: tuple[Path, ...]
    memory: Path
    library: Library

    def make(self, survey: Survey, inputs: Mapping[str, Inputs]) -> CardPages:
        """Write the pages that have changed and remove those that no directive asks for.

        ``inputs`` are the files behind manifests as far as the last build knew them, by path.
        """
        before = recall(self.memory)
        same_templates = before.has_templates(TemplateFolders(self.templates))
        if (
            before.stamp
            and before.stamp == self._stamp(survey, inputs.get)
            and same_templates
            and before.holds(survey.generated)
        ):
            return CardPages({call: before.shown_by(call) or () for call in survey.calls})
        making = _Making(Renderer(REST, self.templates), before if same_templates else Memory())
        cards = making.cards
        self._write(survey, making)
        self._remove(survey, making.made, cards)
        cards.changed = {
            call.docname for call, shown in cards.shown.items() if shown != before.shown_by(call)
        }
        linked = self._linked(survey, cards)
        stamp = self._stamp(survey, lambda path: self.library.manifest(path).inputs)
        memory = Memory(
            stamp="" if cards.problems else stamp,
            templates={**making.before.templates, **making.renderer.used()},
            pages={docname: page_state(path) for docname, path in making.made.items()},
            contents=making.contents,
            linked=linked,
            shown={call_key(call): list(shown) for call, shown in cards.shown.items()},
        )
        try:
            remember(self.memory, memory)
        except OSError as error:
            cards.problem(f"cannot be written: {error.strerror}", "free its place", self.memory)
        return cards

    def _zoos(self, survey: Survey) -> dict[str, Zoo | None]:
        """Give the sound manifests of the directives, by the names that pages give them."""
        names = dict.fromkeys(call.manifest for call in survey.calls)
        return {name: self.library.manifest(self.library.path(name)).zoo for name in names}

    def _write(self, survey: Survey, making: _Making) -> None:
        """Write the cards, and note the files that stand by their documents."""
        zoos = self._zoos(survey)
        planned = plan(survey.calls, zoos)
        sources = {name: self._source(zoo) for name, zoo in zoos.items() if zoo}
        made = making.made
        for call in survey.calls:
            if call in planned:
                for card in planned[call]:
                    if card.docname not in made:
                        self._write_card(card, sources[card.manifest], making)
                shown = [card.docname for card in planned[call] if card.docname in made]
            else:
                # Without its manifest a directive keeps the cards that it has.
                shown = [name for name in survey.generated if _folder(name) == call.place()]
                made |= {docname: survey.generated[docname] for docname in shown}
            making.cards.shown[call] = tuple(shown)

    def _source(self, zoo: Zoo) -> _Source:
        history = read_history(self.library.receipt_folders(zoo))
        statuses = self.library.board(zoo).statuses
        return _Source(Gathering(zoo, statuses, history, self._located), models(zoo))

    def _located(self, file: Path) -> str:
        """Give how a page calls a file for download: from the source folder."""
        path = os.path.relpath(file.resolve(), self.folder.resolve())
        return f"/{Path(path).as_posix()}"

    def _write_card(self, card: PlannedCard, source: _Source, making: _Making) -> None:
        """Write a card where it has changed, and note it where its page stands."""
        path = self.folder / f"{card.docname}{self.suffix}"
        head, said = source.content(card)
        content = _digest(repr((sphinx_modelzoo.__version__, source.file, head, said)))
        cards = making.cards
        if making.before.holds_card(card.docname, path, content):
            making.note(card.docname, path, content)
            return
        try:
            text = f"{head}\n\n{making.renderer.render(said)}"
            whose = write_page(path, card.docname, marked(card.docname, source.file, text))
            if whose is Owner.OURS:
                making.note(card.docname, path, content)
        except TemplateFaultError as error:
            cards.problems |= dict.fromkeys(error.problems)
            whose = Owner.OURS if path.exists() else Owner.NOBODY
        except OSError as error:
            cards.problem(f"the card cannot be written: {error.strerror}", _OTHER_FOLDER, path)
            whose = Owner.NOBODY
        if whose is Owner.ANOTHER:
            what = "this file stands in the place of a model's card"
            cards.problem(what, f"move it, or {_OTHER_FOLDER}", path)
        elif whose is Owner.EDITED:
            what = "this card was changed by hand, and is left as it is"
            remedy = "write the change into the manifest or a template, and remove this file"
            cards.problem(what, remedy, path)
        if whose in {Owner.OURS, Owner.EDITED}:
            making.made[card.docname] = path

    def _remove(self, survey: Survey, made: Mapping[str, Path], cards: CardPages) -> None:
        for docname, path in survey.generated.items():
            if docname in made:
                continue
            try:
                whose = remove_page(path, docname)
            except OSError as error:
                cards.problem(f"cannot be removed: {error.strerror}", "remove this card", path)
                continue
            if whose is Owner.EDITED:
                what = "no zoo:cards asks for this card, and it was changed by hand"
                remedy = "remove the file; or the comment at its top, to keep it as a page"
                cards.problem(what, remedy, path)

    def _linked(self, survey: Survey, cards: CardPages) -> dict[str, bool]:
        """Say of each file that a card could link to whether it is there."""
        linked = {}
        shown = {name for documents in cards.shown.values() for name in documents}
        for zoo in filter(None, self._zoos(survey).values() if shown else ()):
            for _, result in zoo.rows():
                for link in result.links.values():
                    if link.file:
                        linked[str(zoo.root / link.file)] = local_file(zoo, link.file) is not None
                        if not linked[str(zoo.root / link.file)]:
                            cards.missing.setdefault(link.file, link.place)
        return linked

    def _stamp(self, survey: Survey, inputs: Callable[[str], Inputs | None]) -> str:
        """Give a digest of what the cards come from, but for templates; empty where not known."""
        parts = [sphinx_modelzoo.__version__, self.suffix, repr(survey.calls)]
        for call in survey.calls:
            path = self.library.path(call.manifest)
            known = inputs(path)
            if known is None:
                return ""
            parts += [path, self.library.version(path, known), self.library.stamp(known)]
        return _digest("\0".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _folder(docname: str) -> str:
    return docname.rpartition("/")[0]
