"""Rules on hashtags: ambiguous ones, and such as belong to another file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx_modelzoo.lint.files import is_file
from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.names import agree, digest_in, file_name, is_digest
from sphinx_modelzoo.lint.rule import Example, Need, Options, Rule
from sphinx_modelzoo.lint.weights import addresses
from sphinx_modelzoo.manifest.model import Entry, Place, Zoo
from sphinx_modelzoo.pipe.digests import digests

_SHORT_HASH = re.compile(r"[0-9a-f]{4,64}")


def _ambiguous(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    by_name: dict[str, list[Entry]] = {}
    by_hashtag: dict[str, list[Entry]] = {}
    for entry in zoo.entries:
        if entry.hashtag:
            by_name.setdefault(entry.name, []).append(entry)
            if is_digest(entry.hashtag):
                by_hashtag.setdefault(entry.hashtag.lower(), []).append(entry)
    for group in by_name.values():
        yield from _prefixes(group)
    for group in by_hashtag.values():
        for entry in group[1:]:
            other = _conflict(entry, group[0])
            if other:
                what = (
                    f"the hashtag {entry.hashtag} is also that of {group[0].key} "
                    f"in line {group[0].place.line}, {other}"
                )
                remedy = "give each the hash of its own file, longer where they begin alike"
                yield Remark(what, remedy, _place(entry), entry.key)


def _prefixes(group: list[Entry]) -> Iterator[Remark]:
    """Give the entries of one name whose hashtag fits another's file too.

    Sorted, all that begin with a hashtag follow it directly.
    """
    tags = sorted(
        (text.lower(), position)
        for position, entry in enumerate(group)
        for text in {entry.hashtag, entry.sha1, entry.sha256} - {""}
    )
    for index, (short, position) in enumerate(tags):
        entry = group[position]
        if short != entry.hashtag.lower() or not _SHORT_HASH.fullmatch(short):
            continue
        for long, other in tags[index + 1 :]:
            if not long.startswith(short):
                break
            longer = group[other]
            if long != short and is_digest(long) and not _same_file(entry, longer):
                what = (
                    f"the hashtag {entry.hashtag} fits {longer.key} in line {longer.place.line} too"
                )
                yield Remark(what, "write more digits of the hash", _place(entry), entry.key)
                break


def _same_file(entry: Entry, other: Entry) -> bool:
    if entry is other:
        return True
    return bool(entry.sha256 and entry.sha256 == other.sha256) or bool(
        entry.sha1 and entry.sha1 == other.sha1
    )


def _conflict(entry: Entry, other: Entry) -> str:
    """Give in words how two entries of one hashtag differ in their files; empty where not."""
    for name, first, second in (
        ("SHA-256", entry.sha256, other.sha256),
        ("SHA-1", entry.sha1, other.sha1),
    ):
        if first and second and first != second:
            return f"whose file has another {name}"
    if entry.size and other.size and entry.size != other.size:
        return f"whose file has {other.size} bytes, not {entry.size}"
    return ""


def _other_in_name(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    for entry in zoo.entries:
        claimed = _claims(entry)
        for address in addresses(zoo, entry) if claimed else ():
            named = digest_in(address.target)
            if named and not any(agree(named, text) for _, text in claimed):
                field, text = claimed[0]
                what = f"the weights' file is {file_name(address.target)}, but {field} is {text}"
                remedy = "one of them is of another file: write that file's hash, or its address"
                yield Remark(what, remedy, address.place, entry.key)


def _claims(entry: Entry) -> list[tuple[str, str]]:
    """Give the hashes of an entry that the hash in a file's name can be compared with.

    A full hash is of one kind, and a short one that does not begin it may be of the other kind;
    so full hashes alone tell only when both are given.
    """
    full = [("its SHA-1", entry.sha1), ("its SHA-256", entry.sha256)]
    given = [(field, text) for field, text in full if text]
    if is_digest(entry.hashtag):
        return [("the hashtag", entry.hashtag), *given]
    return given if len(given) == len(full) else []


def _other_than_file(zoo: Zoo, options: Options) -> Iterator[Remark]:
    known: dict[Path, tuple[str, str]] = {}
    for entry in zoo.entries:
        yield from _of_fulldigests(entry)
        path = zoo.root / entry.weights_file
        if not (options.files and entry.weights_file and is_file(path)):
            continue
        try:
            size = path.stat().st_size
            if path not in known:
                known[path] = digests(path)
        except OSError:
            continue
        yield from _of_file(entry, size, *known[path])


def _of_fulldigests(entry: Entry) -> Iterator[Remark]:
    """Compare the hashtag with the full hashes beside it."""
    full = [text for text in (entry.sha1, entry.sha256) if text]
    decides = len(full) == 2 or (full and len(entry.hashtag) == len(full[0]))  # noqa: PLR2004
    if (
        decides
        and is_digest(entry.hashtag)
        and not any(agree(entry.hashtag, text) for text in full)
    ):
        what = f"the hashtag is {entry.hashtag}, and no full hash beside it begins so"
        yield Remark(what, "write the beginning of the file's hash", _place(entry), entry.key)


def _of_file(entry: Entry, size: int, sha1: str, sha256: str) -> Iterator[Remark]:
    packed = entry.weights_file.lower().endswith(".zip")
    for field, claimed, found in (("sha1", entry.sha1, sha1), ("sha256", entry.sha256, sha256)):
        if claimed and claimed != found:
            what = f"{field} is {claimed}, and the file {entry.weights_file} has {found}"
            yield Remark(
                what,
                "write the file's hash, or put the right file there",
                entry.places.get(field, entry.place),
                entry.key,
            )
    if entry.size and entry.size != size:
        what = f"size is {entry.size}, and the file {entry.weights_file} has {size} bytes"
        yield Remark(
            what,
            "write the file's size, or put the right file there",
            entry.places.get("size", entry.place),
            entry.key,
        )
    if packed or not is_digest(entry.hashtag):
        return
    if not any(agree(entry.hashtag, found) for found in (sha1, sha256)):
        what = (
            f"the hashtag is {entry.hashtag}, and the hashes of the file {entry.weights_file} "
            f"begin with {sha1[:8]} (SHA-1) and {sha256[:8]} (SHA-256)"
        )
        yield Remark(what, "write the beginning of the file's hash", _place(entry), entry.key)


def _place(entry: Entry) -> Place:
    return entry.places.get("hashtag", entry.place)


AMBIGUOUS = Rule(
    code="ZOO101",
    name="ambiguous-hashtag",
    summary="A hashtag fits two files.",
    explanation=(
        "A short hash must name one file: it may not be the beginning of another hash of the same "
        "name, nor stand on two entries whose full hashes or sizes differ. Versions and dates are "
        "no hashes and may repeat."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "models:\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1b, default: true}\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1bba}\n"
    ),
    right=Example(
        "models:\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1b07, default: true}\n"
        "  - {name: vgg16_ucf101, hashtag: d6dc1bba}\n"
    ),
    check=_ambiguous,
)

OTHER_IN_NAME = Rule(
    code="ZOO102",
    name="hash-in-file-name",
    summary="The hash in the weights' file name is not the entry's.",
    explanation=(
        "Many zoos end a file's name with the beginning of its hash: "
        "`vgg16_ucf101-d6dc1bba.params`, `resnet50-0676ba61.pth`, `…_20220906-cd10898e.pth`. "
        "It must be the entry's hashtag, or the beginning of its SHA-1 or SHA-256. Dates in file "
        "names are no hashes."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "models:\n"
        "  - name: resnet50\n"
        "    hashtag: 11ad3fa6\n"
        "    weights: https://example.org/models/resnet50-0676ba61.pth\n"
    ),
    right=Example(
        "models:\n"
        "  - name: resnet50\n"
        "    hashtag: 0676ba61\n"
        "    weights: https://example.org/models/resnet50-0676ba61.pth\n"
    ),
    check=_other_in_name,
)

OTHER_THAN_FILE = Rule(
    code="ZOO103",
    name="hash-of-file",
    summary="The weights' file has another hash or size than the entry says.",
    explanation=(
        "Where the weights lie beside the manifest they are read: their SHA-1, SHA-256 and size "
        "must be the entry's, and the hashtag the beginning of one of the hashes. A hashtag that "
        "no full hash of the entry begins with is found without the file. `--no-files` leaves "
        "files unread. The hashtag of a .zip is that of the file in it, and is not compared."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "models:\n  - {name: tiny, hashtag: 22c9e4ec, weights: tiny.params}\n",
        {"tiny.params": "weights"},
    ),
    right=Example(
        "models:\n  - {name: tiny, hashtag: 5cab97f5, weights: tiny.params}\n",
        {"tiny.params": "weights"},
    ),
    check=_other_than_file,
    need=Need.FILES,
)
