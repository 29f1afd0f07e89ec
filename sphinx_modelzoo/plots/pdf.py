"""A scene as a PDF, through matplotlib: the same drawing as the SVG, with its font embedded.

No other module imports matplotlib, and this one is imported only when a PDF is drawn. Of matplotlib
only the object-oriented parts are used, under its own default settings: neither a matplotlibrc nor
another extension's settings show in the drawing, nor the other way round. Equal scenes give equal
bytes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.text import Text as DrawnText
from matplotlib.transforms import Affine2D

from sphinx_modelzoo.plots.scene import COLOURS, Line, Mark, Scene, Shape, Text
from sphinx_modelzoo.plots.shapes import corners, right_half
from sphinx_modelzoo.receipts.model import StatusKind

_POINTS_PER_INCH = 72
_INK = "#1a1a1a"
_OUTLINE = 1.6
_SIDES: dict[str, Literal["left", "center", "right"]] = {
    "start": "left",
    "middle": "center",
    "end": "right",
}


def pdf_bytes(scene: Scene) -> bytes:
    """Give a scene as a PDF of one page."""
    settings = {key: value for key, value in mpl.rcParamsDefault.items() if "backend" not in key}
    settings["pdf.fonttype"] = 42
    out = BytesIO()
    with mpl.rc_context(settings), warnings.catch_warnings():
        # The font that is embedded lacks some scripts; it shows their letters as boxes.
        warnings.simplefilter("ignore", UserWarning)
        figure = Figure(figsize=(scene.width / _POINTS_PER_INCH, scene.height / _POINTS_PER_INCH))
        _Drawing(scene, figure).draw()
        metadata = {"Creator": None, "Producer": None, "CreationDate": None}
        FigureCanvasPdf(figure).print_pdf(out, metadata=metadata)  # type: ignore[no-untyped-call]
    return out.getvalue()


class _Drawing:
    """Draws the parts of a scene onto a figure, in the canvas's own units."""

    def __init__(self, scene: Scene, figure: Figure) -> None:

        self._scene = scene
        self._figure = figure
        flipped = Affine2D().scale(1, -1).translate(0, scene.height)
        self._canvas = flipped.scale(1 / _POINTS_PER_INCH) + figure.dpi_scale_trans
        file = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
        self._font = FontProperties(fname=str(file))

    def draw(self) -> None:
        """Draw the whole scene."""
        for part in self._scene.frame:
            self._part(part)
        for spot in self._scene.spots:
            for bar in spot.mark.bars:
                self._part(bar)
            self._mark(spot.mark)
        for part in self._scene.names:
            self._part(part)

    def _part(self, part: Line | Text | Mark) -> None:
        match part:
            case Line():
                self._line(part.points, part.width, _colour(part.group), part.ink.value)
            case Text():
                self._text(part)
            case Mark():
                self._mark(part)

    def _text(self, text: Text) -> None:

        self._figure.add_artist(
            DrawnText(
                text.x,
                text.y,
                text.text,
                fontproperties=self._font,
                fontsize=text.size,
                color=_INK,
                alpha=text.ink.value,
                horizontalalignment=_SIDES[text.anchor],
                verticalalignment="baseline",
                parse_math=False,
                transform=self._canvas,
            )
        )

    def _mark(self, mark: Mark) -> None:
        """Draw a mark as the SVG has it."""
        x, y, r, colour = mark.x, mark.y, mark.radius, _colour(mark.group)
        filled = mark.status in {StatusKind.VERIFIED, None}
        self._shape(mark, colour, fill=colour if filled else "none")
        match mark.status:
            case StatusKind.SPOT:
                half = [(x + dx, y + dy) for dx, dy in right_half(mark.shape, r)]
                self._path(self._polygon(half), fill=colour)
            case StatusKind.STALE:
                self._path(self._circle(x, y, 0.36 * r), fill=colour)
            case StatusKind.REFUTED:
                d = 1.45 * r
                self._line(((x - d, y - d), (x + d, y + d)), _OUTLINE, colour)
                self._line(((x - d, y + d), (x + d, y - d)), _OUTLINE, colour)

    def _shape(self, mark: Mark, colour: str, fill: str) -> None:
        if mark.shape is Shape.CIRCLE:
            path = self._circle(mark.x, mark.y, mark.radius)
        else:
            places = corners(mark.shape, mark.radius)
            path = self._polygon([(mark.x + x, mark.y + y) for x, y in places])
        self._path(path, edge=colour, width=_OUTLINE, fill=fill)

    def _line(
        self, points: Sequence[tuple[float, float]], width: float, colour: str, alpha: float = 1.0
    ) -> None:

        self._path(Outline(list(points)), edge=colour, width=width, alpha=alpha)

    @staticmethod
    def _circle(x: float, y: float, radius: float) -> Outline:

        return Outline.circle((x, y), radius)

    @staticmethod
    def _polygon(places: list[tuple[float, float]]) -> Outline:

        return Outline([*places, places[0]], closed=True)

    def _path(
        self,
        path: Outline,
        *,
        edge: str = "none",
        width: float = 0.0,
        fill: str = "none",
        alpha: float = 1.0,
    ) -> None:

        patch = PathPatch(
            path,
            edgecolor=edge,
            facecolor=fill,
            linewidth=width,
            alpha=alpha,
            transform=self._canvas,
        )
        self._figure.add_artist(patch)


def _colour(group: int | None) -> str:
    return _INK if group is None else COLOURS[group]
