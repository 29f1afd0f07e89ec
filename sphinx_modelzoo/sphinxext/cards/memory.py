"""What the last build made of cards, so that the next can tell that nothing has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sphinx_modelzoo.cards.environment import TemplateFolders
from sphinx_modelzoo.sphinxext.cards.plan import CardsCall


@dataclass(frozen=True, slots=True)
class Memory:
    """What a build made.

    ``stamp`` is a digest of what the cards came from, empty where they have to be looked at again;
    ``templates`` are digests of those used, ``pages`` the size and time of each card by document,
    ``contents`` digests of what the sound ones say, ``linked`` says of each file that a card could
    link to whether it was there, and ``shown`` gives the documents that each directive shows.
    """

    stamp: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, list[int]] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, bool] = field(default_factory=dict)
    shown: Mapping[str, list[str]] = field(default_factory=dict)

    def has_templates(self, templates: TemplateFolders) -> bool:
        """Tell whether the templates are still as they were."""
        return all(templates.digest(name) == digest for name, digest in self.templates.items())

    def holds(self, generated: Mapping[str, Path]) -> bool:
        """Tell whether pages and files are still as they were."""
        return (
            generated.keys() == self.pages.keys()
            and all(page_state(generated[docname]) == self.pages[docname] for docname in generated)
            and all(Path(name).is_file() == there for name, there in self.linked.items())
        )

    def holds_card(self, docname: str, path: Path, content: str) -> bool:
        """Tell whether a card still says the same, and its page is as it was left."""
        state = page_state(path)
        same = self.contents.get(docname) == content
        return same and bool(state) and self.pages.get(docname) == state

    def shown_by(self, call: CardsCall) -> tuple[str, ...] | None:
        """Give the documents that a directive showed, if it was there."""
        documents = self.shown.get(call_key(call))
        return None if documents is None else tuple(documents)


def recall(file: Path) -> Memory:
    """Read what the last build made; nothing where that is not known."""
    try:
        return Memory(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Memory()


def remember(file: Path, memory: Memory) -> None:
    """Keep what this build made.

    Raises:
        OSError: the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(memory)), encoding="utf-8")


def call_key(call: CardsCall) -> str:
    """Give a directive as text."""
    return json.dumps([call.docname, call.dataset, call.manifest, call.folder])


def page_state(path: Path) -> list[int]:
    """Give a file's size and time, which tell whether it was touched."""
    try:
        stat = path.stat()
    except OSError:
        return []
    return [stat.st_size, stat.st_mtime_ns]
