"""Diplomas seen at the inspection complete the record of people whom a result file brought."""

from datetime import date

import pytest

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.appointments import domain
from recruitment.appointments.domain import Diploma
from recruitment.candidates.models import Education

pytestmark = pytest.mark.django_db


def diploma(appointment, **changes):
    values = {
        "appointment_id": appointment.pk, "level": "master", "degree": "master", "school": "湘屏大学",
        "major": "临床医学", "graduated_on": date(2020, 6, 30),
    }  # fmt: skip
    return Diploma(**{**values, **changes})


def record(exam, *diplomas, actor=None):
    return domain.record_diplomas(actor=actor or exam.office, campaign=exam.campaign, diplomas=diplomas)


def test_diplomas_are_recorded_once_for_those_who_told_none(exam, hired):
    first, second = hired
    Education.objects.create(
        candidate_id=second.candidate_id, level="bachelor", degree="bachelor", school="净月湖大学", major="护理学",
        graduated_on=date(2019, 6, 30),
    )  # fmt: skip
    assert record(exam, diploma(first), diploma(second)) == 1
    assert set(Education.objects.values_list("candidate_id", "degree")) == {
        (first.candidate_id, "master"), (second.candidate_id, "bachelor"),
    }  # fmt: skip
    entry = AuditEntry.objects.get(action="appointments.record_diplomas")
    assert entry.after["count"] == 1
    assert record(exam, diploma(first, degree="doctor", level="doctor")) == 0


@pytest.mark.parametrize("case", ["twice", "future", "ended", "other campaign"])
def test_a_wrong_list_records_nobody(exam, hired, make_campaign, case):
    first, second = hired
    lists = {
        "twice": [diploma(first), diploma(first)],
        "future": [diploma(first), diploma(second, graduated_on=date(2027, 6, 30))],
        "ended": [diploma(first), diploma(second)],
        "other campaign": [diploma(first)],
    }
    campaign = make_campaign("C9") if case == "other campaign" else exam.campaign
    if case == "ended":
        domain.end_appointment(
            actor=exam.office, appointment=second, reason_code="withdrew", reason="放弃", document="声明"
        )
    with pytest.raises(Refused):
        domain.record_diplomas(actor=exam.office, campaign=campaign, diplomas=lists[case])
    assert not Education.objects.exists()


def test_only_the_inspecting_offices_record_diplomas(exam, hired):
    for person in (exam.medical, exam.posts, exam.clerk):
        with pytest.raises(NotAllowed):
            record(exam, diploma(hired[0]), actor=person)


@pytest.mark.parametrize("count", [1, 2])
def test_recording_costs_the_same_for_one_and_for_more(exam, hired, count, django_assert_num_queries):
    with django_assert_num_queries(6):
        record(exam, *(diploma(person) for person in hired[:count]))
