"""Every kind of page at phone width: axe-core finds nothing, nothing scrolls sideways, the content policy holds."""

import itertools
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import AuditEntry, Unit, User
from campaigns.establishment.models import Permit, SlotMovement
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment
from recruitment.challenges.models import Bid, Engagement
from recruitment.demo.story import Scale, Story
from recruitment.examinations.models import BonusClaim, MarkBatch, WrittenLine
from recruitment.panels.models import Panel
from recruitment.publications.models import Publication
from recruitment.publications.queries import on_the_page
from tests.e2e.conftest import PHONE, check_page

TINY = Scale(first_exam=3, first_selection=2, second_exam=2, third_exam=3, second_selection=1, online=10, visitors=4)
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", autouse=True)
def _county(site):
    """The demo county at its latest stage, made once for this file."""
    Story(TINY, seed=1).play("hired")


def _application(state: str) -> Application:
    return Application.objects.filter(state=state, candidate__user__isnull=False).order_by("pk").first()


def _line() -> WrittenLine:
    return WrittenLine.objects.get(campaign__code="EX2", superseded_at=None)


def _batch() -> MarkBatch:
    return MarkBatch.objects.filter(campaign__code="EX2").earliest("pk")


def _claim(state: str) -> BonusClaim:
    return BonusClaim.objects.filter(state=state).order_by("pk").first()


def _bid(board: str) -> Bid:
    return Bid.objects.filter(challenge__code=board).order_by("pk").first()


def _visitor() -> EventRegistration:
    return EventRegistration.objects.exclude(checked_in_at=None).earliest("pk")


def _panel() -> Panel:
    return Panel.objects.get(campaign__code="SE1", purpose="material")


def _open_panel() -> Panel:
    """A panel whose judges still have numbers to mark."""
    return Panel.objects.get(campaign__code="SE2")


def _unmarked() -> int:
    return _open_panel().subjects.exclude(sheets__member__user__username="expert1").earliest("draw_no").draw_no


def _first(model: type[Model], **which: object) -> Any:
    return model._default_manager.filter(**which).earliest("pk")


def _list() -> Publication:
    return Publication.objects.filter(state="released").earliest("pk")


def _current() -> Campaign:
    return Campaign.objects.get(code="EX3")


