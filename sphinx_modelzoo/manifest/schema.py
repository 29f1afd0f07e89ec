"""The manifest's fields as a JSON Schema, for editors that complete and explain them.

A schema sees values as YAML tools do: a hashtag of digits is a number to them, where the reader
takes the text that stands there. So the schema allows numbers and truth values where the reader
would take their text. What it cannot express is left to the reader: references from one part to
another, templates, identity of entries, how a number is written, and which further keys a model
may have, since ``metrics`` and ``links`` of the same manifest declare them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sphinx_modelzoo.manifest import fields, kinds
from sphinx_modelzoo.manifest.entries import TEXTS
from sphinx_modelzoo.manifest.fields import Field, Section
from sphinx_modelzoo.manifest.parts import STANDARD_TOPS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_LIMIT = 10**18
_TEXTUAL = ["string", "number", "boolean"]
_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_CONTROL = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_KEY = r"^[A-Za-z0-9_][A-Za-z0-9_.+:/-]*$"
_URL = r"^https?://[^\s<>\"{}|\\^`]+$"
_URL_TEMPLATE = r"^(https?://|\{)[^\s<>\"|\\^`]+$"
_PATH = rf"^(?!/)(?![A-Za-z]:)(?!(.*/)?\.\.(/|$))[^\\{_CONTROL}]*[^\s\\{_CONTROL}][^\\{_CONTROL}]*$"

_KINDS: dict[kinds.Kind, Schema] = {
    kinds.TEXT: {"type": _TEXTUAL, "pattern": rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"},
    kinds.PROSE: {"type": _TEXTUAL, "pattern": r"\S"},
    kinds.FLAG: {
        "type": ["boolean", "string"],
        "pattern": r"^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$",
    },
    kinds.WHOLE: {
        "type": ["integer", "string"],
        "minimum": 0,
        "exclusiveMaximum": _LIMIT,
        "pattern": r"^[0-9]{1,18}$",
    },
    kinds.POSITIVE: {
        "type": ["integer", "string"],
        "minimum": 1,
        "exclusiveMaximum": _LIMIT,
        "pattern": r"^(?=[0-9]{1,18}$)0*[1-9]",
    },
    kinds.DATE: {
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": r"^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
    },
    kinds.DECIMAL: {
        "type": ["number", "string"],
        "minimum": 0,
        "exclusiveMaximum": _LIMIT,
        "pattern": r"^[0-9]{1,18}(\.[0-9]{1,18})?$",
    },
    kinds.HASHTAG: {
        "type": _TEXTUAL,
        "minimum": 0,
        "pattern": r"^[0-9A-Za-z][0-9A-Za-z._+-]{0,79}$",
    },
    kinds.NAME: {
        "type": _TEXTUAL,
        "pattern": rf"^[^\s@{_CONTROL}]([^@{_CONTROL}]*[^\s@{_CONTROL}])?$",
    },
    kinds.KEY: {"type": _TEXTUAL, "minimum": 0, "pattern": _KEY},
    kinds.WORD: {"type": _TEXTUAL, "minimum": 0, "pattern": _KEY},
    kinds.SHA1: {"type": "string", "pattern": r"^[0-9a-fA-F]{40}$"},
    kinds.SHA256: {"type": "string", "pattern": r"^[0-9a-fA-F]{64}$"},
    kinds.URL: {"type": "string", "pattern": _URL},
    kinds.URL_TEMPLATE: {"type": "string", "pattern": _URL_TEMPLATE},
    kinds.WEIGHTS: {
        "type": _TEXTUAL,
        "if": {"type": "string", "pattern": r"//|^\{"},
        "then": {"pattern": _URL_TEMPLATE},
        "else": {"pattern": _PATH},
    },
    kinds.PATH: {"type": _TEXTUAL, "pattern": _PATH},
}
_NUMBER: Schema = {
    "description": "A listed number, such as 83.4; K, M, G, B or T may stand behind it.",
    "type": ["number", "string", "null"],
    "minimum": -_LIMIT + 1,
    "exclusiveMaximum": _LIMIT,
    "pattern": r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?[KMGBT]?$",
}
_NUMBERS: Schema = {f"top{top}": _NUMBER for top in STANDARD_TOPS}
_PRESENT: Schema = {"not": {"type": "null"}}
_DATASET: Schema = {"required": ["dataset"], "properties": {"dataset": _PRESENT}}


def manifest_schema(*, included: bool = False) -> Schema:
    """Give the JSON Schema (2020-12) of a manifest, or of a file that one includes."""
    section = fields.ZOO
    if included:
        kept = tuple(replace(item, required=False) for item in section.fields)
        section = replace(section, fields=tuple(item for item in kept if item.key != "include"))
    top = _object(section)
    top["properties"] |= {key: _part(key, doc) for key, doc in fields.PARTS.items()}
    return {
        "$schema": DIALECT,
        "title": "File of a model zoo's manifest" if included else "Manifest of a model zoo",
        **top,
        "$defs": {
            "usage": _object(fields.USAGE),
            "paper": _object(fields.PAPER),
            "tag": _object(fields.TAG),
            "link": _link(),
            "dataset": _object(fields.DATASET),
            "metric": _object(fields.METRIC),
            "protocol": _protocol(),
            "model": _model(),
            "result": _result(),
        },
    }


def schema_text(*, included: bool = False) -> str:
    """Give the schema as the text of a file."""
    return json.dumps(manifest_schema(included=included), indent=2, ensure_ascii=False) + "\n"


def _object(section: Section) -> Schema:
    """Give the schema of a mapping that has a section's fields and no others."""
    made: Schema = {
        "description": section.doc,
        "type": "object",
        "properties": {item.key: _field(item) for item in section.fields},
        "additionalProperties": False,
    }
    required = [item.key for item in section.fields if item.required]
    return made | ({"required": required} if required else {})


