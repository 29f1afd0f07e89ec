"""Measure how well a network recognizes the actions of a list of videos.

The work is in sphinx_modelzoo.recognizers.testing; options have the names of GluonCV's script.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

try:
    import sphinx_modelzoo
    from sphinx_modelzoo.errors import CallError, Problem
    from sphinx_modelzoo.recognizers import command
    from sphinx_modelzoo.recognizers.architectures import check_protocol
    from sphinx_modelzoo.recognizers.datasets import read_split
    from sphinx_modelzoo.recognizers.engines.choice import EngineChoice
    from sphinx_modelzoo.recognizers.engines.engine import ENGINES, MXNET
    from sphinx_modelzoo.recognizers.libraries import import_libraries
    from sphinx_modelzoo.recognizers.protocol import read_protocol
    from sphinx_modelzoo.verify.report.progress import Progress
except ImportError as missing:
    sys.exit(f"error: {missing}; install it: pip install 'sphinx-modelzoo[mxnet]'")

EXAMPLES = """\
examples:
  the protocol of the listed numbers, from raw frames:
    test_recognizer.py --dataset ucf101 --model vgg16_ucf101 --hashtag d6dc1bba \\
      --num-segments 25 --ten-crop

  InceptionV3 sees larger frames:
    test_recognizer.py --dataset ucf101 --model inceptionv3_ucf101 --hashtag 13ef5c3b \\
      --num-segments 25 --ten-crop --input-size 299 --new-height 340 --new-width 450

  I3D and SlowFast see clips of many frames, here of video files:
    test_recognizer.py --dataset kinetics400 --data-dir videos --video-loader \\
      --model i3d_resnet50_v1_kinetics400 --hashtag 568a722e --num-segments 10 --three-crop \\
      --new-length 32 --new-step 2 --input-size 256 --new-height 256
    test_recognizer.py --dataset kinetics400 --data-dir videos --video-loader \\
      --model slowfast_4x16_resnet50_kinetics400 --hashtag 9d650f51 --num-segments 10 \\
      --three-crop --input-size 256 --new-height 256 --new-length 64 --slowfast \\
      --slow-temporal-stride 16 --fast-temporal-stride 2

  weights and video files of one's own:
    test_recognizer.py --dataset custom --data-dir clips --val-list val.txt --num-classes 10 \\
      --video-loader --model cifar_resnet20_v1 --resume-params weights.params --input-size 32 \\
      --new-height 40 --new-width 52 --num-segments 3 --predictions predictions.jsonl

Every video counts once. The last line is the accuracy in percent.
exit codes: 0 done, 2 wrong call, 3 weights or videos cannot be read.
"""


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
    data = parser.add_argument_group("protocol")
    data.add_argument("--val-list", metavar="FILE", help="lines of PATH [FRAMES] LABEL")
    data.add_argument(
        "--num-segments", type=int, default=1, metavar="N", help="frames, or clips, of a video"
    )
    crops = data.add_mutually_exclusive_group()
    crops.add_argument("--ten-crop", action="store_true", help="centre and corners, and mirrored")
    crops.add_argument("--three-crop", action="store_true", help="side by side")
    command.add_clip_options(parser)

    network = parser.add_argument_group("network and weights")
    network.add_argument("--model", required=True, help="GluonCV's name of the network")
    network.add_argument("--hashtag", default="", help="GluonCV's weights of this hash")
    network.add_argument("--use-pretrained", action="store_true", help="GluonCV's default weights")
    network.add_argument("--resume-params", default="", metavar="FILE", help="a file of weights")
    network.add_argument("--offline", action="store_true", help="fetch nothing")

    engine = parser.add_argument_group("engine")
    engine.add_argument(
        "--engine",
        choices=ENGINES,
        default=MXNET,
        help="what computes; others than mxnet may differ on close calls (default: %(default)s)",
    )
    engine.add_argument(
        "--reference-python",
        default="",
        metavar="PATH",
        help="the interpreter with MXNet, which other engines convert with (default: this one)",
    )

    output = parser.add_argument_group("work and output")
    output.add_argument(
        "--batch-size", type=int, default=32, metavar="VIDEOS", help="at most so many at a time"
    )
    output.add_argument("--log-interval", type=int, default=50, metavar="VIDEOS", help="0: none")
    output.add_argument("--predictions", metavar="FILE", help="write one JSON object a video")
    flags = "--use-tsn", "--use-decord", "--use-softmax", "--input-5d"
    command.add_gluoncv_options(parser, *flags)
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    """Test, and print the accuracy."""
    if not (options.hashtag or options.use_pretrained or options.resume_params):
        remedy = "give --hashtag HASH, --use-pretrained or --resume-params FILE"
        raise CallError(Problem("no weights are named", remedy))
    if options.batch_size < 1:
        problem = Problem(f"--batch-size is {options.batch_size}", "give a number from 1")
        raise CallError(problem)
    data = command.data_options(options)
    protocol = read_protocol(
        {
            "segments": options.num_segments,
            "crops": 10 if options.ten_crop else 3 if options.three_crop else 1,
            "input_size": options.input_size,
            "new_height": options.new_height,
            "new_width": options.new_width,
            **command.clip_settings(options),
        }
    )
    check_protocol(options.model, protocol)
    path = command.list_path(options, "val")
    split = read_split(path, data.root, data.classes, data.media, data.template)

    # Not at the top: engines take seconds to import.
    import_libraries(options.engine)
    from sphinx_modelzoo.recognizers import model, testing, weights  # noqa: PLC0415

    watch = Progress(sys.stderr)

    def say(text: str) -> None:
        watch.end()
        print(text, flush=True)

    opened = model.open_model(
        weights.Wanted(options.model, options.hashtag, options.resume_params),
        data.classes,
        protocol,
        note=say,
        engine=EngineChoice(options.engine, options.reference_python),
        offline=options.offline,
        batch=options.batch_size * protocol.views,
    )
    watch.begin(options.model)
    watch.expect(len(split.items))
    try:
        counts = testing.measure(
            opened,
            split,
            note=say,
            step=watch.step,
            workers=options.num_data_workers,
            interval=options.log_interval,
            predictions=Path(options.predictions) if options.predictions else None,
        )
    finally:
        watch.end()
    print(f"Test accuracy: {counts}", flush=True)


if __name__ == "__main__":
    chosen = parse()
    sys.exit(command.run(lambda: main(chosen), debug=chosen.debug))
