from __future__ import annotations

import pytest

from sphinx_modelzoo.manifest.amounts import scaled


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "B", ""),
        (0, "", "0"),
        (999, "", "999"),
        (274042, "", "274k"),
        (25_600_000, "", "25.6M"),
        (9_994_999, "", "9.99M"),
        (9_995_000, "", "10.0M"),
        (999_499, "", "999k"),
        (999_500, "", "1.00M"),
        (91_200_000, "B", "91.2 MB"),
        (10**18, "", "1000P"),
    ],
)
def test_amounts_have_three_digits_and_a_prefix(value: int | None, unit: str, text: str) -> None:
    assert scaled(value, unit) == text
