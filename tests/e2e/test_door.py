"""The camera at the door: a browser that sees the QR code of a ticket checks its holder in."""

from datetime import timedelta
from pathlib import Path

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import sync_playwright

from accounts.enums import Role, UnitKind
from accounts.models import StaffRole, Unit, User
from campaigns.events import domain
from campaigns.events.models import EventRegistration
from tests.e2e.conftest import FLAGS, PHONE
from tests.servers import chromium

pytestmark = pytest.mark.e2e
SIDE = 480


@pytest.fixture(scope="module")
def door(site):
    """The staff member at the door of an event of today, and the ticket of somebody who comes."""
    county = Unit.objects.create(code="C", name="云岫县", kind=UnitKind.COUNTY)
    people = []
    for name, role in (("planner", Role.EVENT_STAFF), ("approver", Role.TALENT_OFFICE)):
        user = User.objects.create(username=name, name=name, kind="staff")
        StaffRole.objects.create(user=user, role=role, unit=county, starts_at=timezone.now() - timedelta(days=1))
        people.append(user)
    planner, approver = people
    now = timezone.now()
    event = domain.plan_event(
        actor=planner, code="E01", name="长春站", unit=county, place="报告厅", capacity=5, campaigns=[],
        university=domain.add_university(actor=planner, name="净月湖大学", city="长春"),
        starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=3),
    )  # fmt: skip
    domain.approve_event(actor=approver, event=event)
    domain.confirm_event(actor=planner, event=event, document="回函")
    domain.publish_event(actor=approver, event=event)
    return planner, domain.register_for_event(actor=planner, event=event, name="周青禾", phone="13800000001")


def film(path: Path, text: str) -> None:
    """A film in which the camera sees nothing but the QR code of `text`."""
    rows = [list(row) for row in segno.make(text, error="m").matrix_iter(scale=8, border=4)]
    edge = (SIDE - len(rows)) // 2
    assert edge > 0
    picture = bytearray(b"\xeb" * SIDE * SIDE)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture[(y + edge) * SIDE + x + edge] = 16
    grey = b"\x80" * (SIDE * SIDE // 2)
    frame = b"FRAME\n" + bytes(picture) + grey
    path.write_bytes(f"YUV4MPEG2 W{SIDE} H{SIDE} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)


@pytest.fixture(scope="module")
def chrome(site, door, tmp_path_factory):
    """A browser whose camera is that film."""
    path = tmp_path_factory.mktemp("camera") / "ticket.y4m"
    film(path, f"{site}/admin/events/event/E01/check-in/?t={door[1].token}")
    flags = [
        *FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


def test_the_camera_reads_the_ticket_and_its_holder_is_checked_in(windows, door):
    planner, ticket = door
    page = windows.open(planner, viewport=PHONE)
    page.goto("/admin/events/event/E01/check-in/")
    page.get_by_role("button", name="用摄像头扫码").click()
    page.get_by_text("周青禾已签到").wait_for()
    assert EventRegistration.objects.get(pk=ticket.pk).checked_in_by == planner
    # The ticket is still before the camera, which must not send it again and again.
    page.get_by_text("这个码刚读过，请出示下一个").wait_for()
    assert page.get_by_text("此前已签到").count() == 0
    page.get_by_role("button", name="关闭摄像头").click()
