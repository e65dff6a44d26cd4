"""No rule stands in the book for show: knobs and rules are used by the product, or listed with what is missing."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from rulebook.ruleset import RuleSet
from rulebook.ruleset.knobs import PRINTED_ONLY, Knob, knob_of

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "campaigns", "cms", "config", "foundation", "portal", "recruitment")
# Of the rule book these hold values, words and tools, not rules of a step.
NO_RULES = ("ruleset", "conditions", "what_if", "texts")
# Rules no room asks yet: the rule, and what of the product is missing.
WAITING = {
    "fee_due": "R23: no payment",
    "refund_due": "R23: no payment",
    "photo_problems": "R24: no photo",
    "screening_needed": "R53: no screening test",
    "choosing_order": "R81: no choice of units by those selected",
    "open_units": "R81: no choice of units by those selected",
    "assign_units": "R81: no choice of units by those selected",
    "convert_legacy_number": "R02: numbers of 15 digits are refused, the words say how to convert them",
    "is_withdrawn": "R55: arrivals at the draw are not recorded",
}


# Rules stated once more at their simplest: the examples test them, the product has them in a wider function.
ORACLES = {"count_people", "stage_counts", "official_count", "open_posts", "count_conflicts", "local_moment"}


def sources(*folders: str, without: tuple[str, ...] = ()) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not set(path.relative_to(ROOT).parts) & {"migrations", "demo", *without}:
                yield path, path.read_text(encoding="utf-8")


def leaves(section: type[BaseModel], path: str) -> Iterator[str]:
    """Paths of the knobs that hold a value, parts of lists included."""
    for name, field in section.model_fields.items():
        parts = [part for part in _types(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
        if not parts:
            yield f"{path}{name}"
        for part in parts:
            yield from leaves(part, f"{path}{name}.")


def _types(annotation: object) -> Iterator[object]:
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _types(part)


def has_one_value(path: str) -> bool:
    """Whether the knob can only be what it is, so that nothing could follow from it."""
    return get_origin(kind := knob_at(path).kind) is Literal and len(get_args(kind)) == 1


def knob_at(path: str) -> Knob:
    owner: type[BaseModel] = RuleSet
    for name in path.split(".")[:-1]:
        kinds = _types(owner.model_fields[name].annotation)
        owner = next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return knob_of(owner, path)


def test_every_knob_is_read_by_the_law_or_a_room_unless_it_is_only_printed():
    text = "\n".join(source for _path, source in sources("rulebook", *ROOMS, without=("ruleset",)))
    unread = [path for path in leaves(RuleSet, "") if not re.search(rf"\.{path.rpartition('.')[2]}\b", text)]
    assert [path for path in unread if not (knob_at(path).is_printed_only or has_one_value(path))] == []


@pytest.mark.parametrize("path", PRINTED_ONLY)
def test_a_knob_that_is_only_printed_says_so_to_whoever_sets_it(path):
    knob = knob_at(path)
    assert "系统不据此办理" in knob.effect("zh")
    assert "does not act" in knob.effect("en")


def rules() -> Iterator[tuple[str, Path]]:
    """Public functions of the steps' modules with the rule they name (R..) in their docstring."""
    for path, source in sources("rulebook", without=NO_RULES):
        for node in ast.parse(source).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and re.search(r"\bR\d\d\b", ast.get_docstring(node) or ""):
                yield node.name, path


def test_every_rule_is_asked_by_a_room_or_by_another_rule_or_waits_by_name():
    words = {path: Counter(re.findall(r"\w+", source)) for path, source in sources("rulebook", *ROOMS)}
    unused = {
        name
        for name, home in rules()
        if words[home][name] == 1 and not any(found[name] for path, found in words.items() if path != home)
    }
    assert unused == set(WAITING) | ORACLES
