"""What several machines said of themselves, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sphinx_modelzoo.pipe.messages import Opened

SHARDS = "shards"
"""In a receipt's environment: in how many shards the items were predicted."""


def opened_together(opened: Sequence[Opened], of: int) -> Opened:
    """Give what recognizers that opened the same on several machines said.

    Their environments may differ: each value stands once, with ``|`` between. The largest
    disagreement counts.

    Args:
        opened: What each said, at least one.
        of: The number of shards.
    """
    environment: dict[str, str] = {}
    for name in dict.fromkeys(name for each in opened for name in each.environment):
        values = (each.environment[name] for each in opened if name in each.environment)
        environment[name] = " | ".join(dict.fromkeys(values))
    environment[SHARDS] = str(of)
    most = max(each.disagreement for each in opened)
    return replace(opened[0], environment=environment, disagreement=most)