PUBLIC = {
    "home": lambda: "/",
    "positions": lambda: "/positions/",
    "position": lambda: f"/positions/{_current().code}/{_current().positions.order_by('pk').first().code}/",
    "announcement": lambda: _current().public_page.url,
    "notice": lambda: f"/notices/{on_the_page().first().pk}/",
    "board of challenges": lambda: "/challenges/",
    "challenge": lambda: "/challenges/CH2-1/",
    "announcement of challenges": lambda: Campaign.objects.get(code="CH2").public_page.url,
    "events": lambda: "/tour/",
    "event": lambda: f"/tour/{RecruitingEvent.objects.order_by('-starts_at').first().code}/",
    "guide": lambda: "/guide/",
    "search": lambda: "/search/?q=公告",
    "staff sign-in": lambda: "/account/login/",
    "candidate sign-in": lambda: "/account/login/code/",
    "sign-up": lambda: "/account/signup/",
    "privacy": lambda: "/privacy/",
    "outbox": lambda: "/outbox/",
    "style": lambda: "/style/",
}
PORTAL = {
    "home": lambda row: "/my/",
    "messages": lambda row: "/my/messages/",
    "profile": lambda row: "/my/profile/",
    "step of the profile": lambda row: "/my/profile/identity/",
    "documents": lambda row: "/my/documents/",
    "positions": lambda row: "/my/positions/",
    "position": lambda row: f"/my/positions/{row.position_id}/",
    "application": lambda row: f"/my/applications/{row.registration_no}/",
    "bonus": lambda row: f"/my/applications/{row.registration_no}/bonus/",
    "receipt": lambda row: f"/my/applications/{row.registration_no}/receipt/",
}
BIDDER = {
    "start page": lambda row: "/my/",
    "bids": lambda row: "/my/bids/",
    "form of a bid": lambda row: "/my/challenges/CH2-2/bid/",
    "bid": lambda row: f"/my/bids/{row.number}/",
    "receipt of a bid": lambda row: f"/my/bids/{row.number}/receipt/",
    "replacing a bid": lambda row: f"/my/bids/{row.number}/replace/",
    "withdrawing a bid": lambda row: f"/my/bids/{row.number}/withdraw/",
}
OFFICE = {
    "events": ("events", lambda: "/admin/events/"),
    "planning an event": ("events", lambda: "/admin/events/new/"),
    "one event": ("events", lambda: "/admin/events/event/E15/"),
    "funnel of events": ("leader", lambda: "/admin/figures/TP1000/events/"),
    "held event": ("leader", lambda: "/admin/events/event/E01/"),
    "changing an event": ("talent", lambda: "/admin/events/event/E15/edit/"),
    "cancelling an event": ("talent", lambda: "/admin/events/event/E15/act/cancel/"),
    "postponing an event": ("talent", lambda: "/admin/events/event/E15/act/postpone/"),
    "check-in": ("events", lambda: "/admin/events/event/E15/check-in/"),
    "registrations": ("events", lambda: "/admin/events/registrations/"),
    "one registration": ("events", lambda: f"/admin/events/registrations/{_visitor().number}/"),
    "undoing a check-in": ("events", lambda: f"/admin/events/registrations/{_visitor().number}/undo/"),
    "universities": ("events", lambda: "/admin/events/universities/"),
    "one university": ("events", lambda: f"/admin/events/universities/{_visitor().event.university_id}/"),
    "home": ("talent", lambda: "/admin/"),
    "review desk": ("talent2", lambda: "/admin/review/"),
    "one application": ("talent2", lambda: f"/admin/review/{_application('submitted').registration_no}/"),
    "figures": ("leader", lambda: "/admin/figures/"),
    "list of a figure": ("leader", lambda: "/admin/figures/TP1000/posts_used/"),
    "what if": ("leader", lambda: "/admin/figures/TP1000/what-if/?objections=1&enter=on"),
    "opening ratio": ("talent", lambda: "/admin/opening-ratio/EX3/"),
    "posts": ("posts", lambda: "/admin/posts/"),
    "permits": ("posts", lambda: "/admin/posts/permits/"),
    "new permit": ("posts", lambda: "/admin/posts/permits/new/"),
    "permit": ("posts", lambda: f"/admin/posts/permits/{Permit.objects.order_by('pk').first().pk}/"),
    "posts of a unit": ("posts", lambda: "/admin/posts/units/HEA01/"),
    "list of posts": ("posts", lambda: "/admin/posts/list/?under=HEA&state=used"),
    "one post": ("posts", lambda: "/admin/posts/post/TP1239-0001/"),
    "transfer of posts": ("posts", lambda: "/admin/posts/units/HEA01/transfer/"),
    "envelope": ("posts", lambda: "/admin/posts/envelopes/TP1239/"),
    "posts on a past day": ("leader", lambda: "/admin/posts/?as_of=2026-03-01"),
    "posts that wait": ("posts", lambda: "/admin/posts/stuck/"),
    "comparisons": ("posts", lambda: "/admin/posts/reconciliation/"),
    "new comparison": ("posts", lambda: "/admin/posts/reconciliation/new/"),
    "proof of the ledger": ("auditor", lambda: "/admin/figures/slot-checks/"),
    "campaign": ("talent", lambda: "/admin/planning/campaigns/EX3/"),
    "positions of a campaign": ("talent", lambda: "/admin/planning/campaigns/EX3/positions/"),
    "rules": ("talent", lambda: "/admin/planning/campaigns/EX3/rules/"),
    "a step of the rules": ("talent", lambda: "/admin/planning/campaigns/EX3/rules/shortlist/"),
    "a step with tables": ("talent", lambda: "/admin/planning/campaigns/EX3/rules/written/"),
    "catalogues of majors": ("talent", lambda: "/admin/planning/majors/"),
    "import of a catalogue": ("talent", lambda: "/admin/planning/majors/import/"),
    "announcement": ("talent", lambda: "/admin/planning/campaigns/EX3/announcement/"),
    "exams": ("exam", lambda: "/admin/exams/"),
    "one exam": ("exam", lambda: "/admin/exams/EX2/"),
    "tickets": ("exam", lambda: "/admin/exams/EX2/tickets/"),
    "draw of seats": ("exam", lambda: "/admin/exams/EX3/tickets/draw/?area=5115&seed=1"),
    "batches of marks": ("exam2", lambda: "/admin/exams/EX2/marks/"),
    "batch of marks": ("exam2", lambda: f"/admin/exams/EX2/marks/{_batch().pk}/"),
    "lock of marks": ("exam2", lambda: f"/admin/exams/EX2/marks/{_batch().pk}/lock/"),
    "import of marks": ("exam", lambda: "/admin/exams/EX2/import/interview/"),
    "written results": ("exam", lambda: "/admin/exams/EX2/results/"),
    "result explained": ("exam", lambda: f"/admin/exams/EX2/results/{_batch().marks.first().application_id}/"),
    "score checks": ("exam", lambda: "/admin/exams/EX2/checks/"),
    "lowest mark": ("talent2", lambda: "/admin/exams/EX2/line/"),
    "confirmation of the lowest mark": ("talent2", lambda: f"/admin/exams/EX2/line/{_line().pk}/confirm/"),
    "shortlist": ("exam", lambda: "/admin/exams/EX2/shortlist/"),
    "act on an exam": ("exam", lambda: "/admin/exams/EX2/act/list-scores/"),
    "totals": ("exam", lambda: "/admin/exams/EX2/totals/"),
    "proposals": ("talent", lambda: "/admin/exams/EX2/proposals/"),
    "claims of bonus": ("exam", lambda: "/admin/bonus-claims/"),
    "open claim of bonus": ("exam", lambda: f"/admin/bonus-claim/{_claim('open').pk}/"),
    "decided claim of bonus": ("talent", lambda: f"/admin/bonus-claim/{_claim('accepted').pk}/"),
    "panels": ("talent", lambda: "/admin/panels/"),
    "closed panel": ("talent", lambda: f"/admin/panels/{_panel().pk}/desk/"),
    "numbers of a judge": ("expert1", lambda: f"/admin/panels/{_panel().pk}/"),
    "sheet of a judge": ("expert1", lambda: f"/admin/panels/{_panel().pk}/1/"),
    "selections": ("talent", lambda: "/admin/selection/"),
    "selection": ("talent", lambda: "/admin/selection/SE1/"),
    "setting up a panel": ("talent", lambda: "/admin/selection/SE2/panel/material/"),
    "ranking": ("talent", lambda: "/admin/selection/SE1/ranking/"),
    "agreements": ("talent", lambda: "/admin/selection/SE1/agreements/"),
    "challenges": ("talent", lambda: "/admin/challenges/"),
    "new need": ("hospital", lambda: "/admin/challenges/new/"),
    "challenge that takes bids": ("leader", lambda: "/admin/challenges/CH2-1/"),
    "challenge that waits to be opened": ("talent", lambda: "/admin/challenges/CH1-2/"),
    "awarded challenge": ("talent", lambda: "/admin/challenges/CH1-1/"),
    "handing in a key half": ("talent2", lambda: "/admin/challenges/CH1-2/hand-in/"),
    "ending a board": ("talent", lambda: "/admin/challenges/CH2-1/fail/"),
    "lists of the press": ("talent", lambda: "/admin/press/"),
    "one list of the press": ("talent", lambda: f"/admin/press/{_list().pk}/"),
    "appointments": ("talent", lambda: "/admin/appointments/"),
    "one appointment": ("talent", lambda: f"/admin/appointments/{Appointment.objects.earliest('pk').pk}/"),
    "units": ("admin", lambda: "/admin/accounts/units/"),
    "new unit": ("admin", lambda: "/admin/accounts/units/add/"),
    "import of units": ("admin", lambda: "/admin/accounts/units/import/"),
    "one unit": ("admin", lambda: f"/admin/accounts/units/{_first(Unit, code='HEA01').pk}/"),
    "staff": ("admin", lambda: "/admin/accounts/staff/"),
    "new member of staff": ("admin", lambda: "/admin/accounts/staff/add/"),
    "one member of staff": ("admin", lambda: f"/admin/accounts/staff/{_first(User, username='hospital').pk}/"),
    "roles": ("admin", lambda: "/admin/accounts/roles/"),
    "audit trail": ("auditor", lambda: "/admin/accounts/audit/"),
    "one entry of the trail": ("auditor", lambda: f"/admin/accounts/audit/inspect/{_first(AuditEntry).pk}/"),
    "sign-ins": ("auditor", lambda: "/admin/accounts/sign-ins/"),
    "own account": ("auditor", lambda: "/admin/account/"),
    "movements of posts": ("posts", lambda: "/admin/posts/movements/"),
    "one movement": ("posts", lambda: f"/admin/posts/movements/inspect/{_first(SlotMovement).pk}/"),
    "own work in the background": ("talent", lambda: "/admin/jobs/"),
    "entries of the catalogues": ("talent", lambda: "/admin/planning/majors/entries/"),
    "working days": ("talent", lambda: "/admin/planning/calendar/"),
    "programmes": ("talent", lambda: "/admin/planning/programmes/"),
    "programme": ("talent", lambda: "/admin/planning/programmes/TP1000/"),
    "campaigns": ("talent", lambda: "/admin/planning/campaigns/"),
    "new campaign": ("talent", lambda: "/admin/planning/new-campaign/"),
    "conversion of an engagement": ("talent", lambda: f"/admin/appointments/convert/{_first(Engagement).pk}/"),
    "taking over": ("talent", lambda: "/admin/appointments/take-over/EX2/"),
    "extra test": ("talent", lambda: "/admin/selection/SE1/extra-test/"),
    "notice of one's own": ("talent", lambda: "/admin/press/new/"),
    "open panel of a judge": ("expert1", lambda: f"/admin/panels/{_open_panel().pk}/"),
    "open sheet of a judge": ("expert1", lambda: f"/admin/panels/{_open_panel().pk}/{_unmarked()}/"),
    "desk of an open panel": ("talent", lambda: f"/admin/panels/{_open_panel().pk}/desk/"),
    "events of the office": ("events", lambda: "/admin/events/"),
    "seating a judge": ("talent", lambda: f"/admin/panels/{_panel().pk}/desk/seat/"),
    "locking the marks of a panel": ("talent", lambda: f"/admin/panels/{_panel().pk}/desk/lock/"),
    "opened bid": ("talent", lambda: f"/admin/challenges/CH1-1/bids/{_bid('CH1-1').number}/"),
}


