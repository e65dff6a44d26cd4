"""Small tools of reading Chinese tables: widths, digits, blanks and pieces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BLANK = re.compile(
    r"[-/\\—–―_.。]*|无|不限|无要求|不要求|不作要求|不做要求|无限制|不限制|无特殊要求|没有要求|专业不限|不限专业|不限制专业|"
    r"(学历|学位|年龄|性别|专业|政治面貌|户籍|经历|工作经历|对象)(不限|无要求)|不限(学历|学位|年龄|性别|专业|政治面貌|户籍|工作经历|对象)"
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBERING = re.compile(
    r"^(?:[(（]?[0-9０-９]{1,2}[.．、)）](?![0-9０-９])|[①-⑳]|[(（][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)"
)

NUMBER = "(?:[0-9]+|[一二两三四五六七八九十]+)"


@lru_cache(maxsize=16_384)
def normal(text: str) -> str:
    """Half-width, without blanks: the form all recognisers work on. "：" becomes ":", "，" becomes ","."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("﹑", "、")


def is_blank(text: str) -> bool:
    """Whether the cell says that nothing is asked: empty, "/", "无", "不限", "—" and their like."""
    return _BLANK.fullmatch(normal(text).strip("。;,")) is not None


def number(text: str) -> int:
    """Digits or Chinese numerals up to 99: "35", "两", "十", "二十五". Raises ValueError for anything else."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        tens, ones = "", text
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS) or not text:
        raise ValueError(text)
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def pieces(text: str) -> list[str]:
    """The sentences of a free-text cell as printed, without their numbering; brackets are not cut."""
    found = [piece for line in text.splitlines() for piece in split_outside(line, ";；。")]
    return [piece for piece in (_unnumbered(piece) for piece in found) if piece]


def _unnumbered(piece: str) -> str:
    return _NUMBERING.sub("", piece.strip(" ,，、\u3000")).strip()


def split_outside(text: str, marks: str) -> list[str]:
    """Cut at any of `marks` that stands outside brackets and quotation; empty parts are dropped."""
    parts = [""]
    depth = 0
    for char in text:
        if char in "(（《[【“":
            depth += 1
        elif char in ")）》]】”":
            depth = max(0, depth - 1)
        if char in marks and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]
