"""Every fault of a recognizer ends in its own message, exit code 3, and no receipt."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

FAULTS = [
    ("dies-at-start", "ended with status 1 before it answered 'open'", "| no luck today"),
    ("exits", "ended with status 7 with 36 of 40 items missing", "| MemoryError: out of memory"),
    ("exits-well", "ended with status 0 with 36 of 40 items missing", "by hand"),
    ("killed", "was killed (signal 9, SIGKILL) with 36 of 40 items missing", "memory"),
    ("segfault", "was ended by signal 11 (SIGSEGV)", "36 of 40"),
    ("dies-at-close", "ended with status 9 before it answered 'close'", ""),
    ("closes-stdout", "closed its standard output before it answered 'open'", ""),
    ("talks-on-stdout", "a line that is not JSON: 'Downloading weights ...'", "to stderr"),
    ("random-bytes", "a line that is not UTF-8", "to stderr"),
    ("not-utf8", "a line that is not UTF-8", "to stderr"),
    ("deep-line", "a line that is not JSON: '[[[[", "to stderr"),
    ("not-an-object", "a line that is not a JSON object: '[1, 2]'", ""),
    ("unknown-message", "a message of unknown type 'hello'", "prediction"),
    ("out-of-turn", "answered 'closed' where 'opened' was due", ""),
    ("one-too-many", "answered 'prediction' where 'closed' was due", ""),
    ("huge-line", "wrote a line longer than 4194304 bytes", "newline"),
    ("notes-forever", "sent 100000 notes in a row before it answered 'open'", ""),
    ("gives-up", "recognizer 'fake': no file of weights; fetch it", ""),
    ("old-pipe", "version 0 of the pipe, where 1 is spoken", ""),
    ("other-fingerprint", "another fingerprint of the items", "SHA-256"),
    ("no-fingerprint", "None in 'fingerprint' of a message 'opened'", "64 hexadecimal"),
    ("one-item-less", "opened 39 items, and the list has 40", ""),
    ("no-items", "opened 0 items, and the list has 40", ""),
    ("truth-value", "True in 'items' of a message 'opened'", "whole number"),
    ("nan", "NaN, which is no number of JSON", ""),
    ("infinite", "Infinity, which is no number of JSON", ""),
    ("huge-score", "score inf for 'class", "not finite"),
    ("score-is-text", "score '0.1' for 'class", "no number"),
    ("class-out-of-range", "class 8 for 'class", "not one of 0 to 7"),
    ("class-is-text", "class '1' for 'class", "not one of 0 to 7"),
    ("class-twice", "class 1 twice for 'class", ""),
    ("worst-first", "that rise from 0.1 to 0.9; the best go first", ""),
    ("no-classes", "with neither classes nor an error", ""),
    ("both", "with both classes and an error", ""),
    ("too-few-classes", "offers 1 classes, where the metrics look at the best 5", "at least 5"),
    ("wrong-label", "the list says", "cannot be counted"),
    ("not-asked", "predicted 'never/asked', which was not asked for", ""),
    ("no-id", "7 in 'id' of a message 'prediction', where text goes", ""),
    ("id-twice", "twice", "predicted 'class"),
]

SILENT = [
    ("hangs-at-open", "was silent for 0.5 seconds before it answered 'open'"),
    ("hangs", "was silent for 0.5 seconds with 36 of 40 items missing, the first of them 'class"),
    ("skips-one", "was silent for 0.5 seconds with 1 of 40 items missing, the first of them"),
]


@pytest.mark.parametrize(("fault", "message", "more"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named_and_leaves_no_receipt(zoo, fault, message, more):
    zoo.recognizer(fault=fault)
    done = zoo.run("--report", "json=found.json")
    assert message in done.stderr
    assert more in done.stderr
    assert done.stderr.startswith("zoo.yaml:11:5: net_a@aaaaaaaa on clips: ")
    assert done.returncode == 3
    assert done.stdout.count("UNDECIDED") == 2
    assert "Traceback (most" not in done.stderr
    assert "\x1b" not in done.stderr
    assert zoo.receipts == []
    numbers = json.loads((zoo.path / "found.json").read_text())["numbers"]
    assert [(number["verdict"], number["measured"]) for number in numbers] == [
        ("undecided", None),
        ("undecided", None),
    ]
    assert message in numbers[0]["message"]


@pytest.mark.parametrize(("fault", "message"), SILENT, ids=[fault[0] for fault in SILENT])
def test_silence_is_named_with_what_is_missing(zoo, fault, message):
    zoo.recognizer(fault=fault)
    done = zoo.run("--timeout", "0.5")
    assert message in done.stderr
    assert "--timeout SECONDS" in done.stderr
    assert done.returncode == 3
    assert zoo.receipts == []


@pytest.mark.parametrize("fault", ["hangs-with-child", "ignores-sigterm"])
def test_a_hanging_recognizer_is_ended_with_its_children(zoo, fault):
    zoo.recognizer(fault=fault)
    done = zoo.run("--timeout", "0.5")
    assert done.returncode == 3
    child = int(done.stderr.partition("| child ")[2].split()[0])
    wait_until_gone(child)


@pytest.mark.parametrize("fault", ["floods-stderr", "notes", "reversed", "slow"])
def test_what_is_no_fault_is_confirmed(zoo, fault):
    zoo.recognizer(fault=fault)
    done = zoo.run()
    assert (done.returncode, done.stdout.count("CONFIRMED")) == (0, 2), done.stderr
    assert len(zoo.receipts) == 2


def test_a_bad_end_after_the_last_answer_is_a_warning(zoo):
    zoo.recognizer(fault="fails-after-closing")
    done = zoo.run()
    assert "warning: recognizer 'fake' ended with status 11 after all its work" in done.stderr
    assert done.returncode == 0


def test_unreadable_items_are_all_named_and_not_counted_as_wrong(zoo):
    zoo.recognizer(fault="unreadable")
    done = zoo.run("--report", "json=found.json")
    assert done.returncode == 3
    assert "zoo.yaml:15:11: net_a@aaaaaaaa lists top1 75.0 on clips; 4 of 40 items" in done.stderr
    assert done.stderr.count("is truncated)") == 8
    assert zoo.receipts == []
    first = json.loads((zoo.path / "found.json").read_text())["numbers"][0]
    assert (first["n"], first["N"], first["measured"]) == (36, 40, None)


def test_a_program_that_is_not_there_cannot_be_started(zoo):
    zoo.write("modelzoo.toml", '[recognizers.fake]\ncommand = ["./no/such/program"]\n')
    done = zoo.run()
    assert done.returncode == 3
    assert "recognizer 'fake' cannot be started: " in done.stderr
    assert "no such file or directory" in done.stderr


def test_a_program_that_is_no_program_cannot_be_started(zoo):
    zoo.write("modelzoo.toml", '[recognizers.fake]\ncommand = ["./clips.txt"]\n')
    done = zoo.run()
    assert done.returncode == 3
    assert "clips.txt: permission denied" in done.stderr


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("short-page", "listed 39 items where 40 were asked for"),
        ("page-repeats", "listed the item 'own000' twice"),
        ("other-fingerprint", "another fingerprint of the items"),
        ("no-items", "recognizer 'fake' found no items in data set 'clips'"),
    ],
)
def test_faults_of_a_data_set_without_a_list_are_named(zoo, fault, message):
    zoo.manifest((", list: clips.txt", ""))
    zoo.recognizer(fault=fault)
    done = zoo.run()
    assert message in done.stderr
    assert done.returncode == 3
    assert zoo.receipts == []


def test_another_fingerprint_names_the_first_item_that_differs(zoo):
    zoo.recognizer(fault="relabels")
    done = zoo.run()
    assert done.returncode == 3
    assert (
        "another fingerprint of the items: the list has 'class0/clip000' with label 0, and it has "
        "label 7; " in done.stderr
    )


@pytest.mark.parametrize(
    ("fault", "field", "message"),
    [
        ("other-weights", "weights: net.params", "the loaded weights have sha256 0000"),
        ("no-weights", "weights: net.params", "does not say which weights it loaded"),
        ("", f"sha1: {'5' * 40}", f"not {'5' * 40}"),
        ("", f"sha256: {'5' * 64}", f"not {'5' * 64}"),
    ],
)
def test_other_weights_than_the_manifest_says_are_named(zoo, fault, field, message):
    zoo.manifest(("    hashtag: aaaaaaaa", f"    hashtag: aaaaaaaa\n    {field}"))
    zoo.write("net.params", "numbers")
    zoo.recognizer(fault=fault)
    done = zoo.run()
    assert message in done.stderr
    assert done.stderr.startswith("zoo.yaml:13:")
    assert done.returncode == 3
    assert zoo.receipts == []


def test_a_gluoncv_hashtag_that_the_loaded_file_does_not_have_is_named(zoo):
    zoo.manifest(("title: Test zoo", "loader: gluoncv"))
    done = zoo.run()
    assert "not aaaaaaaa" in done.stderr
    assert done.returncode == 3


def test_weights_that_are_not_there_are_named(zoo):
    zoo.manifest(("    hashtag: aaaaaaaa", "    hashtag: aaaaaaaa\n    weights: net.params"))
    done = zoo.run()
    assert "the weights 'net.params' of net_a@aaaaaaaa are not beside the manifest" in done.stderr
    assert done.returncode == 3


def test_weights_that_a_link_leads_elsewhere_are_refused(zoo):
    zoo.manifest(("    hashtag: aaaaaaaa", "    hashtag: aaaaaaaa\n    weights: net.params"))
    outside = zoo.path.parent / "outside.params"
    outside.write_text("numbers")
    (zoo.path / "net.params").symlink_to(outside)
    done = zoo.run()
    assert "lead out of the manifest's folder" in done.stderr
    assert done.returncode == 3


def test_one_failure_does_not_stop_the_others(zoo):
    text = (zoo.path / "zoo.yaml").read_text()
    second = "  - name: net_b\n    dataset: clips\n    protocol: other\n    top1: 75.0\n"
    text = text.replace("models:", "  other: {recognizer: broken}\nmodels:\n" + second)
    zoo.write("zoo.yaml", text)
    config = (zoo.path / "modelzoo.toml").read_text()
    zoo.write("modelzoo.toml", config + '[recognizers.broken]\ncommand = ["false"]\n')
    done = zoo.run()
    assert done.returncode == 3
    assert "net_b on clips: recognizer 'broken' ended with status 1" in done.stderr
    assert done.stdout.count("CONFIRMED") == 2
    assert len(zoo.receipts) == 2


def test_an_undecided_number_keeps_its_former_receipt(zoo):
    assert zoo.run().returncode == 0
    former = [path.read_text() for path in zoo.receipts]
    zoo.recognizer(fault="killed")
    assert zoo.run().returncode == 3
    assert [path.read_text() for path in zoo.receipts] == former


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        # An orphan that nobody reaps stays as a zombie, which runs nothing.
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail(f"process {pid} still runs")