MARKED = """() => {
  const node = document.activeElement, style = getComputedStyle(node)
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
  const marked = outlined || style.boxShadow !== "none"
  return {place: node.dataset.place ?? null, marked, html: node.outerHTML.slice(0, 120)}
}"""


def _open(page, address):
    answer = page.goto(address)
    assert (address, answer.status) == (address, 200)
    check_page(page)


def _open_site(windows, name, **options):
    """A page of the public site, opened and checked."""
    page = windows.open(**options)
    _open(page, PUBLIC[name]())
    return page


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_page_serves_everyone_on_a_phone(windows, name):
    _open_site(windows, name, viewport=PHONE)


@pytest.mark.parametrize("name", sorted(PORTAL))
def test_a_page_of_a_candidate_serves_everyone_on_a_phone(windows, name):
    row = _application("submitted")
    _open(windows.open(row.candidate.user, viewport=PHONE), PORTAL[name](row))


@pytest.mark.parametrize("state", ["handed_over", "not_shortlisted", "not_selected"])
def test_a_way_that_went_on_or_ended_serves_everyone_on_a_phone(windows, state):
    row = _application(state) or pytest.skip("the small county has nobody in this state")
    _open(windows.open(row.candidate.user, viewport=PHONE), f"/my/applications/{row.registration_no}/")


