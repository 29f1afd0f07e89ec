"""The directive ``zoo:cards``: a page for each model, and what those pages are made with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.cards.make import CardPages, Maker
from sphinx_modelzoo.sphinxext.cards.nodes import register_nodes
from sphinx_modelzoo.sphinxext.cards.plan import CardsCall, survey
from sphinx_modelzoo.sphinxext.directive import ZooDirective, missing_file, zoo_domain
from sphinx_modelzoo.sphinxext.messages import Subtype, warn, warn_problem
from sphinx_modelzoo.sphinxext.references.objects import model_id


class CardsDirective(ZooDirective):
    """``.. zoo:cards:: [DATASET]`` makes a page for each model, and lists the pages.

    The pages are made before this is read, by :func:`make_cards`.
    """

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **(ZooDirective.option_spec or {}),
        "folder": directives.unchanged_required,
        "hidden": directives.flag,
        "caption": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Give the list of the cards, also of former ones where the manifest is wrong."""
        dataset = self.arguments[0] if self.arguments else ""
        folder = str(self.options.get("folder", "")).strip()
        call = CardsCall(self.env.docname, dataset, self.manifest_name, folder)
        zoo = self.domain.use(self.manifest_name, self.env.docname).zoo
        if zoo:
            self.domain.use_statuses(self.manifest_name, zoo, "", self.env.docname)
        documents = [name for name in self._documents(call, zoo) if name in self.env.found_docs]
        tree = addnodes.toctree(
            "",
            parent=self.env.docname,
            entries=[(None, name) for name in documents],
            includefiles=documents,
            maxdepth=1,
            titlesonly=True,
            caption=self.options.get("caption"),
            rawcaption=self.options.get("caption", ""),
            rawentries=[],
            glob=False,
            hidden="hidden" in self.options,
            includehidden=False,
            numbered=0,
        )
        self.located(tree)
        return self.located(nodes.compound("", tree, classes=["toctree-wrapper"]))

    def _documents(self, call: CardsCall, zoo: Zoo | None) -> tuple[str, ...]:
        """Give the documents of the cards, with a warning where there cannot be any."""
        documents = self.domain.cards.shown.get(call)
        if documents is None:
            text = "no cards were made, as this zoo:cards does not stand in the page's own file"
            self.warn(f"{text}; write it there, neither included nor generated", Subtype.CARD)
        elif call.place() is None:
            text = f"the folder {call.folder!r} is not within the documentation's"
            self.warn(f"{text}; name one below this page, or '/' and one of it", Subtype.OPTION)
        elif zoo and call.dataset and not self.knows_dataset(zoo, call.dataset):
            return ()
        elif not set(documents) <= self.env.found_docs:
            text = f"Sphinx does not read the cards in {call.place()!r}"
            self.warn(
                f"{text}; take them out of exclude_patterns, and '.rst' into source_suffix",
                Subtype.CARD,
            )
        return documents or ()


class CardDirective(SphinxDirective):
    """``.. zoo:card:: NAME`` makes the section after it the home of a model; generated pages do.

    The name is percent-encoded, as no other text of a manifest is read as markup.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "manifest": directives.unchanged_required,
        "hashtags": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Give the target of references to the model."""
        domain = zoo_domain(self.env)
        name = unquote(self.arguments[0])
        path = domain.library.path(str(self.options.get("manifest", "")).strip())
        hashtags = str(self.options.get("hashtags", "")).split()
        target = nodes.target("", "", ids=[model_id(name)])
        self.set_source_info(target)
        self.state.document.note_explicit_target(target)
        for key in (name, *(f"{name}@{hashtag}" for hashtag in hashtags)):
            domain.note_object(
                "model", path, key, self.env.docname, target["ids"][0], title=key, card=True
            )
        return [target]


def make_cards(app: Sphinx) -> None:
    """Make the pages that the sources ask for, and warn of what went wrong."""
    domain = zoo_domain(app.env)
    config = app.config
    excluded = [*config.exclude_patterns, *config.templates_path, *app.builder.get_asset_paths()]
    domain.cards = CardPages()
    found = survey(Path(app.srcdir), config, excluded)
    if not found.calls and not found.generated:
        return
    maker = Maker(
        folder=Path(app.srcdir),
        suffix=_suffix(config),
        templates=tuple(Path(app.confdir) / name for name in config.templates_path),
        memory=Path(app.doctreedir) / "zoo-cards.json",
        library=domain.library,
    )
    domain.cards = maker.make(found, domain.inputs)
    for problem in domain.cards.problems:
        warn_problem(problem, Subtype.CARD)
    for name, place in domain.cards.missing.items():
        warn(missing_file(name), Subtype.FILE, str(place))


def _suffix(config: Config) -> str:
    """Give the suffix of pages in reStructuredText; ``.rst`` where the project has none."""
    kinds = config.source_suffix.items()
    return next((suffix for suffix, kind in kinds if kind == "restructuredtext"), ".rst")


def outdated_lists(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], removed: set[str]
) -> list[str]:
    """Give the pages whose lists of cards have changed."""
    return sorted(zoo_domain(env).cards.changed - removed)


def register_cards(app: Sphinx) -> None:
    """Register what is about cards; after the domain has got its library."""
    register_nodes(app)
    app.connect("builder-inited", make_cards)
    app.connect("env-get-outdated", outdated_lists)
