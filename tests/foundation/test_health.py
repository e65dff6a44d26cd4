from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation import health
from foundation.jobs.background import LEASE
from foundation.jobs.models import Lease

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_all_that_is_needed_is_there(client):
    response = client.get(reverse("readyz"))
    assert response.status_code == 200
    assert response.json() == dict.fromkeys(health.CHECKS, True)


@pytest.mark.parametrize("name", sorted(health.CHECKS))
def test_one_thing_missing_sends_traffic_elsewhere_and_says_only_which(client, monkeypatch, name):
    def broken():
        raise OSError("postgres://user:secret@db")

    monkeypatch.setitem(health.CHECKS, name, broken)
    response = client.get(reverse("readyz"))
    assert response.status_code == 503
    assert response.json() == {**dict.fromkeys(health.CHECKS, True), name: False}


@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (-1, 503), (None, 503)])
def test_an_embedded_installation_without_its_background_process_is_not_ready(client, settings, seconds, status):
    settings.TASK_MODE = "embedded"
    if seconds is not None:
        Lease.objects.create(name=LEASE, holder="x:1", expires_at=timezone.now() + timedelta(seconds=seconds))
    assert client.get(reverse("readyz")).status_code == status
