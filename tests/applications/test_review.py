import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.applications.models import Application, EligibilityReview, Transition
from recruitment.applications.queries import visible_to
from recruitment.candidates.domain import save_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def department(staff, county):
    return staff(Role.DEPARTMENT, unit=county, username="department")


def test_passing_makes_it_effective_and_tells_the_applicant(submitted, reviewer):
    domain.pass_review(actor=reviewer, application=submitted)
    review = EligibilityReview.objects.get()
    assert (Application.objects.get().state, review.verdict, review.reviewer) == ("effective", "passed", reviewer)
    assert Message.objects.filter(kind="application.passed").count() == 1


@pytest.mark.parametrize(
    ("verb", "code", "state"),
    [
        (domain.return_application, "document_missing", "returned"),
        (domain.reject_application, "major", "rejected"),
    ],
)
def test_sending_back_and_refusing_carry_code_and_words_to_the_applicant(submitted, reviewer, verb, code, state):
    verb(actor=reviewer, application=submitted, reason_code=code, reason="请看公告第二条（四）")
    review, transition = EligibilityReview.objects.get(), Transition.objects.last()
    assert Application.objects.get().state == state
    assert (review.reason_code, review.reason) == (code, "请看公告第二条（四）")
    assert (transition.reason_code, transition.reason, transition.actor) == (code, "请看公告第二条（四）", reviewer)
    assert "请看公告第二条（四）" in Message.objects.get(kind=f"application.{state}").body


@pytest.mark.parametrize(
    ("verb", "code", "words"),
    [
        (domain.reject_application, "", "专业不符合岗位要求"),
        (domain.reject_application, "major", "不行"),
        (domain.reject_application, "document_missing", "缺少学位证书"),
        (domain.return_application, "major", "专业不符合岗位要求"),
    ],
)
def test_a_refusal_without_a_fitting_code_and_words_changes_nothing(submitted, reviewer, verb, code, words):
    with pytest.raises(Refused):
        verb(actor=reviewer, application=submitted, reason_code=code, reason=words)
    assert Application.objects.get().state == "submitted"


def test_the_table_itself_refuses_a_rejection_without_words(submitted):
    with pytest.raises(IntegrityError), transaction.atomic():
        EligibilityReview.objects.update(verdict="rejected", reason_code="major", reason="")


def test_no_machine_decides(submitted, system_actor):
    for verb in (domain.pass_review, domain.return_application, domain.reject_application):
        with pytest.raises(NotAllowed):
            verb(actor=system_actor, application=submitted, reason_code="major", reason="专业不符合")
    assert Application.objects.get().state == "submitted"


def test_the_first_review_is_for_unit_and_department_only(submitted, staff, county, make_unit, make_candidate):
    elsewhere = make_unit("S1", name="一中")
    others = [staff(role, unit=county) for role in Role if role not in (Role.UNIT_HR, Role.DEPARTMENT)]
    for actor in (*others, staff(Role.UNIT_HR, unit=elsewhere), make_candidate().user, submitted.candidate.user):
        with pytest.raises(NotAllowed):
            domain.pass_review(actor=actor, application=submitted)
    assert Application.objects.get().state == "submitted"


def test_two_reviewers_at_once_leave_one_decision(submitted, reviewer):
    domain.pass_review(actor=reviewer, application=submitted)
    with pytest.raises(Refused) as refusal:
        domain.reject_application(actor=reviewer, application=submitted, reason_code="age", reason="超过年龄上限")
    assert refusal.value.code == "wrong_state"
    assert EligibilityReview.objects.get().verdict == "passed"


def test_a_relative_and_a_recused_person_may_not_decide(submitted, staff, hospital, reviewer):
    aunt = staff(Role.UNIT_HR, unit=hospital, username="aunt", name="林静")
    save_relative(
        actor=submitted.candidate.user,
        candidate=submitted.candidate,
        relation="collateral",
        name="林静",
        employer="县人民医院",
    )
    domain.declare_recusal(actor=reviewer, application=submitted, user=reviewer, reason="同门师生")
    for actor in (aunt, reviewer):
        with pytest.raises(NotAllowed):
            domain.pass_review(actor=actor, application=submitted)


