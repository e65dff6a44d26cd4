"""What the pages of the ledger share: the person, the way back, the day looked at, and sheets to take away."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Unit, User
from campaigns.establishment.enums import SlotType
from campaigns.establishment.queries import Balance, Part, balances, end_of, total
from foundation.tables.export import XlsxExport, watermark
from foundation.ui.components import Bar, Segment
from foundation.ui.exports import XLSX

POSTS_HOME: list[tuple[Any, str]] = [(_("Ledger of posts"), "/admin/posts/")]


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


def day_asked(request: HttpRequest) -> date | None:
    """The past day of `?as_of=2026-03-20`, None for today, a day to come or no day at all."""
    try:
        day = date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return None
    return day if day < timezone.localdate() else None


def moment_asked(request: HttpRequest) -> datetime | None:
    """The end of that day."""
    day = day_asked(request)
    return end_of(day) if day else None


def type_asked(request: HttpRequest) -> str:
    """The type of post of `?type=`; public institutions unless said otherwise."""
    asked = request.GET.get("type", "")
    return asked if asked in SlotType.values else SlotType.INSTITUTION


def civil_service(part: Part, shown: str, at: datetime | None) -> Balance | None:
    """The posts of the civil service of these units, to stand beside the sums of the others; None if there are none."""
    if shown == SlotType.CIVIL_SERVICE:
        return None
    found = total(balances(part, slot_type=SlotType.CIVIL_SERVICE, at=at).values())
    return None if found.is_empty else found


def segments(balance: Balance) -> list[Segment]:
    """Where posts are, as the parts of a bar that add up to those authorised."""
    rest = balance.authorised - balance.used - balance.held - balance.reserved
    return [
        Segment(_("Used"), balance.used),
        Segment(_("Held"), balance.held),
        Segment(_("Published"), balance.reserved),
        Segment(_("Not published"), rest),
    ]


def small_bar(balance: Balance) -> list[dict[str, object]]:
    """The same as pieces of a bar beside a row of figures."""
    return Bar(segments(balance), "").pieces()


def sheet_response(
    request: HttpRequest, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], *, subject: Any
) -> HttpResponse:
    """An Excel file signed with person and time; taking it out is written in the audit trail."""
    user = user_of(request)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with XlsxExport(file, mark=watermark(user.username, timezone.now())) as book:
        count = book.sheet(name, [str(title) for title in header], rows)
    where = subject or Unit.objects.filter(parent=None).first() or user
    audit.record(actor=user, action="establishment.export", subject=where, after={"sheet": name, "rows": count})
    file.seek(0)
    return FileResponse(file, as_attachment=True, content_type=XLSX, filename=f"{name}.xlsx")  # type: ignore[return-value]
