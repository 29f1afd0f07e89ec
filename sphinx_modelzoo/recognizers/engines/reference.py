"""Opening a network in MXNet, the reference, with what makes it fast and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mxnet as mx

from sphinx_modelzoo.pipe.messages import WeightsFile
from sphinx_modelzoo.recognizers import network as networks
from sphinx_modelzoo.recognizers.engines.checking import difference
from sphinx_modelzoo.recognizers.engines.engine import Network
from sphinx_modelzoo.recognizers.engines.seeded import seeded_views
from sphinx_modelzoo.recognizers.network import MXNetClassifier
from sphinx_modelzoo.recognizers.store import find_weights
from sphinx_modelzoo.recognizers.weights import Wanted

# MXNet's name for the fusion of layers by oneDNN.
_FUSION = "MKLDNN"
# Rounding is far below; a fusion that mixes up layers is far above.
_SAME = 1e-5
_COMPARED = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """A network in MXNet, and the file that its weights came from."""

    classifier: MXNetClassifier
    weights: WeightsFile


def open_reference(
    wanted: Wanted, network: Network, batch: int, note: Callable[[str], None], *, offline: bool
) -> Opened:
    """Find the weights, build the network and load them strictly.

    Args:
        wanted: The weights.
        network: The network.
        batch: How many views a pass takes.
        note: Is told what is being done.
        offline: Fetch nothing.

    Raises:
        CallError: when the network is not known.
        UndecidedError: when the weights are not found, are others, or do not fit, or the network
            does not take such views.
    """
    networks.check_name(network.architecture)
    note(f"finding the weights of {wanted.name}")
    found = find_weights(wanted, offline=offline)
    note(f"loading {found.path.name} ({found.size} bytes)")
    block = networks.build(network.architecture, network.classes)
    networks.load(block, found.path)
    classifier = MXNetClassifier(block, network.classes, network.view, batch)
    fuse(block, classifier, network)
    parameters = networks.count_parameters(block)
    name = found.path.name
    return Opened(classifier, WeightsFile(name, found.size, found.sha1, found.sha256, parameters))


def fuse(block: Any, classifier: MXNetClassifier, network: Network) -> bool:
    """Let oneDNN fuse layers where the scores stay the same; say whether they did.

    MXNet 1.9.1 fuses the sums of some residual networks wrongly (``cifar_resnet20_v2``), so each
    network's scores are compared.
    """
    views = seeded_views(network.view, min(_COMPARED, classifier.batch))
    plain = classifier.scores(views)
    options = {"static_alloc": True, "static_shape": True}
    try:
        shape = (classifier.batch, *network.view)
        block.optimize_for(mx.nd.zeros(shape), backend=_FUSION, **options)
        if difference(classifier.scores(views), plain) <= _SAME:
            return True
    except (mx.MXNetError, ValueError, AssertionError):
        # It does not fuse every network; nothing is lost but some speed.
        pass
    block.hybridize(**options)
    return False
