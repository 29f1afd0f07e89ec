"""What a loaded network predicts for the clips of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction, WeightsFile
from sphinx_modelzoo.recognizers.counting import TOP, best
from sphinx_modelzoo.recognizers.datasets import Split
from sphinx_modelzoo.recognizers.engines.closeness import is_close
from sphinx_modelzoo.recognizers.engines.engine import Classifier
from sphinx_modelzoo.recognizers.frames import read_frames
from sphinx_modelzoo.recognizers.inference import classify
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.views import Views

_TOLD = 200  # characters of what a library says


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded network, its test protocol, and the file that its weights came from."""

    classifier: Classifier
    protocol: Protocol
    weights: WeightsFile


def predict(
    model: Model, split: Split, indices: Sequence[int], workers: int
) -> Iterator[Prediction]:
    """Give the best classes of each clip, in order; an unreadable clip gives its error.

    Args:
        model: The network and its protocol.
        split: The clips.
        indices: The clips to predict, by their place in the list.
        workers: Threads that read clips ahead.
    """

    def read(index: int) -> Views:
        clip = split.clips[index]
        try:
            frames = read_frames(clip, model.protocol.pick, model.protocol.size)
        except UndecidedError:
            raise
        except Exception as error:
            # What one clip does to a library must not end the work on the others.
            told = " ".join(f"{type(error).__name__}: {error}".split())[:_TOLD]
            problem = Problem(f"the clip cannot be read ({told})", "check the file", str(clip.path))
            raise UndecidedError(problem) from error
        return model.protocol.crop(frames)

    for index, scores in classify(indices, read, model.classifier, workers):
        item = split.items[index]
        if isinstance(scores, UndecidedError):
            yield Prediction(item.id, item.label, error=str(scores))
        elif not np.isfinite(scores.mean).all():
            error = f"{item.id}: the network gives scores that are no numbers; check the weights"
            yield Prediction(item.id, item.label, error=error)
        else:
            disagreement = model.classifier.disagreement
            yield Prediction(
                item.id,
                item.label,
                best(scores.mean, TOP),
                close=is_close(scores.mean, scores.largest, disagreement),
                scale=float(scores.largest) if disagreement else 0.0,
            )
