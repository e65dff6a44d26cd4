"""Just enough of the compound file format (MS-CFB) and of BIFF8 (MS-XLS) to judge an old binary workbook.

calamine reads the values; what it does not tell is which cells are formulas, and whether the container holds a
password-protected modern workbook or a text document instead of a sheet.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_END = 0xFFFFFFFC  # this and everything above marks "no further sector"
_BIFF_FORMULA, _BIFF_FILEPASS, _BIFF_BOUNDSHEET, _BIFF_BOF = 0x0006, 0x002F, 0x0085, 0x0809


class BrokenCompound(ValueError):
    """The file begins like a compound file, but its chains do not hold together."""


@dataclass(frozen=True)
class _Entry:
    name: str
    start: int
    size: int


class CompoundFile:
    """Streams of a compound file by name. Raises BrokenCompound where the file is cut off or its chains loop."""

    def __init__(self, content: bytes) -> None:
        try:
            self._read_header(content)
        except (struct.error, IndexError) as error:
            raise BrokenCompound from error

    def _read_header(self, content: bytes) -> None:
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise BrokenCompound
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        directory, _reserved, self._cutoff, mini_fat, _count, difat, _difat_count = struct.unpack_from(
            "<7I", content, 48
        )
        fat_sectors = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _END]
        seen: set[int] = set()
        while difat < _END and difat not in seen:
            seen.add(difat)
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(difat))
            fat_sectors += [sector for sector in numbers[:-1] if sector < _END]
            difat = numbers[-1]
        self._fat = self._numbers(b"".join(self._sector(sector) for sector in fat_sectors))
        self._mini_fat = self._numbers(self._chain(mini_fat))
        self._entries = list(self._directory(self._chain(directory)))
        root = self._entries[0]
        self._mini = self._chain(root.start)[: root.size]

    @staticmethod
    def _numbers(packed: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _END:
            pieces.append(self._sector(sector))
            if len(pieces) > len(self._fat):
                raise BrokenCompound
            sector = self._fat[sector]
        return b"".join(pieces)

    def _mini_chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _END:
            start = sector * self._mini_size
            pieces.append(self._mini[start : start + self._mini_size])
            if len(pieces) > len(self._mini_fat):
                raise BrokenCompound
            sector = self._mini_fat[sector]
        return b"".join(pieces)

    @staticmethod
    def _directory(packed: bytes) -> Iterator[_Entry]:
        for offset in range(0, len(packed) - 127, 128):
            (length,) = struct.unpack_from("<H", packed, offset + 64)
            name = packed[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", packed, offset + 116)
            yield _Entry(name, start, size)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self._entries)

    def stream(self, name: str) -> bytes:
        """The stream's bytes. Raises KeyError where there is none of this name, BrokenCompound on a broken chain."""
        for entry in self._entries[1:]:
            if entry.name == name:
                try:
                    short = entry.size < self._cutoff
                    return (self._mini_chain if short else self._chain)(entry.start)[: entry.size]
                except IndexError as error:
                    raise BrokenCompound from error
        raise KeyError(name)


@dataclass(frozen=True)
class BinarySheets:
    """What the records of a BIFF stream tell: is it encrypted, and the formula cells (row, column from 0) by sheet."""

    encrypted: bool
    formulas: dict[int, list[tuple[int, int]]]


def scan_biff(stream: bytes, *, most: int = 20) -> BinarySheets:
    """Walk the records of a workbook stream; at most `most` formula cells per sheet (by the sheet's index) are kept."""
    encrypted = False
    offsets: list[int] = []
    formulas: dict[int, list[tuple[int, int]]] = {}
    sheet = -1
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        body = position + 4
        if kind == _BIFF_FILEPASS:
            encrypted = True
        elif kind == _BIFF_BOUNDSHEET and length >= 4:
            offsets.append(struct.unpack_from("<I", stream, body)[0])
        elif kind == _BIFF_BOF and position in offsets:
            sheet = offsets.index(position)
        elif kind == _BIFF_FORMULA and length >= 4 and len(formulas.setdefault(sheet, [])) < most:
            formulas[sheet].append(struct.unpack_from("<HH", stream, body))
        position = body + length
    return BinarySheets(encrypted, formulas)
