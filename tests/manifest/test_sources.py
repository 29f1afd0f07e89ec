from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.manifest.sources import Disk


def test_texts_stand_for_files_without_touching_them(tmp_path: Path) -> None:
    main, part = tmp_path / "zoo.yaml", tmp_path / "part.yaml"
    main.write_text("zoo: 1\ninclude: part.yaml\n")
    part.write_text("models: [{name: a}]\n")
    zoo = read_zoo(main, Disk({part: b"models: [{name: b}]\n"}))
    assert [entry.name for entry in zoo.entries] == ["b"]
    assert [entry.name for entry in read_zoo(main).entries] == ["a"]


def test_facts_are_what_is_said_and_not_where(tmp_path: Path) -> None:
    texts = (
        "zoo: 1\ndatasets: {u: {}}\nmodels: [{name: a, dataset: u, top1: 83.40}]\n",
        "zoo: 1 # c\n\n\ndatasets:\n  u: {}\nmodels:\n- dataset: u\n  top1: '83.40'\n  name: a\n",
        "zoo: 1\ndatasets: {u: {}}\nmodels: [{name: a, dataset: u, top1: 83.4}]\n",
    )
    found = []
    for text in texts:
        (tmp_path / "zoo.yaml").write_text(text)
        found.append(facts(read_zoo(tmp_path / "zoo.yaml")))
    assert found[0] == found[1]
    assert found[0] != found[2]
