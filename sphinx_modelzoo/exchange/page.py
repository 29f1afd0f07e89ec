"""What a page says around its tables: papers, footnotes, notes on data sets, how to load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes

from sphinx_modelzoo.exchange.cells import headings, page_title
from sphinx_modelzoo.exchange.citations import read_citation
from sphinx_modelzoo.exchange.draft import Draft
from sphinx_modelzoo.exchange.words import clean, slug
from sphinx_modelzoo.manifest.kinds import PATH
from sphinx_modelzoo.manifest.model import Paper, Place, Usage

_FILLER = re.compile(
    r"(?:the )?(?:following )?tables? (?:below )?(?:of|lists?)\b|.*following table", re.IGNORECASE
)
_DOWNLOAD = re.compile(r".*<(?P<path>[^<>]+)>")
_NOT_TEXT = {"download", "ref", "doc", "any", "py:class", "class", "func", "meth"}
UNKNOWN = "reference-"
"""How the keys of papers begin that a source cites without saying what they are."""
# What holds paragraphs that are not the page's running text.
_APART = nodes.entry | nodes.footnote | nodes.citation | nodes.table | nodes.system_message
_LABEL = re.compile(r"\[@([^\]]+)\]")
_MARK = re.compile(r"(?P<mark>[*†‡§¶]+)\s*(?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page without its tables.

    ``papers`` are its citations by label, each with a remark or an empty text; ``footnotes`` the
    texts behind signs such as ``*``; ``texts`` the paragraphs of each section, by its headings,
    with citations as ``[@LABEL]``; ``literals`` all inline code; ``scripts`` the files to download;
    ``scope`` says whose labels unknown citations are, where one label may mean several papers.
    """

    title: str = ""
    place: Place = field(default_factory=lambda: Place("", 1, 1))
    papers: Mapping[str, tuple[Paper, str]] = field(default_factory=dict)
    footnotes: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[tuple[str, ...], Sequence[str]] = field(default_factory=dict)
    literals: Sequence[str] = ()
    scripts: Sequence[str] = ()
    scope: str = ""

    def paper(self, label: str, place: Place) -> tuple[Paper, str]:
        """Give the paper that a citation's label means; one to be filled in where it is unknown."""
        if label in self.papers:
            return self.papers[label]
        behind = f" of {self.scope}" if self.scope else ""
        key = f"{UNKNOWN}{slug(label + behind, separator='-')}"
        return Paper(key, 0, f"Reference {label}{behind}", place), ""

    def notes(self, under: Sequence[str], draft: Draft) -> tuple[str, ...]:
        """Give the notes on a table: the texts of its headings, the outermost first."""
        found: list[str] = []
        for length in range(1, len(under) + 1):
            found += self.texts.get(tuple(under[:length]), ())
        return tuple(_LABEL.sub(lambda match: self._cited(match[1], draft), note) for note in found)

    def add_papers(self, draft: Draft) -> None:
        """Add the papers in the order of their labels, so that their numbers stay."""
        for label in sorted(self.papers, key=lambda each: (not each.isdecimal(), each.zfill(9))):
            self._cited(label, draft)

    def add_usage(self, draft: Draft) -> None:
        """Add how models are loaded, where the page shows it for one of the draft's models."""
        usage = self._example(draft)
        train = [script for script in self.scripts if Path(script).name.startswith("train")]
        test = [script for script in self.scripts if Path(script).name.startswith(("test", "eval"))]
        given = {
            "train": train[0] if len(set(train)) == 1 else "",
            "test": test[0] if len(set(test)) == 1 else "",
        }
        if draft.usage is None and (usage or any(given.values())):
            draft.usage = Usage(self.place, **usage, **given)

    def _cited(self, label: str, draft: Draft) -> str:
        paper, remark = self.paper(label, self.place)
        key = draft.add_paper(paper)
        if remark:
            draft.remark(remark, f"papers.{key}")
        return f"[@{key}]"

    def _example(self, draft: Draft) -> dict[str, str]:
        for row in draft.rows:
            for text in self.literals:
                if row.name not in text or "pretrained=True" not in text:
                    continue
                hashtag = next(
                    (
                        other.replace(row.name, "{name}").replace(each.hashtag, "{hashtag}")
                        for each in draft.rows
                        for other in self.literals
                        if each.name == row.name and each.hashtag and each.hashtag in other
                    ),
                    "",
                )
                return {
                    "model": row.name,
                    "default": text.replace(row.name, "{name}"),
                    "hashtag": hashtag,
                }
        return {}


def read_page(document: nodes.document, path: Path) -> Page:
    """Read what a page says around its tables."""
    papers, footnotes = {}, {}
    notes: list[nodes.Element] = list(document.findall(nodes.footnote))
    notes += document.findall(nodes.citation)
    for note in notes:
        label, text = _labelled(note)
        place = Place(str(path), int(note.line or 1), 1)
        if re.fullmatch(r"[*†‡§¶]+", label):
            footnotes[label] = text
        else:
            papers[label] = read_citation(text, place)
    for paragraph in document.findall(nodes.paragraph):
        marked = _MARK.fullmatch(clean(paragraph.astext()))
        if marked and not isinstance(paragraph.parent, nodes.entry):
            footnotes.setdefault(marked["mark"], marked["text"])
    return Page(
        title=page_title(document),
        place=Place(str(path), 1, 1),
        papers=papers,
        footnotes=footnotes,
        texts=_texts(document),
        literals=[clean(node.astext()) for node in document.findall(nodes.literal)],
        scripts=list(_scripts(document)),
    )


def _labelled(note: nodes.Element) -> tuple[str, str]:
    label = next(iter(note.findall(nodes.label)), None)
    parts = [child.astext() for child in note.children if not isinstance(child, nodes.label)]
    return (clean(label.astext()) if label is not None else ""), clean(" ".join(parts))


def _scripts(document: nodes.document) -> Iterator[str]:
    """Give the files that a page offers for download, from the project's root."""
    for node in document.findall(nodes.inline):
        if "download" in node.get("classes", ()):
            match = _DOWNLOAD.fullmatch(clean(node.astext()))
            path = re.sub(r"^(?:\.\./|/|\./)+", "", match["path"] if match else node.astext())
            if PATH.convert(path):
                yield path


def _texts(document: nodes.document) -> dict[tuple[str, ...], list[str]]:
    texts: dict[tuple[str, ...], list[str]] = {}
    for paragraph in document.findall(nodes.paragraph):
        kept = all(not isinstance(parent, _APART) for parent in _parents(paragraph))
        text = _prose(paragraph) if kept else ""
        under = headings(paragraph)
        if text and under and not _FILLER.match(text) and not _MARK.fullmatch(text):
            texts.setdefault(under, []).append(text)
    return texts


def _parents(node: nodes.Node) -> Iterator[nodes.Node]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def _prose(paragraph: nodes.paragraph) -> str:
    """Give a paragraph as a manifest's note; nothing where it leads to something of the page's."""
    parts = []
    for node in paragraph.children:
        if isinstance(node, nodes.literal):
            parts.append(f"`{node.astext()}`")
        elif isinstance(node, nodes.footnote_reference | nodes.citation_reference):
            parts.append(f"[@{clean(node.astext())}]")
        elif isinstance(node, nodes.image) or (
            isinstance(node, nodes.inline) and set(node.get("classes", ())) & _NOT_TEXT
        ):
            return ""
        else:
            parts.append(node.astext())
    return re.sub(r"\s+([.,;:])", r"\1", clean("".join(parts)))
