"""Names of models and of files: which are the same model, and what a file's name says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

# What is written behind a model's name when only its file, its precision or its input differs.
_VARIANT = re.compile(
    r"""\d{2,4}x\d{2,4} | \d{2,4}px
      | int8 | fp16 | fp32 | bf16 | amp | quantized | quant
      | onnx | tensorrt | trt | openvino | tflite | coreml | mnn | ncnn | torchscript | jit
      | ema | swa | best | last | final | latest | epoch\d+ | e\d+
    """,
    re.VERBOSE,
)
# Inputs are multiples of 16 pixels or one of these; depths, such as 101, 121 and 152, are not.
_OTHER_SIZES = frozenset({299, 331, 378, 518})
_LEAST_SIZE = 96
_ENDINGS = frozenset(
    {
        "bin",
        "caffemodel",
        "ckpt",
        "gz",
        "h5",
        "hdf5",
        "index",
        "json",
        "jsonl",
        "keras",
        "log",
        "mnn",
        "msgpack",
        "npz",
        "onnx",
        "out",
        "params",
        "pb",
        "pdparams",
        "pickle",
        "pkl",
        "pt",
        "pth",
        "safetensors",
        "tar",
        "tflite",
        "tgz",
        "th",
        "txt",
        "weights",
        "xml",
        "zip",
    }
)
_HEX = re.compile(r"[0-9a-f]{7,64}")
_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_SEPARATORS = " _-.()[]*"
_VARIANT_WORDS = 3
_DECIMAL_LENGTHS = frozenset({8, 40, 64})
_SURE_LENGTH = 8


def canonical(name: str) -> str:
    """Give a name with its case and its separators levelled."""
    return "_".join(re.findall(r"[a-z0-9]+", name.lower()))


def stem(name: str) -> str:
    """Give a name without what follows it when only file, precision or input size differs.

    ``yolo3_darknet53_coco_320`` and ``yolo3_darknet53_coco (416x416)`` have the same stem, and so
    have ``resnet50_v1`` and ``resnet50_v1_int8``.
    """
    words = canonical(name).split("_")
    while len(words) > 1 and _is_variant(words[-1]):
        words.pop()
    return "_".join(words)


def _is_variant(word: str) -> bool:
    if re.fullmatch(r"[1-9][0-9]{1,3}", word):
        size = int(word)
        return size >= _LEAST_SIZE and (size % 16 == 0 or size in _OTHER_SIZES)
    return bool(_VARIANT.fullmatch(word))


def loader_names(name: str) -> Iterator[str]:
    """Give the names under which a loader may know a model, the most likely first.

    ``resnet50_v1_int8`` may be known as that or as ``resnet50_v1``.
    """
    rest = name.lower().rstrip(_SEPARATORS)
    yield rest
    for _ in range(_VARIANT_WORDS):
        cut = max(rest.rfind(separator) for separator in _SEPARATORS)
        if cut <= 0 or not _is_variant(rest[cut + 1 :]):
            return
        rest = rest[:cut].rstrip(_SEPARATORS)
        yield rest


def path_of(address: str) -> str:
    """Give the path in an address, without host, query and fragment; a path is left as it is."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        return scheme
    return unquote(rest.partition("#")[0].partition("?")[0].partition("/")[2])


def file_name(address: str) -> str:
    """Give the last part of an address or path."""
    return path_of(address).rstrip("/").rpartition("/")[2]


def file_stem(address: str) -> str:
    """Give a file's name without the endings of weights and logs, as in ``resnet50-0676ba61``."""
    name = file_name(address)
    while "." in name and name.rpartition(".")[2].lower() in _ENDINGS:
        name = name.rpartition(".")[0]
    return name


def is_digest(text: str) -> bool:
    """Tell whether a hashtag can be the beginning of a hash: not a version, not a date."""
    low = text.lower()
    if not _HEX.fullmatch(low) or _DATE.fullmatch(low):
        return False
    if low.isdecimal():
        return len(low) in _DECIMAL_LENGTHS
    return len(low) >= _SURE_LENGTH or not low.isalpha()


def digest_in(address: str) -> str:
    """Give the hash at the end of a weights file's name, as in ``resnet50-0676ba61.pth``."""
    parts = re.split(r"[-_.@]", file_stem(address).lower())
    return parts[-1] if len(parts) > 1 and is_digest(parts[-1]) else ""


def model_in(address: str) -> str:
    """Give the model's name in a file's name: without endings, hash, date and time, levelled."""
    words = canonical(file_stem(address)).split("_")
    while len(words) > 1 and (is_digest(words[-1]) or re.fullmatch(r"\d{6}|\d{8}", words[-1])):
        words.pop()
    return "_".join(words)


def agree(first: str, second: str) -> bool:
    """Tell whether two hashes can be of one file: one begins with the other."""
    low, other = first.lower(), second.lower()
    return low.startswith(other) or other.startswith(low)
