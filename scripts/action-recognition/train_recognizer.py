"""Train a network that recognizes actions in video clips.

The work is in sphinx_modelzoo.recognizers.training; options have the names of GluonCV's script.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

try:
    import sphinx_modelzoo
    from sphinx_modelzoo.errors import CallError, Problem
    from sphinx_modelzoo.recognizers import command
    from sphinx_modelzoo.recognizers.architectures import architecture
    from sphinx_modelzoo.recognizers.datasets import read_split
    from sphinx_modelzoo.recognizers.libraries import import_libraries, threads, versions
    from sphinx_modelzoo.recognizers.protocol import read_protocol
    from sphinx_modelzoo.recognizers.schedule import Schedule
except ImportError as missing:
    sys.exit(f"error: {missing}; install it: pip install 'sphinx-modelzoo[mxnet]'")

EXAMPLES = """\
examples:
  VGG16 with three temporal segments, from raw frames:
    train_recognizer.py --dataset ucf101 --model vgg16_ucf101 --use-tsn --num-segments 3 \\
      --lr 0.001 --lr-mode step --lr-decay-epoch 30,60 --num-epochs 80 --use-pretrained-base

  a small network on video files of one's own, the same weights at every run:
    train_recognizer.py --dataset custom --data-dir clips --train-list train.txt \\
      --val-list val.txt --num-classes 10 --video-loader --model cifar_resnet20_v1 \\
      --input-size 32 --new-height 40 --new-width 52 --lr 0.1 --lr-mode cosine \\
      --num-epochs 20 --seed 1 --save-dir weights

