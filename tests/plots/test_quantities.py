from __future__ import annotations

from decimal import Decimal

import pytest

from sphinx_modelzoo.plots.quantities import tick_texts


@pytest.mark.parametrize(
    ("ticks", "unit", "texts", "shown"),
    [
        ([5_000_000, 100_000_000], "", ["5M", "100M"], ""),
        ([0, 2_500_000], "", ["0", "2.5M"], ""),
        ([80, 82.5], "%", ["80", "82.5"], "%"),
        ([0, 50_000_000], "B", ["0", "50"], "MB"),
        ([500_000, 20_000_000], "B", ["0.5", "20"], "MB"),
        ([100_000, 1_000_000_000], "B", ["100k", "1G"], "bytes"),
        ([10, 500], "B", ["10", "500"], "bytes"),
        ([-20, 0], "", ["\u221220", "0"], ""),
        ([10**30, 2 * 10**30], "s", ["1e30", "2e30"], "s"),
        ([Decimal("1e-12")], "s", ["1e-12"], "s"),
    ],
)
def test_ticks_are_short_and_the_unit_stands_in_the_title(
    ticks: list[float], unit: str, texts: list[str], shown: str
) -> None:
    decimals = [Decimal(str(tick)) for tick in ticks]
    assert tick_texts(decimals, unit) == (texts, shown)