def _field(item: Field) -> Schema:
    about = f"{item.doc} Write {item.kind.expects}."
    value = _kind(item.kind)
    if item.many:
        several = {"type": "array", "items": value}
        choices = [value, several] if item.required else [value, several, {"type": "null"}]
        return {"description": about, "anyOf": choices}
    return {"description": about, **(value if item.required else _or_null(value))}


def _kind(kind: kinds.Kind) -> Schema:
    if kind.words:
        numbers = [int(word) for word in kind.words if word.isdecimal()]
        return {"enum": [*kind.words, *numbers]}
    return _KINDS[kind]


def _or_null(value: Schema) -> Schema:
    """Let nothing stand there, as the reader does for what is not required."""
    if "enum" in value:
        return {**value, "enum": [*value["enum"], None]}
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return {**value, "type": [*types, "null"]}


def _part(key: str, doc: str) -> Schema:
    """Give the schema of a part at the top: by key, but for ``usage`` and the list ``models``."""
    if key == "usage":
        return {"description": doc, "anyOf": [{"$ref": "#/$defs/usage"}, {"type": "null"}]}
    if key == "models":
        items = {"$ref": "#/$defs/model"}
        return {"description": doc, "type": ["array", "null"], "items": items}
    return {
        "description": doc,
        "type": ["object", "null"],
        "propertyNames": {"pattern": _KEY},
        "additionalProperties": {"$ref": f"#/$defs/{key.removesuffix('s')}"},
    }


def _link() -> Schema:
    kind = _object(fields.LINK)
    both = {
        "required": ["url", "file"],
        "properties": {"url": _PRESENT, "file": _PRESENT},
    }
    constant = {"description": "A constant for the templates.", **_SCALAR}
    return {"anyOf": [constant, {**kind, "not": both}]}


def _protocol() -> Schema:
    made = _object(fields.PROTOCOL)
    made["properties"]["options"] = {
        "description": "Further settings for the recognizer.",
        "type": "object",
        "additionalProperties": _SCALAR,
    }
    return made


def _result() -> Schema:
    made = _row(replace(fields.RESULT, fields=_optional(fields.RESULT)))
    made["properties"]["dataset"] = next(
        _field(item) for item in fields.RESULT.fields if item.required
    )
    return made


def _model() -> Schema:
    """Give the schema of an entry: written flat with one result, or with a list of them."""
    own = (*fields.ENTRY.fields, *_optional(fields.RESULT))
    made = _row(replace(fields.ENTRY, fields=own))
    made["properties"] |= {
        "results": {
            "description": "Results on several data sets or under several protocols.",
            "type": ["array", "null"],
            "items": {"$ref": "#/$defs/result"},
        }
    }
    made["properties"] |= {
        key: {"type": ["object", "null"], "additionalProperties": _SCALAR} for key in TEXTS
    }
    flat_keys = (*fields.RESULT.keys(), *_NUMBERS)
    made["if"] = {"required": ["results"], "properties": {"results": {"type": "array"}}}
    made["then"] = {
        "not": {"anyOf": [{"required": [key]} for key in _NUMBERS]},
        "if": _DATASET,
        "else": {"properties": {"results": {"items": {"required": ["dataset"]}}}},
    }
    made["else"] = {"dependentSchemas": dict.fromkeys(flat_keys, _DATASET)}
    return made


def _row(section: Section) -> Schema:
    """Give the schema of a mapping that holds numbers, links and fields for templates besides."""
    further = "A metric's number, a link's address, or a field that a template asks for."
    made = _object(section)
    made["properties"] |= _NUMBERS
    made["additionalProperties"] = {"description": further, **_SCALAR}
    return made


def _optional(section: Section) -> tuple[Field, ...]:
    return tuple(replace(item, required=False) for item in section.fields)
