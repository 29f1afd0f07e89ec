"""All rules, in the order of their codes."""

from __future__ import annotations

from sphinx_modelzoo.lint.copies import COPIED
from sphinx_modelzoo.lint.counts import DIGITS, IMPOSSIBLE
from sphinx_modelzoo.lint.datasets import OTHER_DATASET
from sphinx_modelzoo.lint.figures import LOG_DIFFERS
from sphinx_modelzoo.lint.hashes import AMBIGUOUS, OTHER_IN_NAME, OTHER_THAN_FILE
from sphinx_modelzoo.lint.ignores import NO_REASON, USELESS_IGNORE
from sphinx_modelzoo.lint.links import NAMED_OTHER, ONE_ADDRESS, SHARED_LOG, UNFIT
from sphinx_modelzoo.lint.loader import MISSING, OTHER_DEFAULT, UNKNOWN
from sphinx_modelzoo.lint.policy import LICENCE, REQUIRED, UNKNOWN_REQUIREMENT
from sphinx_modelzoo.lint.problems import MANIFEST
from sphinx_modelzoo.lint.references import UNCITED, UNFILLED, UNUSED
from sphinx_modelzoo.lint.repeats import TWO_NUMBERS
from sphinx_modelzoo.lint.rule import Rule
from sphinx_modelzoo.lint.values import FRACTION, ORDER, OUT_OF_RANGE

RULES: tuple[Rule, ...] = (
    MANIFEST,
    USELESS_IGNORE,
    NO_REASON,
    AMBIGUOUS,
    OTHER_IN_NAME,
    OTHER_THAN_FILE,
    OTHER_DEFAULT,
    UNKNOWN,
    MISSING,
    OUT_OF_RANGE,
    FRACTION,
    ORDER,
    TWO_NUMBERS,
    COPIED,
    IMPOSSIBLE,
    DIGITS,
    LOG_DIFFERS,
    OTHER_DATASET,
    UNUSED,
    UNCITED,
    UNFILLED,
    UNFIT,
    SHARED_LOG,
    ONE_ADDRESS,
    NAMED_OTHER,
    REQUIRED,
    UNKNOWN_REQUIREMENT,
    LICENCE,
)