def test_the_ticket_serves_everyone_on_a_phone_and_on_paper(windows):
    row = Application.objects.filter(ticket_no__isnull=False, candidate__user__isnull=False).order_by("pk").first()
    page = windows.open(row.candidate.user, viewport=PHONE)
    _open(page, f"/my/applications/{row.registration_no}/ticket/")
    page.emulate_media(media="print")
    assert page.locator(".doc").is_visible()
    assert [page.locator(name).is_visible() for name in (".site-header", ".site-footer", "[data-print]")] == [False] * 3


def test_the_form_of_an_application_serves_everyone_on_a_phone(windows):
    row = _application("returned")
    page = windows.open(row.candidate.user, viewport=PHONE)
    _open(page, f"/my/applications/{row.registration_no}/form/")


@pytest.mark.parametrize("name", sorted(BIDDER))
def test_a_page_of_a_bidder_serves_everyone_on_a_phone(windows, name):
    row = _bid("CH2-1")
    _open(windows.open(row.candidate.user, viewport=PHONE), BIDDER[name](row))


def test_what_is_typed_into_a_bid_stays_on_the_device_until_it_is_handed_in(windows):
    """Reloaded, the form is filled in again; on the server there is nothing; the receipt lets the device forget."""
    page = windows.open(_bid("CH2-1").candidate.user, viewport=PHONE)
    form = "/my/challenges/CH2-2/bid/"
    page.goto(form)
    for name, text in {"home_unit": "岳麓农业大学", "team": "三人", "plan": "分三步", "quote": "1000"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[data-kept-status]", has_text="只保存在这台设备上").wait_for()
    page.goto(form)
    assert page.locator("[name=plan]").input_value() == "分三步"
    assert not Bid.objects.filter(challenge__code="CH2-2").exists()
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.locator("main form button.btn--primary").click()
    page.wait_for_url("**/receipt/")
    bid = _bid("CH2-2")
    assert bid.number in page.locator("main").inner_text()
    assert page.evaluate("() => localStorage.length") == 0


@pytest.mark.parametrize("name", sorted(OFFICE))
def test_a_page_of_the_office_serves_everyone_on_a_phone(windows, name):
    username, address = OFFICE[name]
    _open(windows.open(User.objects.get(username=username), viewport=PHONE), address())


def test_a_page_missing_in_the_office_serves_everyone_on_a_phone(windows):
    page = windows.open(User.objects.get(username="talent"), viewport=PHONE)
    assert page.goto("/admin/nothing/here/").status == 404
    check_page(page)


@pytest.mark.parametrize("name", ["audit trail", "units", "one post", "open sheet of a judge", "own account"])
def test_the_office_is_readable_in_the_dark(windows, name):
    username, address = OFFICE[name]
    _open(windows.open(User.objects.get(username=username), color_scheme="dark", viewport=PHONE), address())


@pytest.mark.parametrize("name", ["audit trail", "new unit", "open sheet of a judge"])
def test_the_keyboard_reaches_every_control_of_a_page_and_one_sees_where_it_is(windows, name):
    """Each control inside the page is met by the tab key, and the one that has the focus is marked."""
    username, address = OFFICE[name]
    page = windows.open(User.objects.get(username=username))
    page.goto(address())
    page.wait_for_load_state("networkidle")
    wanted = page.evaluate(
        "() => [...document.querySelectorAll('#main :is(a[href], button, input:not([type=hidden]), select)')]"
        ".filter(node => node.checkVisibility({visibilityProperty: true}) && !node.disabled && node.tabIndex >= 0)"
        ".map((node, place) => { node.dataset.place = place; return place })"
    )
    assert len(wanted) > 4
    met, unmarked = set(), []
    for _press in range(len(wanted) + 60):
        page.keyboard.press("Tab")
        at = page.evaluate(MARKED)
        if at["place"] is not None:
            met.add(int(at["place"]))
            unmarked += [] if at["marked"] else [at["html"]]
    assert (set(wanted) - met, unmarked) == (set(), [])


GRID = list(itertools.product((390, 768, 1280), ("zh-hans", "en"), ("light", "dark")))


@pytest.mark.parametrize("name", ["home", "sign-up", "style"])
@pytest.mark.parametrize(("width", "language", "scheme"), GRID)
def test_home_sign_up_and_all_components_hold_in_every_width_language_and_theme(windows, name, width, language, scheme):
    size = {"width": width, "height": 900}
    page = _open_site(windows, name, language=language, color_scheme=scheme, viewport=size)
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
