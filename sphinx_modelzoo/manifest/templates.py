"""Templates: text with ``{variable}`` in it, filled from an entry. Nothing in them is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]*")
_URL_SAFE = "/:@!$&'()*+,;=-._~"


def variables(template: str) -> tuple[str, ...]:
    """Give the names of a template's variables, in order."""
    return tuple(_VARIABLE.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """Fill a template, or give None where one of its variables has no value."""
    return _filled(template, lambda name: values.get(name, ""))


def fill_url(template: str, constants: Mapping[str, str], values: Mapping[str, str]) -> str | None:
    """Fill a template of an address; values are percent-encoded, constants stand as they are."""
    return _filled(
        template,
        lambda name: constants.get(name) or _encoded(values.get(name, "")),
    )


def _encoded(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else quote(value, safe=_URL_SAFE)


def _filled(template: str, value: Callable[[str], str]) -> str | None:
    # Splitting at the variables leaves text and names by turns.
    parts = _VARIABLE.split(template)
    for position in range(1, len(parts), 2):
        parts[position] = value(parts[position])
        if not parts[position]:
            return None
    return "".join(parts)
