"""The reference with oneDNN's fusion of layers: used only where it changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_modelzoo.recognizers.engines.engine import Network
from sphinx_modelzoo.recognizers.engines.seeded import seeded_views

from ..clips import CLASSES, quietly, uses_mxnet  # noqa: TID252 - tests are not installed

pytestmark = uses_mxnet

VIEW = (3, 32, 32)


@pytest.mark.parametrize(
    ("name", "fuses"), [("cifar_resnet20_v1", True), ("cifar_resnet20_v2", False)]
)
def test_layers_are_fused_only_where_the_scores_stay_the_same(rooms, name, fuses):
    """MXNet 1.9.1 fuses the second version's sums wrongly once its statistics are trained."""
    reference = quietly("sphinx_modelzoo.recognizers.engines.reference")
    mx = rooms.mx
    mx.random.seed(2)
    block = rooms.network.build(name, CLASSES)
    rooms.network.initialise(block, VIEW)
    for parameter in block.collect_params().values():
        if parameter.name.endswith(("gamma", "beta", "mean", "var")):
            parameter.set_data(mx.nd.random.uniform(0.5, 1.5, parameter.shape))
    classifier = rooms.network.MXNetClassifier(block, CLASSES, VIEW, batch=3)
    views = seeded_views(VIEW, 5)
    plain = [classifier.scores(views[:3]), classifier.scores(views[3:])]
    assert reference.fuse(block, classifier, Network(name, CLASSES, VIEW)) == fuses
    again = [classifier.scores(views[:3]), classifier.scores(views[3:])]
    for one, other in zip(plain, again, strict=True):
        assert np.abs(one - other).max() <= 1e-5 * np.abs(one).max()
