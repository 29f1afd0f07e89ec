"""Drawing plots when a page is written: for HTML, EPUB and LaTeX; for all others their data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.plots.layout import lay_out
from sphinx_modelzoo.plots.model import Plot
from sphinx_modelzoo.plots.points import plot_of
from sphinx_modelzoo.plots.scene import Scene
from sphinx_modelzoo.plots.svg import svg_file
from sphinx_modelzoo.plots.table import columns, csv_text, rows
from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.messages import Subtype, warn
from sphinx_modelzoo.sphinxext.plot.nodes import plot_data, plot_drawing, zoo_plot
from sphinx_modelzoo.sphinxext.table.grid import titled
from sphinx_modelzoo.sphinxext.table.html import address
from sphinx_modelzoo.sphinxext.table.rows import Selection, select

_WIDEST = 60
_NO_MATPLOTLIB = (
    "matplotlib is not installed, so that plots cannot be drawn for LaTeX and their data stand as "
    'tables; install it with: pip install "sphinx-modelzoo[plot]"'
)


def pairs(
    zoo: Zoo, selection: Selection, statuses: Mapping[NumberKey, Status]
) -> list[tuple[Entry, Result]]:
    """Give the results that a selection holds."""
    needed = statuses if selection.needs_status() else None
    groups, _ = select(zoo, selection, needed)
    return [(row.entry, row.result) for group in groups for row in group.rows]


class DrawPlots(SphinxPostTransform):
    """Draws the plots of a document, before Sphinx resolves its references."""

    default_priority = 8

    def run(self, **_kwargs: object) -> None:
        """Replace each announced plot."""
        library = zoo_domain(self.env).library
        drawable = True
        for node in list(self.document.findall(zoo_plot)):
            zoo = library.manifest(node["manifest"]).zoo
            parent, index = node.parent, node.parent.index(node)
            parts: list[nodes.Element] = []
            if zoo is not None:
                statuses = library.board(zoo).statuses
                chosen = pairs(zoo, node["selection"], statuses)
                plot = plot_of(zoo, chosen, node["choice"], statuses)
                shown = _Shown(self.env, node, plot, _scene(node, plot))
                try:
                    parts = shown.parts(drawable=drawable)
                except ImportError:
                    warn(_NO_MATPLOTLIB, Subtype.PLOT, node)
                    drawable = False
                    parts = shown.parts(drawable=False)
            parent[index : index + 1] = parts


def _scene(node: zoo_plot, plot: Plot) -> Scene:
    scene = lay_out(plot)
    caption = next(iter(node.children), None)
    return replace(
        scene,
        title=caption.astext() if caption is not None else scene.title,
        description=node["alt"] or scene.description,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A plot as the nodes of a builder."""

    env: BuildEnvironment
    node: zoo_plot
    plot: Plot
    scene: Scene

    def parts(self, *, drawable: bool) -> list[nodes.Element]:
        """Give the plot for the builder.

        Raises:
            ImportError: it needs matplotlib, which is not installed.
        """
        builder = self._builder
        if builder.name == "epub":
            drawing = self._image("svg", svg_file(self.scene).encode())
            return [self._figure(drawing, *self._notes()), self._table()]
        if builder.format == "html":
            return [self._html()]
        if builder.format == "latex" and drawable:
            from sphinx_modelzoo.plots.pdf import pdf_bytes  # noqa: PLC0415 - needs matplotlib

            return [self._figure(self._image("pdf", pdf_bytes(self.scene)), *self._notes())]
        table = self._table()
        table["ids"] = self.node["ids"]
        return [*titled(self._title(), table, table, builder.format), *self._notes()]

    @property
    def _builder(self) -> Builder:
        return zoo_domain(self.env).builder

    @property
    def _stem(self) -> str:
        """The name of the plot's files: letters, digits and hyphens, no other plot's."""
        place = f"{self.node['docname']}\n{self.node['ids'][0]}"
        digest = hashlib.sha256(place.encode()).hexdigest()[:12]
        return f"zoo-plot-{digest}"

    def _figure(self, *parts: nodes.Element) -> nodes.figure:
        drawing, *below = parts
        caption = nodes.caption("", "", *self._title().children)
        figure = nodes.figure("", drawing, caption, align="default")
        if below:
            figure += nodes.legend("", *below)
        figure["ids"], figure["names"] = self.node["ids"], self.node["names"]
        figure["classes"] = ["zoo-plot", *self.node["classes"]]
        figure.source, figure.line = self.node.source, self.node.line
        return figure

    def _title(self) -> nodes.Element:
        """Give the page's own caption, which gettext knows again, or ours."""
        own = next(iter(self.node.findall(nodes.title)), None)
        return nodes.title("", self.plot.title) if own is None else own

    def _notes(self) -> list[nodes.Element]:
        text = " ".join(self.scene.notes)
        return [nodes.paragraph(text, text)] if text else []

    def _html(self) -> nodes.figure:
        docname, targets = self.node["docname"], self._targets()
        drawing = plot_drawing(scene=self.scene, key=self._stem, docname=docname, targets=targets)
        names = nodes.Text(" ".join(point.label for point in self.plot.points))
        data = plot_data("", names, plot=self.plot, docname=docname, targets=targets)
        return self._figure(drawing, *self._notes(), data, *self._download())

    def _targets(self) -> dict[str, tuple[str, str]]:
        """Give where each point leads: to its model's card, else to where a page lists it."""
        domain, manifest = zoo_domain(self.env), self.node["manifest"]
        homes = {
            point.key: domain.card("model", manifest, point.key)
            or domain.card("model", manifest, point.name)
            or domain.home("model", manifest, point.key)
            or domain.home("model", manifest, point.name)
            for point in self.plot.points
        }
        return {key: home for key, home in homes.items() if home is not None}

    def _download(self) -> list[nodes.Element]:
        """Write the CSV among the page's downloads, and give the link to it."""
        if not getattr(self._builder, "download_support", False):
            return []
        name = f"{self._stem}/{self.plot.y.key}-{self.plot.x.key}.csv"
        _write(Path(self._builder.outdir, "_downloads", name), csv_text(self.plot).encode())
        text = "Download the data (CSV)"
        link = addnodes.download_reference("", "", nodes.Text(text), filename=name, reftarget=name)
        return [nodes.paragraph("", "", link)]

    def _image(self, suffix: str, content: bytes) -> nodes.image:
        """Give an image that the builder copies beside its output."""
        file = Path(self.env.doctreedir, "zoo-plots", f"{self._stem}.{suffix}")
        _write(file, content)
        self._builder.images[str(file)] = file.name
        return nodes.image(uri=str(file), candidates={"*": str(file)}, alt=self.scene.description)

    def _table(self) -> nodes.table:
        """Give the data as a table, in a book's pages with links to the models."""
        head, body = columns(self.plot), rows(self.plot)
        widths = [min(_WIDEST, max(map(len, texts))) for texts in zip(head, *body, strict=True)]
        targets = self._targets() if self._builder.format == "html" else {}
        group = nodes.tgroup("", cols=len(head))
        group += [nodes.colspec("", colwidth=width) for width in widths]
        group += nodes.thead("", _row([nodes.Text(title) for title in head]))
        lines = nodes.tbody()
        for point, (name, *cells) in zip(self.plot.points, body, strict=True):
            target = targets.get(point.key)
            first = self._link(name, target) if target else nodes.Text(name)
            lines += _row([first, *map(nodes.Text, cells)])
        group += lines
        return nodes.table("", group, classes=["colwidths-auto"])

    def _link(self, name: str, target: tuple[str, str]) -> nodes.reference:
        uri = address(self._builder, self.node["docname"], *target)
        return nodes.reference("", "", nodes.Text(name), internal=True, refuri=uri)


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    filled = ([nodes.paragraph("", "", cell)] if cell.astext() else [] for cell in cells)
    return nodes.row("", *(nodes.entry("", *parts) for parts in filled))


def _write(file: Path, content: bytes) -> None:
    """Write a file where it differs from what is there."""
    if not (file.is_file() and file.read_bytes() == content):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
