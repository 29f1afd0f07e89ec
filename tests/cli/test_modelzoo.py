from __future__ import annotations


def test_check_says_what_it_found(zoo):
    done = zoo.command("modelzoo", "check")
    assert done.returncode == 0
    assert done.stdout == "zoo.yaml: 1 entry, 2 numbers, no problems\n"


def test_check_prints_all_problems(zoo):
    zoo.manifest(("top1: 75.0", "top1: high"), ("hashtag: aaaaaaaa", "hashtagg: aaaaaaaa"))
    done = zoo.command("modelzoo", "check", "zoo.yaml")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "zoo.yaml:12:5: " in done.stderr
    assert "zoo.yaml:15:11: " in done.stderr


def test_check_of_a_file_that_is_not_there_says_what_to_do(zoo):
    done = zoo.command("modelzoo", "check", "nowhere.yaml")
    assert done.returncode == 2
    assert done.stderr == ("nowhere.yaml: there is no such manifest; name the path of a zoo.yaml\n")


def test_an_unknown_option_is_answered_with_the_nearest(zoo):
    done = zoo.command("modelzoo", "lint", "--stritc")
    assert done.returncode == 2
    assert done.stderr.endswith("unrecognized arguments: --stritc; did you mean --strict?\n")


def test_a_word_too_many_is_answered_with_where_to_look(zoo):
    done = zoo.command("modelzoo", "check", "zoo.yaml", "other.yaml", "third.yaml", "--zzz")
    assert done.returncode == 2
    assert done.stderr.endswith("; modelzoo check --help says what there is\n")


def test_a_command_is_asked_for(zoo):
    done = zoo.command("modelzoo")
    assert done.returncode == 2
    assert "COMMAND" in done.stderr
