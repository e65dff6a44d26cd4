"""From the approval to the confirmed post: reporting for duty, contract, probation, least service (R78–R80)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.models import AuditEntry, User
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.models import CalendarDay, Campaign
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications.models import Transition
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Replacement, Service
from recruitment.candidates.models import Candidate, Education
from recruitment.selection.models import Agreement
from rulebook.ruleset.talent import Grant
from tests.applicants import SHANGHAI

pytestmark = pytest.mark.django_db
START = date(2026, 4, 10)


def on(day):
    return datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=9)


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def called(exam, make_position, time_machine):
    """Two hires approved on 1 April, whom the rules give fifteen days to report: until 16 April."""
    time_machine.move_to(on(date(2026, 4, 1)), tick=False)
    return exam.approved(make_position(headcount_planned=2, headcount_effective=2), 2)


def report(exam, row, reported_on, *, starts_on=START, is_first_job=True, actor=None):
    return domain.record_report(
        actor=actor or exam.office, appointment=row, reported_on=reported_on, starts_on=starts_on,
        is_first_job=is_first_job,
    )  # fmt: skip


def enter(exam, row):
    return domain.enter_post(actor=exam.posts, appointment=row, ledger_number=f"SM{row.pk}")


def lines_of(client, user, row, language="zh-hans"):
    """The lines of the rules on the office's page."""
    client.force_login(user)
    with translation.override(language):
        answer = client.get(reverse("appointment", args=[row.pk]), headers={"accept-language": language})
    return [line for told in answer.context["told"] for line in told.lines]


@pytest.mark.parametrize(
    ("knobs", "first_job", "ends"),
    [
        ({}, True, (date(2027, 4, 9), date(2029, 4, 9), date(2031, 4, 9))),
        ({}, False, (date(2026, 10, 9), date(2029, 4, 9), date(2031, 4, 9))),
        ({"probation_months": 6}, True, (date(2026, 10, 9), date(2029, 4, 9), date(2031, 4, 9))),
        ({"probation_months_experienced": 3}, False, (date(2026, 7, 9), date(2029, 4, 9), date(2031, 4, 9))),
        ({"contract_years": 5}, True, (date(2027, 4, 9), date(2031, 4, 9), date(2031, 4, 9))),
        ({"min_service_years": 3}, True, (date(2027, 4, 9), date(2029, 4, 9), date(2029, 4, 9))),
        ({"min_service_years": 0}, True, (date(2027, 4, 9), date(2029, 4, 9), None)),
        ({"min_service_from": "after_probation"}, True, (date(2027, 4, 9), date(2029, 4, 9), date(2032, 4, 9))),
        ({"min_service_from": "after_probation"}, False, (date(2026, 10, 9), date(2029, 4, 9), date(2031, 10, 9))),
    ],
)
def test_the_rules_give_the_last_days_when_the_person_reports(exam, called, time_machine, knobs, first_job, ends):
    exam.knobs("service", **knobs)
    time_machine.move_to(on(START), tick=False)
    service = report(exam, called[0], START, is_first_job=first_job)
    assert (service.probation_ends_on, service.contract_ends_on, service.service_ends_on) == ends


def test_in_the_civil_service_there_is_no_contract_and_one_length_of_probation(exam, called, time_machine):
    Campaign.objects.update(slot_type="civil_service")
    time_machine.move_to(on(START), tick=False)
    service = report(exam, Appointment.objects.get(pk=called[0].pk), START, is_first_job=False)
    assert (service.probation_ends_on, service.contract_ends_on) == (date(2027, 4, 9), None)


def test_the_years_of_an_agreement_stand_for_those_of_the_rules(exam, called, time_machine):
    Agreement.objects.create(
        application=called[0].application, number="引协1号", signed_on=START, service_years=8, recorded_by=exam.office
    )
    time_machine.move_to(on(START), tick=False)
    row = Appointment.objects.get(pk=called[0].pk)
    assert report(exam, row, START).service_ends_on == date(2034, 4, 9)


