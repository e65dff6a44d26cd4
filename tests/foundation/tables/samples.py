"""Small table files made on the spot."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

HEADER = ("招聘单位", "岗位名称", "岗位代码", "招聘人数", "年龄", "备注")
ROWS = (
    ("县人民医院", "护士", "10001", 2, "35周岁以下", ""),
    ("县第一中学", "语文教师", "10002", 1, "38周岁以下", "咨询电话见公告"),
)


def xlsx(
    *sheets: Sequence[Sequence[Any]], names: Sequence[str] = (), touch: Callable[..., None] | None = None
) -> bytes:
    """An .xlsx of these sheets; `touch(workbook, worksheets)` may add what rows can't say."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        made: list[Worksheet] = []
        for index, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[index] if index < len(names) else None)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            made.append(sheet)
        if touch:
            touch(book, made)
    return buffer.getvalue()


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same .xlsx with one member of its archive changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            body = old.read(item.filename)
            new.writestr(item.filename, change(body) if item.filename == part else body)
    return buffer.getvalue()
