"""A manifest becomes typed objects that know their places; everything wrong is said at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import ManifestError
from sphinx_modelzoo.manifest.model import Place, Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

SEED = Path(__file__).parents[2] / "zoo.yaml"

HEAD = """\
zoo: 1
papers:
  wang2016temporal: {title: Temporal Segment Networks}
tags:
  tsntag: {text: no TSN, style: grey}
links:
  base: https://example.org/logs
  train_log: {text: log, url: "{base}/{dataset}/{log}.log"}
  weights_file: {file: "params/{name}-{hashtag}.params"}
datasets:
  ucf101: {title: UCF101, samples: 3783, classes: 101}
  hmdb51: {samples: 1530, classes: 51}
metrics:
  top1: {decimals: 1}
  flops: {unit: GFLOPs}
protocols:
  tsn: {recognizer: gluoncv-action, segments: 25, crops: 10, options: {mode: hybrid, batch: 4}}
models:
"""


def read(tmp_path: Path, models: str, head: str = HEAD) -> Zoo:
    path = tmp_path / "zoo.yaml"
    path.write_text(head + models, encoding="utf-8")
    return read_zoo(path)


def problems(tmp_path: Path, models: str, head: str = HEAD) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        read(tmp_path, models, head)
    folder = f"{tmp_path}/"
    return [str(problem).removeprefix(folder) for problem in caught.value.problems]


def test_the_seed_zoo_has_its_four_models_in_order() -> None:
    zoo = read_zoo(SEED)
    assert [
        (entry.key, result.numbers["top1"].text, entry.default, entry.papers, entry.tags)
        for entry, result in zoo.rows("ucf101")
    ] == [
        ("vgg16_ucf101@d6dc1bba", "83.4", True, ("wang2016temporal",), ()),
        ("vgg16_ucf101@05e319d4", "81.5", False, ("wang2015towards",), ("tsntag",)),
        ("inceptionv3_ucf101@13ef5c3b", "88.1", True, ("wang2016temporal",), ()),
        ("inceptionv3_ucf101@0c453da8", "85.6", False, ("wang2015towards",), ("tsntag",)),
    ]
    assert [paper.number for paper in zoo.papers.values()] == [1, 2]
    logs = "https://raw.githubusercontent.com/dmlc/web-data/master/gluoncv/logs/action_recognition"
    first = zoo.entries[0].results[0]
    assert first.links["train_log"].url == f"{logs}/ucf101/vgg16_ucf101_tsn.log"
    assert first.links["train_command"].text == "shell script"


def test_every_object_knows_its_line_and_column(tmp_path: Path) -> None:
    zoo = read(tmp_path, "  - name: a\n    dataset: ucf101\n    top1: 83.4\n")
    path = str(tmp_path / "zoo.yaml")
    assert zoo.entries[0].place == Place(path, 19, 11)
    assert zoo.entries[0].results[0].numbers["top1"].place == Place(path, 21, 11)
    assert zoo.papers["wang2016temporal"].place == Place(path, 3, 3)
    assert str(zoo.datasets["hmdb51"].place) == f"{path}:12:3"


@pytest.mark.parametrize(
    "hashtag",
    [
        "18545497",
        "95975047",
        "36459074",
        "682591e2",
        "688e2389",
        "08038185",
        "0x123456",
        "1_000",
        "no",
        "1e10",
        "2020-01-01",
        "0o17",
        "IMAGENET1K_V1",
        "1.10",
    ],
)
def test_an_unquoted_hashtag_is_the_text_that_stands_there(tmp_path: Path, hashtag: str) -> None:
    zoo = read(tmp_path, f"  - {{name: a, hashtag: {hashtag}}}\n")
    assert zoo.entries[0].hashtag == hashtag


@given(hashtag=st.text("0123456789abcdef", min_size=8, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_eight_hexadecimal_digits_survive(tmp_path: Path, hashtag: str) -> None:
    assert read(tmp_path, f"  - {{name: a, hashtag: {hashtag}}}\n").entries[0].hashtag == hashtag


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("83.40", Decimal("83.40"), 2),
        ("83", Decimal(83), 0),
        ("0.8", Decimal("0.8"), 1),
        ("25.6M", Decimal(25600000), 1),
        ("-1.5", Decimal("-1.5"), 1),
    ],
)
def test_a_number_keeps_its_text(tmp_path: Path, text: str, value: Decimal, decimals: int) -> None:
    zoo = read(tmp_path, f"  - {{name: a, dataset: ucf101, top1: {text}}}\n")
    number = zoo.entries[0].results[0].numbers["top1"]
    assert (number.text, number.value, number.decimals) == (text, value, decimals)


def test_a_model_without_hashtag_number_and_log_is_no_mistake(tmp_path: Path) -> None:
    entry = read(tmp_path, "  - {name: a, dataset: ucf101}\n").entries[0]
    assert (entry.key, entry.hashtag, entry.default) == ("a", "", True)
    assert entry.results[0].numbers == {}
    assert entry.results[0].links == {}


def test_results_are_rows_and_share_what_the_entry_says(tmp_path: Path) -> None:
    zoo = read(
        tmp_path,
        """\
  - name: a
    hashtag: 11112222
    protocol: tsn
    log: shared
    results:
      - {dataset: ucf101, top1: 80.0}
      - {dataset: hmdb51, top1: 50.0, log: own}
