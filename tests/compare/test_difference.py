"""What changed between two manifests, and what must not change silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.compare.difference import difference
from sphinx_modelzoo.compare.model import Change
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

HEAD = """\
zoo: 1
datasets: {u: {samples: 100}, v: {}}
tags: {x: {}}
protocols: {p: {recognizer: r, crops: 1}, q: {recognizer: r, crops: 10}}
models:
"""
SHA = "1" * 64
OTHER = "2" * 64


def zoo(folder: Path, name: str, models: str, head: str = HEAD) -> Zoo:
    path = folder / name
    path.write_text(head + models)
    return read_zoo(path)


def diff(folder: Path, old: str, new: str, head: str = HEAD) -> list[Change]:
    return difference(zoo(folder, "old.yaml", old), zoo(folder, "new.yaml", new, head))


def told(changes: list[Change]) -> list[tuple[str, str, str, str, bool]]:
    return [
        (change.kind.value, change.entry, change.old, change.new, bool(change.silent))
        for change in changes
    ]


A = "- {name: a, hashtag: aaaaaaaa, dataset: u, protocol: p, top1: 83.4}\n"


def renewed(*replacements: tuple[str, str]) -> str:
    text = A
    for old, new in replacements:
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (A, A, []),
        ("", A, ["added a@aaaaaaaa"]),
        (A, "", ["removed a@aaaaaaaa"]),
        (A, renewed(("name: a", "name: b")), ["renamed b@aaaaaaaa a@aaaaaaaa b@aaaaaaaa"]),
        (A, renewed(("aaaaaaaa", "bbbbbbbb")), ["re-weighted a@bbbbbbbb a@aaaaaaaa a@bbbbbbbb"]),
        (A, renewed(("83.4", "84.0")), ["re-measured a@aaaaaaaa 83.4 84.0 silently"]),
        (A, renewed(("83.4", "83.40")), ["restated a@aaaaaaaa 83.4 83.40"]),
        (A, renewed(("1: 83.4", "5: 90")), ["listed a@aaaaaaaa 90", "unlisted a@aaaaaaaa 83.4"]),
        (A, renewed(("l: p", "l: q"), ("83.4", "84")), ["re-measured a@aaaaaaaa 83.4 84"]),
        (A, renewed(("}", ", tags: x}")), ["changed a@aaaaaaaa x"]),
    ],
)
def test_each_kind_of_change_is_told(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    changes = diff(tmp_path, old, new)
    told = [(c.kind, c.entry, c.old, c.new, "silently" if c.silent else "") for c in changes]
    assert [" ".join(word for word in words if word) for words in told] == expected


def test_new_weights_with_a_new_number_are_not_silent(tmp_path: Path) -> None:
    new = A.replace("aaaaaaaa", "bbbbbbbb").replace("83.4", "84.0")
    assert told(diff(tmp_path, A, new)) == [
        ("re-weighted", "a@bbbbbbbb", "a@aaaaaaaa", "a@bbbbbbbb", False),
        ("re-measured", "a@bbbbbbbb", "83.4", "84.0", False),
    ]


@pytest.mark.parametrize("hashtag", ["hashtag: aaaaaaaa, ", ""])
@pytest.mark.parametrize("field", ["sha256", "size"])
def test_other_weights_under_the_same_hashtag_are_silent(
    tmp_path: Path, hashtag: str, field: str
) -> None:
    digits = {"sha256": (SHA, OTHER), "size": ("10", "11")}[field]
    line = f"- {{name: a, {hashtag}{field}: '%s'}}\n"
    (change,) = diff(tmp_path, line % digits[0], line % digits[1])
    assert (change.kind, change.field, bool(change.silent)) == ("replaced", field, True)


def test_a_digest_that_is_written_for_the_first_time_is_no_new_file(tmp_path: Path) -> None:
    new = A.replace("}", f", sha256: '{SHA}'}}")
    assert told(diff(tmp_path, A, new)) == [("changed", "a@aaaaaaaa", "", SHA, False)]


def test_a_hashtag_that_is_given_later_is_told_and_not_silent(tmp_path: Path) -> None:
    old = A.replace("hashtag: aaaaaaaa, ", "")
    assert told(diff(tmp_path, old, A)) == [("identified", "a@aaaaaaaa", "a", "a@aaaaaaaa", False)]


def test_a_renamed_entry_keeps_its_numbers_to_itself(tmp_path: Path) -> None:
    new = A.replace("name: a", "name: b").replace("83.4", "84.0")
    assert told(diff(tmp_path, A, new))[1] == ("re-measured", "b@aaaaaaaa", "83.4", "84.0", True)


def test_a_digest_decides_against_a_hashtag_that_two_weights_share(tmp_path: Path) -> None:
    old = f"- {{name: a, hashtag: aaaaaaaa, sha256: '{SHA}'}}\n"
    new = f"- {{name: b, hashtag: aaaaaaaa, sha256: '{OTHER}'}}\n"
    assert [change.kind for change in diff(tmp_path, old, new)] == ["added", "removed"]


def test_a_version_for_a_hashtag_makes_no_twins(tmp_path: Path) -> None:
    old = "- {name: a, hashtag: V1}\n"
    assert [change.kind for change in diff(tmp_path, old, "- {name: b, hashtag: V1}\n")] == [
        "added",
        "removed",
    ]


def test_a_protocol_that_changed_under_its_name_is_the_reason(tmp_path: Path) -> None:
    head = HEAD.replace("crops: 1}", "crops: 3}")
    (change,) = diff(tmp_path, A, A.replace("83.4", "84.0"), head)
    assert (change.because, change.silent) == (("protocol p changed",), "")


def test_a_data_set_that_changed_is_named_beside_the_number(tmp_path: Path) -> None:
    head = HEAD.replace("samples: 100", "samples: 101")
    (change,) = diff(tmp_path, A, A.replace("83.4", "84.0"), head)
    assert change.because == ("data set u changed",)
    assert change.silent


def test_results_are_compared_one_by_one(tmp_path: Path) -> None:
    old = """\
