"""Every kind of page at phone width: axe-core finds nothing, nothing scrolls sideways, the content policy holds."""

import itertools

import pytest

from accounts.models import User
from campaigns.establishment.models import Permit
from campaigns.events.models import RecruitingEvent
from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.demo.story import Scale, Story
from recruitment.publications.models import Publication
from tests.e2e.conftest import PHONE, check_page

TINY = Scale(first_exam=3, first_selection=2, second_exam=2, third_exam=3, second_selection=1, online=10, visitors=4)
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", autouse=True)
def _county(site):
    """The demo county at its latest stage, made once for this file."""
    Story(TINY, seed=1).play("hired")


def _application(state: str) -> Application:
    return Application.objects.filter(state=state, candidate__user__isnull=False).order_by("pk").first()


def _current() -> Campaign:
    return Campaign.objects.get(code="EX3")


PUBLIC = {
    "home": lambda: "/",
    "positions": lambda: "/positions/",
    "position": lambda: f"/positions/{_current().code}/{_current().positions.order_by('pk').first().code}/",
    "announcement": lambda: _current().public_page.url,
    "notice": lambda: f"/notices/{Publication.objects.filter(state='released').order_by('pk').first().pk}/",
    "events": lambda: "/tour/",
    "event": lambda: f"/tour/{RecruitingEvent.objects.order_by('-starts_at').first().code}/",
    "guide": lambda: "/guide/",
    "search": lambda: "/search/?q=公告",
    "staff sign-in": lambda: "/account/login/",
    "candidate sign-in": lambda: "/account/login/code/",
    "sign-up": lambda: "/account/signup/",
    "privacy": lambda: "/privacy/",
    "outbox": lambda: "/outbox/",
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
    "receipt": lambda row: f"/my/applications/{row.registration_no}/receipt/",
}
OFFICE = {
    "home": ("talent", lambda: "/admin/"),
    "review desk": ("talent2", lambda: "/admin/review/"),
    "one application": ("talent2", lambda: f"/admin/review/{_application('submitted').registration_no}/"),
    "figures": ("leader", lambda: "/admin/figures/"),
    "list of a figure": ("leader", lambda: "/admin/figures/TP1000/posts_used/"),
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
    "announcement": ("talent", lambda: "/admin/planning/campaigns/EX3/announcement/"),
}


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


def test_the_form_of_an_application_serves_everyone_on_a_phone(windows):
    row = _application("returned")
    page = windows.open(row.candidate.user, viewport=PHONE)
    _open(page, f"/my/applications/{row.registration_no}/form/")


@pytest.mark.parametrize("name", sorted(OFFICE))
def test_a_page_of_the_office_serves_everyone_on_a_phone(windows, name):
    username, address = OFFICE[name]
    _open(windows.open(User.objects.get(username=username), viewport=PHONE), address())


GRID = list(itertools.product((390, 768, 1280), ("zh-hans", "en"), ("light", "dark")))


@pytest.mark.parametrize("name", ["home", "sign-up"])
@pytest.mark.parametrize(("width", "language", "scheme"), GRID)
def test_home_and_sign_up_hold_in_every_width_language_and_theme(windows, name, width, language, scheme):
    size = {"width": width, "height": 900}
    page = _open_site(windows, name, language=language, color_scheme=scheme, viewport=size)
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
