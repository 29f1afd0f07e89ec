"""What the documentation tells readers to type works, and gives what the page says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from sphinx_modelzoo.cli.verify_commands import COMMANDS, command_parser
from sphinx_modelzoo.cli.verify_options import parser
from sphinx_modelzoo.errors import ManifestError
from sphinx_modelzoo.manifest.reader import read_zoo

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = DOCS / "examples" / "languages"
BIN = Path(sys.executable).parent
SIGNING = ("receipts.md", "sh")


def test_every_manifest_is_sound(all_blocks: Any, tmp_path: Path) -> None:
    yaml_blocks = [block for block in all_blocks if block.language == "yaml"]
    # Some are dask's own configuration.
    manifests = [
        block for block in yaml_blocks if not block.text.startswith(("jobqueue:", "distributed:"))
    ]
    assert len(manifests) >= 3
    path = tmp_path / "zoo.yaml"
    for manifest in manifests:
        path.write_text(manifest.text, encoding="utf-8")
        assert read_zoo(path).entries, manifest


def test_every_call_of_verify_zoo_is_one_that_it_understands(all_blocks: Any) -> None:
    lines = [
        line for block in all_blocks if block.language == "sh" for line in block.text.splitlines()
    ]
    calls = [shlex.split(line)[1:] for line in lines if line.split()[0] == "verify-zoo"]
    workflow = (DOCS / "examples" / "ci" / "verify-workflow.yaml").read_text(encoding="utf-8")
    steps = yaml.safe_load(workflow)["jobs"]["verify"]["steps"]
    runs = [step["run"] for step in steps if step.get("run", "").startswith("verify-zoo")]
    calls += [shlex.split(re.sub(r"<\([^)]*\)|\"\$\([^)]*\)\"", "X", run))[1:] for run in runs]
    assert len(calls) >= 5
    for call in calls:
        made = command_parser(call[0]) if call and call[0] in COMMANDS else parser()
        made.parse_args(call)


def test_the_message_on_the_manifest_page_is_the_readers(all_blocks: Any, tmp_path: Path) -> None:
    (shown,) = (
        block.text.strip()
        for block in all_blocks
        if block.page == "manifest.md" and block.language == "text"
    )
    path = tmp_path / "zoo.yaml"
    path.write_text("zoo: 1\nmodels:" + 9 * "\n" + "  - name: a\n    hastag: b\n", encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        read_zoo(path)
    assert shown == str(caught.value).replace(str(path), "zoo.yaml")


def type_in(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    """Type lines into a shell; commands are those of this environment."""
    return subprocess.run(
        ["sh", "-e", "-c", f'PATH="{BIN}:$PATH"\n{lines}'],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def statuses(page: Path) -> list[str]:
    """Give the last cell of each row of a page's table."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return [row.select("td")[-1].text.strip() for row in soup.select("tbody tr")]


def test_the_first_steps_lead_to_a_verified_page(all_blocks: Any, tmp_path: Path) -> None:
    blocks = [block for block in all_blocks if block.page == "begin.md"]
    folder = tmp_path / "my-zoo"
    shutil.copytree(LANGUAGES, folder, ignore=shutil.ignore_patterns("receipts"))
    written = [block for block in blocks if block.caption]
    assert [block.caption for block in written] == ["conf.py", "index.rst"]
    for block in written:
        (folder / block.caption).write_text(block.text, encoding="utf-8")

    typed = [block.text for block in blocks if block.language == "sh"][2:]
    build, verify, build_again = typed
    done = type_in(folder, build)
    assert (done.returncode, done.stderr) == (0, "")
    page = folder / "build" / "html" / "index.html"
    assert statuses(page) == ["○ claimed", "○ claimed"]

    done = type_in(folder, verify)
    assert done.returncode == 0, done.stderr
    _, shown, message = (block.text for block in blocks if block.language == "text")
    assert done.stdout + done.stderr == shown

    done = type_in(folder, build_again)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = statuses(page)
    assert re.fullmatch(r"✓ verified \d{4}-\d\d-\d\d, 11 of 12", first)
    assert re.fullmatch(r"✓ verified \d{4}-\d\d-\d\d, 10 of 12", second)

    manifest = folder / "zoo.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("91.7", "95.0"))
    done = type_in(folder, verify)
    assert done.returncode == 1
    assert message in done.stderr


def test_the_keys_and_calls_on_the_page_sign_receipts_and_check_them(
    all_blocks: Any, tmp_path: Path
) -> None:
    texts = (each.text for each in all_blocks if (each.page, each.language) == SIGNING)
    (typed,) = (text for text in texts if text.startswith("openssl "))
    folder = tmp_path / "my-zoo"
    shutil.copytree(LANGUAGES, folder, ignore=shutil.ignore_patterns("receipts"))
    done = type_in(folder, typed)
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("2 verified\n")
    statement = next((folder / "receipts").glob("*/*.intoto.jsonl"))
    statement.write_text(statement.read_text().replace("a", "b"), encoding="utf-8")
    done = type_in(folder, typed.splitlines()[-1])
    assert done.returncode == 3
