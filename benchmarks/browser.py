"""Print what filtering and sorting a large table cost in Chromium.

    python benchmarks/browser.py [--rows ROWS] [--theme THEME]

The page is built by Sphinx, with five columns. Each figure is processor time of the page's main
thread, from the key or click to the frame that shows its rows (script, style, layout and paint):
the median of all, and the longest.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

HEAD = """\
zoo: 1
title: Large
loader: gluoncv
links:
  train_log: {title: Train Log, text: log, url: "https://example.org/{log}.log"}
datasets:
  ucf101: {title: UCF101, samples: 3783}
metrics:
  top1: {title: Top-1, unit: "%", decimals: 1, direction: higher, top: 1}
models:
"""
NETWORKS = ("vgg16", "inceptionv3", "resnet50_v1b", "i3d_inceptionv1", "slowfast_4x16")
PAGE = "Models\n======\n\n.. zoo:table:: ucf101\n   :columns: name top1 hashtag status train_log\n"
TEXTS = ("v", "resnet", "zz")
SORTS = ("text", "number")


def build(folder: Path, rows: int, theme: str) -> Path:
    """Build the page and give its file."""
    docs = folder / "docs"
    docs.mkdir()
    conf = f'extensions = ["sphinx_modelzoo"]\nproject = "Large"\nhtml_theme = "{theme}"\n'
    (docs / "conf.py").write_text(conf)
    (docs / "index.rst").write_text(PAGE)
    lines = [HEAD]
    for row in range(rows):
        network = NETWORKS[row % len(NETWORKS)]
        lines.append(
            f"  - {{name: {network}_{row}, hashtag: {row:08x}, dataset: ucf101, "
            f"top1: {60 + row * 7919 % 350 / 10:.1f}, log: {network}}}\n"
        )
    (folder / "zoo.yaml").write_text("".join(lines))
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(docs), str(folder / "html")]
    subprocess.run(command, check=True)  # noqa: S603 - our own
    return folder / "html" / "index.html"


def work(session: CDPSession) -> float:
    """Give the milliseconds of processor time that the page's main thread has used."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")


def times(page: Page, session: CDPSession, actions: Iterable[Callable[[], None]]) -> list[float]:
    """Give the work of each action up to the frame that shows what it did."""
    found = []
    for action in actions:
        page.wait_for_timeout(700)
        before = work(session)
        action()
        page.evaluate("() => new Promise(shown => requestAnimationFrame(() => setTimeout(shown)))")
        found.append(work(session) - before)
    return found


def told(name: str, found: list[float]) -> str:
    """Give a figure in words."""
    return f"{name:<18}{statistics.median(found):6.0f} ms  longest {max(found):4.0f} ms"


def measure(page: Page, runs: int) -> list[str]:
    """Give a line for each figure."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.locator(".zoo-controls input[type=search]").focus()
    typed = [key for text in TEXTS for key in (*text, *["Backspace"] * len(text))]
    sorts = {name: page.locator(".zoo-sort").nth(number) for number, name in enumerate(SORTS)}
    presses = [partial(page.keyboard.press, key) for key in typed]
    lines = [told("a key", times(page, session, presses))]
    for name, sort in sorts.items():
        lines.append(told(f"a sort by {name}", times(page, session, [sort.click] * runs)))
    return lines


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--theme", default="furo")
    parser.add_argument("--runs", type=int, default=6)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = build(Path(folder), arguments.rows, arguments.theme)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(page_file.as_uri())
        print(f"{arguments.rows} rows, {arguments.theme}, Chromium {browser.version}")
        print("\n".join(measure(page, arguments.runs)))
        browser.close()


if __name__ == "__main__":
    main()