""",
    )
    first, second = zoo.entries[0].results
    assert (first.dataset, first.protocol) == ("ucf101", "tsn")
    assert first.links["train_log"].url == "https://example.org/logs/ucf101/shared.log"
    assert second.links["train_log"].url == "https://example.org/logs/hmdb51/own.log"
    assert [result.dataset for _, result in zoo.rows("hmdb51")] == ["hmdb51"]


def test_a_link_may_be_a_file_and_may_be_overridden(tmp_path: Path) -> None:
    zoo = read(
        tmp_path,
        "  - {name: a, hashtag: b1, dataset: ucf101, train_log: 'https://example.org/x.log'}\n",
    )
    links = zoo.entries[0].results[0].links
    assert links["weights_file"].file == "params/a-b1.params"
    assert links["train_log"].url == "https://example.org/x.log"


def test_weights_are_a_path_or_an_address_and_may_be_a_template(tmp_path: Path) -> None:
    zoo = read(
        tmp_path,
        """\
  - {name: a, weights: params/a.params}
  - {name: b, hashtag: c1, log: l, weights: "{base}/{name}-{hashtag}-{log}.pth"}
""",
    )
    assert [(entry.weights, entry.weights_file) for entry in zoo.entries] == [
        ("params/a.params", "params/a.params"),
        ("https://example.org/logs/b-c1-l.pth", ""),
    ]
    assert problems(tmp_path, '  - {name: a, weights: "{base}/{nmae}.pth"}\n') == [
        (
            "zoo.yaml:19:24: the template of 'weights' cannot be filled: '{base}/{nmae}.pth'; "
            "use variables that have values here, of name, hashtag, architecture, dataset, "
            "protocol, base, log"
        )
    ]


def test_further_facts_are_kept_as_the_texts_that_stand_there(tmp_path: Path) -> None:
    zoo = read(tmp_path, "  - {name: a, details: {Pretrained: ImageNet, Clip Length: 010}}\n")
    assert zoo.entries[0].details == {"Pretrained": "ImageNet", "Clip Length": "010"}


def test_the_reasons_to_ignore_a_finding_are_kept(tmp_path: Path) -> None:
    zoo = read(tmp_path, "  - {name: a, ignore: {ZOO101: agreed with the authors}}\n")
    assert zoo.entries[0].ignore == {"ZOO101": "agreed with the authors"}
    assert str(zoo.entries[0].places["ignore"]).endswith(":19:23")


def test_values_in_an_address_are_percent_encoded(tmp_path: Path) -> None:
    zoo = read(tmp_path, "  - {name: a, dataset: ucf101, log: 'a b#c?d%'}\n")
    url = zoo.entries[0].results[0].links["train_log"].url
    assert url == "https://example.org/logs/ucf101/a%20b%23c%3Fd%25.log"


def test_a_protocol_hands_its_settings_on_in_order(tmp_path: Path) -> None:
    protocol = read(tmp_path, "  []\n").protocols["tsn"]
    assert list(protocol.settings.items()) == [
        ("segments", 25),
        ("crops", 10),
        ("mode", "hybrid"),
        ("batch", 4),
    ]


def test_top1_and_top5_need_no_declaration(tmp_path: Path) -> None:
    head = "zoo: 1\ndatasets: {d: {}}\nmodels:\n"
    zoo = read(tmp_path, "  - {name: a, dataset: d, top1: 1, top5: 2}\n", head)
    assert [(metric.title, metric.top, metric.unit) for metric in zoo.metrics.values()] == [
        ("Top-1", 1, "%"),
        ("Top-5", 5, "%"),
    ]


def test_merge_keys_bring_in_defaults(tmp_path: Path) -> None:
    zoo = read(
        tmp_path,
        """\
  - &first {name: a, dataset: ucf101, top1: 80.0}
  - {<<: *first, name: b, hashtag: c1}
