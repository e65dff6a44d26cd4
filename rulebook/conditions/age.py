"""Ages as printed, and the birth dates they mean on a reference date (R05–R07)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from rulebook.conditions.model import AgeBand, AgeCondition, AgeGroup, Source
from rulebook.conditions.words import normal, split_outside

AgeReading = Literal["through_birthday_year", "until_birthday"]

_YEARS = r"(?:周岁|岁)"
_INCLUSIVE = r"(?:\(含[^()]*\)|\(不含\)|及|含)?"
_LIMITS = (
    re.compile(
        rf"(?P<youngest>\d\d){_YEARS}?{_INCLUSIVE}以上[、,至到和且]*(?P<oldest>\d\d){_YEARS}{_INCLUSIVE}以[下内]"
    ),
    re.compile(
        rf"(?P<youngest>\d\d){_YEARS}?{_INCLUSIVE}[-—–~至到]+(?P<oldest>\d\d){_YEARS}{_INCLUSIVE}(?:以[下内]|之间)?"
    ),
    re.compile(rf"不(?:得)?(?:超过|大于|高于)(?P<oldest>\d\d){_YEARS}{_INCLUSIVE}"),
    re.compile(rf"(?P<oldest>\d\d){_YEARS}?{_INCLUSIVE}以[下内](?:\(含\))?"),
    re.compile(rf"未满(?P<under>\d\d){_YEARS}"),
    re.compile(rf"(?:年满)?(?P<youngest>\d\d){_YEARS}{_INCLUSIVE}以上"),
    re.compile(rf"(?:放宽|至|到|为)(?P<oldest>\d\d){_YEARS}"),
    re.compile(rf"^(?P<oldest>\d\d){_YEARS}?$"),
    re.compile(r"(?P<unlimited>(?:年龄)?不限|不受年龄限制)"),
)
_BORN = re.compile(
    r"\(?(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?(?:\(含\)|\(含当日\)|及|含)?(以后|之后|以前|之前)(?:期间)?出生的?\)?"
)
_BORN_BETWEEN = re.compile(
    r"\(?(\d{4})年(\d{1,2})月(\d{1,2})日(?:\(含\))?[至到—-]+(\d{4})年(\d{1,2})月(\d{1,2})日(?:\(含\))?(?:期间|之间)?出生的?\)?"
)
_GROUPS: tuple[tuple[str, AgeGroup], ...] = (
    ("博士研究生", "doctor"), ("博士", "doctor"), ("硕士研究生", "master"), ("硕士", "master"), ("研究生", "master"),
    ("正高级", "senior"), ("正高", "senior"), ("副高级", "associate"), ("副高", "associate"), ("高级", "associate"),
    ("中级", "intermediate"), ("初级", "junior"), ("退役军人", "veteran"), ("退役士兵", "veteran"),
    ("服务基层项目人员", "service_project"), ("本科", "bachelor"),
)  # fmt: skip
_FILLING = re.compile(
    r"20\d\d年|20\d\d届|年龄|学历|学位|毕业生|高校|高等学校|职称|专业技术|职务|任职|资格|及以上|以上|或者|以及|具有|取得|获得|其中|对|"
    r"人员|报考|应聘|适当|可以|可|放宽|要求|的|者|或|和|及|为|至|到|在|、|,|:|\(|\)|;|等|且|均"
)


def parse_age(column: str, text: str) -> AgeCondition | None:
    """An age cell such as "18周岁以上、30周岁以下，2026年应届硕士、博士研究生为35周岁以下".

    A sentence of another column may hold relaxed limits alone; `merged_ages` adds them to the limits of all.
    None where any part of it is not understood: half an age condition would be a wrong one.
    """
    source = Source(column=column, text=text)
    base: dict[str, object] = {}
    bands: list[AgeBand] = []
    for clause in split_outside(normal(text), ",;。"):
        found = _clause(clause)
        if found is None:
            return None
        who, limits = found
        if who:
            oldest = limits.get("oldest")
            if "youngest" in limits or "born_to" in limits or not (oldest or "unlimited" in limits):
                return None
            bands.append(_band(who, oldest if isinstance(oldest, int) else None, limits.get("born_from")))
        elif any(base.get(name, value) != value for name, value in limits.items()):
            return None
        else:
            base |= limits
    base.pop("unlimited", None)
    if not base and not bands:
        return None
    return AgeCondition.model_validate({"source": source, **base, "bands": tuple(bands)})


def _clause(clause: str) -> tuple[str, dict[str, object]] | None:
    """One clause as (whom it is for, "" for all; limits by name); None where it sets none."""
    limits: dict[str, object] = {}
    try:
        rest = _take_birth_dates(clause, limits)
    except ValueError:
        return None
    for pattern in _LIMITS:
        match = pattern.search(rest)
        if match is None:
            continue
        for name, value in match.groupdict().items():
            if name == "under" and value:
                limits["oldest"] = int(value) - 1
            elif value:
                limits[name] = True if name == "unlimited" else int(value)
        rest = rest[: match.start()] + rest[match.end() :]
        break
    return (_who(rest), limits) if limits else None


def _take_birth_dates(clause: str, limits: dict[str, object]) -> str:
    """Take printed birth dates out of the clause into `limits`; a month without a day means its first or last day."""
    match = _BORN_BETWEEN.search(clause)
    if match:
        first = [int(part) for part in match.groups()]
        limits |= {"born_from": date(*first[:3]), "born_to": date(*first[3:])}
        return clause.replace(match.group(), "")
    for match in _BORN.finditer(clause):
        year, month, later = int(match[1]), int(match[2]), match[4].endswith("后")
        day = int(match[3]) if match[3] else (1 if later else calendar.monthrange(year, month)[1])
        limits["born_from" if later else "born_to"] = date(year, month, day)
        clause = clause.replace(match.group(), "")
    return clause


def _who(text: str) -> str:
    """What is left of a clause once its limits are taken out, if it names anybody."""
    return text if _FILLING.sub("", re.sub(r"\(含\)|周岁|岁", "", text)) else ""


def _band(who: str, oldest: int | None, born_from: object) -> AgeBand:
    groups: list[AgeGroup] = []
    rest = who
    full_time = any(word in rest for word in ("全日制", "非在职"))
    rest = rest.replace("全日制", "").replace("非在职", "")
    fresh = "应届" in rest
    rest = rest.replace("应届", "")
    for word, group in _GROUPS:
        if word in rest:
            groups.append(group)
            rest = rest.replace(word, "")
    return AgeBand(
        oldest=oldest,
        born_from=born_from if isinstance(born_from, date) else None,
        any_of=tuple(dict.fromkeys(groups)),
        fresh=fresh,
        full_time=full_time,
        unclear=_FILLING.sub("", rest),
    )


def merged_ages(conditions: Sequence[AgeCondition]) -> tuple[list[AgeCondition], list[Source]]:
    """The relaxed limits of other columns (R07) put into the one condition for all; also what could not be placed."""
    limits = [one for one in conditions if (one.oldest, one.youngest, one.born_from, one.born_to) != (None,) * 4]
    relaxed = [one for one in conditions if one not in limits]
    uppers = [one for one in limits if one.oldest is not None or one.born_from is not None]
    if len(uppers) != 1:
        return limits, [one.source for one in relaxed]
    bands = (*uppers[0].bands, *(band for one in relaxed for band in one.bands))
    whole = uppers[0].model_copy(update={"bands": bands})
    return [whole if one is uppers[0] else one for one in limits], []


def born_from(oldest: int, ref: date, reading: AgeReading) -> date:
    """The earliest birth date that is not too old on `ref` (R05).

    through_birthday_year (variant A): on or after ref − (oldest + 1) years, so one may apply on the birthday itself.
    until_birthday (variant B): strictly after ref − oldest years.
    """
    if reading == "through_birthday_year":
        return _years_before(ref, oldest + 1, after=True)
    return _years_before(ref, oldest, after=False) + timedelta(days=1)


def born_to(youngest: int, ref: date) -> date:
    """The latest birth date of someone who has completed `youngest` years on `ref`."""
    return _years_before(ref, youngest, after=False)


def _years_before(ref: date, years: int, *, after: bool) -> date:
    """The same day `years` ago; for 29 February in a plain year the day after or before it, as asked."""
    try:
        return ref.replace(year=ref.year - years)
    except ValueError:
        return date(ref.year - years, 3, 1) if after else date(ref.year - years, 2, 28)


def with_bounds(condition: AgeCondition, ref: date, reading: AgeReading) -> AgeCondition:
    """The condition with explicit birth-date bounds on `ref`; bounds that were printed stay as printed."""
    first, last = condition.born_from, condition.born_to
    if first is None and condition.oldest is not None:
        first = born_from(condition.oldest, ref, reading)
    if last is None and condition.youngest is not None:
        last = born_to(condition.youngest, ref)
    bands = tuple(
        band
        if band.born_from or band.oldest is None
        else band.model_copy(update={"born_from": born_from(band.oldest, ref, reading)})
        for band in condition.bands
    )
    return condition.model_copy(update={"born_from": first, "born_to": last, "bands": bands})
