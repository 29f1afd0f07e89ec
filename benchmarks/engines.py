"""The engines of ``gluoncv-action`` beside GluonCV's own evaluation loop, in one run.

Run ``python benchmarks/engines.py [--case vgg16-3 ...] [--engine mnn ...] [--rounds 3]``. Each case
is a network with seeded random weights and a protocol on generated clips (folders of JPEG frames).
The peers are GluonCV's published test script's loop as it starts (``gluoncv``: imperative, four
workers of its DataLoader, batches of 4 clips, MXNet's own choice of threads) and with its best
options (``gluoncv best``: ``--mode hybrid``, threads = cores). All stay loaded and take turns; a
ratio is the median over the rounds. ``share`` is images a second, loading included, as a share of
what this machine's float32 matrix product would allow a direct convolution, measured in the same
run. ``difference`` is that of the five best classes' scores, relative to the largest logit of the
clip; ``counts`` are right answers by the best class and the best five. Needs
``sphinx-modelzoo[mxnet,onnxruntime,mnn]``; all cases take about a quarter of an hour on 2 cores.

Ratios depend on the processor: MXNet, ONNX Runtime and the matrix product use AVX-512 where it is,
MNN's wheel has nothing above AVX2. ``--instructions avx2`` has MXNet and the matrix product do
without AVX-512, as on processors that lack it. ONNX Runtime knows no such limit, so that it is left
out then.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from clips import CLASSES, Case, make_clips

from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.verify.recognizer.pipe import Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command

HERE = Path(__file__).resolve().parent
LAUNCHER = HERE.parent / "sphinx_modelzoo" / "recognizers" / "launch.py"
# What oneDNN, in MXNet, and OpenBLAS, in MXNet and NumPy, read while they are loaded.
AVX2 = {"DNNL_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"}


CASES = {
    "vgg16-3": Case("vgg16_ucf101", 3, 1, 224, 256, 340, 16),
    "vgg16-ten-crop": Case("vgg16_ucf101", 5, 10, 224, 256, 340, 4),
    "inceptionv3-3": Case("inceptionv3_ucf101", 3, 1, 299, 340, 450, 16),
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one evaluation took, and what it gave: clips' best classes with scores, and labels."""

    seconds: float
    best: dict[str, list[tuple[int, float]]]
    labels: dict[str, int]
    logits: dict[str, list[float]]
    close: int = 0

    def counts(self) -> tuple[int, int]:
        """Count right answers by the best class and the best five."""
        ranks = [
            [number for number, _ in self.best[clip]].index(label) if label in classes else 5
            for clip, label in self.labels.items()
            if (classes := {number for number, _ in self.best[clip]})
        ]
        return sum(rank == 0 for rank in ranks), sum(rank < 5 for rank in ranks)  # noqa: PLR2004


class GluonCV:
    """GluonCV's loop in a process of its own."""

    def __init__(self, settings: dict[str, Any], folder: Path, threads: int | None) -> None:
        """Start it; without ``threads`` MXNet starts as many as it likes."""
        path = folder / f"gluoncv-{threads}-{settings['hybrid']}.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
        if threads:
            environment["OMP_NUM_THREADS"] = str(threads)
        self._clips = [
            line.split()[0] for line in Path(settings["list"]).read_text("utf-8").splitlines()
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own file beside this one
            [sys.executable, str(HERE / "gluoncv_loop.py"), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and give the answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            msg = f"GluonCV's loop ended with status {self._process.wait()}"
            raise RuntimeError(msg)
        answer: dict[str, Any] = json.loads(said)
        return answer

    def run(self) -> Evaluation:
        """Evaluate all clips."""
        answer = self.ask("run")
        logits = dict(zip(self._clips, answer["logits"], strict=True))
        best = {
            clip: sorted(enumerate(row), key=lambda pair: -pair[1])[:5]
            for clip, row in logits.items()
        }
        labels = dict(zip(self._clips, answer["labels"], strict=True))
        return Evaluation(answer["seconds"], best, labels, logits)


class Engine:
    """One of our engines, at the other end of the pipe."""

    def __init__(self, name: str, case: Case, folder: Path) -> None:
        """Start it and have it open the model."""
        command = Command(name, (sys.executable, str(LAUNCHER), "gluoncv-action", "--engine", name))
        self._recognizer = Recognizer(command, timeout=1800.0)
        weights = folder / f"{case.model}.params"
        opened = self._recognizer.open(case.request(folder, weights))
        self.disagreement = opened.disagreement
        self.environment = opened.environment
        self._labels = self._recognizer.items(opened.items)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._recognizer.close()
        self._recognizer.__exit__(None, None, None)

    def run(self) -> Evaluation:
        """Evaluate all clips."""
        begun = time.perf_counter()
        predictions: list[Prediction] = list(self._recognizer.predict(self._labels))
        seconds = time.perf_counter() - begun
        best = {each.id: [(int(c), float(s)) for c, s in each.top] for each in predictions}
        close = sum(each.close for each in predictions)
        return Evaluation(seconds, best, dict(self._labels), {}, close)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the cases and print their tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--case", action="append", choices=CASES, help="repeatable; default: all")
    parser.add_argument("--engine", action="append", help="repeatable; default: all that can")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--instructions", choices=["avx2"], help="the widest that are used")
    options = parser.parse_args(arguments)
    if options.instructions and not os.environ.items() >= AVX2.items():
        # What is loaded already has chosen.
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **AVX2})  # noqa: S606 - this again
    able = ["mxnet", "mnn"] if options.instructions else ["mxnet", "onnxruntime", "mnn"]
    engines = options.engine or able
    for name in options.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            measure(name, engines, options.rounds, Path(folder))
    return 0


