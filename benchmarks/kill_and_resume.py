"""Runs of ``verify-zoo`` killed at random moments and resumed: every verdict is the same.

Run ``python benchmarks/kill_and_resume.py [ROUNDS] [SEED]`` (default 1000 rounds). Each round
starts ``verify-zoo`` with a fast recognizer, kills it with SIGKILL after a random time, starts it
again, and so on until a run ends by itself; half of the rounds are spot checks, half are full
runs. Then the receipts must be those of a run that was never cut off: verdict, counts, e-values
and the digest of all predictions. After each kill the journal is looked at: an item may stand in
it once only, and none that stood there before may be gone. Prints what happened; exits 1 when
anything differs. POSIX systems only.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sphinx_modelzoo.cli.verify_zoo import main as verify_zoo

ITEMS = 1000
EVERY = 50  # rounds between signs of life
MANIFEST = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 1.0}
datasets:
  items: {title: Items, samples: ITEMS, classes: 10, list: items.txt}
protocols:
  fast: {recognizer: fast, segments: 1}
models:
  - {name: net, hashtag: aaaaaaaa, dataset: items, protocol: fast, top1: LISTED, evidence: e.jsonl}
"""
SAME = ("verdict", "correct", "n", "total", "tier", "seed", "e_values", "predictions", "evidence")


def main(rounds: int, seed: int) -> int:
    """Run the rounds; give the exit code."""
    draw = random.Random(seed)  # noqa: S311 - moments, no secrets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make_zoo(folder)
        expected, lasts = {}, {}
        for tier in ("spot", "full"):
            began = time.monotonic()
            _run(folder, tier, None)
            lasts[tier] = time.monotonic() - began
            expected[tier] = _receipt(folder, tier)
            shutil.rmtree(folder / "receipts")
        kills: Counter[str] = Counter()
        wrong = 0
        for number in range(rounds):
            tier = ("spot", "full")[number % 2]
            problems = _round(folder, tier, draw, lasts[tier], kills)
            if _receipt(folder, tier) != expected[tier]:
                problems.append("the receipt is another")
            if problems:
                wrong += 1
                print(f"round {number}, {tier}: {'; '.join(problems)}")
            shutil.rmtree(folder / "receipts")
            if (number + 1) % EVERY == 0:
                print(
                    f"{number + 1} of {rounds} rounds, {wrong} wrong", file=sys.stderr, flush=True
                )
    print(
        f"{rounds} runs were killed {kills['all']} times, {kills['kept']} times with items in the "
        f"journal ({kills['items']} items in all): {rounds - wrong} verdicts as of a run that was "
        f"never killed, {wrong} others; {kills['lost']} items lost, {kills['twice']} written twice"
    )
    return 1 if wrong else 0


def _make_zoo(folder: Path) -> None:
    names = [f"class{index % 10}/item{index:05}" for index in range(ITEMS)]
    lines = [f"{item} {index % 10}\n" for index, item in enumerate(names)]
    (folder / "items.txt").write_text("".join(lines), encoding="utf-8")
    recognizer = Path(__file__).resolve().with_name("fast_recognizer.py")
    command = json.dumps(["{python}", str(recognizer), "0.834"])
    (folder / "modelzoo.toml").write_text(f"[recognizers.fast]\ncommand = {command}\n")
    sys.path.insert(0, str(recognizer.parent))
    from fast_recognizer import share_of  # noqa: PLC0415 - it lies beside this file

    right = sum(share_of(item, "right") < 0.834 for item in names)  # noqa: PLR2004 - as above
    text = MANIFEST.replace("ITEMS", str(ITEMS)).replace("LISTED", f"{100 * right / ITEMS:.2f}")
    (folder / "zoo.yaml").write_text(text, encoding="utf-8")
    _run(folder, "full", None, "--record")
    shutil.rmtree(folder / "receipts")


def _round(
    folder: Path, tier: str, draw: random.Random, lasts: float, kills: Counter[str]
) -> list[str]:
    """Kill a run again and again until it ends by itself; give what went wrong."""
    problems: list[str] = []
    before: frozenset[str] = frozenset()
    killed = 0
    for _ in range(1000):
        # One that was faster than the first kill runs anew; after a kill there is ever more time.
        if _run(folder, tier, draw.uniform(0, lasts * (0.9 + 0.2 * killed))):
            if killed:
                return problems
            continue
        killed += 1
        kills["all"] += 1
        ids = _journalled(folder)
        twice = len(ids) - len(set(ids))
        lost = len(before - set(ids))
        # A run that ended took its journal along.
        if lost and ids:
            problems.append(f"{lost} items were lost")
            kills["lost"] += lost
        if twice:
            problems.append(f"{twice} items stand twice in the journal")
            kills["twice"] += twice
        kills["kept"] += bool(ids)
        kills["items"] += len(set(ids) - before)
        before = frozenset(ids)
    return [*problems, "it never ended"]


def _run(folder: Path, tier: str, seconds: float | None, *options: str) -> bool:
    """Run ``verify-zoo`` in a process of its own; kill it after a while; tell whether it ended."""
    child = os.fork()
    if not child:
        os.chdir(folder)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os._exit(verify_zoo([*options, "--tier", tier]))
    if seconds is not None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return _ended(status)
            time.sleep(min(0.001, max(0.0, deadline - time.monotonic())))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return _ended(os.waitpid(child, 0)[1])


def _ended(status: int) -> bool:
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status) != 0:
        message = f"verify-zoo ended with {os.WEXITSTATUS(status)}"
        raise RuntimeError(message)
    return True


def _journalled(folder: Path) -> list[str]:
    """Give the ids of the whole lines in the journal."""
    ids = []
    for path in (folder / "receipts").glob(".journals/*.journal"):
        lines = path.read_bytes().split(b"\n")[1:-1]
        ids += [json.loads(line[9:])[0] for line in lines]
    return ids


def _receipt(folder: Path, tier: str) -> dict[str, object]:
    ending = ".json" if tier == "full" else ".spot.json"
    path = folder / "receipts" / "net@aaaaaaaa" / f"items.fast.top1{ending}"
    data = json.loads(path.read_text(encoding="utf-8"))
    return {name: data[name] for name in SAME}


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*[*arguments, *(1000, 20261123)[len(arguments) :]]))
