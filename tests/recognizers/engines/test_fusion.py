"""The reference with oneDNN's fusion of layers: used only where it changes nothing."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from sphinx_modelzoo.recognizers.engines.engine import Network
from sphinx_modelzoo.recognizers.engines.seeded import seeded_views

from ..clips import CLASSES, NETWORK, quietly, uses_mxnet  # noqa: TID252 - tests are not installed

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


def test_engines_are_compared_with_the_reference_as_it_decides(rooms, weights_file, tmp_path):
    """Fused: that moves the last digits, by as much as another engine does."""
    reference = quietly("sphinx_modelzoo.recognizers.engines.reference")
    export = quietly("sphinx_modelzoo.recognizers.engines.export")
    wanted = rooms.weights.Wanted(NETWORK, file=str(weights_file))
    network, notes = Network(NETWORK, CLASSES, VIEW), []
    batch = rooms.model.views_per_pass(VIEW)
    opened = reference.open_reference(wanted, network, batch, notes.append, offline=True)
    request = {**asdict(network), "wanted": asdict(wanted), "folder": str(tmp_path)}
    request["sha256"] = opened.weights.sha256
    told = export.run(request, notes.append)
    scores = opened.classifier.scores(seeded_views(VIEW, told["views"]))
    assert np.array_equal(np.load(tmp_path / "reference.npy"), scores)
