"""An event as an iCalendar file (RFC 5545) that calendars recognise again after each change."""

from datetime import UTC, datetime

from campaigns.events.enums import EventState
from campaigns.events.machine import EVENTS
from campaigns.events.models import RecruitingEvent

OCTETS = 75
STATUS = {EventState.CANCELLED: "CANCELLED", EventState.POSTPONED: "TENTATIVE"}


def calendar_file(event: RecruitingEvent, url: str) -> str:
    """The whole file: times in UTC, which every calendar turns into its own zone without a table of zones.

    UID stays the same for the life of the event, on whatever host; SEQUENCE grows and DTSTAMP moves with each change.
    """
    status = STATUS.get(EventState(event.state), "CONFIRMED")
    title = event.title if status == "CONFIRMED" else f"{EVENTS.public_name(event.state)}：{event.title}"
    place = f"{event.university.town} {event.university.title} {event.place}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhaoxian//Events//ZH",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{event.calendar_uid}",
        f"SEQUENCE:{event.revision}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"LAST-MODIFIED:{_utc(event.changed_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{escaped(title)}",
        f"LOCATION:{escaped(place)}",
        f"DESCRIPTION:{escaped(chr(10).join(filter(None, [event.notice, event.description])))}",
        f"URL:{url}",
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(part for line in lines for part in folded(line)) + "\r\n"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """`text` as a value of type TEXT: one line, its separators escaped, other control characters left out."""
    text = "\n".join(text.splitlines())
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(
        character for character in text if character == "\t" or (ord(character) >= 32 and ord(character) != 127)
    )


def folded(line: str) -> list[str]:
    """A content line in pieces of at most 75 octets, the later ones led by a blank; no character is cut."""
    pieces, current, room = [], "", OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(current)
            current, room = " ", OCTETS - 1
        current += character
        room -= size
    return [*pieces, current]
