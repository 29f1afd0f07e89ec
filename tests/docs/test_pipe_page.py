"""The page on the pipe describes every message with all its fields, and its examples are valid."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.pipe.messages import DataSource, Failure, Open, Opened, Prediction, WeightsFile
from sphinx_modelzoo.verify.conformance.checks import CHECKS, Result, State
from sphinx_modelzoo.verify.conformance.report import Conformance, json_report
from sphinx_modelzoo.verify.printed.measure import FIELDS
from sphinx_modelzoo.verify.printed.printers import KEYS
from sphinx_modelzoo.verify.recognizer import parse
from sphinx_modelzoo.verify.recognizer.commands import configured

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = DOCS / "examples" / "languages"
PAGE = (DOCS / "reference" / "pipe.md").read_text(encoding="utf-8")
REQUESTS = ("open", "items", "predict", "close")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def messages(title: str) -> list[dict[str, Any]]:
    lines = re.findall(r"```json\n(.*)\n```", section(title))
    return [parse_line(line) for line in lines]


def parse_line(line: str) -> dict[str, Any]:
    data = json.loads(line)
    assert isinstance(data, dict)
    return data


def described(title: str) -> set[str]:
    terms = re.findall(r"^(`.*`)\n: (.*)$", section(title), re.MULTILINE)
    return {name for names, _ in terms for name in re.findall(r"`(\w+)`", names)}


@pytest.mark.parametrize("title", [*parse.TYPES, *REQUESTS])
def test_every_type_of_message_has_an_example(title: str) -> None:
    examples = re.findall(r"```json\n(.*)\n```", PAGE)
    assert title in {parse_line(line)["type"] for line in examples}


def test_every_field_of_open_is_described_and_in_its_example() -> None:
    (example,) = messages("open")
    fields = asdict(Open("m", "a", "", 2, DataSource("d"), {}))
    assert example.keys() == fields.keys()
    assert example["data"].keys() == fields["data"].keys()
    assert example["pipe"] == fields["pipe"]
    assert described("open") == fields.keys() - {"type"}
    sentence = re.search(r"`data`\n: (.*)", section("open"))
    assert sentence
    assert all(f"`{name}`" in sentence[1] for name in fields["data"])


def test_the_example_of_opened_is_read_and_each_field_described() -> None:
    (example,) = messages("opened")
    opened = parse.read_opened(parse.read_message(json.dumps(example).encode()))
    assert opened.weights
    assert example.keys() == asdict(opened).keys()
    assert example["weights"].keys() == set(WeightsFile.__dataclass_fields__)
    assert described("opened") == set(Opened.__dataclass_fields__) - {"type"}


def test_the_examples_of_items_and_predictions_are_read() -> None:
    request, answer = messages("items")
    assert described("items") == (request.keys() | answer.keys()) - {"type"}
    assert parse.read_items(answer)
    request, good, bad = messages("predict")
    assert set(request) == {"type", "ids"}
    assert described("predict") == (set(Prediction.__dataclass_fields__) | {"ids"}) - {"type"}
    assert parse.read_prediction(good, 101).top
    assert parse.read_prediction(bad, 101).error


def test_the_examples_of_note_and_error_are_read() -> None:
    (note,) = messages("note")
    assert parse.read_note(note)
    (error,) = messages("error")
    assert parse.read_failure(error).remedy
    assert described("error") == set(Failure.__dataclass_fields__) - {"type"}


def test_the_example_recognizer_tells_what_is_wrong_and_gives_up() -> None:
    request = Open("m", "m", "", 3, DataSource("texts", "/", "/no/list"), {"words": 40}, "/no/file")
    done = converse(json.dumps(asdict(request)))
    assert done.returncode == 1
    failure = parse.read_failure(parse.read_message(done.stdout))
    assert "/no/list" in failure.message


def test_the_example_recognizer_answers_close_and_ends_quietly_without_it() -> None:
    done = converse('{"type": "close"}')
    assert (done.returncode, json.loads(done.stdout)) == (0, {"type": "closed"})
    done = converse("")
    assert (done.returncode, done.stdout) == (0, b"")


def converse(lines: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", str(LANGUAGES / "recognizer.py")]
    return subprocess.run(command, check=False, input=lines.encode(), capture_output=True)


def test_the_example_recognizer_has_no_more_lines_than_the_page_says() -> None:
    lines = (LANGUAGES / "recognizer.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert "This program of 60 lines is complete" in section("An example")


def test_another_version_of_the_pipe_is_refused_on_both_sides_as_the_page_says() -> None:
    said = section("Versions")
    (example,) = messages("opened")
    with pytest.raises(parse.MalformedError) as caught:
        parse.read_opened(example | {"pipe": 2})
    assert f"`{caught.value}`" in said
    request = Open("m", "m", "", 3, DataSource("texts"), {"words": 40}, pipe=2)
    done = converse(json.dumps(asdict(request)))
    assert done.returncode == 1
    assert "known are pipe 1" in parse.read_failure(parse.read_message(done.stdout)).message


@pytest.mark.parametrize(
    "line", ['{"type": "sing"}', '{"type": "predict", "ids": ["no such item"]}', "no JSON"]
)
def test_the_example_recognizer_refuses_what_it_cannot_answer(line: str) -> None:
    done = converse(line)
    assert done.returncode == 1
    assert parse.read_failure(parse.read_message(done.stdout)).message


def test_every_field_of_a_printing_program_is_described() -> None:
    assert described("Programs that only print an accuracy") == set(KEYS)
    (listed,) = re.findall(r"^The fields are those of (.*)$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", listed)) - {"true", "false"} == set(FIELDS)


def test_every_member_of_the_conformance_report_is_described() -> None:
    found = json.loads(
        json_report(Conformance("own", "m on d", [Result("opens", State.PASSED)], 0))
    )
    terms = described("Whether a recognizer keeps to this page")
    assert terms == found.keys()
    for member in found["checks"][0]:
        assert f"`{member}`" in section("Whether a recognizer keeps to this page")


def test_every_check_stands_on_the_page(documentation: Any) -> None:
    page = (documentation.folder / "reference" / "pipe.html").read_text(encoding="utf-8")
    assert all(f">{name}</span>" in page for name in CHECKS)


def test_the_example_recognizer_needs_only_the_standard_library() -> None:
    source = (LANGUAGES / "recognizer.py").read_text(encoding="utf-8")
    imported = re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE)
    assert imported
    assert set(imported) <= sys.stdlib_module_names


def test_the_reference_on_the_page_is_read(tmp_path: Path) -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", section("Close calls"), re.DOTALL)
    path = tmp_path / "modelzoo.toml"
    path.write_text(table)
    command = configured(path, sys.executable)["my-net"]
    assert command.reference
    assert command.reference.argv[:-1] == command.argv[:-1]
    assert (command.argv[-1], command.reference.argv[-1]) == ("gpu", "cpu")
