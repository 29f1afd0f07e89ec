"""``modelzoo diff`` as a user calls it."""

from __future__ import annotations

import json
import shutil


def copies(zoo, *changes):
    shutil.copy(zoo.path / "zoo.yaml", zoo.path / "old.yaml")
    zoo.manifest(*changes)


def test_diff_tells_what_changed(zoo):
    copies(zoo, ("top1: 75.0", "top1: 76.0"))
    done = zoo.command("modelzoo", "diff", "old.yaml", "zoo.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Re-measured:\n! net_a@aaaaaaaa top1 on clips under plain: 75.0 became 76.0; "
        "the number changed, and neither its weights nor its protocol did\n"
    )


def test_diff_compares_with_the_manifest_as_it_is_now(zoo):
    copies(zoo, ("name: net_a", "name: net_b"))
    done = zoo.command("modelzoo", "diff", "old.yaml", "--format", "json", "--strict")
    assert done.returncode == 0
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["kind"], change["former"], change["entry"]) == (
        "renamed",
        "net_a@aaaaaaaa",
        "net_b@aaaaaaaa",
    )


def test_a_silent_change_fails_only_where_that_is_wanted(zoo):
    copies(zoo, ("top1: 75.0", "top1: 76.0"))
    arguments = ["diff", "old.yaml", "zoo.yaml", "--format", "markdown"]
    assert zoo.command("modelzoo", *arguments).returncode == 0
    done = zoo.command("modelzoo", *arguments, "--strict")
    assert done.returncode == 1
    assert done.stdout.startswith("### Re-measured\n\n| Model |")
    assert done.stderr.startswith("zoo.yaml:15:11: net_a@aaaaaaaa: the number changed")


def test_a_wrong_manifest_on_either_side_is_said(zoo):
    copies(zoo, ("zoo: 1", "zoo: 2"))
    done = zoo.command("modelzoo", "diff", "old.yaml", "zoo.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("zoo.yaml:1:6: ")
    assert zoo.command("modelzoo", "diff", "zoo.yaml", "old.yaml").returncode == 2


def test_what_is_neither_file_nor_revision_is_said(zoo):
    ceiling = {"GIT_CEILING_DIRECTORIES": str(zoo.path.parent)}
    done = zoo.command("modelzoo", "diff", "v1.0", **ceiling)
    assert done.returncode == 2
    assert (
        "'v1.0' is no revision, as this folder is in no git repository; name two files"
        in done.stderr
    )
