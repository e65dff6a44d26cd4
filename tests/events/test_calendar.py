"""The calendar file as RFC 5545 wants it, and as calendars recognise it again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from campaigns.events import domain
from campaigns.events.calendar_file import calendar_file, escaped, folded
from tests.events.conftest import START

pytestmark = pytest.mark.django_db
URL = "https://example.org/tour/CC-1/"


def properties(event):
    """Name → value of the unfolded lines between BEGIN:VEVENT and END:VEVENT."""
    text = calendar_file(event, URL)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


def test_nine_in_the_morning_in_china_is_one_in_the_morning_in_utc(published):
    nine = datetime(2026, 4, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert published.starts_at == nine
    with timezone.override("America/New_York"):
        found = properties(published)
    assert (found["DTSTART"], found["DTEND"]) == ("20260425T010000Z", "20260425T050000Z")


def test_the_file_says_what_is_known_of_the_event(published):
    found = properties(published)
    published_at = f"{START - timedelta(days=10):%Y%m%dT%H%M%SZ}"
    assert found == {
        "UID": str(published.calendar_uid), "SEQUENCE": "0", "DTSTAMP": published_at, "LAST-MODIFIED": published_at,
        "DTSTART": "20260425T010000Z", "DTEND": "20260425T050000Z", "SUMMARY": "长春站：净月湖大学专场",
        "LOCATION": "长春 净月湖大学 大学生活动中心", "DESCRIPTION": "", "URL": URL, "STATUS": "CONFIRMED",
    }  # fmt: skip


def test_each_change_has_the_same_uid_a_higher_sequence_and_its_own_stamp(published, planner, approver):
    seen = [properties(published)]
    later = START + timedelta(days=7)
    acts = [
        lambda: domain.edit_event(actor=approver, event=published, place="图书馆", reason="停电"),
        lambda: domain.postpone_event(
            actor=approver, event=published, starts_at=later, ends_at=later + timedelta(hours=4), reason="检修"
        ),
        lambda: (
            domain.confirm_event(actor=planner, event=published, document="新回函"),
            domain.publish_event(actor=approver, event=published),
        ),
        lambda: domain.cancel_event(actor=approver, event=published, reason="学校取消"),
    ]
    for number, act in enumerate(acts, start=1):
        with time_machine.travel(START - timedelta(days=9 - number), tick=False):
            act()
        published.refresh_from_db()
        seen.append(properties(published))
    assert [found["SEQUENCE"] for found in seen] == ["0", "1", "2", "3", "4"]
    assert len({found["UID"] for found in seen}) == 1
    assert len({found["DTSTAMP"] for found in seen}) == 5
    assert [found["STATUS"] for found in seen] == ["CONFIRMED", "CONFIRMED", "TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert seen[4]["SUMMARY"] == "已取消：长春站：净月湖大学专场"
    assert seen[4]["DESCRIPTION"].startswith("学校取消")
    assert seen[4]["DTSTART"] == "20260502T010000Z"


def test_separators_and_line_breaks_are_escaped_and_control_characters_left_out():
    assert escaped("a\\b;c,d\r\ne\nf\x00\x07g：h") == "a\\\\b\\;c\\,d\\ne\\nfg：h"


def test_long_lines_are_folded_between_characters():
    line = "SUMMARY:" + "招" * 60 + "x" * 80
    pieces = folded(line)
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert folded("x" * 75) == ["x" * 75]
    assert folded("") == [""]


def test_readers_in_english_get_english_names(published):
    published.name_en, published.university.name_en, published.university.city_en = "Changchun", "Jingyue", "CC"
    with translation.override("en"):
        found = properties(published)
    assert (found["SUMMARY"], found["LOCATION"]) == ("Changchun", "CC Jingyue 大学生活动中心")
