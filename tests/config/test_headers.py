import pytest
from django.test import Client

from accounts.enums import Role

pytestmark = pytest.mark.django_db


def policy(response):
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("address", ["/healthz", "/outbox/", "/account/login/", "/nothing-here/"])
def test_no_page_outside_the_office_may_run_or_style_inline(client, address):
    found = policy(client.get(address))
    assert found["script-src"] == "'self'"
    assert found["style-src"] == "'self'"
    assert found["default-src"] == "'self'"
    assert found["object-src"] == "'none'"
    assert found["base-uri"] == "'self'"


def test_the_office_alone_may_run_inline_scripts(client, staff):
    client.force_login(staff(Role.TALENT_OFFICE))
    found = policy(client.get("/admin/"))
    assert set(found["script-src"].split()) == {"'self'", "'unsafe-inline'"}
    assert found["default-src"] == "'self'"


def test_an_address_that_only_begins_like_the_office_is_not_the_office(client):
    assert "'unsafe-inline'" not in policy(client.get("/administration/"))["script-src"]


def test_every_answer_switches_off_what_no_page_uses(client):
    response = client.get("/healthz")
    features = dict(part.strip().split("=") for part in response["Permissions-Policy"].split(","))
    assert {features[name] for name in ("geolocation", "microphone", "payment", "usb")} == {"()"}
    assert features["camera"] == "(self)"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused(candidate_user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(candidate_user)
    assert strict.post("/i18n/setlang/", {"language": "en"}).status_code == 403
