"""The configuration of programs that only print, and how their arguments are filled."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.errors import CallError, UndecidedError
from sphinx_modelzoo.verify.printed.arguments import Template, fill
from sphinx_modelzoo.verify.recognizer.commands import configured


def test_a_value_that_a_program_would_take_for_an_option_is_refused():
    template = Template(("x", "{name}", "{shift}"))
    known = {"name": "--load=evil", "shift": "-1"}
    with pytest.raises(UndecidedError, match="which the program would take for an option"):
        fill(template, known, known)
    assert fill(template, {"name": "a", "shift": "-1"}, known).argv == ("x", "a", "-1")


def test_names_that_no_field_has_are_found_with_the_nearest_one():
    template = Template(("x", "{segmnts}"), ((("--w", "{wieghts}"),),))
    with pytest.raises(UndecidedError) as caught:
        fill(template, {}, {"segments", "weights"})
    assert "did you mean 'segments'?" in str(caught.value)
    assert "did you mean 'weights'?" in str(caught.value)


def test_a_field_that_is_needed_and_lacks_is_named():
    with pytest.raises(UndecidedError, match="which is not given"):
        fill(Template(("x", "{segments}")), {"segments": ""}, {"segments"})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("accuracy = 'x'", "'accuracy' is not a table of patterns by metric"),
        ("accuracy.top1 = 'x'", "the pattern of accuracy.top1 has 0 groups, not one"),
        ("accuracy.top1 = '(x'", "is no regular expression"),
        ("accuracy.top1 = '(x)'\ncount = '(x)'", "the pattern of 'count' has no group 'items'"),
        ("accuracy.top1 = '(x)'\nscale = 10", "'scale' is 10, neither 100 nor 1"),
        ("accuracy.top1 = '(x)'\ndecimals = -1", "'decimals' is not a whole number from 0"),
        ("accuracy.top1 = '(x)'\nbatch = 3", "'batch' and an argument '{batch}' go together"),
        ("accuracy.top1 = '(x)'\noptional = ['--a']", "an element of 'optional' is no array"),
        ("accuracy.top1 = '(x)'\noptional = [['--a']]", "optional arguments without a field: --a"),
        ("accuracy.top1 = '(x)'\nchoices.crops = ['1']", "'choices' is not a table of arguments"),
        ("accuracy.top1 = '(x)'\nweights = 1", "'weights' is not a path"),
        ("accuracy.top1 = '(x)'\npattern = 'x'", "unknown key 'pattern'"),
        ("optional = []", "unknown key 'optional'"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, lines, message):
    path = tmp_path / "modelzoo.toml"
    path.write_text(f"[recognizers.x]\ncommand = ['x']\n{lines}\n")
    with pytest.raises(CallError) as caught:
        configured(path, "python")
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}: recognizers.x: ")
