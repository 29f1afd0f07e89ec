"""Training: it learns, it is the same for the same seed, and it stops with a reason."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sphinx_modelzoo.errors import CallError, UndecidedError
from sphinx_modelzoo.recognizers.datasets import ClipReader, read_split
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.schedule import Schedule

from .clips import CLASSES, NETWORK, make_frames, uses_mxnet

pytestmark = uses_mxnet

SIZES = {"input_size": 32, "new_height": 36, "new_width": 44}


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    """Twenty-two clips, whose class is their colours."""
    root = tmp_path_factory.mktemp("train")
    lines = []
    for number in range(22):
        label = number % CLASSES
        make_frames(root / f"v_{number}", frames=4 + number % 3, seed=100 * label)
        lines.append(f"v_{number} {label}\n")
    (root / "list.txt").write_text("".join(lines))
    return read_split(root / "list.txt", root, CLASSES)


def recipe(rooms, epochs: int = 2, **changes):
    base = rooms.training.Recipe(
        model=NETWORK,
        classes=CLASSES,
        protocol=Protocol(segments=3, **SIZES),
        schedule=Schedule(0.005, epochs, mode="cosine"),
        batch_size=8,
        seed=7,
    )
    return replace(base, **changes)


def train(rooms, split, folder: Path, *, workers: int = 2, **changes) -> Path:
    log = logging.getLogger(f"{__name__}.{folder.name}")
    return rooms.training.train(
        recipe(rooms, **changes), split, split, folder, log, workers=workers
    )


def test_the_same_seed_gives_the_same_file_whatever_the_readers(rooms, split, tmp_path):
    first = train(rooms, split, tmp_path / "a", workers=1)
    again = train(rooms, split, tmp_path / "b", workers=3)
    other = train(rooms, split, tmp_path / "c", seed=8)
    assert first.name == again.name
    assert first.read_bytes() == again.read_bytes()
    assert other.name != first.name
    assert first.stem == f"{NETWORK}-{hashlib.sha1(first.read_bytes()).hexdigest()[:8]}"  # noqa: S324
    assert list((tmp_path / "a").iterdir()) == [first]


@pytest.mark.parametrize(("segments", "epochs"), [(1, 24), (3, 10)])
def test_training_learns_and_logs_each_epoch(  # noqa: PLR0917 - fixtures
    rooms, split, tmp_path, caplog, segments, epochs
):
    with caplog.at_level(logging.INFO):
        protocol = Protocol(segments=segments, **SIZES)
        path = train(rooms, split, tmp_path, epochs=epochs, protocol=protocol, scale_ratios=(1.0,))
    losses = [
        float(line.rpartition("loss=")[2]) for line in caplog.messages if "] training:" in line
    ]
    assert len(losses) == epochs
    assert losses[-1] < 0.7 * losses[0]
    validated = [line for line in caplog.messages if "] validation: acc-top1=" in line]
    assert len(validated) == epochs
    final = float(validated[-1].partition("acc-top1=")[2].split()[0])
    assert final > 50

    # What validation saw is what testing the saved file sees.
    opened = rooms.model.open_model(
        rooms.weights.Wanted(NETWORK, file=str(path)), CLASSES, protocol, note=lambda _: None
    )
    counts = rooms.testing.measure(opened, split, note=lambda _: None)
    assert counts.total == 22
    assert 100 * counts.top1 / counts.total == pytest.approx(final, abs=1e-5)


def test_training_starts_from_given_weights(rooms, split, tmp_path, weights_file):
    still = {"schedule": Schedule(0.0, 1), "momentum": 0.0}
    path = train(rooms, split, tmp_path, weights=weights_file, **still)
    before, after = (rooms.mx.nd.load(str(file)) for file in (weights_file, path))
    trained = [name for name in before if "running" not in name]
    assert all(np.array_equal(before[name].asnumpy(), after[name].asnumpy()) for name in trained)


def test_label_smoothing_and_a_bound_on_the_gradient_change_the_weights(rooms, split, tmp_path):
    names = {
        train(rooms, split, tmp_path / str(number), epochs=1, **changes).name
        for number, changes in enumerate(({}, {"label_smoothing": True}, {"clip_grad": 0.01}))
    }
    assert len(names) == 3


def test_training_that_diverges_stops_with_a_reason(rooms, split, tmp_path):
    with pytest.raises(UndecidedError, match="lower --lr"):
        train(rooms, split, tmp_path, schedule=Schedule(1e20, 4))
    assert not list(tmp_path.glob("*.params"))


def test_partial_batch_norm_of_an_image_classifier_is_refused(rooms, split, tmp_path):
    with pytest.raises(CallError, match="leave out --use-pretrained-base and --partial-bn"):
        train(rooms, split, tmp_path, partial_bn=True)
    with pytest.raises(CallError, match="vgg16 has no partial batch normalisation"):
        train(rooms, split, tmp_path, partial_bn=True, model="vgg16_ucf101")


def test_every_clip_is_in_one_batch_of_an_epoch(rooms, split):
    clips = rooms.training._TrainClips(split, recipe(rooms))
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only here

    with ThreadPoolExecutor(2) as pool:
        batches = list(clips.batches(0, pool))
    assert [len(labels) for _, labels in batches] == [8, 7, 7]
    assert [images.shape for images, _ in batches] == [(24, 3, 32, 32)] + [(21, 3, 32, 32)] * 2
    labels = np.concatenate([labels for _, labels in batches])
    assert sorted(labels) == sorted(item.label for item in split.items)


def test_frames_that_are_kept_in_memory_are_those_that_are_read(split):
    size = Protocol(**SIZES).size
    plain = ClipReader(split.clips, size)
    bounded = ClipReader(split.clips, size, memory=3 * 36 * 44 * 3 * 6)
    for _ in range(2):
        for index in range(8):
            pick = lambda count: [count - 1, 0]  # noqa: E731 - what a protocol gives
            for one, other in zip(plain.read(index, pick), bounded.read(index, pick), strict=True):
                assert np.array_equal(one, other)
    assert 0 < len(bounded._kept) < 8
