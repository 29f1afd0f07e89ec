"""Training a frame classifier on clips, with or without temporal segments.

With segments (*Temporal Segment Networks*, Wang et al., ECCV 2016), one frame of each segment is
classified and the loss sees the mean of their outputs.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon
from numpy.typing import NDArray

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.recognizers import network as networks
from sphinx_modelzoo.recognizers.counting import Counts, best
from sphinx_modelzoo.recognizers.datasets import ClipReader, Split
from sphinx_modelzoo.recognizers.inference import classify
from sphinx_modelzoo.recognizers.memory import views_per_pass
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.sampling import drawn_frames
from sphinx_modelzoo.recognizers.schedule import Schedule
from sphinx_modelzoo.recognizers.transforms import Images, augmentation_crops, augmented_images
from sphinx_modelzoo.recognizers.views import Views

# Bytes of decoded frames that are kept, of the training and of the validation clips each.
_MEMORY = 2**30


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: all that the weights depend on, besides the data.

    ``protocol`` gives the segments and the sizes. ``scale_ratios`` are the crops' sides relative
    to the frame's shorter side. ``clip_grad`` bounds the norm of the mean gradient (0: no bound).
    ``label_smoothing`` moves a tenth of the target to all classes. ``base`` fetches ImageNet's
    weights for the lower layers. ``weights`` is a file to start from, else the start is random.
    """

    model: str
    classes: int
    protocol: Protocol
    schedule: Schedule
    batch_size: int = 32
    momentum: float = 0.9
    weight_decay: float = 5e-4
    scale_ratios: tuple[float, ...] = (1.0, 0.8)
    clip_grad: float = 0.0
    label_smoothing: bool = False
    partial_bn: bool = False
    base: bool = False
    weights: Path | None = None
    seed: int = 0


class _TrainClips:
    """Gives augmented batches of training clips.

    Each clip of each epoch has random numbers of its own, so that the images do not depend on
    which thread reads them, or when.
    """

    def __init__(self, split: Split, recipe: Recipe) -> None:
        protocol = recipe.protocol
        self._reader = ClipReader(split.clips, protocol.size, _MEMORY)
        self._recipe = recipe
        self._crops = augmentation_crops(
            protocol.new_height, protocol.new_width, recipe.scale_ratios
        )
        self.labels = np.array([item.label for item in split.items])

    def _images(self, epoch: int, index: int) -> Images:
        protocol = self._recipe.protocol
        draw = np.random.default_rng((self._recipe.seed, epoch, index))
        frames = self._reader.read(
            index, lambda count: drawn_frames(count, protocol.segments, draw)
        )
        crop = self._crops[int(draw.integers(len(self._crops)))]
        return augmented_images(frames, protocol.input_size, crop)

    def batches(
        self, epoch: int, pool: ThreadPoolExecutor
    ) -> Iterator[tuple[Images, NDArray[np.int64]]]:
        """Give the epoch's batches in random order; the next batch is read meanwhile.

        Images have shape (clips x segments, 3, size, size); labels have shape (clips,).
        """
        order = np.random.default_rng((self._recipe.seed, epoch)).permutation(len(self.labels))
        # Equal parts leave no clip out, and no batch too small for batch normalisation.
        parts = np.array_split(order, math.ceil(len(order) / self._recipe.batch_size))
        futures: list[list[Future[Images]]] = []
        for number, part in enumerate(parts):
            futures.extend(
                [pool.submit(self._images, epoch, int(index)) for index in ahead]
                for ahead in parts[len(futures) : number + 2]
            )
            images = np.concatenate([future.result() for future in futures[number]])
            futures[number].clear()
            yield images, self.labels[part]