""",
    )
    assert [(entry.key, entry.results[0].numbers["top1"].text) for entry in zoo.entries] == [
        ("a", "80.0"),
        ("b@c1", "80.0"),
    ]


WRONG = {
    "{name: a, dataset: ucf101, hashtg: x}": [
        "zoo.yaml:19:32: unknown field 'hashtg' in a model; did you mean 'hashtag'?"
    ],
    "{name: a, name: b}": [
        (
            "zoo.yaml:19:15: the key 'name' stands twice, first in line 19; "
            "remove one of them, or give it another key"
        )
    ],
    "{hashtag: ab}": [
        "zoo.yaml:19:5: a model has no 'name'; add 'name': a name without @, such as vgg16_ucf101"
    ],
    "{name: a, dataset: ucf10}": [
        "zoo.yaml:19:24: 'ucf10' is not declared under 'datasets'; did you mean 'ucf101'?"
    ],
    "{name: a, top1: 80}": [
        (
            "zoo.yaml:19:5: a result has no 'dataset'; add 'dataset': "
            "one of the keys declared above, such as ucf101"
        )
    ],
    "{name: a, dataset: ucf101, top1: 83.4%}": [
        (
            "zoo.yaml:19:38: 'top1' is '83.4%', not a number; "
            "write digits and a point, such as 83.4; the unit stands under 'metrics'"
        )
    ],
    "{name: a, dataset: ucf101, top1: nan}": [
        (
            "zoo.yaml:19:38: 'top1' is 'nan', not a number; "
            "write digits and a point, such as 83.4; the unit stands under 'metrics'"
        )
    ],
    "{name: a, dataset: ucf101, top1: [80, 81]}": [
        "zoo.yaml:19:38: 'top1' is a list; write a number, such as 83.4"
    ],
    "{name: a, paper: [wang2016temporl, wang2016temporal]}": [
        (
            "zoo.yaml:19:23: 'wang2016temporl' is not declared under 'papers'; "
            "did you mean 'wang2016temporal'?"
        )
    ],
    "{name: a, default: yes}": [
        "zoo.yaml:19:24: 'default' is 'yes', not a flag; write true or false"
    ],
    "{name: a, weights: ../b.params}": [
        (
            "zoo.yaml:19:24: 'weights' is '../b.params', not a path or address; "
            "write a path beside the manifest without .., or an https:// address"
        )
    ],
    "{name: a, sha256: abc}": [
        "zoo.yaml:19:23: 'sha256' is 'abc', not an SHA-256; write 64 hexadecimal digits"
    ],
    "{name: a, dataset: ucf101, train_log: 'javascript:alert(1)'}": [
        (
            "zoo.yaml:19:43: the link 'train_log' is 'javascript:alert(1)'; "
            "write an address that begins with https:// or http://"
        )
    ],
    "just text": [
        (
            "zoo.yaml:19:5: a model is the text 'just text', not a mapping of fields; "
            "write 'key: value' lines below it"
        )
    ],
    "{name: !!python/name:os.system a}": [
        (
            "zoo.yaml:19:12: 'name' has the YAML tag 'tag:yaml.org,2002:python/name:os.system'; "
            "remove the tag"
        ),
    ],
}


@pytest.mark.parametrize(("model", "expected"), WRONG.items())
def test_a_mistake_has_its_place_and_a_remedy(
    tmp_path: Path, model: str, expected: list[str]
) -> None:
    assert problems(tmp_path, f"  - {model}\n") == expected


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    head = "zoo: 2\ntitel: x\ndatasets:\n  d: {samples: many}\nmodels:\n"
    found = problems(tmp_path, "  - {name: a@b}\n  - {name: b, dataset: e}\n", head)
    assert [message.split(": ")[0] for message in found] == [
        "zoo.yaml:1:6",
        "zoo.yaml:2:1",
        "zoo.yaml:4:16",
        "zoo.yaml:6:12",
        "zoo.yaml:7:24",
    ]


def test_a_name_and_hashtag_twice_is_an_error(tmp_path: Path) -> None:
    models = "  - {name: a, hashtag: ab, default: true}\n  - {name: a, hashtag: ab}\n"
    assert problems(tmp_path, models) == [
        (
            "zoo.yaml:20:12: a@ab stands twice, first in line 19; "
            "give one of them its own hashtag, or list further numbers under 'results'"
        )
    ]


def test_a_number_that_an_entry_lists_twice_is_an_error_with_both_lines(tmp_path: Path) -> None:
    models = """\
  - name: a
    dataset: ucf101
    results:
      - {protocol: tsn, top1: 83.4}
      - {protocol: tsn, top5: 95.0}
      - {dataset: hmdb51, protocol: tsn, top1: 60.1}
      - {top1: 80.0}
      - {protocol: tsn, top1: 50.0}
