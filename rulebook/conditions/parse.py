"""All condition columns of one row of a position table as typed conditions; what is not understood goes to a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from rulebook.conditions import sentences
from rulebook.conditions.age import merged_ages, parse_age
from rulebook.conditions.education import parse_degree, parse_education, parse_education_and_degree
from rulebook.conditions.major import parse_majors
from rulebook.conditions.model import AgeCondition, Condition, Information, PositionConditions, Source, WorkCondition
from rulebook.conditions.words import NUMBER, is_blank, normal, number, pieces

CellReader = Callable[[str, str], list[Condition] | None]


def _one(condition: Condition | None) -> list[Condition] | None:
    return None if condition is None else [condition]


def _sex(column: str, text: str) -> list[Condition] | None:
    return sentences.sex(Source(column=column, text=text), normal(text))


def _work_years(column: str, text: str) -> list[Condition] | None:
    """A column of years may hold just a number (最低工作年限: 2)."""
    bare = re.fullmatch(rf"({NUMBER})年?", normal(text))
    if bare:
        try:
            return [WorkCondition(source=Source(column=column, text=text), months=number(bare[1]) * 12)]
        except ValueError:
            return None
    return None


CELLS: Mapping[str, CellReader] = {
    "age": lambda column, text: _one(parse_age(column, text)),
    "education": lambda column, text: _one(parse_education(column, text)),
    "education_degree": parse_education_and_degree,
    "degree": lambda column, text: _one(parse_degree(column, text)),
    "major": lambda column, text: _one(parse_majors(column, text)),
    "major_college": lambda column, text: _one(parse_majors(column, text, "college")),
    "major_bachelor": lambda column, text: _one(parse_majors(column, text, "bachelor")),
    "major_graduate": lambda column, text: _one(parse_majors(column, text, "graduate")),
    "sex": _sex,
    "work_years": _work_years,
}

SENTENCE_COLUMNS = (
    "sex", "party", "household", "work_years", "service_project", "certificate", "skill_certificate", "title", "scope",
    "special_target", "age_relaxed", "other", "note", "explanation",
)  # fmt: skip
CONDITION_COLUMNS = tuple(dict.fromkeys((*CELLS, *SENTENCE_COLUMNS)))

# A table repeats a few hundred different cells over thousands of rows.
_sentence = lru_cache(maxsize=8192)(sentences.parse_sentence)


@lru_cache(maxsize=8192)
def _cell(column: str, text: str) -> list[Condition] | None:
    return CELLS[column](column, text) if column in CELLS else None


_OPEN_TO_ALL = re.compile(
    r"(?:面向)?(?:社会人员|社会|全国|国内外|各类人员|所有人员|社会公开招聘|应往届不限|应届往届均可)"
)


def parse_position(columns: Mapping[str, str]) -> PositionConditions:
    """Conditions of a row given as {canonical field name: text as printed}; columns that set no condition are ignored.

    The names are those of `CONDITION_COLUMNS`. Never raises on the text: a cell or sentence that can't be read goes
    whole into `not_understood`.
    """
    conditions: list[Condition] = []
    information: list[Information] = []
    not_understood: list[Source] = []
    for column in CONDITION_COLUMNS:
        text = columns.get(column, "")
        if is_blank(text):
            continue
        read = _cell(column, text)
        if read is not None:
            conditions += read
            continue
        if column not in SENTENCE_COLUMNS:
            not_understood.append(Source(column=column, text=text))
            continue
        for piece in pieces(text):
            _sort_in(column, piece, conditions, information, not_understood)
    ages, unplaced = merged_ages([one for one in conditions if isinstance(one, AgeCondition)])
    rest = [one for one in conditions if not isinstance(one, AgeCondition)]
    not_understood += unplaced
    return PositionConditions(
        conditions=(*ages, *rest),
        information=tuple(information),
        not_understood=tuple(not_understood),
    )


def _sort_in(
    column: str, piece: str, conditions: list[Condition], information: list[Information], rest: list[Source]
) -> None:
    if is_blank(piece):
        return
    if column == "scope" and _OPEN_TO_ALL.fullmatch(normal(piece)):
        information.append(Information(source=Source(column=column, text=piece), about="other"))
        return
    found = _sentence(column, piece)
    if isinstance(found, Information):
        information.append(found)
    elif found is None:
        rest.append(Source(column=column, text=piece))
    else:
        conditions.extend(found)
