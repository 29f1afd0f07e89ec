"""SARIF, against what its schema says."""

from __future__ import annotations

import json

import jsonschema

from sphinx_modelzoo.reports.sarif import Result, Rule, sarif

# What SARIF 2.1.0's schema says of the parts that the report has.
SARIF_SHAPE = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "message": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
            "additionalProperties": False,
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "fullDescription": {"$ref": "#/$defs/message"},
                "defaultConfiguration": {
                    "type": "object",
                    "properties": {"level": {"$ref": "#/$defs/level"}},
                    "additionalProperties": False,
                },
            },
        },
        "run": {
            "type": "object",
            "required": ["tool"],
            "additionalProperties": False,
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "additionalProperties": False,
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name"],
                            "additionalProperties": False,
                            "properties": {
                                "name": {"type": "string"},
                                "version": {"type": "string"},
                                "rules": {
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": {"$ref": "#/$defs/rule"},
                                },
                            },
                        }
                    },
                },
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                },
            },
        },
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "required": ["uri"],
                            "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}},
                        },
                        "region": {
                            "type": "object",
                            "required": ["startLine"],
                            "additionalProperties": False,
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "startColumn": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                },
                "logicalLocations": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "properties": {"name": {"type": "string"}, "kind": {"type": "string"}},
                    },
                },
            },
        },
    },
}

RULES = (
    Rule("refuted", "refuted-number", "A number is refuted.", "It was counted.", "error"),
    Rule("problem", "problem", "Something is wrong.", "The message says what.", "error"),
)
RESULTS = (
    Result("problem", "error", "cannot be read\n\x1b", "/x/ü b.yaml"),
    Result("refuted", "error", "off", "my zoo/a.yaml", 3, 11, "a@d6: top1", "f" * 64),
    Result("problem", "error", "no place"),
)


def test_a_log_has_the_shape_of_the_schema() -> None:
    data = json.loads(sarif("verify-zoo", "0.1.0", RULES, RESULTS))
    jsonschema.Draft202012Validator(SARIF_SHAPE).validate(data)
    results = data["runs"][0]["results"]
    assert [result["ruleIndex"] for result in results] == [1, 0, 1]
    places = [result["locations"][0]["physicalLocation"] for result in results[:2]]
    assert places[0] == {"artifactLocation": {"uri": "file:///x/%C3%BC%20b.yaml"}}
    assert places[1] == {
        "artifactLocation": {"uri": "my%20zoo/a.yaml"},
        "region": {"startLine": 3, "startColumn": 11},
    }
    assert "locations" not in results[2]


def test_a_log_without_results_has_all_its_rules() -> None:
    data = json.loads(sarif("verify-zoo", "0.1.0", RULES, ()))
    jsonschema.Draft202012Validator(SARIF_SHAPE).validate(data)
    assert [rule["name"] for rule in data["runs"][0]["tool"]["driver"]["rules"]] == [
        "RefutedNumber",
        "Problem",
    ]
