"""Every registered page of the office as a person of another unit: what belongs to others does not exist for them."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry, User
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment
from tests.url_table import entries
from tests.walls.objects import OBJECTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_missing_page")]

OUTSIDE_THE_OFFICE = ("jobs/", "files/")
# What a page without parameters may say to another unit, each with the reason.
PUBLIC_BOARDS = {
    "challenges-new": "A public open challenge takes needs from every unit of the county, so the form offers its name.",
}


# Addresses that name an act, not an object: they take their objects from the form, where the test below puts them.
BY_FORM = {"appointments-several": ("medical", "inspection", "approval")}
# What belongs to no unit is for duties of the whole county.
OF_THE_COUNTY = (
    "office_audit:index", "office_sign_ins:index", "planning-calendar", "planning-calendar-import",
    "planning-catalogues", "planning-catalogue-import", "planning_majors:index", "figures-slot-checks",
    "events-university-new",
)  # fmt: skip


def ours():
    found = [entry for entry in entries() if entry.is_ours]
    return [entry for entry in found if entry.route.startswith(("admin/", *OUTSIDE_THE_OFFICE))]


PAGES = {entry.name: entry for entry in ours() if entry.parameters}
PLAIN = {entry.name for entry in ours() if not entry.parameters}


# Whoever holds every role in the other unit passes every gate but that of the rows, and is tried with each object and
# each way to ask; a role alone with one object of each page.
EVERYTHING = "everything"
OUTSIDERS = [*Role, EVERYTHING]


def addresses(owner, *, role=EVERYTHING):
    """(URL name, address) of every page about an object of the county; for one role the first object of each page."""
    found = []
    for name, make in OBJECTS.items():
        arguments = make(owner)
        every = arguments if isinstance(arguments, list) else [arguments]
        assert every, name
        found += [(name, reverse(name, kwargs=kwargs)) for kwargs in (every if role == EVERYTHING else every[:1])]
    return found


def test_every_page_with_parameters_has_an_object_in_the_registry():
    assert set(OBJECTS) == set(PAGES) - set(BY_FORM)


def body_of(response):
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode(errors="replace")


def visit(client, method, url):
    """The answer, with everything it changed undone."""
    with transaction.atomic():
        response = getattr(client, method)(url, {"act": "return", "reason": ""} if method == "post" else None)
        transaction.set_rollback(True)
    return response


def test_every_object_of_the_registry_is_found_by_somebody_of_the_county(client, owner):
    """Otherwise a wall could stand before nothing."""
    experts = User.objects.filter(username__startswith="expert")
    missing = [url for _name, url in addresses(owner)]
    for person in (owner, *experts):
        client.force_login(person)
        missing = [url for url in missing if not is_found(client, url)]
    assert not missing, "\n".join(missing)


def is_found(client, url):
    return any(visit(client, method, url).status_code not in (404, 405) for method in ("get", "post"))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", OUTSIDERS)
def test_for_a_person_of_another_unit_no_object_of_the_county_exists(client, owner, outsider, secrets, role, method):
    every = addresses(owner, role=role)
    client.force_login(outsider(role))
    entries_before = AuditEntry.objects.count()
    wrong = {}
    for _name, url in every:
        response = visit(client, method, url)
        if response.status_code not in (404, 405):
            wrong[url] = response.status_code
        elif found := secrets.search(body_of(response)):
            wrong[url] = found[0]
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())
    assert AuditEntry.objects.count() == entries_before


@pytest.mark.parametrize("role", OUTSIDERS)
def test_the_lists_of_a_person_of_another_unit_hold_nothing_of_the_county(client, owner, outsider, secrets, role):
    public = Campaign.objects.filter(track=Track.OPEN_CHALLENGE, published_at__isnull=False)
    boards = set(public.values_list("name", flat=True))
    client.force_login(outsider(role))
    wrong = {}
    for name in sorted(PLAIN):
        for query in ("", "?export=csv", "?q=0") if role == EVERYTHING else ("",):
            response = client.get(reverse(name) + query)
            said = set(secrets.findall(body_of(response)))
            if name in PUBLIC_BOARDS:
                said -= boards
            if response.status_code not in (200, 302, 403, 404, 405):
                wrong[name] = response.status_code
            elif said:
                wrong[name] = said
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_belongs_to_the_whole_county_is_not_found_by_duties_of_one_unit(client, owner, outsider, role):
    urls = [reverse(name) for name in OF_THE_COUNTY]
    client.force_login(outsider(role))
    assert {visit(client, method, url).status_code for url in urls for method in ("get", "post")} <= {404, 405}
    client.force_login(owner)
    assert {visit(client, "get", url).status_code for url in urls} == {200, 405}


@pytest.mark.parametrize("role", OUTSIDERS)
def test_rows_of_others_put_into_a_form_are_not_taken(client, owner, outsider, secrets, role):
    """Whoever guesses keys learns nothing and changes nothing."""
    people = list(Appointment.objects.values_list("pk", flat=True))
    cases = list(Application.objects.values_list("pk", flat=True))
    posts = [(reverse("appointments-several", args=[name]), {"appointment": people, "confirm": "1", "document": "1"})
             for name in BY_FORM["appointments-several"]]  # fmt: skip
    posts += [(reverse("review-pass"), {"application": cases, "confirm": "1"})]
    client.force_login(outsider(role))
    before = AuditEntry.objects.count()
    for url, data in posts:
        response = client.post(url, data)
        assert response.status_code in (200, 302, 404, 422)
        assert secrets.search(body_of(response)) is None
    assert AuditEntry.objects.count() == before
