"""Comma-, semicolon- or tab-separated text, in the encodings that Chinese offices save."""

import codecs
import csv
import io
from collections.abc import Iterator

DELIMITERS = ",\t;"
_SAMPLE_LINES = 50


class NotText(ValueError):
    """The bytes are no text in UTF-8, UTF-16 with a mark, or GB18030; `line` is where reading stopped (from 1)."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def decode_text(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: utf-8-sig, utf-16, utf-8 or gb18030 (which reads GBK and GB2312)."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    line = 1
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            continue
        if "\x00" in text:
            raise NotText(text.count("\n", 0, text.index("\x00")) + 1)
        return text, encoding
    raise NotText(line)


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines; a comma where none does."""
    lines = text[:200_000].splitlines()[:_SAMPLE_LINES]
    return max(DELIMITERS, key=lambda mark: (sum(mark in line for line in lines), -DELIMITERS.index(mark)))


def read_delimited(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with any content, each with the number of its record as a spreadsheet would show it (from 1).

    Raises csv.Error for an unclosed quotation or a cell of more than 131,072 characters.
    """
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1):
        if any(row):
            yield number, row