@pytest.mark.parametrize(("days", "last"), [(15, 16), (10, 11)])
def test_reporting_is_in_time_on_the_last_day_and_late_on_the_next(exam, called, time_machine, days, last):
    exam.knobs("service", report_within_days=days)
    time_machine.move_to(on(date(2026, 4, last)), tick=False)
    assert report(exam, called[0], date(2026, 4, last))
    time_machine.move_to(on(date(2026, 4, last + 1)), tick=False)
    with pytest.raises(Refused, match=f"报到期限为2026年4月{last}日（含当日），已经逾期") as caught:
        report(exam, called[1], date(2026, 4, last + 1))
    assert (caught.value.code, Service.objects.count()) == ("late", 1)


def test_with_the_units_consent_a_later_day_is_in_time(exam, called, time_machine):
    row, last = called[0], date(2026, 5, 8)
    for until, document, code in [
        (date(2026, 4, 16), "同意1号", "not_later"), (last, " ", "document_required"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as caught:
            domain.agree_later_report(actor=exam.office, appointment=row, until=until, document=document)
        assert caught.value.code == code
    domain.agree_later_report(actor=exam.office, appointment=row, until=last, document="同意1号")
    time_machine.move_to(on(last), tick=False)
    with pytest.raises(Refused) as caught:
        domain.end_unreported(actor=exam.office, appointment=row, document="说明1号")
    assert caught.value.code == "in_time"
    assert report(exam, row, last)
    with pytest.raises(Refused) as caught:
        domain.agree_later_report(actor=exam.office, appointment=row, until=date(2026, 6, 1), document="同意2号")
    assert caught.value.code == "reported"


@pytest.mark.parametrize(
    ("knobs", "words"),
    [
        ({}, "未经同意逾期未报到（报到期限为2026年4月16日），视为放弃，空缺不再递补。"),
        (
            {"late_ban_years": 1},
            "未经同意逾期未报到（报到期限为2026年4月16日），视为放弃，空缺不再递补；至2027年4月16日止不得报考本地事业单位。",
        ),
        (
            {"late_ban_years": 2, "report_within_days": 10},
            "未经同意逾期未报到（报到期限为2026年4月11日），视为放弃，空缺不再递补；至2028年4月11日止不得报考本地事业单位。",
        ),
    ],
)
def test_who_does_not_report_withdrew_the_post_goes_back_and_nobody_is_called(
    exam, called, time_machine, client, knobs, words
):
    exam.knobs("service", **knobs)
    row = called[0]
    last = date(2026, 4, 1) + timedelta(days=knobs.get("report_within_days", 15))
    time_machine.move_to(on(last), tick=False)
    with pytest.raises(Refused) as caught:
        domain.end_unreported(actor=exam.office, appointment=row, document="说明1号")
    assert caught.value.code == "in_time"
    time_machine.move_to(on(last + timedelta(days=1)), tick=False)
    domain.end_unreported(actor=exam.office, appointment=row, document="说明1号")
    assert (row.state, row.ended_reason_code, row.ended_reason) == ("ended", "not_reported", words)
    assert sorted(EstablishedPost.objects.values_list("state", flat=True)) == ["held", "permitted"]
    place = Replacement.objects.get()
    assert (place.place_id, place.application, place.explanation["zh"]) == (row.pk, None, [words])
    assert lines_of(client, exam.office, row) == [words]


def test_who_reported_or_is_not_called_yet_is_not_ended_for_it(exam, hired, time_machine):
    time_machine.move_to(on(date(2026, 6, 1)), tick=False)
    with pytest.raises(Refused) as caught:
        domain.end_unreported(actor=exam.office, appointment=hired[0], document="1号")
    assert caught.value.code == "wrong_state"
    time_machine.move_to(on(date(2026, 4, 1)), tick=False)
    domain.approve_appointment(actor=exam.second, appointment=hired[0], approval_number="1号")
    report(exam, hired[0], date(2026, 4, 1))
    time_machine.move_to(on(date(2026, 6, 1)), tick=False)
    with pytest.raises(Refused) as caught:
        domain.end_unreported(actor=exam.office, appointment=hired[0], document="1号")
    assert caught.value.code == "reported"


def test_a_person_entered_in_the_ledger_who_never_came_is_taken_off_the_post_by_its_office(exam, called, time_machine):
    enter(exam, called[0])
    time_machine.move_to(on(date(2026, 4, 17)), tick=False)
    with pytest.raises(NotAllowed):
        domain.end_unreported(actor=exam.office, appointment=called[0], document="1号")
    domain.end_unreported(actor=exam.posts, appointment=called[0], document="1号")
    called[0].refresh_from_db()
    assert (called[0].state, called[0].post.state) == ("ended", "vacated")


@pytest.mark.parametrize(
    ("reported_on", "code"), [(date(2026, 4, 11), "future"), (date(2026, 3, 31), "before_approval")]
)
def test_a_day_that_can_not_be_is_refused(exam, called, time_machine, reported_on, code):
    time_machine.move_to(on(START), tick=False)
    with pytest.raises(Refused) as caught:
        report(exam, called[0], reported_on)
    assert (caught.value.code, Service.objects.exists()) == (code, False)


def test_a_report_recorded_wrongly_is_recorded_anew_and_both_stay_in_the_trail(exam, called, time_machine):
    time_machine.move_to(on(START), tick=False)
    report(exam, called[0], START)
    report(exam, called[0], START, is_first_job=False)
    assert Service.objects.get().probation_ends_on == date(2026, 10, 9)
    assert AuditEntry.objects.filter(action="appointments.record_report").count() == 2


@pytest.mark.parametrize(("months", "last"), [(12, date(2027, 4, 9)), (6, date(2026, 10, 9))])
def test_probation_is_confirmed_once_it_is_over_and_not_before(exam, called, time_machine, months, last):
    exam.knobs("service", probation_months=months)
    row = called[0]
    time_machine.move_to(on(START), tick=False)
    enter(exam, row)
    with pytest.raises(Refused) as caught:
        domain.confirm_probation(actor=exam.office, appointment=row, document="转正1号")
    assert caught.value.code == "no_contract"
    report(exam, row, START)
    time_machine.move_to(on(last), tick=False)
    with pytest.raises(Refused, match=f"试用期至{last.year}年{last.month}月{last.day}日止") as caught:
        domain.confirm_probation(actor=exam.office, appointment=row, document="转正1号")
    assert caught.value.code == "on_probation"
    time_machine.move_to(on(last + timedelta(days=1)), tick=False)
    domain.confirm_probation(actor=exam.office, appointment=row, document="转正1号")
    assert (row.state, row.service.confirmed_document) == ("confirmed", "转正1号")


def test_only_the_unit_and_its_offices_record_service(exam, called, time_machine, staff, make_unit):
    time_machine.move_to(on(START), tick=False)
    own = staff(Role.UNIT_HR, unit=called[0].position.unit, username="hr1")
    for actor in (exam.posts, exam.medical, exam.clerk, staff(Role.UNIT_HR, unit=make_unit("S9"), username="hr9")):
        with pytest.raises(NotAllowed):
            report(exam, called[0], START, actor=actor)
    assert report(exam, called[0], START, actor=own)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", [
            "聘用合同自2026年4月10日起，期限3年，至2029年4月9日止。",
            "首次就业，试用期12个月，至2027年4月9日止。",
            "最低服务年限5年，自2026年4月10日起计算，至2031年4月9日止。",
            "试用期至2027年4月9日止，2027年4月10日起方可确认试用期满合格。",
        ]),
        ("en", [
            "The contract runs from 2026-04-10 for 3 year(s), until 2029-04-09.",
            "A first job: probation of 12 months, until 2027-04-09.",
            "The least service of 5 year(s) counts from 2026-04-10 until 2031-04-09.",
            "Probation runs until 2027-04-09; it may be confirmed as passed from 2027-04-10 on.",
        ]),
    ],
)  # fmt: skip
def test_the_office_and_the_person_read_the_rules_own_lines(exam, called, time_machine, client, language, expected):
    user = User.objects.create(username="hire", kind="candidate")
    Candidate.objects.filter(pk=called[0].candidate_id).update(user=user)
    Transition.objects.create(
        application=called[0].application, move="hand_over", to_state="handed_over", actor=exam.office
    )
    client.cookies["django_language"] = language
    deadline = {
        "zh-hans": "报到期限为2026年4月16日（含当日）。",
        "en": "Report for duty by 2026-04-16, that day included.",
    }
    page = reverse("portal:application", args=[called[0].application.registration_no])
    client.force_login(user)
    assert deadline[language] in client.get(page).content.decode()
    time_machine.move_to(on(START), tick=False)
    report(exam, called[0], START)
    shown = client.get(page)
    assert [line for told in shown.context["told"] for line in told.lines] == expected
    assert [line for line in expected if line not in shown.content.decode()] == []
    assert lines_of(client, exam.office, called[0], language) == expected