def measure(name: str, engines: Sequence[str], rounds: int, folder: Path) -> None:
    """Measure one case: all peers loaded, taking turns."""
    case = CASES[name]
    make_clips(folder, case)
    settings = case.loop_settings(folder, batch=4)
    weights = str(folder / f"{case.model}.params")
    with GluonCV(settings, folder, None) as default:
        default.ask(f"save {weights}")
        label_clips(folder, default.run())
        work = 2 * default.ask("work")["multiplications"]
        best_settings = settings | {"hybrid": True, "weights": weights}
        peers: dict[str, GluonCV | Engine] = {
            "gluoncv": default,
            "gluoncv best": GluonCV(best_settings, folder, os.cpu_count() or 1),
        }
        for engine in engines:
            peers[engine] = Engine(engine, case, folder)
        results: dict[str, list[Evaluation]] = {peer: [] for peer in peers}
        products: list[float] = []
        for number in range(-1, rounds):
            products.append(matrix_product())
            for peer, runner in peers.items():
                evaluation = runner.run()
                if number >= 0:  # the first round warms up
                    results[peer].append(evaluation)
        for peer in list(peers)[1:]:
            peers[peer].__exit__()
    print_table(name, case, results, max(products), work)


def label_clips(folder: Path, reference: Evaluation) -> None:
    """Label the clips such that counts tell: the best class, the fourth best, and the tenth."""
    lines = []
    for number, (clip, logits) in enumerate(reference.logits.items()):
        rank = (0, 3, 9)[number % 3]
        label = sorted(range(CLASSES), key=lambda each: -logits[each])[rank]
        lines.append(f"{clip} 60 {label}\n")
    (folder / "clips.txt").write_text("".join(lines), encoding="utf-8")


def matrix_product(size: int = 2048) -> float:
    """Give the best GFLOP/s of five float32 matrix products by numpy's BLAS."""
    draw = np.random.default_rng(1)
    first, second = draw.random((2, size, size), dtype=np.float32)
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        first @ second
        best = min(best, time.perf_counter() - begun)
    return 2 * size**3 / best / 1e9


def print_table(
    name: str, case: Case, results: dict[str, list[Evaluation]], gflops: float, work: int
) -> None:
    """Print a case's table."""
    images = case.clips * case.segments * case.crops
    limit = gflops * 1e9 / work
    print(
        f"{name}: {case.model}, {case.segments} segments x {case.crops} crops at "
        f"{case.input_size}, {case.clips} clips, {images} images, "
        f"{len(results['gluoncv'])} rounds; {work / 1e9:.2f} GFLOP an image"
    )
    print(f"matrix product {gflops:.0f} GFLOP/s: at most {limit:.2f} images/s directly convolved")
    print("                images/s   share   x gluoncv   x its best   difference   counts  close")
    reference = results["gluoncv"][0]
    for peer, evaluations in results.items():
        rate = images / statistics.median(each.seconds for each in evaluations)
        ratios = [
            statistics.median(
                other.seconds / own.seconds
                for other, own in zip(results[beside], evaluations, strict=True)
            )
            for beside in ("gluoncv", "gluoncv best")
        ]
        right = "/".join(map(str, evaluations[0].counts()))
        print(
            f"{peer:14} {rate:9.2f} {rate / limit:6.0%} {ratios[0]:11.2f} {ratios[1]:12.2f} "
            f"{difference(reference, evaluations[0]):12.1e} {right:>8} {evaluations[0].close:6}"
        )
    print(flush=True)


def difference(reference: Evaluation, other: Evaluation) -> float:
    """Give the largest relative difference of the scores that ``other`` gives."""
    return max(
        abs(score - reference.logits[clip][number]) / max(map(abs, reference.logits[clip]))
        for clip, classes in other.best.items()
        for number, score in classes
    )


if __name__ == "__main__":
    sys.exit(main())