class Trainer:
    """Trains one network; :meth:`train_epoch`, :meth:`validate` and :meth:`save` are its steps."""

    def __init__(self, recipe: Recipe, train: Split, validation: Split) -> None:
        """Build the network from given, fetched or random weights.

        Raises:
            CallError: when the network is not known or the crops do not fit.
            UndecidedError: when the weights do not load.
        """
        self.recipe = recipe
        self._clips = _TrainClips(train, recipe)
        self._validation = validation
        self._reader = ClipReader(validation.clips, recipe.protocol.size, _MEMORY)
        # MXNet draws initial weights and dropout from its own generator.
        mx.random.seed(recipe.seed)
        np.random.seed(recipe.seed % 2**32)  # noqa: NPY002 - MXNet's initialisers use it
        self.network = networks.build(
            recipe.model, recipe.classes, base=recipe.base, partial_bn=recipe.partial_bn
        )
        if recipe.weights:
            networks.load(self.network, recipe.weights)
        networks.initialise(self.network, recipe.protocol.view_shape)
        self._parameters = self.network.collect_params()
        self._optimiser = gluon.Trainer(
            self._parameters,
            "sgd",
            {
                "learning_rate": recipe.schedule.rate(0),
                "momentum": recipe.momentum,
                "wd": recipe.weight_decay,
            },
        )
        self._loss = gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=not recipe.label_smoothing)

    def train_epoch(
        self, epoch: int, pool: ThreadPoolExecutor, log: logging.Logger, interval: int = 0
    ) -> tuple[Counts, float]:
        """Train on every clip once.

        Args:
            epoch: The epoch, from 0.
            pool: The threads that read clips.
            log: Gets a line every ``interval`` batches.
            interval: 0 for no such lines.

        Returns:
            How many clips were right while training, and the mean loss.

        Raises:
            UndecidedError: when a clip cannot be read, or the loss is no number any more.
        """
        self.network.hybridize(static_alloc=True)
        batches = math.ceil(len(self._clips.labels) / self.recipe.batch_size)
        counts, total = Counts(), 0.0
        for number, (images, labels) in enumerate(self._clips.batches(epoch, pool)):
            self._optimiser.set_learning_rate(self.recipe.schedule.rate(epoch + number / batches))
            scores, loss = self._step(images, labels)
            if not math.isfinite(loss):
                what = f"the loss is {loss} in epoch {epoch}, batch {number}"
                raise UndecidedError(Problem(what, "lower --lr, or set --clip-grad"))
            for row, label in zip(scores, labels, strict=True):
                counts = counts.add(best(row), int(label))
            total += loss
            if interval and (number + 1) % interval == 0:
                log.info(
                    "Epoch[%d] Batch [%04d]/[%04d]\t%s\tloss=%f\tlr=%f",
                    *(epoch, number + 1, batches, counts, total / counts.total),
                    self._optimiser.learning_rate,
                )
        return counts, total / counts.total

    def _step(self, images: Images, labels: NDArray[np.int64]) -> tuple[NDArray[np.float32], float]:
        """Train on one batch; give its scores and the sum of its losses."""
        recipe = self.recipe
        target = mx.nd.array(labels)
        if recipe.label_smoothing:
            on = 0.9 + 0.1 / recipe.classes
            target = target.one_hot(recipe.classes, on_value=on, off_value=0.1 / recipe.classes)
        with autograd.record():
            output = self.network(mx.nd.array(images))
            output = output.reshape((len(labels), recipe.protocol.segments, -1)).mean(axis=1)
            losses = self._loss(output, target)
        losses.backward()
        if recipe.clip_grad > 0:
            gradients = [
                parameter.grad()
                for parameter in self._parameters.values()
                if parameter.grad_req != "null"
            ]
            gluon.utils.clip_global_norm(gradients, recipe.clip_grad * len(labels))
        self._optimiser.step(len(labels))
        return output.asnumpy(), float(losses.sum().asscalar())

    def validate(self, workers: int) -> Counts:
        """Test on the validation clips: middle frames of the segments, centre crops.

        Raises:
            UndecidedError: when a clip cannot be read.
        """
        protocol, recipe = self.recipe.protocol, self.recipe
        view = protocol.view_shape
        batch = views_per_pass(view)
        classifier = networks.MXNetClassifier(self.network, recipe.classes, view, batch)
        counts = Counts()
        indices = range(len(self._validation.items))

        def read(index: int) -> Views:
            return protocol.crop(self._reader.read(index, protocol.pick))

        for index, scores in classify(indices, read, classifier, workers):
            if isinstance(scores, UndecidedError):
                raise scores
            if not np.isfinite(scores.mean).all():
                what = "the network gives scores that are no numbers"
                raise UndecidedError(Problem(what, "lower --lr, or set --clip-grad"))
            counts = counts.add(best(scores.mean), self._validation.items[index].label)
        return counts

    def save(self, folder: Path) -> Path:
        """Save the weights as ``NAME-XXXXXXXX.params``, named by the start of their SHA-1."""
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{self.recipe.model}.params.part"
        try:
            self.network.save_parameters(str(temporary))
            sha1, _ = digests(temporary)
            path = folder / f"{self.recipe.model}-{sha1[:8]}.params"
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        return path


def train(
    recipe: Recipe,
    train_split: Split,
    validation: Split,
    folder: Path,
    log: logging.Logger,
    *,
    workers: int = 2,
    interval: int = 0,
    save_every: int = 0,
) -> Path:
    """Train for all epochs of the schedule, and save the weights.

    Args:
        recipe: How to train.
        train_split: The clips to train on.
        validation: The clips that each epoch is tested on.
        folder: Where the weights go.
        log: Gets each epoch's loss and accuracies.
        workers: Threads that read clips.
        interval: Batches between two lines of the log, 0 for none.
        save_every: Epochs between two intermediate files of weights, 0 for none.

    Returns:
        The final file, ``NAME-XXXXXXXX.params``.

    Raises:
        CallError: when the network is not known or the crops do not fit.
        UndecidedError: when weights or clips cannot be read, or training diverges.
    """
    trainer = Trainer(recipe, train_split, validation)
    epochs = recipe.schedule.epochs
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="reader") as pool:
        for epoch in range(epochs):
            start = time.monotonic()
            counts, loss = trainer.train_epoch(epoch, pool, log, interval)
            log.info("[Epoch %d] training: %s loss=%f", epoch, counts, loss)
            rate = counts.total / max(1e-9, time.monotonic() - start)
            log.info("[Epoch %d] speed: %d clips/sec", epoch, rate)
            log.info("[Epoch %d] validation: %s", epoch, trainer.validate(workers))
            if save_every and (epoch + 1) % save_every == 0 and epoch + 1 < epochs:
                log.info("[Epoch %d] saved %s", epoch, trainer.save(folder).name)
    return trainer.save(folder)
