"""Every page the rooms register in the office, found from the URL table, so that no new one is forgotten."""

import re
import uuid

import pytest

from accounts.enums import Role
from tests.url_table import entries

pytestmark = pytest.mark.django_db

PLACEHOLDERS = {"int": "999999999", "uuid": str(uuid.UUID(int=0))}
GROUP = re.compile(r"\(\?P<\w+>(.*?)\)")
IN_GROUPS = {r"\d+": "999999999", r"\d{4}-\d{2}-\d{2}": "2026-01-01"}
# Pages that every member of staff has: their panels, the work they started themselves, their own settings.
FOR_EVERY_EXPERT = ("/admin/panels/", "/admin/jobs/", "/admin/account/")


def office_urls():
    """The address with placeholders of every office page of ours."""
    found = {f"/{fill(entry.route)}" for entry in entries() if entry.is_ours}
    return sorted(url for url in found if url.startswith("/admin/"))


def fill(route):
    route = GROUP.sub(lambda group: IN_GROUPS.get(group[1], group[1].split("|")[0]), route)
    while "<" in route:
        before, _, rest = route.partition("<")
        inside, _, after = rest.partition(">")
        kind, _, _name = inside.rpartition(":")
        route = before + PLACEHOLDERS.get(kind, "nothing") + after
    return route


URLS = office_urls()


def test_the_rooms_have_office_pages_and_they_are_found():
    for room in ("/admin/posts/", "/admin/planning/", "/admin/accounts/", "/admin/review/", "/admin/figures/"):
        assert any(url.startswith(room) for url in URLS), room


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signed_in_is_led_to_sign_in(client, county, method):
    wrong = {url: code for url in URLS if (code := getattr(client, method)(url).status_code) not in (302, 404, 405)}
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_for_candidates_the_office_does_not_exist(client, county, candidate_user, method):
    client.force_login(candidate_user)
    wrong = {url: code for url in URLS if (code := getattr(client, method)(url).status_code) != 404}
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_expert_from_outside_finds_none_of_the_other_rooms_pages(client, staff, make_unit, method):
    client.force_login(staff(Role.EXPERT, unit=make_unit("X1"), username="expert"))
    pages = [url for url in URLS if not url.startswith(FOR_EVERY_EXPERT)]
    wrong = {url: code for url in pages if (code := getattr(client, method)(url).status_code) not in (403, 404, 405)}
    assert wrong == {}
