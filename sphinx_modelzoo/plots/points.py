"""From a zoo to a plot: which results stand where, in which group, and which are on a front."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.plots.axes import Value, value_of, x_axes, y_axes
from sphinx_modelzoo.plots.front import pareto_front
from sphinx_modelzoo.plots.model import Axis, Labels, Omission, Plot, Point
from sphinx_modelzoo.plots.scale import wants_log
from sphinx_modelzoo.plots.scene import COLOURS
from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.uncertainty import uncertainty
from sphinx_modelzoo.receipts.words import status_text

GROUPINGS = ("dataset", "protocol", "tags", "license", "architecture", "family", "none")
"""What points can be grouped by. A family is the word that an architecture's name begins with."""

_MOST_NAMES = 25
_FAMILY = re.compile(r"[^\W\d_]+?(?=v?\d|[\W_]|$)")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a plot is to show.

    ``x`` and ``y`` are keys of axes; ``dataset`` is empty for results on all. ``log`` names the
    axes with a logarithmic scale; None lets the values decide. ``group_by`` is one of
    :data:`GROUPINGS`; empty means the data set where there are several, else the tags where there
    are any. ``labels`` is None for all names of up to 25 points, and for those on a front beyond.
    """

    x: str
    y: str
    dataset: str = ""
    log: frozenset[str] | None = None
    group_by: str = ""
    labels: Labels | None = None


def plot_of(
    zoo: Zoo,
    rows: Sequence[tuple[Entry, Result]],
    choice: Choice,
    statuses: Mapping[NumberKey, Status],
) -> Plot:
    """Give the plot of some of a zoo's results; it may have no points."""
    x, y = x_axes(zoo)[choice.x], y_axes(zoo)[choice.y]
    group_by = choice.group_by or _telling(rows)
    points: list[Point] = []
    omissions: list[Omission] = []
    for entry, result, place in _places(zoo, rows, choice):
        if isinstance(place, str):
            omissions.append(Omission(entry.name, place))
            continue
        status = statuses.get(number_key(entry, result, choice.y))
        point = _point(zoo, entry, result, *place)
        point = replace(point, group=_group(zoo, entry, result, group_by))
        points.append(_with_status(point, zoo, result, choice.y, status))
    points = _told_apart(points)
    return Plot(
        title=_title(zoo, choice, x, y),
        x=replace(x, log=_is_log("x", x, [point.x for point in points], choice)),
        y=replace(y, log=_is_log("y", y, [point.y for point in points], choice)),
        points=tuple(points),
        omissions=tuple(omissions),
        groups=_groups(points),
        fronts=tuple(_fronts(points, x, y)),
        labels=choice.labels or (Labels.ALL if len(points) <= _MOST_NAMES else Labels.FRONT),
    )


def has_points(zoo: Zoo, rows: Sequence[tuple[Entry, Result]], choice: Choice) -> bool:
    """Tell whether a plot of some results would have any points, without making it."""
    return any(not isinstance(place, str) for _, _, place in _places(zoo, rows, choice))


def _places(
    zoo: Zoo, rows: Sequence[tuple[Entry, Result]], choice: Choice
) -> Iterator[tuple[Entry, Result, tuple[Value, Value] | str]]:
    """Give each result with its x and its y, or else with what it lacks."""
    x, y = x_axes(zoo)[choice.x], y_axes(zoo)[choice.y]
    logs = choice.log or frozenset()
    for entry, result in rows:
        x_value = value_of(zoo, entry, result, choice.x)
        y_value = value_of(zoo, entry, result, choice.y)
        if y_value is None:
            yield entry, result, y.called
        elif x_value is None:
            yield entry, result, x.called
        elif "y" in logs and float(y_value.raw) <= 0:
            yield entry, result, f"{y.called} above 0"
        elif "x" in logs and float(x_value.raw) <= 0:
            yield entry, result, f"{x.called} above 0"
        else:
            yield entry, result, (x_value, y_value)


