"""What a file is, judged by its content; its name and the browser's word for it count for nothing.

Only kinds of the allow-list are recognised. Pictures are decoded and encoded anew, which drops location data and
anything appended to them.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.errors import Refused

MEGABYTE = 1024 * 1024
PICTURE_PIXELS = 40_000_000
PICTURE_SIDE = 4000
UNPACKED_BYTES = 500 * MEGABYTE
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Content that acts when the file is opened; names as PDF writes them.
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)[\s/(<\[]")


@dataclass(frozen=True)
class Kind:
    """One allowed kind: its name in code, its name for people, how it is stored and sent, and its size limit."""

    name: str
    label: object
    suffix: str
    content_type: str
    limit: int


KINDS = {
    kind.name: kind
    for kind in (
        Kind("jpeg", gettext_lazy("JPEG picture"), ".jpg", "image/jpeg", 10 * MEGABYTE),
        Kind("png", gettext_lazy("PNG picture"), ".png", "image/png", 10 * MEGABYTE),
        Kind("pdf", gettext_lazy("PDF document"), ".pdf", "application/pdf", 20 * MEGABYTE),
        Kind(
            "xlsx",
            gettext_lazy("Excel workbook (.xlsx)"),
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            50 * MEGABYTE,
        ),
        Kind("xls", gettext_lazy("Excel workbook (.xls)"), ".xls", "application/vnd.ms-excel", 50 * MEGABYTE),
        Kind(
            "docx",
            gettext_lazy("Word document (.docx)"),
            ".docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            20 * MEGABYTE,
        ),
        Kind("csv", gettext_lazy("CSV table"), ".csv", "text/csv; charset=utf-8", 50 * MEGABYTE),
    )
}


def judge(content: bytes, kinds: Collection[str]) -> tuple[Kind, bytes]:
    """The kind of `content` among `kinds`, and the bytes to keep (pictures encoded anew).

    Raises Refused, with the kinds that would be right, for any other content, too large a file, a picture or archive
    that unpacks to too much, and documents with active content.
    """
    if not content:
        raise _refusal(_("The file is empty."), kinds, "empty_file")
    if content.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") in content:
        raise _refusal(_("The document has a password; save it without one."), kinds, "password")
    name = _recognise(content)
    if name is None or name not in kinds:
        raise _refusal(_("The content of the file is of a kind that is not accepted here."), kinds, "file_kind")
    kind = KINDS[name]
    if len(content) > kind.limit:
        problem = _("The file has %(size).1f MB; at most %(limit)d MB are accepted.") % {
            "size": len(content) / MEGABYTE,
            "limit": kind.limit // MEGABYTE,
        }
        raise _refusal(problem, kinds, "file_size")
    return kind, _CHECKS[name](content, kinds)


def _refusal(problem: str, kinds: Collection[str], code: str) -> Refused:
    accepted = "、".join(str(KINDS[name].label) for name in KINDS if name in kinds)
    remedy = _("Accepted here: %(kinds)s. Nothing was saved.") % {"kinds": accepted}
    return Refused(f"{problem} {remedy}", code=code)


def _recognise(content: bytes) -> str | None:
    """The kind that the first bytes and, for archives, the members speak for."""
    for start, name in ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf")):
        if content.startswith(start):
            return name
    if content.startswith(_COMPOUND):
        return "xls" if "Workbook".encode("utf-16-le") in content else None
    if content.startswith(b"PK\x03\x04"):
        return _recognise_archive(content)
    return "csv" if _is_plain_table(content) else None


def _recognise_archive(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next(
        (kind for part, kind in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")) if part in names), None
    )


def _is_plain_table(content: bytes) -> bool:
    """Text in an encoding Chinese tables come in, and not a page of markup under another name."""
    sample = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if sample.startswith(b"<") or b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _check_picture(content: bytes, kinds: Collection[str]) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
            if opened.width * opened.height > PICTURE_PIXELS:
                raise Image.DecompressionBombError
            encoding = opened.format
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if encoding == "PNG" and "A" in picture.getbands() else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = _("The picture has more than %(millions)d million points.") % {"millions": PICTURE_PIXELS // 10**6}
        raise _refusal(problem, kinds, "picture_size") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise _refusal(_("The picture can't be read; it is damaged."), kinds, "picture_damaged") from None
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    fresh = io.BytesIO()
    picture.save(fresh, format=encoding, **({"quality": 88} if encoding == "JPEG" else {"optimize": False}))
    return fresh.getvalue()


def _check_pdf(content: bytes, kinds: Collection[str]) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise _refusal(_("The PDF is cut off: its end is missing."), kinds, "pdf_damaged")
    if _ACTIVE_PDF.search(content):
        raise _refusal(_("The PDF holds a script or an attached file; print it to a new PDF."), kinds, "pdf_active")
    return content


def _check_archive(content: bytes, kinds: Collection[str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise _refusal(_("The document unpacks to far more than its own size."), kinds, "archive_size")
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise _refusal(_("The document holds macros; save it without them."), kinds, "macros")
    return content


def _unchanged(content: bytes, kinds: Collection[str]) -> bytes:
    return content


_CHECKS: dict[str, Callable[[bytes, Collection[str]], bytes]] = {
    "jpeg": _check_picture,
    "png": _check_picture,
    "pdf": _check_pdf,
    "xlsx": _check_archive,
    "docx": _check_archive,
    "xls": _unchanged,
    "csv": _unchanged,
}
