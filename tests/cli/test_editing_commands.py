"""``modelzoo add``, ``set``, ``fmt`` and ``schema`` as a user calls them."""

from __future__ import annotations

import json
import struct

import pytest


def test_set_changes_one_number(zoo):
    before = (zoo.path / "zoo.yaml").read_text()
    done = zoo.command("modelzoo", "set", "net_a@aaaaaaaa", "top1=76.5", "top5=99")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "zoo.yaml: changed net_a@aaaaaaaa top1=76.5 top5=99\n"
    expected = before.replace("top1: 75.0", "top1: 76.5").replace("top5: 100", "top5: 99")
    assert (zoo.path / "zoo.yaml").read_text() == expected


def test_set_can_be_tried(zoo):
    before = (zoo.path / "zoo.yaml").read_text()
    done = zoo.command("modelzoo", "set", "net_a", "top1=76.5", "--dry-run")
    assert done.returncode == 0
    assert "-    top1: 75.0\n+    top1: 76.5\n" in done.stdout
    assert (zoo.path / "zoo.yaml").read_text() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net_b", "top1=1"], "there is no 'net_b' in the manifest; did you mean 'net_a'?"),
        (["net_a", "top1=x"], "nothing was written, because the manifest would be wrong"),
        (["net_a", "top1"], "'top1' is not KEY=VALUE, such as top1=84.0"),
        (["net_a", "top1=1", "top1=2"], "a field is given twice"),
        (["net_a", "note=x", "--manifest", "nowhere.yaml"], "there is no such manifest"),
    ],
)
def test_a_wrong_call_of_set_writes_nothing(zoo, arguments, message):
    before = (zoo.path / "zoo.yaml").read_bytes()
    done = zoo.command("modelzoo", "set", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert (zoo.path / "zoo.yaml").read_bytes() == before


def weights(zoo) -> str:
    header = json.dumps({"w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}).encode()
    data = struct.pack("<Q", len(header)) + header + b"\0" * 48
    (zoo.path / "net.safetensors").write_bytes(data)
    return "net.safetensors"


def test_add_writes_an_entry_that_reads(zoo):
    before = (zoo.path / "zoo.yaml").read_text()
    options = ["--name", "net_b", "--dataset", "clips", "--protocol", "plain", "--license", "MIT"]
    done = zoo.command("modelzoo", "add", weights(zoo), *options, "--metric", "top1=50.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("net_b@")
    assert done.stdout.endswith(" added to zoo.yaml: 121 bytes, 12 parameters\n")
    after = (zoo.path / "zoo.yaml").read_text()
    assert after.startswith(before)
    new = after.removeprefix(before)
    assert new.startswith("\n  - name: net_b\n    hashtag: ")
    assert (
        "\n    parameters: 12\n    license: MIT\n    dataset: clips\n    protocol: plain\n" in new
    )
    assert new.endswith("    top1: 50.0\n")
    assert (
        zoo.command("modelzoo", "check").stdout == "zoo.yaml: 2 entries, 3 numbers, no problems\n"
    )


def test_add_says_what_it_could_not_count_or_write(zoo, tmp_path):
    file = tmp_path / "net-0123abcd.bin"
    file.write_bytes(b"x" * 100)
    done = zoo.command("modelzoo", "add", str(file), "--name", "net_b")
    assert done.returncode == 0
    assert done.stdout.endswith("100 bytes, parameters not counted\n")
    assert "note: the file lies outside the manifest's folder: its path is left out" in done.stderr
    assert "note: the parameters were not counted: the format is none that" in done.stderr
    assert "note: the file's name says 0123abcd, but its SHA-1 is " in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--name", "b", "--metric", "top9=1"], "'top9' is no metric of this manifest"),
        (["--name", "b", "--dataset", "x"], "'x' is not declared under 'datasets'"),
        (["--name", "b@c"], "'name' is 'b@c', not a name"),
        (["--name", "b", "--field", "name=c"], "'name' is given twice"),
    ],
)
def test_a_wrong_call_of_add_writes_nothing(zoo, options, message):
    before = (zoo.path / "zoo.yaml").read_bytes()
    done = zoo.command("modelzoo", "add", weights(zoo), *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert (zoo.path / "zoo.yaml").read_bytes() == before


def test_fmt_checks_shows_and_writes(zoo):
    path = zoo.path / "zoo.yaml"
    right = path.read_text()
    assert zoo.command("modelzoo", "fmt", "--check").returncode == 0
    path.write_text(right.replace("zoo: 1\n", "zoo: 1  \n\n\n"))
    done = zoo.command("modelzoo", "fmt", "--check")
    assert done.returncode == 1
    assert done.stdout == "zoo.yaml: is not in the canonical style; run: modelzoo fmt\n"
    done = zoo.command("modelzoo", "fmt", "--diff")
    assert done.returncode == 0
    assert "-zoo: 1  \n" in done.stdout
    done = zoo.command("modelzoo", "fmt", "zoo.yaml")
    assert (done.returncode, done.stdout) == (0, "zoo.yaml: formatted\n")
    assert path.read_text() == right.replace("zoo: 1\n", "zoo: 1\n\n")


def test_fmt_of_a_wrong_manifest_writes_nothing(zoo):
    (zoo.path / "zoo.yaml").write_text("zoo: 1  \nmodel: []\n")
    done = zoo.command("modelzoo", "fmt")
    assert done.returncode == 2
    assert "zoo.yaml:2:1: unknown field 'model'" in done.stderr
    assert (zoo.path / "zoo.yaml").read_text() == "zoo: 1  \nmodel: []\n"


def test_schema_is_printed_written_and_checked(zoo):
    printed = zoo.command("modelzoo", "schema")
    assert json.loads(printed.stdout)["title"] == "Manifest of a model zoo"
    assert zoo.command("modelzoo", "schema", "-o", "s.json").returncode == 0
    assert (zoo.path / "s.json").read_text(encoding="utf-8") == printed.stdout
    assert zoo.command("modelzoo", "schema", "--check", "s.json").returncode == 0
    assert zoo.command("modelzoo", "schema", "--included", "--check", "s.json").returncode == 1
    done = zoo.command("modelzoo", "schema", "--check", "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json: cannot be used: no such file" in done.stderr
