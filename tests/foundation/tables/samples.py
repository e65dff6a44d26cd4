"""Small table files made on the spot."""

import io
import struct
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


def xls(rows: Sequence[Sequence[Any]], *, encrypted: bool = False) -> bytes:
    """An old binary workbook of one sheet: texts, numbers, and a text beginning with "=" as a formula cell."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(value: str, length: str) -> bytes:
        return struct.pack(length, len(value)) + b"\x01" + value.encode("utf-16-le")

    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str) and value.startswith("="):
                sheet += record(0x0006, at + struct.pack("<dHIH", 2.0, 0, 0, 3) + b"\x1e\x01\x00")
            elif isinstance(value, str):
                sheet += record(0x0204, at + text(value, "<H"))
            else:
                sheet += record(0x0203, at + struct.pack("<d", value))
    sheet += record(0x000A, b"")
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    if encrypted:
        head += record(0x002F, struct.pack("<HHH", 0, 1, 1))
    name = text("Sheet1", "<B")
    offset = len(head) + 4 + 6 + len(name) + 4
    book = head + record(0x0085, struct.pack("<IH", offset, 0) + name) + record(0x000A, b"") + sheet
    return compound({"Workbook": book.ljust(5000, b"\0")})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with 512-byte sectors: each stream, then the directory, then the table of sectors."""
    sector = 512
    blocks: list[bytes] = []
    chain: list[int] = []

    def add(content: bytes) -> int:
        start = len(blocks)
        pieces = [content[at : at + sector].ljust(sector, b"\0") for at in range(0, len(content), sector)]
        blocks.extend(pieces)
        chain.extend([*range(start + 1, start + len(pieces)), 0xFFFFFFFE])
        return start

    starts = {name: add(content) for name, content in streams.items()}
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for name, content in streams.items():
        entries += _entry(name, 2, starts[name], len(content))
    directory = add(entries)
    fat_at = len(blocks)
    chain.append(0xFFFFFFFD)
    fat = b"".join(number.to_bytes(4, "little") for number in chain).ljust(sector, b"\xff")
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + (0x3E).to_bytes(2, "little") + (3).to_bytes(2, "little")
    header += b"\xfe\xff" + (9).to_bytes(2, "little") + (6).to_bytes(2, "little") + bytes(6)
    words = [0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, fat_at] + [0xFFFFFFFF] * 108
    header += b"".join(word.to_bytes(4, "little") for word in words)
    return header + b"".join(blocks) + fat


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    body = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1]) + b"\xff" * 12 + bytes(36)
    return body + start.to_bytes(4, "little") + size.to_bytes(8, "little")
