"""Education, degree and kind of school as printed (R08)."""

from __future__ import annotations

import re

from rulebook.conditions.model import (
    DEGREES,
    LEVELS,
    Condition,
    Degree,
    DegreeCondition,
    EducationCondition,
    Level,
    SchoolCondition,
    Source,
)
from rulebook.conditions.words import normal, split_outside

_LEVEL_WORDS: tuple[tuple[str, tuple[Level, ...]], ...] = (
    ("博士研究生", ("doctor",)),
    ("硕士研究生", ("master",)),
    ("研究生", ("master", "doctor")),
    ("大学本科", ("bachelor",)),
    ("本科", ("bachelor",)),
    ("大学专科", ("college",)),
    ("大专", ("college",)),
    ("专科", ("college",)),
    ("高职", ("college",)),
    ("中专", ("secondary",)),
    ("高中", ("secondary",)),
    ("技校", ("secondary",)),
    ("博士", ("doctor",)),
    ("硕士", ("master",)),
)
_DEGREE_WORDS: dict[str, Degree] = {"学士": "bachelor", "硕士": "master", "博士": "doctor"}
_UP = r"(?P<up>及其?以上|或以上|以上)?"
_FULL_TIME = r"(?P<full>全日制|普通高等教育|国民教育系列|国民教育)?"
_ANY_LEVEL = f"(?P<level>{'|'.join(word for word, _ in _LEVEL_WORDS)})"
_LEVEL = re.compile(rf"(?:仅限|限|须|具有|取得)?{_FULL_TIME}{_ANY_LEVEL}(?:学历|毕业)*{_UP}(?:学历|毕业)*")
_DEGREE = re.compile(rf"(?:仅限|限|须|具有|取得|相应|并)*(?P<degree>学士|硕士|博士)(?:学位)?{_UP}(?:学位)?")
_MATCHING = re.compile(r"(?:取得|具有|须取得|须具有)?与?(?:学历|最高学历|毕业证)?(?:相|所)?对?应的?学位(?:要求)?")
_SCHOOL = re.compile(r"(?:全日制)?普通高等(?:学校|院校)|普通高校")


def parse_education(column: str, text: str) -> EducationCondition | None:
    """A cell such as 本科及以上, 仅限本科, 本科或硕士研究生, 全日制大专及以上. None where a word is not understood."""
    source = Source(column=column, text=text)
    levels: set[Level] = set()
    full_time = False
    for part in _alternatives(normal(text)):
        match = _LEVEL.fullmatch(part)
        if match is None:
            return None
        levels |= set(_levels(match["level"], up=bool(match["up"])))
        full_time = full_time or bool(match["full"])
    return EducationCondition(source=source, levels=_in_order(levels), full_time=full_time) if levels else None


def parse_degree(column: str, text: str) -> DegreeCondition | None:
    """A cell such as 学士, 硕士及以上, 与学历相对应的学位. None where a word is not understood."""
    source = Source(column=column, text=text)
    if _MATCHING.fullmatch(normal(text)):
        return DegreeCondition(source=source, matching=True)
    degrees: set[Degree] = set()
    for part in _alternatives(normal(text)):
        match = _DEGREE.fullmatch(part)
        if match is None:
            return None
        degrees |= set(_degrees(_DEGREE_WORDS[match["degree"]], up=bool(match["up"])))
    return DegreeCondition(source=source, degrees=tuple(d for d in DEGREES if d in degrees)) if degrees else None


def parse_education_and_degree(column: str, text: str) -> list[Condition] | None:
    """One cell for both, such as 本科及以上，学士及以上 or 研究生（硕士）. None where a part is not understood."""
    source = Source(column=column, text=text)
    found: list[Condition] = []
    for part in split_outside(re.sub(r"[()]", ",", normal(text)), ",;/、。并且"):
        education = _LEVEL.fullmatch(part)
        degree = _DEGREE.fullmatch(part)
        if degree and (not education or found):
            degrees = _degrees(_DEGREE_WORDS[degree["degree"]], up=bool(degree["up"]))
            found.append(DegreeCondition(source=source, degrees=degrees))
        elif _MATCHING.fullmatch(part):
            found.append(DegreeCondition(source=source, matching=True))
        elif education:
            levels = _levels(education["level"], up=bool(education["up"]))
            found.append(EducationCondition(source=source, levels=levels, full_time=bool(education["full"])))
        else:
            return None
    return found or None


def parse_school(column: str, text: str) -> SchoolCondition | None:
    """A sentence about regular institutions (普通高等学校); None where it is about something else or unclear."""
    source = Source(column=column, text=text)
    plain = normal(text)
    if not _SCHOOL.search(plain):
        return None
    if re.fullmatch(r"(?:最高学历)?本科(?:系|须为|为|阶段为)普通(?:高等(?:学校|院校)|高校)(?:毕业|学历)?", plain):
        return SchoolCondition(source=source, stage="bachelor", levels=("bachelor",))
    if re.fullmatch(r"普通(?:高等(?:学校|院校)|高校)各阶段均需?须?取得相应的?学历、?学位", plain):
        return SchoolCondition(source=source, stage="every")
    levels: set[Level] = set()
    degrees: set[Degree] = set()
    for part in split_outside(_SCHOOL.sub("", plain), "、,和及" if "及以上" not in plain else "、,"):
        level, degree = _LEVEL.fullmatch(part), _DEGREE.fullmatch(part)
        if degree:
            degrees |= set(_degrees(_DEGREE_WORDS[degree["degree"]], up=bool(degree["up"])))
        elif level:
            levels |= set(_levels(level["level"], up=bool(level["up"])))
        elif part not in ("毕业", "学历", "毕业生"):
            return None
    ordered = tuple(degree for degree in DEGREES if degree in degrees)
    return SchoolCondition(source=source, levels=_in_order(levels), degrees=ordered)


def _alternatives(plain: str) -> list[str]:
    return [part for piece in split_outside(plain, "、,/;。") for part in piece.split("或") if part]


def _levels(word: str, *, up: bool) -> tuple[Level, ...]:
    accepted = dict(_LEVEL_WORDS)[word]
    return LEVELS[LEVELS.index(accepted[0]) :] if up else accepted


def _degrees(least: Degree, *, up: bool) -> tuple[Degree, ...]:
    return DEGREES[DEGREES.index(least) :] if up else (least,)


def _in_order(levels: set[Level]) -> tuple[Level, ...]:
    return tuple(level for level in LEVELS if level in levels)