def test_the_message_of_the_approval_says_until_when_to_report(exam, hired, time_machine):
    user = User.objects.create(username="hire", phone="13900000000", kind="candidate")
    Candidate.objects.filter(pk=hired[0].candidate_id).update(user=user)
    exam.knobs("service", report_within_days=10)
    time_machine.move_to(on(date(2026, 4, 1)), tick=False)
    domain.approve_appointment(actor=exam.second, appointment=hired[0], approval_number="1号")
    assert "2026年4月11日" in Message.objects.get(kind="appointment.approved").body


def test_the_desk_offers_each_step_when_it_is_due_and_does_it(exam, called, time_machine, client):
    row = called[0]

    def offered():
        client.logout()
        client.force_login(exam.office)
        return {act.name for act in client.get(reverse("appointment", args=[row.pk])).context["allowed"]}

    def post(name, **told):
        client.logout()
        client.force_login(exam.office)
        return client.post(reverse("appointment-act", args=[row.pk, name]), told).status_code

    assert offered() == {"report", "report-later", "end"}
    assert post("report-later", until="2026-05-08", document="同意1号") == 302
    time_machine.move_to(on(START), tick=False)
    assert post("report", reported_on="2026-04-10", starts_on="2026-04-10", is_first_job="yes") == 302
    enter(exam, row)
    assert offered() == {"report", "confirm"}
    assert post("confirm", document="转正1号") == 422
    time_machine.move_to(on(date(2027, 4, 10)), tick=False)
    assert post("confirm", document="转正1号") == 302
    row = called[1]
    assert "unreported" in offered()
    assert post("unreported", document="说明1号") == 302
    assert set(Appointment.objects.values_list("state", flat=True)) == {"confirmed", "ended"}