exit codes: 0 done, 2 wrong call, 3 weights or clips cannot be read, or training diverged.
"""


def numbers(text: str) -> tuple[float, ...]:
    """Read numbers with commas between them."""
    return tuple(float(number) for number in text.split(",") if number.strip())


def epochs(text: str) -> tuple[int, ...]:
    """Read epochs with commas between them."""
    return tuple(sorted(int(number) for number in text.split(",") if number.strip()))


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=sphinx_modelzoo.__version__)
    parser.add_argument("--debug", action="store_true", help="show Python's traceback of errors")
    command.add_data_options(parser)
    data = parser.add_argument_group("clips for training and validation")
    data.add_argument("--train-list", metavar="FILE", help="lines of PATH [FRAMES] LABEL")
    data.add_argument("--val-list", metavar="FILE")
    data.add_argument("--val-data-dir", metavar="DIR", help="(default: --data-dir)")

    network = parser.add_argument_group("network and its first weights (default: random)")
    network.add_argument("--model", required=True, help="GluonCV's name of the network")
    network.add_argument("--num-segments", type=int, metavar="N", help="segments of a clip")
    network.add_argument(
        "--use-tsn",
        action="store_true",
        help="temporal segments: 3 where --num-segments is not given",
    )
    network.add_argument("--resume-params", metavar="FILE", help="start from a file of weights")
    network.add_argument(
        "--use-pretrained", action="store_true", help="start from GluonCV's default weights"
    )
    network.add_argument("--hashtag", default="", help="start from GluonCV's weights of this hash")
    network.add_argument(
        "--use-pretrained-base",
        action="store_true",
        help="start the layers below the output from ImageNet's weights",
    )
    network.add_argument("--offline", action="store_true", help="fetch nothing")
    network.add_argument(
        "--partial-bn", action="store_true", help="freeze all batch normalisation but the first"
    )

    training = parser.add_argument_group("training")
    training.add_argument("--batch-size", type=int, default=32, metavar="CLIPS")
    training.add_argument("--num-epochs", type=int, default=3, metavar="N")
    training.add_argument("--lr", type=float, default=0.01, help="(default: %(default)s)")
    training.add_argument("--momentum", type=float, default=0.9)
    training.add_argument(
        "--wd", type=float, default=5e-4, help="weight decay (default: %(default)s)"
    )
    training.add_argument("--lr-mode", choices=["step", "cosine"], default="step")
    training.add_argument("--lr-decay", type=float, default=0.1, metavar="FACTOR")
    training.add_argument(
        "--lr-decay-epoch", type=epochs, default=(40, 60), metavar="N,N", help="(default: 40,60)"
    )
    training.add_argument("--warmup-lr", type=float, default=0.0)
    training.add_argument("--warmup-epochs", type=int, default=0, metavar="N")
    training.add_argument("--label-smoothing", action="store_true")
    training.add_argument("--clip-grad", type=float, default=0.0, metavar="NORM", help="0: do not")
    training.add_argument(
        "--scale-ratios", type=numbers, default=(1.0, 0.8), metavar="R,R", help="sides of the crops"
    )
    training.add_argument("--seed", type=int, default=0, help="the same seed, the same weights")

    output = parser.add_argument_group("output")
    output.add_argument(
        "--save-dir", default="params", metavar="DIR", help="(default: %(default)s)"
    )
    output.add_argument(
        "--save-frequency", type=int, default=0, metavar="EPOCHS", help="0: at the end"
    )
    output.add_argument("--logging-file", default="train.log", help="in --save-dir")
    output.add_argument("--log-interval", type=int, default=50, metavar="BATCHES", help="0: none")
    command.add_gluoncv_options(parser)
    return parser.parse_args(arguments)


def logger(path: Path) -> logging.Logger:
    """Log to a file and to standard output."""
    path.parent.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger("train_recognizer")
    log.setLevel(logging.INFO)
    log.propagate = False
    for handler in (logging.FileHandler(path, mode="w"), logging.StreamHandler(sys.stdout)):
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
    return log


def main(options: argparse.Namespace) -> None:
    """Train, and say where the weights are."""
    known = architecture(options.model)
    if known and known.clip:
        what = f"{known.name} sees clips; this script trains networks that see single frames"
        raise CallError(Problem(what, "choose a network such as resnet50_v1b_ucf101"))
    data = command.data_options(options)
    segments = options.num_segments or (3 if options.use_tsn else 1)
    if options.use_tsn and segments == 1:
        raise CallError(Problem("--use-tsn with one segment", "give --num-segments 3"))
    if options.offline and options.use_pretrained_base:
        what = "--use-pretrained-base fetches weights, --offline forbids it"
        raise CallError(Problem(what, "leave out one of them, or give --resume-params FILE"))
    if options.num_epochs < 1 or options.batch_size < 1 or options.seed < 0:
        what = "--num-epochs and --batch-size count from 1, --seed from 0"
        raise CallError(Problem(what, "correct the number"))
    protocol = read_protocol(
        {
            "segments": segments,
            "input_size": options.input_size,
            "new_height": options.new_height,
            "new_width": options.new_width,
        }
    )
    schedule = Schedule(
        base=options.lr,
        epochs=options.num_epochs,
        mode=options.lr_mode,
        decay=options.lr_decay,
        decay_epochs=options.lr_decay_epoch,
        warmup_epochs=options.warmup_epochs,
        warmup_base=options.warmup_lr,
    )
    lists = command.list_path(options, "train"), command.list_path(options, "val")
    val_root = Path(options.val_data_dir).expanduser() if options.val_data_dir else data.root
    train_split = read_split(lists[0], data.root, data.classes, data.media, data.template)
    val_split = read_split(lists[1], val_root, data.classes, data.media, data.template)

    # Not at the top: MXNet takes seconds to import.
    import_libraries()
    from sphinx_modelzoo.recognizers import store, training, weights  # noqa: PLC0415

    start = None
    if options.resume_params or options.use_pretrained or options.hashtag:
        wanted = weights.Wanted(options.model, options.hashtag, options.resume_params or "")
        start = store.find_weights(wanted, offline=options.offline).path
    recipe = training.Recipe(
        model=options.model,
        classes=data.classes,
        protocol=protocol,
        schedule=schedule,
        batch_size=options.batch_size,
        momentum=options.momentum,
        weight_decay=options.wd,
        scale_ratios=options.scale_ratios,
        clip_grad=options.clip_grad,
        label_smoothing=options.label_smoothing,
        partial_bn=options.partial_bn,
        base=options.use_pretrained_base and start is None,
        weights=start,
        seed=options.seed,
    )
    log = logger(Path(options.save_dir).expanduser() / options.logging_file)
    log.info("%s", recipe)
    libraries = {name: name for name in ("mxnet", "gluoncv", "numpy", "cv2", "av")}
    log.info("%s", {**versions(libraries), "threads": str(threads())})
    path = training.train(
        recipe,
        train_split,
        val_split,
        Path(options.save_dir).expanduser(),
        log,
        workers=options.num_data_workers,
        interval=options.log_interval,
        save_every=options.save_frequency,
    )
    log.info("Saved %s", path)


if __name__ == "__main__":
    chosen = parse()
    sys.exit(command.run(lambda: main(chosen), debug=chosen.debug))
