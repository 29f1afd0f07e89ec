"""The directive ``zoo:plot``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.plots.axes import default_x, default_y, x_axes, y_axes
from sphinx_modelzoo.plots.model import Axis, Labels
from sphinx_modelzoo.plots.points import GROUPINGS, Choice, has_points
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest
from sphinx_modelzoo.sphinxext.plot.drawing import pairs
from sphinx_modelzoo.sphinxext.plot.nodes import zoo_plot
from sphinx_modelzoo.sphinxext.results import ResultsDirective
from sphinx_modelzoo.sphinxext.table.rows import Selection

_LOG = {"": {"x"}, "x": {"x"}, "y": {"y"}, "x y": {"x", "y"}, "y x": {"x", "y"}, "none": set()}


class PlotDirective(ResultsDirective):
    """``.. zoo:plot:: [DATASET]`` shows a metric against what it costs, or against time.

    The read document holds one node; the plot is drawn when the page is written.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **(ResultsDirective.option_spec or {}),
        "y": directives.unchanged_required,
        "x": directives.unchanged_required,
        "log": directives.unchanged,
        "labels": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the plot, yet to be drawn; nothing where it would have no points."""
        dataset = self.dataset
        if dataset and not self.knows_dataset(zoo, dataset):
            return []
        choice = self._choice(zoo, dataset)
        if choice is None:
            return []
        selection = Selection(dataset=dataset, conditions=self.conditions(zoo))
        self.domain.use_statuses(self.manifest_name, zoo, dataset, self.env.docname)
        statuses = self.domain.library.board(zoo).statuses
        if not has_points(zoo, pairs(zoo, selection, statuses), choice):
            text = (
                f"the plot has no points: no result has both {choice.y!r} and {choice.x!r}; "
                "choose another x or y, or relax the filter"
            )
            self.warn(text, Subtype.PLOT)
            return []
        plot = zoo_plot(
            "",
            manifest=str(zoo.path),
            choice=choice,
            selection=selection,
            alt=str(self.options.get("alt", "")).strip(),
            docname=self.env.docname,
            classes=self.options.get("class", []),
        )
        self.located(plot)
        messages = self.add_caption(plot)
        self.add_name(plot)
        if not plot["ids"]:
            self.state.document.set_id(plot)
        return [plot, *messages]

    def _choice(self, zoo: Zoo, dataset: str) -> Choice | None:
        """Give what the plot shows; nothing where there is no such axis."""
        y = self._axis("y", y_axes(zoo), default_y(zoo, dataset))
        x = self._axis("x", x_axes(zoo), default_x(zoo, dataset, {y} if y else ()))
        if not (x and y):
            return None
        if x == y:
            self.warn(f"x and y are both {x!r}; choose another x", Subtype.OPTION)
            return None
        return Choice(
            x=x,
            y=y,
            dataset=dataset,
            log=self._log(),
            group_by=self._one_of("group-by", GROUPINGS),
            labels=Labels(name) if (name := self._one_of("labels", tuple(Labels))) else None,
        )

    def _axis(self, option: str, known: dict[str, Axis], default: str) -> str:
        key = str(self.options.get(option, "")).strip()
        if key and key not in known:
            self.warn(f"{option!r} has no {key!r}; {suggest(key, known)}", Subtype.OPTION)
            return ""
        if not (key or default):
            needs = "a metric" if option == "y" else "parameters, a size, a year or a second metric"
            text = f"the plot has no {option}: no result has {needs}; add some to the manifest"
            self.warn(text, Subtype.PLOT)
        return key or default

    def _one_of(self, option: str, known: tuple[str, ...]) -> str:
        word = str(self.options.get(option, "")).strip()
        if word in ("", *known):
            return word
        self.warn(f"{option!r} has no {word!r}; {suggest(word, known)}", Subtype.OPTION)
        return ""

    def _log(self) -> frozenset[str] | None:
        if "log" not in self.options:
            return None
        words = " ".join(str(self.options["log"] or "").replace(",", " ").split())
        if words not in _LOG:
            self.warn(f"'log' is {words!r}; write x, y, 'x y' or none", Subtype.OPTION)
            return None
        return frozenset(_LOG[words])
