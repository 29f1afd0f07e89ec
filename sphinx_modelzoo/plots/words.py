"""A plot in words: what each point says, and what the whole shows to those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sphinx_modelzoo.plots.model import Plot, Point

_MOST_NAMES = 8


def point_text(plot: Plot, point: Point) -> str:
    """Give all that is known of a point: ``vgg16: Top-1 83.4 %, parameters 138M; 3155 of …``."""
    values = f"{plot.y.called} {point.y_text}, {plot.x.called} {point.x_text}"
    parts = [values, point.count, point.status_text]
    group = f" ({point.group})" if point.group else ""
    return f"{point.label}{group}: {'; '.join(part for part in parts if part)}"


def described(plot: Plot, remarks: Sequence[str]) -> str:
    """Give what a plot shows, for those who do not see it, with what every reader is told."""
    return " ".join((*_what(plot), *remarks))


def _what(plot: Plot) -> Iterator[str]:
    count = len(plot.points)
    scale = ", on a logarithmic scale" if plot.x.log else ""
    plural = "points" if count != 1 else "point"
    yield f"{plot.y.title} against {plot.x.called}{scale}: {count} {plural}."
    by_y = sorted(plot.points, key=lambda point: point.y)
    low, high = by_y[0], by_y[-1]
    if low.y_text != high.y_text:
        yield (f"{plot.y.title} from {low.y_text} ({low.label}) to {high.y_text} ({high.label}).")
    for front in plot.fronts:
        named = listing([plot.points[index].label for index in front])
        where = f" on {plot.points[front[0]].dataset}" if len(plot.fronts) > 1 else ""
        what = "Best so far" if plot.x.key == "year" else "On the Pareto front"
        yield f"{what}{where}: {named}."


def notes(plot: Plot, unlabelled: int, *, bars: bool) -> Iterator[str]:
    """Give what every reader of a plot should know, as sentences.

    ``unlabelled`` counts the names that found no room; ``bars`` says whether any bar is to be seen.
    """
    bare = sum(point.low is None for point in plot.points)
    if 0 < bare < len(plot.points):
        yield f"{_count(bare, 'point')} without an interval: the number of items is not known."
    if bare < len(plot.points) and not bars:
        yield "The 95 % intervals are smaller than the marks."
    for axis in (plot.y, plot.x):
        if not axis.better:
            yield (
                f"There is no Pareto front, as the manifest does not give the direction in "
                f"which {axis.called} is better."
            )
            break
    lacking: dict[str, list[str]] = {}
    for omission in plot.omissions:
        lacking.setdefault(omission.lacks, []).append(omission.label)
    for what, labels in lacking.items():
        number = f"{len(labels)} are left out" if len(labels) > 1 else "1 is left out"
        yield f"{number}, as the manifest lists no {what}: {listing(labels)}."
    if unlabelled:
        verb = "has" if unlabelled == 1 else "have"
        yield f"{_count(unlabelled, 'point')} {verb} no room for a name; the table has all."


def listing(names: Sequence[str]) -> str:
    """Give some names in a row, and of many how many more there are."""
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
