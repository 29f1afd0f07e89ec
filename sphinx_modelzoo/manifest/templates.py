"""Templates: text with ``{variable}`` in it, filled from an entry. Nothing in them is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_URL_SAFE = "/:@!$&'()*+,;=-._~"


def variables(template: str) -> tuple[str, ...]:
    """Give the names of a template's variables, in order."""
    return tuple(_VARIABLE.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """Fill a template, or give None where one of its variables has no value."""
    if any(not values.get(name) for name in variables(template)):
        return None
    return _VARIABLE.sub(lambda match: values[match[1]], template)


def fill_url(template: str, constants: Mapping[str, str], values: Mapping[str, str]) -> str | None:
    """Fill a template of an address; values are percent-encoded, constants stand as they are."""
    encoded = {name: quote(value, safe=_URL_SAFE) for name, value in values.items()}
    return fill(template, {**encoded, **constants})