def test_a_rejection_is_overridden_by_someone_else_with_words(submitted, department, staff, county):
    domain.reject_application(actor=department, application=submitted, reason_code="major", reason="专业不符合要求")
    with pytest.raises(NotAllowed):
        domain.override_rejection(actor=department, application=submitted, reason="经核对目录符合")
    office = staff(Role.TALENT_OFFICE, unit=county)
    with pytest.raises(Refused):
        domain.override_rejection(actor=office, application=submitted, reason=" ")
    domain.override_rejection(actor=office, application=submitted, reason="新闻学在目录之内")
    assert Application.objects.get().state == "effective"
    assert [row.move for row in Transition.objects.all()] == ["start", "submit", "reject", "override"]


def test_unit_hr_may_not_override(submitted, staff, hospital, department):
    domain.reject_application(actor=department, application=submitted, reason_code="major", reason="专业不符合要求")
    with pytest.raises(NotAllowed):
        domain.override_rejection(
            actor=staff(Role.UNIT_HR, unit=hospital), application=submitted, reason="经核对目录符合"
        )


def test_an_override_gives_way_to_the_application_made_since(
    submitted, candidate, make_position, department, staff, county
):
    domain.reject_application(actor=department, application=submitted, reason_code="major", reason="专业不符合要求")
    second = domain.start_application(actor=candidate.user, candidate=candidate, position=make_position("0102"))
    with pytest.raises(Refused, match=second.registration_no):
        domain.override_rejection(
            actor=staff(Role.TALENT_OFFICE, unit=county), application=submitted, reason="新闻学在目录之内"
        )
    assert set(Application.objects.values_list("state", flat=True)) == {"rejected", "draft"}


def test_many_pass_together_or_none(make_candidate, position, submit, reviewer, django_assert_num_queries):
    people = [make_candidate() for _ in range(3)]
    rows = [submit(domain.start_application(actor=p.user, candidate=p, position=position)) for p in people]
    domain.return_application(actor=reviewer, application=rows[2], reason_code="entry_unclear", reason="请写清学校")
    with pytest.raises(Refused, match=rows[2].registration_no):
        domain.pass_reviews(actor=reviewer, applications=rows)
    assert Application.objects.filter(state="effective").count() == 0
    assert domain.pass_reviews(actor=reviewer, applications=rows[:2]) == 2
    assert set(Application.objects.filter(state="effective")) == set(rows[:2])
    assert EligibilityReview.objects.filter(verdict="passed", reviewer=reviewer).count() == 2
    assert Message.objects.filter(kind="application.passed").count() == 2


def test_disqualifying_needs_the_department_or_the_talent_office(submitted, reviewer, department):
    fields = {"application": submitted, "reason_code": "untrue", "reason": "学位证书系伪造"}
    with pytest.raises(NotAllowed):
        domain.disqualify_application(actor=reviewer, **fields)
    domain.disqualify_application(actor=department, **fields)
    assert Application.objects.get().state == "disqualified"


def test_each_person_sees_the_applications_of_their_own_scope(
    submitted, make_candidate, make_position, make_unit, staff, county, hospital, submit
):
    bureau = make_unit("EDU", name="教育局", kind="department")
    school = make_unit("S1", name="一中", parent=bureau)
    pupil = make_candidate()
    other = submit(
        domain.start_application(actor=pupil.user, candidate=pupil, position=make_position("0301", unit=school))
    )
    third = make_candidate()
    draft = domain.start_application(actor=third.user, candidate=third, position=make_position("0302", unit=school))
    seen = {
        staff(Role.UNIT_HR, unit=hospital): {submitted},
        staff(Role.DEPARTMENT, unit=bureau): {other},
        staff(Role.TALENT_OFFICE, unit=county): {submitted, other},
        staff(Role.EXAM_CENTRE, unit=county): {submitted, other},
        staff(Role.EXPERT, unit=county): set(),
        staff(Role.MEDICAL_RECORDER, unit=county): set(),
        pupil.user: {other},
        third.user: {draft},
    }
    assert {user: set(visible_to(user)) for user in seen} == seen
