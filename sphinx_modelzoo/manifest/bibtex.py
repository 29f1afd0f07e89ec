"""A paper as BibTeX."""

from __future__ import annotations

import re

from sphinx_modelzoo.manifest.model import Paper

_ARXIV = re.compile(r"arxiv\.org/abs/(?P<id>[0-9.]+)")
_CONFERENCE = re.compile(r"conference|proceedings|workshop|symposium|advances in|\b[A-Z]{3,7}\b")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


def bibtex_entry(paper: Paper) -> str:
    """Give a paper as one BibTeX entry, with a line end behind it."""
    arxiv = _ARXIV.search(paper.url)
    preprint = "arxiv" in paper.published.lower() or (arxiv and not paper.published)
    kind, venue = "article", "journal"
    if preprint or not paper.published:
        kind, venue = "misc", "howpublished"
    elif _CONFERENCE.search(paper.published):
        kind, venue = "inproceedings", "booktitle"
    fields = {"title": f"{{{_escaped(paper.title)}}}"}
    if paper.authors:
        fields["author"] = " and ".join(_author(author) for author in paper.authors)
    if paper.published:
        fields[venue] = _escaped(paper.published)
    if paper.year:
        fields["year"] = str(paper.year)
    if arxiv:
        fields |= {"eprint": arxiv["id"], "archiveprefix": "arXiv"}
    if paper.url:
        fields["url"] = paper.url.replace("%", r"\%")
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
    key = re.sub(r"[^A-Za-z0-9_.:/+-]", "-", paper.key)
    return "\n".join((f"@{kind}{{{key},", *lines, "}", ""))


def _author(name: str) -> str:
    if name.lower().rstrip(".") == "et al":
        return "others"
    # BibTeX splits authors at the word "and" and names at commas.
    plain = _escaped(name)
    return f"{{{plain}}}" if "," in name or re.search(r"\band\b", name) else plain


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