def _point(zoo: Zoo, entry: Entry, result: Result, x: Value, y: Value) -> Point:
    return Point(
        key=entry.key,
        name=entry.name,
        label=entry.name,
        hashtag=entry.hashtag,
        dataset=zoo.datasets[result.dataset].title,
        protocol=result.protocol,
        x=float(x.raw),
        y=float(y.raw),
        x_text=x.text,
        y_text=y.text,
        x_raw=x.raw,
        y_raw=y.raw,
    )


def _with_status(
    point: Point, zoo: Zoo, result: Result, metric: str, status: Status | None
) -> Point:
    number, dataset = result.numbers[metric], zoo.datasets[result.dataset]
    unsure = uncertainty(number, zoo.metrics[metric], dataset, status)
    if unsure is not None:
        point = replace(point, low=unsure.low, high=unsure.high, count=unsure.text())
    if status is None:
        return point
    return replace(point, status=status.kind, status_text=status_text(status))


def _telling(rows: Sequence[tuple[Entry, Result]]) -> str:
    """Give what tells the results apart best."""
    if len({result.dataset for _, result in rows}) > 1:
        return "dataset"
    tags = {entry.tags for entry, _ in rows}
    return "tags" if len(tags) > 1 else "none"


def _group(zoo: Zoo, entry: Entry, result: Result, group_by: str) -> str:
    architecture = entry.architecture or entry.name
    word = _FAMILY.match(architecture)
    tags = (zoo.tags[key] for key in entry.tags)
    groups = {
        "dataset": zoo.datasets[result.dataset].title,
        "protocol": result.protocol or "no protocol",
        "tags": ", ".join(tag.text or tag.key for tag in tags) or "no tag",
        "license": entry.license or "no license",
        "architecture": architecture,
        "family": word[0] if word else architecture,
    }
    return groups.get(group_by, "")


def _groups(points: Sequence[Point]) -> tuple[str, ...]:
    """Give the groups in the manifest's order; where there are too many, the largest and the rest.

    A single group is none.
    """
    sizes = Counter(point.group for point in points)
    if len(sizes) <= 1:
        return ()
    if len(sizes) <= len(COLOURS):
        return tuple(sizes)
    largest = {group for group, _ in sizes.most_common(len(COLOURS) - 1)}
    return (*(group for group in sizes if group in largest), "others")


def _told_apart(points: Sequence[Point]) -> list[Point]:
    """Add to the labels of points with one name and group what tells them apart."""
    alike: dict[tuple[str, str, str], list[Point]] = {}
    for point in points:
        alike.setdefault((point.label, point.group, point.dataset), []).append(point)
    told = []
    for point in points:
        same = alike[point.label, point.group, point.dataset]
        differing = [
            getattr(point, field)
            for field in ("protocol", "hashtag")
            if len({getattr(other, field) for other in same}) > 1
        ]
        label = " ".join((point.label, *filter(None, differing[:1])))
        told.append(replace(point, label=label))
    return told


def _is_log(letter: str, axis: Axis, values: Sequence[float], choice: Choice) -> bool:
    if choice.log is not None:
        return letter in choice.log
    return not axis.whole and axis.unit != "%" and wants_log(values)


def _fronts(points: Sequence[Point], x: Axis, y: Axis) -> Iterator[tuple[int, ...]]:
    if not (x.better and y.better):
        return
    by_dataset: dict[str, list[int]] = {}
    for index, point in enumerate(points):
        by_dataset.setdefault(point.dataset, []).append(index)
    for members in by_dataset.values():
        places = [(points[index].x, points[index].y) for index in members]
        yield tuple(members[place] for place in pareto_front(places, x.better, y.better))


def _title(zoo: Zoo, choice: Choice, x: Axis, y: Axis) -> str:
    where = f" on {zoo.datasets[choice.dataset].title}" if choice.dataset else ""
    return f"{y.title} against {x.called}{where}"
