"""Medical exam, recheck and inspection by the knobs of the announcement, in its own words (R70, R71)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from campaigns.planning.models import CalendarDay
from foundation.errors import Refused
from recruitment.applications.models import Transition
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Check
from recruitment.appointments.replacement import reason_of
from recruitment.candidates.models import Candidate
from tests.applicants import SHANGHAI

pytestmark = pytest.mark.django_db
TOLD_ON = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def go_to(time_machine):
    def move(day):
        time_machine.move_to(datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=9), tick=False)

    return move


@pytest.fixture
def opened(exam, make_position):
    """A person handed over, with an account; the steps before are not walked."""
    position = make_position()
    (person,) = exam.enter(position, 1)
    Candidate.objects.filter(pk=person.candidate_id).update(user=User.objects.create(username="hire", kind="candidate"))
    Transition.objects.create(application=person, move="hand_over", to_state="handed_over", actor=exam.office)
    return Appointment.objects.create(
        application=person, candidate_id=person.candidate_id, position=position, opened_by=exam.office
    )


@pytest.fixture
def reads(client, exam, opened):
    """The lines of the rules on the page of the office and on that of the person, which must be the same."""

    def lines(language="zh-hans"):
        found = []
        own = reverse("portal:application", args=[opened.application.registration_no])
        office = reverse("appointment", args=[opened.pk])
        for user, page in [(exam.office, office), (User.objects.get(username="hire"), own)]:
            client.logout()
            client.force_login(user)
            client.cookies["django_language"] = language
            answer = client.get(page)
            found.append([line for told in answer.context["told"] for line in told.lines])
            assert [line for line in found[-1] if line not in answer.content.decode()] == []
        assert found[0] == found[1]
        return found[0]

    return lines


def refusal(verb, **told):
    with pytest.raises(Refused) as caught:
        verb(**told)
    return caught.value


@pytest.mark.parametrize(
    ("least", "grade", "code"),
    [("二级甲等", "二级甲等", ""), ("二级甲等", "二级乙等", "grade"), ("三级乙等", "二级甲等", "grade"),
     ("三级乙等", "三级乙等", ""), ("二级甲等", "", "grade"), ("二级甲等", "甲等", "grade")],
)  # fmt: skip
def test_a_hospital_of_a_lower_grade_is_refused(exam, opened, least, grade, code):
    exam.knobs("medical", hospital_grade=least)
    if not code:
        assert exam.check(opened, "medical", hospital_grade=grade).hospital_grade == grade
        return
    problem = refusal(exam.check, appointment=opened, kind="medical", hospital_grade=grade)
    assert (problem.code, Check.objects.exists()) == (code, False)
    if grade == "二级乙等":
        assert problem.message.startswith("医院等级为二级乙等，低于要求的二级甲等。")


def test_the_recheck_is_made_at_a_hospital_not_lower_than_the_first(exam, opened):
    exam.check(opened, "medical", "failed", hospital_grade="三级乙等", is_final=False)
    again = {"institution": "省人民医院", "asked_on": TOLD_ON}
    problem = refusal(exam.check, appointment=opened, kind="medical", hospital_grade="二级甲等", **again)
    assert problem.message.startswith("医院等级为二级甲等，低于要求的三级乙等。")
    exam.check(opened, "medical", hospital_grade="三级乙等", **again)
    opened.refresh_from_db()
    assert opened.state == "medical_passed"


@pytest.mark.parametrize(("days", "last"), [(7, date(2026, 3, 27)), (3, date(2026, 3, 23))])
def test_a_recheck_is_asked_for_until_the_last_day_and_then_the_exam_stands(exam, opened, reads, go_to, days, last):
    exam.knobs("medical", recheck_days=days)
    exam.check(opened, "medical", "failed", is_final=False)
    assert reads("en") == [f"A recheck may be asked for until {last}, that day included."]
    assert reads() == [f"可在2026年3月{last.day}日前（含当日）申请复检。"]
    again = {"appointment": opened, "kind": "medical", "institution": "省人民医院"}
    go_to(last)
    assert refusal(domain.end_unrechecked, actor=exam.medical, appointment=opened).code == "in_time"
    go_to(last + timedelta(days=1))
    assert refusal(exam.check, **again, asked_on=last + timedelta(days=1)).code == "recheck_late"
    assert reads() == [f"复检申请期限为2026年3月{last.day}日（含当日），已经逾期。"]
    domain.end_unrechecked(actor=exam.medical, appointment=opened)
    assert (opened.state, opened.ended_reason_code, reason_of(opened)) == ("ended", "medical", "failed")
    assert opened.ended_explanation["zh"] == [f"复检申请期限为2026年3月{last.day}日（含当日），已经逾期。"]


@pytest.mark.parametrize("times", [0, 1, 2])
def test_an_exam_is_rechecked_as_often_as_the_rules_say(exam, opened, reads, times):
    exam.knobs("medical", recheck_times=times)
    for number in range(times):
        exam.check(opened, "medical", "failed", is_final=False, institution=f"医院{number}", **_asked(number))
    last = {"institution": "省人民医院", **_asked(times)}
    problem = refusal(exam.check, appointment=opened, kind="medical", conclusion="failed", is_final=False, **last)
    words = f"复检只能进行{times}次，已经用完，以复检结论为准。" if times else "按公告，体检不设复检。"
    assert (problem.code, problem.message) == ("recheck", f"{words} 未保存任何内容。")
    exam.check(opened, "medical", "failed", **last)
    opened.refresh_from_db()
    assert (opened.state, opened.ended_reason_code, reads()) == ("ended", "medical", [words])


def _asked(number):
    return {"asked_on": TOLD_ON} if number else {}


@pytest.mark.parametrize("allowed", [True, False])
def test_a_medical_exam_is_deferred_only_where_the_rules_allow_it(exam, opened, reads, allowed):
    exam.knobs("medical", deferral_allowed=allowed)
    if allowed:
        exam.check(opened, "medical", "deferred")
        assert reads("en") == ["Items not fit to be examined now may be examined later; the place is kept."]
        assert reads() == ["不宜检查的项目可以延期检查，岗位予以保留。"]
        assert Appointment.objects.get().state == "opened"
        return
    problem = refusal(exam.check, appointment=opened, kind="medical", conclusion="deferred")
    assert (problem.code, problem.message) == ("deferral", "按公告，体检不予延期。 未保存任何内容。")


@pytest.mark.parametrize(("kind", "word"), [("medical", "体检"), ("inspection", "考察")])
def test_whoever_stays_away_has_withdrawn_in_the_rules_own_words(exam, opened, reads, kind, word):
    if kind == "inspection":
        exam.check(opened, "medical")
    exam.check(opened, kind, "absent", hospital_grade="")
    opened.refresh_from_db()
    assert (opened.ended_reason_code, opened.ended_reason) == ("withdrew", f"未按规定参加{word}，视为放弃。")
    assert (reads(), reason_of(opened)) == ([f"未按规定参加{word}，视为放弃。"], "absent")


@pytest.mark.parametrize(
    ("members", "names", "code"),
    [(2, ["甲", "乙"], ""), (2, ["甲"], "inspectors"), (2, ["甲", " 甲 "], "inspectors"),
     (3, ["甲", "乙"], "inspectors"), (3, ["甲", "乙", "丙"], ""), (1, ["甲"], ""), (1, [" "], "inspectors")],
)  # fmt: skip
def test_an_inspection_passes_only_with_as_many_named_inspectors_as_the_rules_ask(exam, opened, members, names, code):
    exam.knobs("inspection", members=members)
    exam.check(opened, "medical")
    if not code:
        assert exam.check(opened, "inspection", inspectors=names).inspectors == names
        return
    problem = refusal(exam.check, appointment=opened, kind="inspection", inspectors=names)
    count = len({name.strip() for name in names if name.strip()})
    assert (problem.code, problem.message) == (
        "inspectors", f"考察组应由{members}人以上组成，现登记{count}人。 未保存任何内容。",
    )  # fmt: skip
    exam.check(opened, "inspection", "failed", inspectors=names)


@pytest.mark.parametrize(
    ("knobs", "last"),
    [
        ({}, date(2026, 4, 3)),
        ({"days": 5}, date(2026, 3, 27)),
        ({"unit": "calendar_days"}, date(2026, 3, 30)),
    ],
)
def test_the_last_day_of_the_inspection_is_counted_from_the_medical(exam, opened, reads, go_to, knobs, last):
    """The medical exam passed on Friday 20 March."""
    exam.knobs("inspection", **knobs)
    exam.check(opened, "medical")
    go_to(last)
    assert reads("en") == [f"The inspection is to be made by {last}, that day included."]
    assert reads() == [f"考察应在2026年{last.month}月{last.day}日前（含当日）完成。"]
    go_to(last + timedelta(days=1))
    assert reads() == [f"考察应在2026年{last.month}月{last.day}日前（含当日）完成，已经逾期。"]


@pytest.mark.parametrize("asked", [True, False])
def test_the_opinion_of_the_university_is_asked_for_where_the_rules_say(exam, opened, client, asked):
    exam.knobs("inspection", university_reference=asked)
    exam.check(opened, "medical")
    client.force_login(exam.office)
    page = reverse("appointment-act", args=[opened.pk, "inspection"])
    assert ("reference" in client.get(page).context["form"].fields) is asked
    told = {"conclusion": "passed", "performed_on": "2026-03-20", "institution": "第一考察组", "inspectors": "甲、乙"}
    answer = client.post(page, told)
    if asked:
        assert "考察应当征求毕业院校的意见，尚未登记。" in answer.content.decode()
        assert client.post(page, {**told, "reference": "湘屏大学人事处〔2026〕8号"}).status_code == 302
    assert Check.objects.get(kind="inspection").reference == ("湘屏大学人事处〔2026〕8号" if asked else "")


def test_who_did_not_pass_stays_unless_they_ask_for_no_recheck(exam, opened, client, go_to):
    client.force_login(exam.medical)
    page = reverse("appointment-act", args=[opened.pk, "medical"])
    told = {
        "conclusion": "failed", "performed_on": "2026-03-20", "institution": "县医院", "hospital_grade": "二级甲等",
    }  # fmt: skip
    assert client.post(page, told).status_code == 302
    shown = client.get(page).content.decode()
    assert "可在2026年3月27日前（含当日）申请复检。" in shown
    assert client.get(reverse("appointment-act", args=[opened.pk, "no-recheck"])).status_code == 302
    go_to(date(2026, 3, 28))
    client.logout()
    client.force_login(exam.medical)
    ending = reverse("appointment-act", args=[opened.pk, "no-recheck"])
    assert "复检申请期限为2026年3月27日（含当日），已经逾期。" in client.get(ending).content.decode()
    assert client.post(ending).status_code == 302
    assert Appointment.objects.get().state == "ended"
    Check.objects.all().delete()
    Appointment.objects.update(state="opened")
    assert client.post(page, {**told, "no_recheck": "on"}).status_code == 302
    assert Appointment.objects.get().state == "ended"
