"""The text of a citation read as a paper, and keys for papers."""

from __future__ import annotations

import re

from sphinx_modelzoo.exchange.words import clean, slug
from sphinx_modelzoo.manifest.model import Paper, Place

_QUOTED = re.compile(r"[\"“]\s*(?P<title>[^\"“”]{4,}?)[\s.,]*[\"”][\s.,]*")
_YEAR = re.compile(r"[\s.,(]*\(?\b(?P<year>(?:19|20)[0-9]{2})\b\)?[\s.,)]*$")
_ARXIV = re.compile(
    r"arxiv[:\s/.]*(?:org/(?:abs|pdf)/)?(?P<id>[0-9]{4}\.[0-9]{4,5})", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+[^\s<>\"{}|\\^`.,)]")
_SENTENCE_END = re.compile(r"(?<=[^\s.]{2})\.\s+(?=[A-Z0-9\"“])")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,3}")
_STOP_WORDS = {"a", "an", "the", "on", "in", "of", "for", "to", "and", "with"}


def read_citation(text: str, place: Place) -> tuple[Paper, str]:
    """Read a citation's text: authors, title, where it was published and when.

    Gives the paper, and a remark where the text could not be taken apart (its title is then the
    whole of it) or nothing.
    """
    whole = clean(text.replace("\\ ", " "))
    url = _address(whole)
    body = clean(_URL.sub("", whole))
    before, title, after = _apart(body)
    if not title:
        paper = Paper("", 0, body or whole, place, url=url)
        return _keyed(paper), "the citation could not be taken apart: check its title and authors"
    year = _YEAR.search(after)
    published = after[: year.start()] if year else after
    published = re.sub(r"^In:?\s+", "", published.strip(" .,;"))
    paper = Paper(
        "",
        0,
        title.strip(" ,;"),
        place,
        authors=read_authors(before),
        published=clean(published).strip(" .,;("),
        year=int(year["year"]) if year else None,
        url=url,
    )
    return _keyed(paper), ""


def read_authors(text: str) -> tuple[str, ...]:
    """Read a list of authors; ``Ren, Shaoqing, Kaiming He`` begins with a name turned round."""
    text = re.sub(r"\s*(?:,\s*)?(?:\band\b|&)\s+", ", ", text.strip(" .,;:"))
    names = [name.strip() for name in re.split(r"\s*[,;]\s*", text) if name.strip()]
    if len(names) > 1 and all(_INITIALS.fullmatch(name) for name in names[1::2]):
        pairs = zip(names[::2], [*names[1::2], ""], strict=False)
        return tuple(f"{given} {family}".strip() for family, given in pairs)
    if len(names) > 1 and " " not in names[0] and " " not in names[1]:
        names[:2] = [f"{names[1]} {names[0]}"]
    return tuple(names)


def paper_key(authors: tuple[str, ...], year: int | None, title: str) -> str:
    """Give a paper's key: the first author's name, the year, the title's first word."""
    words = [word for word in re.findall(r"[\w']+", title) if word.lower() not in _STOP_WORDS]
    word = slug(words[0], separator="") if words else "paper"
    if not authors:
        return slug(" ".join(words[:3])) if words else "paper"
    return f"{slug(authors[0].split()[-1], separator='')}{year or ''}{word}"


def arxiv_address(text: str) -> str:
    """Give the address of the arXiv paper that a text names, or nothing."""
    match = _ARXIV.search(text)
    return f"https://arxiv.org/abs/{match['id']}" if match else ""


def _keyed(paper: Paper) -> Paper:
    return Paper(
        paper_key(paper.authors, paper.year, paper.title),
        paper.number,
        paper.title,
        paper.place,
        paper.authors,
        paper.published,
        paper.year,
        paper.url,
    )


def _address(text: str) -> str:
    found = _URL.search(text)
    return arxiv_address(text) or (found[0] if found else "")


def _apart(text: str) -> tuple[str, str, str]:
    """Split a citation into authors, title and the rest; no title where it cannot be told."""
    quoted = _QUOTED.search(text)
    if quoted:
        return text[: quoted.start()], quoted["title"], text[quoted.end() :]
    sentences = _SENTENCE_END.split(text, maxsplit=2)
    if len(sentences) < 2 or not _like_authors(sentences[0]):  # noqa: PLR2004
        return "", "", ""
    rest = sentences[2] if len(sentences) > 2 else ""  # noqa: PLR2004
    return sentences[0], sentences[1].rstrip("."), rest


def _like_authors(text: str) -> bool:
    """Tell whether a text can be a list of authors: short names with commas or 'and' between."""
    names = read_authors(text)
    return bool(names) and all(len(name.split()) <= 5 and len(name) <= 40 for name in names)  # noqa: PLR2004
