"""Make the clips of the demo data set: ``python -m sphinx_modelzoo.demo.generate``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from sphinx_modelzoo.demo.facts import CLIPS, SEED
from sphinx_modelzoo.errors import CallError, ModelZooError, Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives 0, or 2 where the call is wrong."""
    options = _parser().parse_args(arguments)
    try:
        _generate(options.split, options.out, options.clips or CLIPS[options.split], options.seed)
    except ModelZooError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sphinx_modelzoo.demo.generate",
        description="Make the clips of the demo data set shapes10, and their list OUT/SPLIT.txt. "
        "The same split and seed always give the same frames.",
    )
    parser.add_argument("--split", required=True, choices=tuple(CLIPS), help="which clips to make")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where to put them")
    parser.add_argument(
        "--clips",
        type=_count,
        metavar="N",
        help="how many, the classes taken in turn (default: train {train}, test {test})".format(
            **CLIPS
        ),
    )
    parser.add_argument(
        "--seed", type=_count, default=SEED, metavar="N", help="default: %(default)s"
    )
    return parser


def _count(text: str) -> int:
    """Read a whole number above 0."""
    if not (text.isascii() and text.isdigit() and int(text)):
        message = f"'{text}' is not a whole number above 0"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _generate(split: str, folder: Path, clips: int, seed: int) -> None:
    missing = [module for module in ("numpy", "av") if find_spec(module) is None]
    if missing:
        remedy = "run: pip install 'sphinx-modelzoo[mxnet]'"
        raise CallError(Problem(f"the clips need {' and '.join(missing)}", remedy))
    # Only after the check: numpy and PyAV are an extra.
    from sphinx_modelzoo.demo.split import write_split  # noqa: PLC0415

    try:
        for done, _ in enumerate(write_split(split, folder, clips, seed), start=1):
            if done % 200 == 0 and done < clips:
                print(f"{done} of {clips} clips", flush=True)
    except OSError as error:
        place = str(error.filename or folder)
        problem = Problem(error.strerror or str(error), "give --out a folder to write to", place)
        raise CallError(problem) from error
    print(f"{clips} clips, listed in {folder / f'{split}.txt'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
