"""What the scripts for training and testing share: data options, threads, errors.

Imports neither MXNet nor GluonCV: ``--help`` is quick, and wrong calls are told without them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.errors import CallError, ModelZooError, Problem
from sphinx_modelzoo.recognizers.datasets import KNOWN
from sphinx_modelzoo.recognizers.libraries import set_threads

# What shells say of a process that a signal ended: 128 and the signal's number.
_INTERRUPTED, _BROKEN_PIPE = 130, 141

# The defaults of GluonCV's script.
_STRIDES = {"slow": 16, "fast": 2}


@dataclass(frozen=True, slots=True)
class DataOptions:
    """Where a data set is: number of classes, folder, media (empty: look), frames' template."""

    classes: int
    root: Path
    media: str
    template: str


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a network sees: data set, sizes, segments."""
    group = parser.add_argument_group("data")
    group.add_argument(
        "--dataset",
        default="ucf101",
        choices=[*KNOWN, "custom"],
        help="gives the defaults of the paths and of --num-classes; custom has none "
        "(default: %(default)s)",
    )
    group.add_argument(
        "--data-dir", metavar="DIR", help="the folder that the list's paths start from"
    )
    group.add_argument(
        "--num-classes", type=int, metavar="N", help="number of classes (default: the data set's)"
    )
    group.add_argument(
        "--video-loader",
        action="store_true",
        help="the items are video files (default: look what is there, files or folders)",
    )
    group.add_argument(
        "--name-pattern", metavar="NAME", help="name of a frame's file (default: img_%%05d.jpg)"
    )
    group.add_argument("--input-size", type=int, default=224, metavar="PIXELS")
    group.add_argument(
        "--new-height", type=int, default=256, metavar="PIXELS", help="frames are resized to this"
    )
    group.add_argument("--new-width", type=int, default=340, metavar="PIXELS")
    group.add_argument(
        "-j",
        "--num-data-workers",
        type=int,
        default=2,
        metavar="N",
        help="threads that read clips (default: %(default)s)",
    )


def add_gluoncv_options(parser: argparse.ArgumentParser, *flags: str) -> None:
    """Add options that published commands of GluonCV carry and that change nothing here.

    ``flags`` are those that take no value and that this script's commands carry besides.
    """
    group = parser.add_argument_group("taken as GluonCV's commands have them, without effect")
    group.add_argument("--mode", choices=["hybrid", "imperative"])
    group.add_argument("--dtype", choices=["float32"])
    group.add_argument("--prefetch-ratio", type=float)
    group.add_argument("--num-gpus", type=int, choices=[0], help="this script runs on the CPU")
    for flag in flags:
        group.add_argument(flag, action="store_true")


def add_clip_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of networks that see clips of several frames."""
    group = parser.add_argument_group("clips, for networks that see several frames at once")
    group.add_argument(
        "--new-length", type=int, default=1, metavar="N", help="frames of a clip (default: 1)"
    )
    group.add_argument(
        "--new-step", type=int, default=1, metavar="N", help="how far apart they are (default: 1)"
    )
    group.add_argument(
        "--slowfast", action="store_true", help="a SlowFast network: clips at two frame rates"
    )
    for pathway, stride in _STRIDES.items():
        group.add_argument(
            f"--{pathway}-temporal-stride",
            type=int,
            metavar="N",
            help=f"with --slowfast: the {pathway} pathway sees one of N frames (default: {stride})",
        )


def clip_settings(options: argparse.Namespace) -> dict[str, int]:
    """Give the protocol's settings from the options of :func:`add_clip_options`.

    Raises:
        CallError: when a stride is given without ``--slowfast``.
    """
    settings: dict[str, int] = {"new_length": options.new_length, "new_step": options.new_step}
    for pathway, stride in _STRIDES.items():
        name = f"{pathway}_temporal_stride"
        given: int | None = getattr(options, name)
        if options.slowfast:
            settings[name] = stride if given is None else given
        elif given is not None:
            what = f"--{pathway}-temporal-stride is for SlowFast networks"
            raise CallError(Problem(what, "give --slowfast too, or leave it out"))
    return settings


def data_options(options: argparse.Namespace) -> DataOptions:
    """Fill in what the data set's name gives.

    Raises:
        CallError: when a custom data set lacks its folder or its number of classes.
    """
    known = KNOWN.get(options.dataset)
    problems = []
    if known is None and not options.data_dir:
        problems.append(Problem("--dataset custom has no default folder", "give --data-dir DIR"))
    if known is None and options.num_classes is None:
        problems.append(Problem("--dataset custom has no default classes", "give --num-classes N"))
    if options.num_classes is not None and options.num_classes < 1:
        what = f"--num-classes is {options.num_classes}"
        problems.append(Problem(what, "give a number from 1"))
    if problems:
        raise CallError(*problems)
    classes = options.num_classes or (known.classes if known else 0)
    root = options.data_dir or (known.root if known else "")
    template = options.name_pattern or (known.template if known else "img_%05d.jpg")
    media = "videos" if options.video_loader else ""
    folder = Path(os.path.expanduser(root))  # noqa: PTH111 - an unknown home stays as it is
    return DataOptions(classes, folder, media, template)


def list_path(options: argparse.Namespace, which: str) -> Path:
    """Give the path of the ``train`` or ``val`` list, from its option or from the data set.

    Raises:
        CallError: when a custom data set's list is not given.
    """
    given: str | None = getattr(options, f"{which}_list")
    known = KNOWN.get(options.dataset)
    if not given and known is None:
        what = f"--dataset custom has no default list of {which} items"
        raise CallError(Problem(what, f"give --{which}-list FILE"))
    if not given and known is not None:
        given = known.train_list if which == "train" else known.val_list
    return Path(os.path.expanduser(given or ""))  # noqa: PTH111 - an unknown home stays as it is


def run(work: Callable[[], None], *, debug: bool) -> int:
    """Run a script's work and give its exit code; errors become a message on standard error."""
    set_threads()
    try:
        work()
    except ModelZooError as error:
        if debug:
            raise
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:
        if debug:
            raise
        what = f"error: {type(error).__name__}: {error}"
        print(f"{what}; run again with --debug and report this", file=sys.stderr)
        return 3
    return 0
