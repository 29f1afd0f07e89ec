"""All rules together: choosing them, ignoring them, and manifests that are broken."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.lint.rule import Options
from sphinx_modelzoo.lint.rules import RULES
from sphinx_modelzoo.lint.run import Choice, lint
from sphinx_modelzoo.manifest.sources import Disk

SEED = Path(__file__).parents[2] / "zoo.yaml"

IGNORED = """\
datasets: {d: {}}
models:
  - {name: a, dataset: d, top1: 834, ignore: {ZOO201: in permille}}
  - {name: b, dataset: d, top1: 835, ignore: {ZOO203: wrong code}}
  - {name: c, dataset: d, top1: 83.6, ignore: {ZOO2O1: misspelt}}
  - {name: e, dataset: d, top1: 836, ignore: {ZOO201: ""}}
  - {name: f, dataset: d, top1: 83.7, ignore: {ZOO104: no table here, ZOO208: no log here}}
"""


def test_the_seed_zoo_has_no_findings() -> None:
    assert lint(SEED).findings == ()


def test_an_entry_silences_what_it_ignores_and_a_useless_ignore_is_named(found) -> None:
    assert [(f.code, f.line, f.entry) for f in found(IGNORED)] == [
        ("ZOO201", 5, "b"),
        ("ZOO001", 5, "b"),
        ("ZOO001", 6, "c"),
        ("ZOO002", 7, "e"),
    ]


def test_an_ignore_of_a_rule_that_was_not_asked_is_not_called_useless(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_text("zoo: 1\n" + IGNORED, encoding="utf-8")
    report = lint(path, choice=Choice(select=("ZOO0", "ZOO201")))
    assert [(f.code, f.entry) for f in report.findings if f.code == "ZOO001"] == [("ZOO001", "c")]


def test_rules_are_chosen_by_codes_and_their_beginnings() -> None:
    def chosen(select: tuple[str, ...], ignore: tuple[str, ...]) -> set[str]:
        choice = Choice(select, ignore)
        choice.check()
        return {rule.code for rule in RULES if rule in choice}

    assert chosen(("ZOO1",), ()) == {"ZOO000", *(f"ZOO10{n}" for n in range(1, 7))}
    assert chosen(("ZOO101", "ZOO310"), ("ZOO3",)) == {"ZOO000", "ZOO101"}
    assert chosen((), ("ZOO",)) == {"ZOO000"}
    for wrong in (("ZOO9",), ("",), ("zoo1",)):
        with pytest.raises(CallError, match="there is no rule"):
            Choice(wrong).check()


def test_a_broken_manifest_gives_its_problems_and_the_other_findings_at_once(found) -> None:
    manifest = (
        "datasets: {d: {samples: 1530}}\n"
        "models:\n"
        "  - {name: a, hashtag: d6dc1bba, dataset: d, top1: 66.70, colour: red}\n"
        "  - {name: b, paper: nobody, dataset: d, top1: 66.73, top5: 60.00}\n"
        "  - {name: a, hashtag: d6dc1bba, dataset: d, top1: 66.70}\n"
    )
    assert [(f.code, f.line) for f in found(manifest)] == [
        ("ZOO206", 4),
        ("ZOO000", 4),
        ("ZOO000", 5),
        ("ZOO203", 5),
        ("ZOO000", 6),
        ("ZOO206", 6),
    ]


def test_a_manifest_that_is_no_yaml_at_all_is_a_finding_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"zoo: 1\nmodels: [\xff]\n")
    (finding,) = lint(path).findings
    assert (finding.code, finding.line, finding.column) == ("ZOO000", 2, 10)


def mutated(data: bytes, draw: random.Random) -> bytes:  # noqa: C901 - one branch a kind
    """Change a manifest as accidents and ill will do."""
    made = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(made)) if made else 0
        lines = bytes(made).split(b"\n")
        kind = draw.randrange(9)
        if kind == 0:
            for _ in range(draw.randint(1, 8)):
                made[at : at + 1] = bytes([draw.randrange(256)])
        elif kind == 1:
            draw.shuffle(lines)
            made = bytearray(b"\n".join(lines))
        elif kind == 2:
            lines.insert(draw.randrange(len(lines)), draw.choice(lines))
            made = bytearray(b"\n".join(lines))
        elif kind == 3:
            made[at:at] = draw.choice([b"[", b"{", b"- ", b"? "]) * draw.randint(1, 3000)
        elif kind == 4:
            made += b"\nb0: &b0 [x, x]\n" + b"".join(
                b"b%d: &b%d [%s]\n" % (n, n, b", ".join([b"*b%d" % (n - 1)] * 9))
                for n in range(1, 12)
            )
        elif kind == 5:
            made[at:at] = draw.choice([b"a", b"1", b" ", b":", b'"']) * draw.choice([100, 30000])
        elif kind == 6:
            encoding = draw.choice(["utf-16", "utf-32", "latin-1", "utf-8-sig"])
            made = bytearray(bytes(made).decode("utf-8", "replace").encode(encoding, "replace"))
        elif kind == 7:
            del made[at : at + draw.randint(1, 200)]
        else:
            number = draw.randrange(len(lines))
            key, colon, _ = lines[number].partition(b":")
            lines[number] = key + colon + b" " + draw.choice(ODD)
            made = bytearray(b"\n".join(lines))
    return bytes(made)


ODD = [
    b"[]", b"{}", b"null", b"-1", b"0", b"1e5", b'"\\ud800"', b'"\\0"', b"9" * 400, b"*x", b"&x y",
    b"''", b"[a, [b]]", b"../../etc/passwd", b"https://[x", b"'{name}{name}'", b"'**a'", b".nan",
]  # fmt: skip


def check_mutants(first: int, last: int) -> None:
    seed = SEED.read_bytes()
    path = Path("zoo.yaml")
    for number in range(first, last):
        data = mutated(seed, random.Random(number))  # noqa: S311
        report = lint(path, Options(), source=Disk({path: data}))
        for finding in report.findings:
            assert finding.message
            assert finding.line is not None, number
            assert finding.line >= 1, number
            assert finding.column is not None, number
            assert finding.column >= 1, number


def test_mutated_manifests_give_findings_with_places_and_no_traceback() -> None:
    check_mutants(0, 400)


@pytest.mark.long
def test_ten_thousand_mutated_manifests_in_bounded_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    check_mutants(400, 10400)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200_000  # kilobytes
