"""The Pareto front: the points that no other is better than in everything that counts."""

from __future__ import annotations

from collections.abc import Sequence


def pareto_front(
    points: Sequence[tuple[float, float]], x_better: str, y_better: str
) -> tuple[int, ...]:
    """Give the positions of the points on the front, from the best x to the worst.

    ``x_better`` and ``y_better`` are ``higher`` or ``lower``. A point is on the front when no
    other is at least as good in both and better in one; equal points are on it together.
    """
    x_sign = 1 if x_better == "lower" else -1
    y_sign = 1 if y_better == "lower" else -1
    costs = [(x_sign * x, y_sign * y) for x, y in points]
    front: list[int] = []
    for index in sorted(range(len(costs)), key=lambda index: (costs[index], index)):
        if not front or costs[index][1] < costs[front[-1]][1] or costs[index] == costs[front[-1]]:
            front.append(index)
    return tuple(front)