"""
    assert problems(tmp_path, models) == [
        (
            "zoo.yaml:26:31: a lists top1 on ucf101 under protocol 'tsn' twice, first in line 22; "
            "remove one of them, or give each result its own 'protocol'"
        )
    ]


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (
            "metrics: {hashtag: {top: 1}}",
            (
                "2:11: the key 'hashtag' in 'metrics' is a field of every model; "
                "choose another, such as hashtag_metric"
            ),
        ),
        (
            "links: {status: {url: 'https://example.org/{name}'}}",
            (
                "2:9: the key 'status' in 'links' is a field of every model; "
                "choose another, such as status_link"
            ),
        ),
        (
            "links: {top1: {url: 'https://example.org/{name}'}}",
            ("2:9: the key 'top1' in 'links' is a metric; choose another, such as top1_link"),
        ),
        (
            "protocols: {p: {recognizer: r, segments: 25, options: {segments: 1}}}",
            (
                "2:55: 'segments' in 'options' is a field of a protocol itself; "
                "write it beside 'options', once"
            ),
        ),
    ],
)
def test_a_key_that_means_two_things_is_an_error(tmp_path: Path, head: str, problem: str) -> None:
    assert problems(tmp_path, "", f"zoo: 1\n{head}\n") == [f"zoo.yaml:{problem}"]


def test_a_name_has_exactly_one_default(tmp_path: Path) -> None:
    two = "  - {name: a, hashtag: ab, default: true}\n  - {name: a, hashtag: cd, default: true}\n"
    assert problems(tmp_path, two) == [
        (
            "zoo.yaml:20:12: 'a' has a second default; the first is in line 19; "
            "write 'default: true' on one entry of a name only"
        )
    ]
    assert problems(tmp_path, two.replace(", default: true", "")) == [
        (
            "zoo.yaml:19:12: 'a' has 2 entries and none is the default; "
            "write 'default: true' on the one that is loaded when no hashtag is given"
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "zoo.yaml:1:1: the manifest is empty; begin with 'zoo: 1'"),
        ("# nothing\n", "zoo.yaml:1:1: the manifest is empty; begin with 'zoo: 1'"),
        ("models:\n\t- a\n", ("zoo.yaml:2:1: not valid YAML: found character that cannot start any "
         "token; indent with spaces, not tabs")),
        ("zoo: 1\ntitle: a: b\n", ("zoo.yaml:2:9: not valid YAML: mapping values are not allowed "
         "in this context; put text that holds a colon in quotes")),
        ("zoo: 1\n---\nzoo: 1\n", ("zoo.yaml:2:1: not valid YAML: but found another document; keep "
         "one document in the file: remove the line ---")),
        ("zoo: *one\n", ("zoo.yaml:1:6: not valid YAML: found undefined alias; define the anchor "
         "before it is used, or put the text in quotes")),
        ("zoo: 1\ntitle: a\x00b\n", ("zoo.yaml:2:9: not valid YAML: control characters are not "
         "allowed; remove the character")),
        ("[" * 100_000, ("zoo.yaml:1:51: nested more than 50 levels deep; close the brackets, or "
         "check the indentation")),
        ("- " * 100_000, ("zoo.yaml:1:101: nested more than 50 levels deep; close the brackets, or "
         "check the indentation")),
        ("- a\n", ("zoo.yaml:1:1: the manifest is a list, not a mapping of fields; write "
         "'key: value' lines below it")),
    ],
)  # fmt: skip
def test_what_is_not_a_manifest_is_reported_the_same_way(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert problems(tmp_path, text, head="") == [expected]


def test_bytes_that_are_not_utf8_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"zoo: 1\ntitle: caf\xe9\n")
    with pytest.raises(ManifestError, match=r":2:11: byte 0xe9 is not UTF-8; save the file as"):
        read_zoo(path)


def test_a_byte_order_mark_and_crlf_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SEED.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_zoo(path).entries) == 4


def test_a_missing_manifest_is_an_error_without_a_line(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"cannot be read: no such file or directory"):
        read_zoo(tmp_path / "zoo.yaml")


def test_included_files_are_read_with_their_own_places(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "b.yaml").write_text("models:\n  - {name: b, dataset: ucf101}\n")
    (tmp_path / "zoo" / "a.yaml").write_text("models:\n  - {name: a, dataset: ucf101}\n")
    head = HEAD.replace("zoo: 1\n", "zoo: 1\ninclude: [zoo/*.yaml]\n")
    zoo = read(tmp_path, "  - {name: c}\n", head)
    assert [entry.name for entry in zoo.entries] == ["c", "a", "b"]
    assert str(zoo.entries[2].place) == f"{tmp_path}/zoo/b.yaml:2:12"
    assert [path.name for path in zoo.files] == ["zoo.yaml", "a.yaml", "b.yaml"]


def test_an_include_that_fits_nothing_and_a_part_declared_twice_are_errors(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("datasets:\n  ucf101: {samples: 3}\n")
    head = HEAD.replace("zoo: 1\n", "zoo: 1\ninclude: [more.yaml, none*.yaml]\n")
    assert problems(tmp_path, "  []\n", head) == [
        (
            f"more.yaml:2:3: 'ucf101' in 'datasets' is declared twice, first at "
            f"{tmp_path}/zoo.yaml:12:3; remove one of them, or give it another key"
        ),
        "zoo.yaml:2:10: 'include' 'none*.yaml' fits no file; check the path",
    ]


SEED_BYTES = SEED.read_bytes()


@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(SEED_BYTES) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    cut=st.integers(0, len(SEED_BYTES)),
)
@settings(max_examples=300, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_a_damaged_manifest_gives_places_and_never_a_traceback(
    tmp_path: Path, edits: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(SEED_BYTES)
    for position, byte in edits:
        data[position] = byte
    path = tmp_path / "zoo.yaml"
    path.write_bytes(bytes(data[cut:] + data[:cut]))
    try:
        read_zoo(path)
    except ManifestError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.place.startswith(f"{path}:")
            assert problem.remedy


def test_nested_merge_keys_do_not_explode(tmp_path: Path) -> None:
    lines = ["zoo: 1", "datasets:", "  a0: &a0 {title: x}"]
    lines += [f"  a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 60)]
    found = problems(tmp_path, "\n".join(lines), head="")
    assert "<< does not name a plain mapping" in found[0]


def test_an_empty_item_of_a_list_is_a_problem(tmp_path: Path) -> None:
    models = "  - name: a\n    tags: [tsntag, null]\n    paper:\n    - \n"
    remedy = "remove it, or write one of the keys declared above, such as ucf101"
    assert problems(tmp_path, models) == [
        f"zoo.yaml:20:20: an item of 'tags' is empty; {remedy}",
        f"zoo.yaml:22:6: an item of 'paper' is empty; {remedy}",
    ]