- name: a
  hashtag: aaaaaaaa
  results:
    - {dataset: u, protocol: p, top1: 80}
    - {dataset: u, protocol: q, top1: 81}
    - {dataset: v, top1: 50}
"""
    new = old.replace("81", "82").replace(
        "dataset: v, top1: 50", "dataset: v, protocol: p, top1: 51"
    )
    changes = diff(tmp_path, old, new)
    assert [(c.dataset, c.protocol, c.old, c.new, bool(c.silent)) for c in changes] == [
        ("u", "q", "81", "82", True),
        ("v", "p", "50", "51", False),
    ]
    assert changes[1].because == ("protocol none became p",)


def test_changes_stand_at_their_place_in_the_new_manifest(tmp_path: Path) -> None:
    (change,) = diff(tmp_path, A, A.replace("83.4", "84.0"))
    assert str(change.place) == f"{tmp_path}/new.yaml:6:{A.index('83.4') + 1}"


def test_of_several_weights_the_default_ones_belong_together(tmp_path: Path) -> None:
    lines = "- {name: a, hashtag: %s, default: true}\n- {name: a, hashtag: %s}\n"
    changes = diff(tmp_path, lines % ("11111111", "22222222"), lines % ("33333333", "44444444"))
    assert [(c.kind.value, c.old, c.new) for c in changes] == [
        ("re-weighted", "a@11111111", "a@33333333"),
        ("re-weighted", "a@22222222", "a@44444444"),
    ]


ENTRIES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "aaaaaaaa", "bbbbbbbb", "cccccccc"])),
    unique=True,
    max_size=6,
)


@given(old=ENTRIES, new=ENTRIES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_entry_is_accounted_for_once(
    tmp_path: Path, old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> None:
    def models(entries: list[tuple[str, str]]) -> str:
        seen: set[str] = set()
        lines = []
        for name, hashtag in entries:
            default = "false" if name in seen else "true"
            lines.append(f"- {{name: {name}, hashtag: {hashtag or '~'}, default: {default}}}\n")
            seen.add(name)
        return "".join(lines)

    before, after = zoo(tmp_path, "old.yaml", models(old)), zoo(tmp_path, "new.yaml", models(new))
    changes = [change for change in difference(before, after) if not change.field]
    left = {entry.key for entry in before.entries}
    right = {entry.key for entry in after.entries}
    gone = [c.former or c.entry for c in changes if c.kind.value != "added"]
    came = [c.entry for c in changes if c.kind.value != "removed"]
    assert len(set(gone)) == len(gone)
    assert len(set(came)) == len(came)
    assert left - set(gone) == right - set(came)
    assert difference(before, before) == []
