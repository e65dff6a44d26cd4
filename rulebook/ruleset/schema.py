"""The JSON Schema of a rule set, with the name of every knob."""

from __future__ import annotations

from typing import Any

from rulebook.explanation import Language
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.words import knob_label, sections_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(language: Language) -> dict[str, Any]:
    """A JSON Schema that accepts exactly the shape of ``canonical_json``; titles are the names of the knobs.

    The checks across knobs are beyond a schema: ``RuleSet.from_json`` makes them.
    """
    schema = RuleSet.model_json_schema(mode="serialization")
    definitions = {**schema.get("$defs", {}), RuleSet.__name__: schema}
    for section in sections_of(RuleSet):
        for knob, shape in definitions[section.__name__]["properties"].items():
            shape["title"] = knob_label(section, knob, language)
    return {"$schema": DIALECT, **schema}