def test_what_is_due_stands_in_its_queue(exam, called, time_machine, client):
    def queue(name):
        client.logout()
        client.force_login(exam.office)
        page = client.get(reverse("appointments"), {"queue": name}).context["page"]
        return [row[0].pk for row in page.object_list]

    assert (queue("report"), queue("probation")) == ([row.pk for row in called], [])
    time_machine.move_to(on(START), tick=False)
    report(exam, called[0], START)
    enter(exam, called[0])
    assert (queue("report"), queue("probation")) == ([called[1].pk], [])
    time_machine.move_to(on(date(2027, 4, 9)), tick=False)
    assert queue("probation") == []
    time_machine.move_to(on(date(2027, 4, 10)), tick=False)
    assert queue("probation") == [called[0].pk]


@pytest.mark.parametrize(
    ("degrees", "months", "total"),
    [
        (["bachelor", "doctor"], 36, "补助总额最高158000元。"),
        (["bachelor", "doctor"], 12, "补助总额最高86000元。"),
        (["master", "bachelor"], 36, "补助总额最高84000元。"),
        (["bachelor"], 36, None),
    ],
)
def test_a_hired_person_reads_what_the_degree_entitles_to(exam, called, client, degrees, months, total):
    doctor = Grant(degree="doctor", once=Decimal(50000), monthly=Decimal(3000))
    master = Grant(degree="master", once=Decimal(30000), monthly=Decimal(1500))
    exam.knobs("grants", grants=(doctor, master), months=months, unit_share=Decimal("0.5"))
    for degree in degrees:
        Education.objects.create(
            candidate_id=called[0].candidate_id, level=degree, degree=degree, school="湘屏大学", major="临床医学",
            graduated_on=date(2020, 6, 30),
        )  # fmt: skip
    lines = lines_of(client, exam.office, called[0])
    assert [line for line in lines if "补助总额" in line] == ([total] if total else [])
    if total == "补助总额最高158000元。":
        assert lines[-4:-1] == [
            "一次性补助50000元。", "在岗期间每月补助3000元，最多36个月，合计108000元。",
            "每月补助部分由用人单位承担54000元，财政承担54000元。",
        ]  # fmt: skip
