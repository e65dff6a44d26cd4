"""Looks through an .xlsx before anything reads it: sizes, formulas, and how far the values of each sheet reach.

A workbook is a zip of XML. Declared sizes may lie, so the parts that will be read are unpacked here once, in pieces,
and counted; what passes is safe to give to the reader.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

MAX_PARTS = 5_000
MAX_EXPANDED = 400 * 1024 * 1024
MAX_TEXT = 400_000_000  # characters, once every cell has its own copy of a text that cells share in the file
MAX_RATIO = 200
RATIO_FROM = 8 * 1024 * 1024
FORMULAS_KEPT = 20
_PIECE = 256 * 1024
_LETTERS = re.compile(r"[A-Z]{1,3}")
# Formatted but empty cells and rows, as left behind by a border drawn down to the last row: a million of them are cut
# out before parsing. Whatever is written differently just takes the slow way.
_EMPTY_CELLS = re.compile(rb'(?:<c r="[A-Z]{1,3}[0-9]+"(?: [a-z]+="[0-9]*")*/>)+')
_EMPTY_ROWS = re.compile(rb'<row r="[0-9]+"[^<>]*(?:/>|></row>)')


class ZipBomb(ValueError):
    """The archive would expand far beyond what a table needs."""


class BrokenWorkbook(ValueError):
    """The archive or an XML part of it can't be read."""


class NotASheetArchive(ValueError):
    """A zip, but no workbook; `kind`: document, presentation, opendocument, binary (.xlsb) or archive."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass
class SheetScan:
    """How far the values reach (rows and columns from 1; 0 where there is none), and the first formula cells."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    formulas: list[tuple[int, int]] = field(default_factory=list)


def column_number(letters: str) -> int:
    """Spreadsheet letters as a number from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def scan_xlsx(content: bytes) -> dict[str, SheetScan]:
    """Every worksheet by name. Raises ZipBomb, BrokenWorkbook or NotASheetArchive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_kind(set(archive.namelist()))
            _check_sizes(archive)
            parts = _sheet_parts(archive)
            scans = {name: _scan_sheet(archive, part) for name, part in parts}
            _check_shared_texts(archive, [(part, scans[name]) for name, part in parts])
            return scans
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise BrokenWorkbook from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise NotASheetArchive("binary")
    if any(name.startswith("word/") for name in names):
        raise NotASheetArchive("document")
    if any(name.startswith("ppt/") for name in names):
        raise NotASheetArchive("presentation")
    raise NotASheetArchive("opendocument" if "content.xml" in names else "archive")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse by what the archive declares, then by what its XML parts really expand to."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_EXPANDED:
        raise ZipBomb
    total = 0
    for part in parts:
        if part.flag_bits & 0x1:
            raise BrokenWorkbook
        if not part.filename.endswith((".xml", ".rels")):
            continue
        size = 0
        for piece in _pieces(archive, part.filename):
            size += len(piece)
            total += len(piece)
            if total > MAX_EXPANDED or (size > RATIO_FROM and size > MAX_RATIO * max(part.compress_size, 1)):
                raise ZipBomb


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            yield piece


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*_declaration: object) -> None:
        raise BrokenWorkbook

    # No workbook needs a document type; without one there are no entities to expand.
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Worksheet names with the archive member that holds each."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            key = next((value for label, value in attributes.items() if _local(label) == "id" and label != "id"), "")
            found.append((attributes.get("name", ""), key))

    for part, reader in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = _parser()
        parser.StartElementHandler = reader
        parser.Parse(archive.read(part), True)
    members = set(archive.namelist())
    paths = [
        (name, posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}"))
        for name, key in found
        if (target := targets.get(key, ""))
    ]
    return [(name, path) for name, path in paths if path in members]


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> SheetScan:
    """One pass over a worksheet's XML. Cells without a reference count on from the one before, as the standard says."""
    scan = SheetScan()
    row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = name if ":" not in name else _local(name)
        if tag == "c":
            reference = attributes.get("r")
            letters = _LETTERS.match(reference) if reference else None
            column = column_number(letters.group()) if letters else column + 1
        elif tag in ("v", "is"):
            scan.cells += 1
            scan.last_row = max(scan.last_row, row)
            scan.last_column = max(scan.last_column, column)
        elif tag == "row":
            row = int(attributes.get("r", row + 1))
            column = 0
        elif tag == "f" and len(scan.formulas) < FORMULAS_KEPT:
            scan.formulas.append((row - 1, column - 1))

    parser = _parser()
    parser.StartElementHandler = start
    for piece in _pieces(archive, part):
        parser.Parse(_EMPTY_ROWS.sub(b"", _EMPTY_CELLS.sub(b"", piece)), False)
    parser.Parse(b"", True)
    return scan


def _check_shared_texts(archive: zipfile.ZipFile, sheets: list[tuple[str, SheetScan]]) -> None:
    """Raises ZipBomb where cells that point to one long text would together unpack to far more than the file holds."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return
    lengths = _shared_lengths(archive)
    longest = max(lengths, default=0)
    for part, scan in sheets:
        if scan.cells * longest > MAX_TEXT and _text_in_cells(archive, part, lengths) > MAX_TEXT:
            raise ZipBomb


def _shared_lengths(archive: zipfile.ZipFile) -> list[int]:
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            lengths.append(0)

    def text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    for piece in _pieces(archive, "xl/sharedStrings.xml"):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return lengths


def _text_in_cells(archive: zipfile.ZipFile, part: str, lengths: list[int]) -> int:
    """Characters of all cells of a sheet that point to shared texts."""
    total = 0
    shared = inside = False
    digits = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal shared, inside, digits
        tag = _local(name)
        if tag == "c":
            shared = attributes.get("t") == "s"
        inside, digits = tag == "v" and shared, ""

    def text(piece: str) -> None:
        nonlocal digits
        if inside:
            digits += piece

    def end(_name: str) -> None:
        nonlocal total, inside
        if inside and digits.isdecimal() and int(digits) < len(lengths):
            total += lengths[int(digits)]
        inside = False

    parser = _parser()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    for piece in _pieces(archive, part):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return total
