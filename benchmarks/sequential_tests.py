"""Print what the sequential tests reach, beside what is listed and what the limits are.

    python benchmarks/sequential_tests.py [--quick]

All figures come from fixed seeds or are exact. ``--quick`` simulates a tenth of the paths. It
exits with 1 when a limit is not held.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.receipts.rule import LOWER_SHARE
from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Side, claim_within
from sphinx_modelzoo.statistics.dynamic import rejection_times
from sphinx_modelzoo.statistics.hypergeometric import at_least, fixed_sample
from sphinx_modelzoo.statistics.logfactorial import log_factorials
from sphinx_modelzoo.statistics.paired import PairedTest
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.planning import items_to_confirm
from sphinx_modelzoo.statistics.search import least
from sphinx_modelzoo.statistics.sequential import NOT_ABOVE, NOT_BELOW

SIZES = (3783, 19_800, 50_000)
N, LISTED = 3783, 3155  # UCF101's first split; 83.4 %
BAND = (3144, 3166)  # 83.4 with its rounding and 0.25 points
MILLION, CORRECT = 1_000_000, 834_000
FEW = 100  # figures below it are printed with their digits
ALPHA = 0.05

State = TypeVar("State")


class Table:
    """Prints rows, and remembers whether a limit was missed."""

    def __init__(self) -> None:
        self.missed = 0

    def head(self, title: str) -> None:
        """Begin a part."""
        print(f"\n{title}\n{'':44}{'listed':>14}{'limit':>10}{'reached':>16}")

    def row(
        self, name: str, listed: str, limit: float | None, reached: float, more: str = ""
    ) -> None:
        """Print a figure, and whether it is within its limit."""
        held = limit is None or reached <= limit
        self.missed += not held
        shown = f"{reached:.0f}" if reached >= FEW else f"{reached:.4g}"
        bound = "" if limit is None else f"{limit:g}"
        print(
            f"{name:44}{listed:>14}{bound:>10}{shown + more:>16}{'' if held else '  MISSED'}",
            flush=True,
        )


def shuffled(total: int, values: Sequence[tuple[int, int]], rest: int, paths: int) -> NDArray[Any]:
    """Make paths that hold each value so many times, in random order, and ``rest`` elsewhere."""
    generator = np.random.default_rng(20_200_608)
    marks = np.repeat([value for value, _ in values], [times for _, times in values])
    outcomes = np.full((paths, total), rest, dtype=np.int8)
    for row in outcomes:
        row[generator.choice(total, len(marks), replace=False)] = marks
    return outcomes


def quantiles(times: NDArray[Any]) -> tuple[float, str]:
    """Give the median, and the text of the nine tenths."""
    return float(np.median(times)), f"/{np.quantile(times, 0.9):.0f}"


def confirm(table: Table, paths: int) -> None:
    """Print the items that a confirmation within half a point takes."""
    listed = {0.05: (633, 676, 688), 0.01: (906, 1003, 1025)}
    floors = {0.05: (551, 583, 592), 0.01: (0, 0, 0)}
    claims = {
        alpha: [claim_within(n, round(0.834 * n), Fraction(1, 2), alpha=alpha) for n in SIZES]
        for alpha in listed
    }
    table.head("Confirm within 0.5 points against evidence, no flip: items")
    for alpha, sizes in listed.items():
        for claim, items in zip(claims[alpha], sizes, strict=True):
            name = f"{1 - alpha:.0%}, N = {claim.total}"
            table.row(name, str(items), items, items_to_confirm(PairedTest(claim)))
    table.head("The same, sample size fixed beforehand (the floor)")
    for alpha, sizes in floors.items():
        for claim, items in zip(claims[alpha], sizes, strict=True):
            size = fixed_sample(claim.total, claim.listed - claim.low + 1, 0, alpha)
            table.row(f"{1 - alpha:.0%}, N = {claim.total}", str(items or ""), None, size or 0)
    table.head(f"The same with flips each way at 95 %, {paths} paths: median/nine of ten")
    for rate, medians in ((0.001, (1171, 1315, 1479)), (0.0025, (1703, 2517, 2454))):
        for claim, median in zip(claims[0.05], medians, strict=True):
            each = round(rate * claim.total)
            outcomes = shuffled(claim.total, [(-1, each), (1, each)], 0, paths)
            times = endings(PairedTest(claim), outcomes).confirmed_at
            table.row(f"{rate:.2%} flips, N = {claim.total}", str(median), None, *quantiles(times))


def confirm_alone(table: Table, paths: int) -> None:
    """Print what a confirmation without evidence takes."""
    table.head(f"Confirm at 95 % without evidence, {paths} paths: median/nine of ten")
    listed = [
        (3783, "0.5", 3395),
        (3783, "1", 2695),
        (19_800, "0.5", 14_000),
        (50_000, "0.5", 22_305),
    ]
    for total, points, median in listed:
        correct = round(0.834 * total)
        test = AccuracyTest(claim_within(total, correct, Fraction(points)))
        outcomes = shuffled(total, [(0, total - correct)], 1, paths)
        times = endings(test, outcomes).confirmed_at
        table.row(f"within {points} points, N = {total}", str(median), None, *quantiles(times))


def refute_alone(table: Table) -> None:
    """Print, exactly, when outcomes alone refute 83.4, and how often wrongly."""
    test = AccuracyTest(Claim(N, *BAND, LISTED, refute=Side.BELOW))
    both = AccuracyTest(Claim(N, *BAND, LISTED, share_below=LOWER_SHARE))
    table.head("Refute 83.4 +- 0.25 without evidence, one side declared, exact: median/nine of ten")
    rows = [
        (10, "120/265", 130),
        (5, "429/861", 440),
        (2, "1787/2565", 1800),
        (1, "3146/3487", None),
    ]
    for points, listed, limit in rows:
        reached = rejection_times(test, LISTED - round(points * N / 100), [NOT_BELOW]).cumsum()
        median, most = np.searchsorted(reached, (0.5, 0.9))
        table.row(f"the truth is {points} points lower", listed, limit, int(median), f"/{most}")
    table.head(f"The same with both sides watched, {LOWER_SHARE:.0%} of alpha below (verify-zoo)")
    for points, _, limit in rows:
        chances = rejection_times(both, LISTED - round(points * N / 100), [NOT_BELOW, NOT_ABOVE])
        median, most = np.searchsorted(chances.cumsum(), (0.5, 0.9))
        table.row(f"the truth is {points} points lower", "", limit, int(median), f"/{most}")
    table.head("False alarms by dynamic programme")
    for name, correct in (("K0, the band's lower end", BAND[0]), ("the listed count", LISTED)):
        table.row(name, "", 0.05, rejection_times(test, correct, [NOT_BELOW]).sum())
    for correct in BAND:
        chance = rejection_times(both, correct, [NOT_BELOW, NOT_ABOVE]).sum()
        table.row(f"split over both sides, K = {correct}", "", 0.05, chance)
    missed = 1.0 - rejection_times(test, BAND[0] - 1, [NOT_BELOW]).sum()
    table.row("K0 - 1 not found when all are counted", "0", 1e-9, max(missed, 0.0))


def refute_paired(table: Table, paths: int) -> None:
    """Print when differences from evidence refute."""
    claim = claim_within(N, LISTED, Fraction(1, 4), refute=Side.BELOW)
    table.head(
        f"Refute 0.25 points against evidence, 0.1 % flips, {paths} paths: median/nine of ten"
    )
    each = round(0.001 * N)
    for points, listed in ((10, "55/96"), (5, "124/203"), (2, "281/568")):
        losses = round(points * N / 100) + each
        outcomes = shuffled(N, [(-1, losses), (1, each)], 0, paths)
        times = endings(PairedTest(claim), outcomes).refuted_at
        table.row(f"the truth is {points} points lower", listed, None, *quantiles(times))


def peek(table: Table, paths: int) -> None:
    """Print the negative control: a fixed-n p-value that is looked at after every item."""
    factorials = log_factorials(N)
    wrong = N - BAND[0]

    def significant(k: int, n: int) -> bool:
        return at_least(k, total=N, marked=wrong, drawn=n, table=factorials) <= ALPHA

    limits = [least(lambda k, n=n: significant(k, n), 0, n + 1) for n in range(1, N + 1)]  # type: ignore[misc]
    outcomes = shuffled(N, [(1, wrong)], 0, paths)
    share = (outcomes.cumsum(axis=1) >= np.array(limits)).any(axis=1).mean()
    table.head(f"Negative control: peeking at a fixed-n p-value, {paths} paths")
    table.row("false alarms at a nominal 5 %", "0.54", None, float(share))


def overhead(table: Table) -> None:
    """Print what an item costs, in microseconds."""
    table.head("Microseconds an item, N = 1,000,000")
    claim = claim_within(MILLION, CORRECT, Fraction(1, 100), alpha=1e-6)
    alone, paired = AccuracyTest(claim), PairedTest(claim)
    right = np.random.default_rng(1).random(20_000) < CORRECT / MILLION
    cost(table, "outcomes alone", alone.after, alone.start(), right)
    cost(table, "against evidence", paired.after, paired.start(), np.zeros(20_000, dtype=np.int64))


def cost(
    table: Table,
    name: str,
    after: Callable[[State, NDArray[Any]], State],
    start: State,
    outcomes: NDArray[Any],
) -> None:
    """Print what an item costs in pieces of several sizes."""
    for piece in (1, 16, 256, 4096):
        items = outcomes[: 1000 * piece]
        state = start
        begin = time.process_time()
        for first in range(0, len(items), piece):
            state = after(state, items[first : first + piece])
        spent = (time.process_time() - begin) / len(items)
        table.row(f"{name}, in pieces of {piece}", "", 50 if piece > 1 else None, 1e6 * spent)


def run_million(kind: str) -> tuple[float, float, int]:
    """Run a test over a million items; give megabytes of this process, seconds and its end."""
    begin = time.process_time()
    claim = Claim(MILLION, CORRECT, CORRECT, CORRECT, alpha=1e-9)
    if kind == "outcomes alone":
        alone = AccuracyTest(claim)
        right = np.random.default_rng(0).permutation(np.arange(MILLION) < CORRECT)
        end = alone.after(alone.start(), right).standing.n
    else:
        paired = PairedTest(claim)
        end = paired.after(paired.start(), np.zeros(MILLION, dtype=np.int64)).standing.n
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return memory, time.process_time() - begin, end


def million(table: Table) -> None:
    """Print what a million items take, each test in a process of its own."""
    table.head("A band of one count among 1,000,000 items")
    for kind in ("outcomes alone", "against evidence"):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            memory, seconds, end = pool.submit(run_million, kind).result()
        table.row(f"{kind}: megabytes, whole process", "", 200, memory)
        table.row(f"{kind}: seconds", "", None, seconds, f", n = {end}")


def main() -> int:
    """Print all figures; give the exit code."""
    parser = argparse.ArgumentParser(description="Print what the sequential tests reach.")
    parser.add_argument("--quick", action="store_true", help="simulate a tenth of the paths")
    scale = 10 if parser.parse_args().quick else 1
    table = Table()
    begin = time.perf_counter()
    million(table)  # first: a process inherits its parent's highest memory
    confirm(table, 2000 // scale)
    refute_alone(table)
    refute_paired(table, 2000 // scale)
    confirm_alone(table, 100 // scale)
    peek(table, 2000 // scale)
    overhead(table)
    print(f"\n{time.perf_counter() - begin:.0f} s; limits missed: {table.missed}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
