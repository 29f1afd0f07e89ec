"""A script for tests that only prints: GluonCV's options and lines, and with any fault.

Every tenth item is wrong, every twentieth not even among the best five. As GluonCV's script does,
it leaves out a last batch that is not full. The environment's ``FAULT`` makes it fail.
"""

import argparse
import logging
import os
import signal
import sys
import time
from pathlib import Path


def options():
    parser = argparse.ArgumentParser()
    for name in ("--dataset", "--data-dir", "--val-list", "--hashtag", "--resume-params", "--mode"):
        parser.add_argument(name, default="")
    parser.add_argument("--model", required=True)
    numbers = {"--batch-size": 32, "--num-segments": 1, "--num-classes": 101, "--log-interval": 50}
    numbers |= {"--input-size": 224, "--new-height": 256, "--new-width": 340, "--num-gpus": 0}
    for name, default in numbers.items():
        parser.add_argument(name, type=int, default=default)
    for name in ("--ten-crop", "--three-crop", "--use-pretrained"):
        parser.add_argument(name, action="store_true")
    return parser.parse_args()


def before_the_result(fault):
    if fault == "dies":
        sys.exit("no luck today")
    if fault == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "hangs":
        time.sleep(600)
    if fault == "binary":
        sys.stdout.buffer.write(b"\xff\xfe\x00\x1b[31m" * 100000 + b"\n")
        sys.stdout.buffer.flush()
    if fault == "bar":
        for _ in range(30):
            sys.stderr.write("\r" + "#" * 20000)
            time.sleep(0.03)


def main():
    opt = options()
    fault = os.environ.get("FAULT", "")
    print(opt)
    print(f"Total batch size is set to {opt.batch_size} on 0 GPUs")
    if opt.resume_params and not opt.use_pretrained:
        Path(opt.resume_params).read_bytes()
        print(f"Pre-trained model {opt.resume_params} is successfully loaded.")
    else:
        print("Pre-trained model is successfully loaded from the model zoo.")
    print(f"Successfully loaded model {opt.model}")
    items = Path(opt.val_list).read_text(encoding="utf-8").splitlines()
    batches = len(items) // opt.batch_size
    print(f"Load {len(items)} test samples in {batches} iterations.")
    if fault == "logs":
        logging.basicConfig()
        logging.getLogger().error("Load %d test samples in %d iterations.", len(items), batches)
    right = best = seen = 0
    for batch in range(batches):
        for number in range(batch * opt.batch_size, (batch + 1) * opt.batch_size):
            seen += 1
            right += number % 10 != 0
            best += number % 20 != 0
        if batch > 0 and batch % opt.log_interval == 0:
            shown = (batch, batches, 100 * right / seen, 100 * best / seen)
            print("%04d/%04d is done: acc-top1=%f acc-top5=%f" % shown)  # noqa: UP031
    before_the_result(fault)
    top1, top5 = (100 * right / seen, 100 * best / seen) if seen else (float("nan"),) * 2
    line = "Test accuracy: acc-top1=%f acc-top5=%f" % (top1, top5)  # noqa: UP031
    replaced = {
        "silent": "",
        "percent": f"Test accuracy: acc-top1={10 * top1} acc-top5={top5}",
        "word": "Test accuracy: acc-top1=good acc-top5=good",
        "few-digits": f"Test accuracy: acc-top1={top1:.0f} acc-top5={top5:.0f}",
        "share": f"Test accuracy: acc-top1={top1 / 100:f} acc-top5={top5 / 100:f}",
    }
    print(replaced.get(fault, line))
    print("Total evaluation time is 0.00 minutes")
    if fault == "fails-at-the-end":
        sys.exit(5)


if __name__ == "__main__":
    main()
