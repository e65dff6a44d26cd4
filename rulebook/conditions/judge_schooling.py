"""Conditions on education, judged for one stage of a person's schooling (R08–R10)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from rulebook.conditions.finding import Finding, met, needs_person, not_met, word
from rulebook.conditions.model import (
    LEVELS,
    DegreeCondition,
    EducationCondition,
    MainMajorCondition,
    MajorCondition,
    MajorGroup,
    MajorItem,
    SchoolCondition,
)
from rulebook.conditions.profile import Profile, Schooling
from rulebook.conditions.words import normal

MAJOR_DIGITS = 6  # a code this long names one major; shorter ones a class or category

SchoolingCondition = EducationCondition | DegreeCondition | SchoolCondition | MajorCondition | MainMajorCondition


class Catalogue(Protocol):
    """A catalogue of majors of one edition."""

    @property
    def name(self) -> str: ...

    def codes(self, major: str, group: str) -> tuple[str, ...]:
        """Codes the name has at this level (college, bachelor, graduate), old names included; () where unknown."""
        ...


def usable(profile: Profile, *, non_highest: bool) -> list[Schooling]:
    """The stages a person may apply with: all of them, or only those of the highest level (R08)."""
    if non_highest or not profile.schooling:
        return list(profile.schooling)
    top = max(LEVELS.index(stage.level) for stage in profile.schooling)
    return [stage for stage in profile.schooling if LEVELS.index(stage.level) == top]


def judge_stage(
    condition: SchoolingCondition, stage: Schooling, profile: Profile, catalogue: Catalogue | None = None
) -> Finding:
    """One condition on education, for the stage the person would apply with."""
    if isinstance(condition, EducationCondition):
        return _education(condition, stage, profile)
    if isinstance(condition, DegreeCondition):
        return _degree(condition, stage, profile)
    if isinstance(condition, SchoolCondition):
        return _school(condition, stage, profile)
    if isinstance(condition, MainMajorCondition):
        return not_met("second_major") if stage.second_major else met("main_major")
    return judge_major(condition, stage, catalogue)


def _education(condition: EducationCondition, stage: Schooling, profile: Profile) -> Finding:
    level = word("level", stage.level)
    if stage.level not in condition.levels:
        if any(other.level in condition.levels for other in _lower(stage, profile)):
            return needs_person("education_lower_stage", level=level)
        return not_met("education_other", level=level)
    if condition.full_time and stage.full_time is None:
        return needs_person("full_time_unknown")
    if condition.full_time and not stage.full_time:
        return not_met("part_time")
    return met("education_met", level=level)


def _degree(condition: DegreeCondition, stage: Schooling, profile: Profile) -> Finding:
    wanted = condition.degrees
    if condition.matching:
        wanted = (stage.level,) if stage.level in ("bachelor", "master", "doctor") else ()
        if not wanted:
            return met("degree_none_at_level", level=word("level", stage.level))
    if stage.degree is None:
        return not_met("degree_missing")
    degree = word("degree", stage.degree)
    if stage.degree in wanted:
        return met("degree_met", degree=degree)
    if not condition.matching and any(other.degree in wanted for other in _lower(stage, profile)):
        return needs_person("degree_lower_stage", degree=degree)
    return not_met("degree_other", degree=degree)


def _lower(stage: Schooling, profile: Profile) -> list[Schooling]:
    return [other for other in profile.schooling if LEVELS.index(other.level) < LEVELS.index(stage.level)]


def _school(condition: SchoolCondition, stage: Schooling, profile: Profile) -> Finding:
    if condition.stage == "bachelor":
        stages = [one for one in profile.schooling if one.level == "bachelor"]
    elif condition.stage == "every":
        stages = [one for one in profile.schooling if LEVELS.index(one.level) >= LEVELS.index("college")]
    else:
        stages = [stage]
    if not stages or any(one.kind is None for one in stages):
        return needs_person("school_unknown")
    if any(one.kind == "overseas" for one in stages):
        return needs_person("school_overseas")
    if any(one.kind != "regular" for one in stages):
        return not_met("school_not_regular")
    if condition.levels and not any(one.level in condition.levels for one in stages):
        return not_met("education_other", level=word("level", stage.level))
    if condition.degrees and not any(one.degree in condition.degrees for one in stages):
        return not_met("degree_missing")
    if condition.stage == "every" and any(one.level != "college" and one.degree is None for one in stages):
        return not_met("degree_missing")
    return met("school_regular")


def judge_major(condition: MajorCondition, stage: Schooling, catalogue: Catalogue | None = None) -> Finding:
    """Whether a stage's major is among those accepted at its level (R09, R10).

    A category or class matches by the first digits of the code, an exact major by its code or its name as on the
    certificate. Without a code the name is looked up in the catalogue; a name that is not in it, an overseas or
    self-set major is never judged by machine.
    """
    level = _group_level(stage)
    groups = [group for group in condition.groups if group.level in (level, "any")]
    shown = stage.major or stage.major_code
    if not shown:
        return needs_person("major_unknown")
    if not groups:
        elsewhere = any(_any_matches(group, stage, stage.major_code, None) is not False for group in condition.groups)
        shown_level = word("level", stage.level)
        if elsewhere:
            return needs_person("major_other_level", major=shown, level=shown_level)
        return not_met("major_no_level", major=shown, level=shown_level)
    if any(group.unrestricted for group in groups):
        return met("major_unrestricted", level=word("level", stage.level))
    results = [_any_matches(group, stage, code, catalogue) for group in groups for code in _codes(stage, catalogue)]
    by_person = stage.self_set_major or stage.kind == "overseas"
    # A name with several codes is met only where each of them is.
    ways = len(results) // len(groups)
    certain = any(all(results[start : start + ways]) for start in range(0, len(results), ways))
    if certain and not by_person:
        return met("major_met", major=shown)
    if any(result is not False for result in results) or by_person:
        return needs_person("major_not_in_catalogue", major=shown)
    return not_met("major_other", major=shown)


def _group_level(stage: Schooling) -> str:
    return "graduate" if stage.level in ("master", "doctor") else stage.level


def _codes(stage: Schooling, catalogue: Catalogue | None) -> tuple[str, ...]:
    """The code on the certificate, else those the catalogue has for the name; one empty text where neither is known."""
    if stage.major_code or catalogue is None:
        return (stage.major_code,)
    return _narrowest(catalogue.codes(stage.major, _group_level(stage))) or ("",)


def _narrowest(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Without the wider of two codes: 03 and 0301 are both called 法学, and a major is never a whole category."""
    if len(codes) < 2:
        return codes
    return tuple(code for code in codes if not any(other != code and other.startswith(code) for other in codes))


