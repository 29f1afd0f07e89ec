"""Blocks of templates: each that a template fills has to be there in one that it extends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

from sphinx_modelzoo.manifest.values import listing, suggestion


class UnknownBlockError(TemplateSyntaxError):
    """A template fills a block that none that it extends has: it would never be seen.

    ``remedy`` names the nearest block, or those that there are.
    """

    def __init__(self, block: nodes.Block, parent: str, known: Collection[str], file: str) -> None:
        what = f"there is no block {block.name!r} in {parent!r}, which the template extends"
        super().__init__(what, block.lineno, filename=file)
        self.remedy = suggestion(block.name, known, f"known: {listing(known)}")


def check_blocks(environment: Environment, name: str) -> None:
    """Look for a block that a template fills and none that it extends has.

    Those within another block, and those that are called as ``self.NAME()``, are its own to make.
    Where it cannot be told which templates it extends before it runs, nothing is looked for.

    Raises:
        UnknownBlockError: there is one.
        TemplateSyntaxError: one of the templates is wrong.
    """
    chain = list(_chain(environment, name))
    if len(chain) < 2 or chain[-1].extends:  # noqa: PLR2004 - itself, and one that it extends
        return
    template, *others = chain
    known = dict.fromkeys(block.name for each in others for block in each.blocks())
    called = {attribute for each in chain for attribute in each.called()}
    for block in _outermost(template.tree):
        if block.name not in known and block.name not in called:
            raise UnknownBlockError(block, template.parent, known, template.file)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A template that was read: its file and its tree."""

    file: str
    tree: nodes.Template

    @property
    def extends(self) -> Sequence[nodes.Extends]:
        return list(self.tree.find_all(nodes.Extends))

    @property
    def parent(self) -> str:
        """The name of the one template that it always extends; empty where that is not known."""
        if len(self.extends) == 1 and self.extends[0] in self.tree.body:
            named = self.extends[0].template
            return str(named.value) if isinstance(named, nodes.Const) else ""
        return ""

    def blocks(self) -> Iterator[nodes.Block]:
        return self.tree.find_all(nodes.Block)

    def called(self) -> Iterator[str]:
        """Give the names of the blocks that are called as functions."""
        for access in self.tree.find_all(nodes.Getattr):
            if isinstance(access.node, nodes.Name) and access.node.name == "self":
                yield access.attr


def _chain(environment: Environment, name: str) -> Iterator[_Parsed]:
    """Give a template and those that it extends, the nearest first.

    It breaks off at one that cannot be read or that came before: Jinja says so when it runs them.
    """
    seen: set[str] = set()
    while name and name not in seen and environment.loader:
        seen.add(name)
        try:
            source, file, _ = environment.loader.get_source(environment, name)
        except (TemplateNotFound, OSError, UnicodeDecodeError):
            return
        parsed = _Parsed(file or name, environment.parse(source, name, file))
        yield parsed
        name = parsed.parent


def _outermost(node: nodes.Node) -> Iterator[nodes.Block]:
    """Give the blocks that stand in no other."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child
        else:
            yield from _outermost(child)
