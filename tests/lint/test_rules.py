"""Every rule's own examples: the wrong one gives exactly its code, the right one gives none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_modelzoo.lint.rule import Example, Need, Options, Rule
from sphinx_modelzoo.lint.rules import RULES
from sphinx_modelzoo.lint.run import lint
from sphinx_modelzoo.manifest.loader_table import read_table

by_code = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def codes(folder: Path, example: Example, rule: Rule) -> set[str]:
    path = folder / "zoo.yaml"
    path.write_text("zoo: 1\n" + example.manifest, encoding="utf-8")
    for name, text in example.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = folder / "model_store.py"
    table = read_table(store) if store.is_file() else None
    options = Options(loader=table, loader_models=rule.need is Need.LOADER_MODELS)
    return {finding.code for finding in lint(path, options).findings}


@by_code
def test_the_wrong_example_gives_exactly_this_code(rule: Rule, tmp_path: Path) -> None:
    assert codes(tmp_path, rule.wrong, rule) == {rule.code}


@by_code
def test_the_right_example_gives_nothing(rule: Rule, tmp_path: Path) -> None:
    assert codes(tmp_path, rule.right, rule) == set()


def test_codes_and_names_are_unique_and_in_order() -> None:
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})
    assert len({rule.name for rule in RULES}) == len(RULES)


@by_code
def test_a_rule_explains_itself_in_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"ZOO[0-3]\d\d", rule.code)
    for text in (rule.summary, rule.explanation):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
    assert "\n" not in rule.summary
    assert len(rule.summary) <= 100