def _any_matches(group: MajorGroup, stage: Schooling, code: str, catalogue: Catalogue | None) -> bool | None:
    """True where an entry matches, None where one might and a person must see, else False."""
    digits = _digits(code)
    name, level = normal(stage.major), _group_level(stage)
    results = {_matches(item, name, digits, _listed(item, level, catalogue)) for item in group.items}
    return True if True in results else None if None in results else group.unrestricted


@lru_cache(maxsize=16_384)
def _digits(code: str) -> str:
    """A code without the letters some catalogues add: "030101K" is 030101."""
    return re.sub(r"\D", "", code)


def _listed(item: MajorItem, level: str, catalogue: Catalogue | None) -> tuple[str, ...]:
    """The codes an entry stands for: its own, or those the catalogue has for its name."""
    if item.code or catalogue is None:
        return (_digits(item.code),) if item.code else ()
    return tuple(_digits(code) for code in catalogue.codes(item.name, level))


def _matches(item: MajorItem, name: str, code: str, listed: tuple[str, ...]) -> bool | None:
    wanted = normal(item.name)
    named = bool(name) and name in (wanted, wanted.removesuffix("类"), wanted.removesuffix("专业"))
    if item.match in ("name", "exact") and named:
        return True
    if not code or not listed:
        return True if named and not item.only else None
    if not any(code.startswith(own) for own in _narrowest(listed)):
        # A name that fits beside a code that does not, a code too short to tell, or a name that is a class and a
        # category alike, is for a person to solve.
        unsure = named or any(own.startswith(code) or code.startswith(own) for own in listed)
        return None if unsure else False
    if not item.only or name in {normal(one) for one in item.only}:
        return True
    return False if name and len(code) >= MAJOR_DIGITS else None
