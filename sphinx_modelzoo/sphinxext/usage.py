"""The directive ``zoo:usage``: how a model is loaded, trained and tested."""

from __future__ import annotations

from docutils import nodes

from sphinx_modelzoo.manifest.loading import fill_usage
from sphinx_modelzoo.manifest.model import Entry, Usage, Zoo
from sphinx_modelzoo.sphinxext.directive import ZooDirective
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest
from sphinx_modelzoo.sphinxext.roles import tagged_name
from sphinx_modelzoo.sphinxext.table.tagging import STANDARD_TAGS


class UsageDirective(ZooDirective):
    """``.. zoo:usage:: [NAME]`` shows how the models are used, with one of them as the example."""

    optional_arguments = 1

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the hint."""
        if zoo.usage is None:
            text = "the manifest does not say how its models are used; add 'usage' to it"
            self.warn(text, Subtype.USAGE)
            return []
        name = self.arguments[0] if self.arguments else zoo.usage.model or _example(zoo)
        entries = [entry for entry in zoo.entries if entry.name == name]
        if not entries:
            names = dict.fromkeys(entry.name for entry in zoo.entries)
            self.warn(f"there is no model {name!r}; {suggest(name, names)}", Subtype.MODEL)
            return []
        return self.located(nodes.hint("", *self._parts(zoo, zoo.usage, entries)))

    def _parts(self, zoo: Zoo, usage: Usage, entries: list[Entry]) -> list[nodes.Element]:
        default = next((entry for entry in entries if entry.default), entries[0])
        other = next((entry for entry in entries if not entry.default), default)
        lines = nodes.bullet_list(bullet="-")
        lines += _line("Load a model's default weights: ", usage.default, default)
        lines += _line("Load the weights with a given hashtag: ", usage.hashtag, other)
        parts: list[nodes.Element] = []
        if lines.children:
            several = any(not entry.default for entry in zoo.entries)
            parts += [_about_hashtags(zoo), lines] if several else [lines]
        sentences: list[str | nodes.Node] = []
        if usage.train:
            sentences += ["The training commands run ", self.download(zoo, usage.train), "."]
        if usage.test:
            sentences += [" "] if sentences else []
            sentences += [
                "To measure a model's accuracy, run ",
                self.download(zoo, usage.test),
                ".",
            ]
        return [*parts, _paragraph(*sentences)] if sentences else parts


def _example(zoo: Zoo) -> str:
    """Give the name of the first model that shows both ways, else of the first."""
    others = (entry.name for entry in zoo.entries if not entry.default and entry.hashtag)
    return next(others, zoo.entries[0].name if zoo.entries else "")


def _about_hashtags(zoo: Zoo) -> nodes.paragraph:
    """Give the sentences on weights other than the default, by the look that they have here."""
    several = "One name can stand for several sets of weights, told apart by their hashtags. "
    grey = {tag.key for tag in zoo.tags.values() if tag.style == "grey"}
    if all(entry.default or grey.intersection(entry.tags) for entry in zoo.entries):
        return _paragraph(
            f"{several}Those behind ",
            *tagged_name("a grey name", [STANDARD_TAGS["greytag"]]),
            " are not the default: ask for them by hashtag.",
        )
    return _paragraph(f"{several}Those that are not the default are asked for by hashtag.")


def _line(text: str, template: str, entry: Entry) -> list[nodes.list_item]:
    """Give a line with a template filled from an entry; none where the entry lacks a field."""
    code = fill_usage(template, entry) if template else ""
    return [nodes.list_item("", _paragraph(text, nodes.literal(code, code)))] if code else []


def _paragraph(*parts: str | nodes.Node) -> nodes.paragraph:
    texts = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *texts)
