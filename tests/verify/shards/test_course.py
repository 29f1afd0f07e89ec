"""How far a shard goes: with a budget as far as its time allows, and at least as is planned."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.verify.course import SpentError
from sphinx_modelzoo.verify.order import seeded_items
from sphinx_modelzoo.verify.shards.course import ShardCourse
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def went(course: ShardCourse, clock: Clock, total: int, seconds: float) -> int:
    """Let items come, each after some seconds; give how many there are at the end."""
    items = seeded_items({f"item {index}": 0 for index in range(total)}, "seed")
    tally = Tally(items, (1,), 1)
    course.begin(tally)
    for item in items.in_order():
        if course.enough(tally):
            break
        clock.now += seconds
        tally.add(0, Prediction(item, 0, ((0, 1.0),)))
    course.end()
    return tally.n


@pytest.mark.parametrize(
    ("budget", "n", "spent"),
    [
        (1000.0, 100, False),  # all fit
        (80.0, 30, False),  # what is planned fits, the rest does not
        (12.0, 12, True),
        (0.0, 0, True),
    ],
)
def test_a_budget_goes_to_the_goal_and_on_where_the_rest_fits(bench, budget, n, spent):
    clock = Clock()
    course = ShardCourse(bench.run, None, seconds=budget, clock=clock)
    course.goal = 30
    assert went(course, clock, 100, 1.0) == n
    assert course.spent is spent


def test_without_a_budget_nothing_stops_it(bench):
    clock = Clock()
    course = ShardCourse(bench.run, Tier.SPOT, clock=clock)
    course.goal = 30
    assert went(course, clock, 100, 1e6) == 100
    course.check_time()


def test_a_recognizer_that_is_silent_when_the_time_is_over_is_not_waited_for(bench):
    clock = Clock()
    course = ShardCourse(bench.run, None, seconds=5.0, clock=clock)
    course.begin(Tally(seeded_items({"item": 0}, "seed"), (1,), 1))
    clock.now = 6.0
    with pytest.raises(SpentError):
        course.check_time()
