"""Majors as printed, by education level and with their codes (R09)."""

from __future__ import annotations

import re
from typing import Literal

from rulebook.conditions.model import MajorCondition, MajorGroup, MajorItem, MajorLevel, Source
from rulebook.conditions.words import is_blank, normal, split_outside

_HEADS: dict[str, MajorLevel] = {
    "专科": "college", "大专": "college", "高职": "college", "高职高专": "college", "大学专科": "college",
    "本科": "bachelor", "大学本科": "bachelor", "学士": "bachelor",
    "研究生": "graduate", "硕士研究生": "graduate", "博士研究生": "graduate", "硕士": "graduate", "博士": "graduate",
}  # fmt: skip
_ANY_HEAD = "|".join(sorted(_HEADS, key=len, reverse=True))
_HEAD = re.compile(rf"(?:^|(?<=[;,。、\s)]))\(?(?:\d[.、])?({_ANY_HEAD})(?:学历|层次|阶段|专业|学位)*:")
_CODE = re.compile(r"(?P<code>[A-Z]?\d{2,6}[A-Z]{0,2})(?:[,、;](?:仅限|限)(?P<only>.+))?")
_BRACKET = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_NOT_A_NAME = re.compile(r"[0-9:!?]|须|需要|应当|具有|优先|除外|不含|以上|相关|相近|要求|取得|毕业|学习过|均可|等$")
_NAME_LIMIT = 24

MajorMatch = Literal["category", "class", "exact", "name"]


def parse_majors(column: str, text: str, level: MajorLevel = "any") -> MajorCondition | None:
    """A cell such as "本科：金融学类（0203）；研究生：金融（0251），应用经济学（0202，仅限金融学）".

    `level` is the level of a column that is for one level only. None where an entry is not understood.
    """
    source = Source(column=column, text=text)
    plain = normal(text)
    heads = list(_HEAD.finditer(plain))
    groups: list[MajorGroup] = []
    lead = plain[: heads[0].start()] if heads else plain
    parts = [(level, lead)] if lead.strip(";,。、") else []
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(plain)
        parts.append((_HEADS[head[1]], plain[head.end() : end]))
    for part_level, body in parts:
        group = _group(part_level, body)
        if group is None:
            return None
        groups.append(group)
    return MajorCondition(source=source, groups=tuple(groups)) if groups else None


def _group(level: MajorLevel, body: str) -> MajorGroup | None:
    body = body.strip(";,。、")
    if is_blank(body):
        return MajorGroup(level=level, unrestricted=True)
    items = []
    for entry in split_outside(body, ",;、。/"):
        item = _item(entry)
        if item is None:
            return None
        items.append(item)
    return MajorGroup(level=level, items=tuple(items)) if items else None


def _item(entry: str) -> MajorItem | None:
    code, only = "", ""
    name = entry
    for bracket in _BRACKET.finditer(entry):
        match = _CODE.fullmatch(bracket[1])
        if match is None:
            continue
        if code:
            return None
        code, only = match["code"], match["only"] or ""
        name = name.replace(bracket.group(), "")
    if not code:
        leading = re.match(r"([A-Z]?\d{4,6}[A-Z]{0,2})(.+)|(.+?)([A-Z]?\d{4,6}[A-Z]{0,2})$", name)
        if leading:
            code, name = (leading[1], leading[2]) if leading[1] else (leading[4], leading[3])
    if not code and (len(name) > _NAME_LIMIT or _NOT_A_NAME.search(name)):
        return None
    limits = tuple(split_outside(only.replace("、", ","), ","))
    if not name.strip("()"):
        return None
    return MajorItem(name=name, code=code, match=_match_level(code), only=limits)


def _match_level(code: str) -> MajorMatch:
    digits = len(re.sub(r"\D", "", code))
    if not digits:
        return "name"
    return "category" if digits <= 2 else "class" if digits <= 4 else "exact"
