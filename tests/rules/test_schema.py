"""The shape of a rule set as others may rely on it: its JSON Schema and the canonical text of the profiles."""

import json
import re
from typing import Any

import pytest

from rulebook.explanation import LANGUAGES, Language
from rulebook.ruleset import RuleSet
from rulebook.ruleset.profiles import COUNTY_EXAM, PROFILES
from rulebook.ruleset.schema import json_schema
from tests.rules.write_golden import GOLDEN

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def faults(value: Any, shape: dict[str, Any], root: dict[str, Any], path: str = "") -> list[str]:
    """Where a value departs from a schema, for the words of a schema that ours uses."""
    if "$ref" in shape:
        return faults(value, root["$defs"][shape["$ref"].rsplit("/", 1)[1]], root, path)
    if "anyOf" in shape:
        return [] if any(not faults(value, option, root, path) for option in shape["anyOf"]) else [path]
    if "type" in shape and (
        not isinstance(value, TYPES[shape["type"]]) or (isinstance(value, bool) and shape["type"] == "integer")
    ):
        return [path]
    if value not in shape.get("enum", [value]) or value != shape.get("const", value):
        return [path]
    if isinstance(value, str):
        return [] if re.search(shape.get("pattern", ""), value) else [path]
    if isinstance(value, list):
        return [fault for item in value for fault in faults(item, shape.get("items", {}), root, f"{path}[]")]
    if isinstance(value, dict):
        known = shape.get("properties", {})
        strangers = [f"{path}.{name}" for name in value if name not in known and "properties" in shape]
        missing = [f"{path}.{name}" for name in shape.get("required", []) if name not in value]
        inner = [
            fault
            for name in value
            if name in known
            for fault in faults(value[name], known[name], root, f"{path}.{name}")
        ]
        return [*strangers, *missing, *inner]
    too_small = isinstance(value, int) and value < shape.get("minimum", value)
    return [path] if too_small else []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PROFILES))
def test_the_schema_accepts_every_profile(name: str, language: Language) -> None:
    schema = json_schema(language)
    assert faults(json.loads(PROFILES[name].canonical_json()), schema, schema) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("notice.days", "7"),
        ("notice.days", 0),
        ("notice.unit", "weeks"),
        ("notice.hours", 3),
        ("interview.pass_line", 60),
        ("registration.one_post", "yes"),
        ("total.parts", "all"),
    ],
)
def test_the_schema_refuses_what_has_another_shape(path: str, value: object) -> None:
    schema = json_schema("en")
    document = json.loads(COUNTY_EXAM.canonical_json())
    section, knob = path.split(".")
    document[section][knob] = value
    assert faults(document, schema, schema) == [f".{path}"]


def test_the_schema_names_knobs_in_the_language_of_the_reader() -> None:
    titles = {
        language: json_schema(language)["$defs"]["NoticeRules"]["properties"]["days"]["title"] for language in LANGUAGES
    }
    assert titles == {"zh": "公示天数", "en": "Days"}


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_rule_set_stored_before_still_reads_the_same(name: str) -> None:
    stored = (GOLDEN / f"{name}.json").read_text(encoding="utf-8").rstrip("\n")
    assert RuleSet.from_json(stored) == PROFILES[name]
    assert PROFILES[name].canonical_json() == stored
