"""The duties table of the county, written down a second time by hand: a change on either side must be meant on both.

Rooms add their own policies to `POLICIES`, and each is asked for every role, inside and outside its unit.
"""

import pytest

from accounts.duties import DUTIES, TWO_PERSONS, Duty, another_person, may, scope
from accounts.enums import Role
from accounts.models import Unit, User
from accounts.policies import Predicate, may_manage_staff, may_manage_units, may_read_audit, may_read_sign_ins

pytestmark = pytest.mark.django_db

HR, DEPARTMENT, TALENT, EXAM = Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE, Role.EXAM_CENTRE
POSTS, LEADER, AUDITOR = Role.ESTABLISHMENT_OFFICE, Role.LEADER, Role.AUDITOR
ADMINISTRATOR = Role.SYSTEM_ADMINISTRATOR

POLICIES: dict[str, tuple[Predicate, set[Role]]] = {
    "first_review": (may(Duty.FIRST_REVIEW), {HR, DEPARTMENT}),
    "override_rejection": (may(Duty.OVERRIDE_REJECTION), {DEPARTMENT, TALENT}),
    "view_overrides": (may(Duty.VIEW_OVERRIDES), {DEPARTMENT, TALENT, AUDITOR}),
    "approve_plan": (may(Duty.APPROVE_PLAN), {TALENT}),
    "publish_notice": (may(Duty.PUBLISH_NOTICE), {TALENT}),
    "view_plans_and_notices": (may(Duty.VIEW_PLANS_AND_NOTICES), {TALENT, AUDITOR}),
    "import_marks": (may(Duty.IMPORT_MARKS), {EXAM}),
    "lock_marks": (may(Duty.LOCK_MARKS), {EXAM}),
    "view_marks_trail": (may(Duty.VIEW_MARKS_TRAIL), {EXAM, AUDITOR}),
    "enter_interview_marks": (may(Duty.ENTER_INTERVIEW_MARKS), {TALENT}),
    "watch_interview_marks": (may(Duty.WATCH_INTERVIEW_MARKS), {TALENT, AUDITOR}),
    "see_scores_before_release": (may(Duty.SEE_SCORES_BEFORE_RELEASE), {TALENT, EXAM, AUDITOR}),
    "request_slot": (may(Duty.REQUEST_SLOT), {HR, TALENT}),
    "reserve_or_release_slot": (may(Duty.RESERVE_OR_RELEASE_SLOT), {POSTS}),
    "view_slots": (may(Duty.VIEW_SLOTS), {HR, DEPARTMENT, TALENT, POSTS, LEADER, AUDITOR}),
    "see_national_id": (may(Duty.SEE_NATIONAL_ID), {HR, DEPARTMENT, TALENT, EXAM, POSTS, AUDITOR}),
    "see_names": (may(Duty.SEE_NAMES), {HR, DEPARTMENT, TALENT, EXAM, POSTS, AUDITOR, Role.MEDICAL_RECORDER}),
    "view_dashboards": (may(Duty.VIEW_DASHBOARDS), {HR, DEPARTMENT, TALENT, EXAM, POSTS, LEADER, AUDITOR}),
    "manage_units": (may_manage_units, {ADMINISTRATOR, TALENT}),
    "manage_staff": (may_manage_staff, {ADMINISTRATOR}),
}


@pytest.mark.parametrize("name", POLICIES)
def test_exactly_the_roles_of_the_table_may_do_it_and_only_for_their_unit(name, holder, health, education):
    policy, expected = POLICIES[name]
    people = {role: holder(role, health) for role in Role}
    assert {role for role, user in people.items() if policy(user, health)} == expected
    assert {role for role, user in people.items() if policy(user, education)} == set()


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.EDIT_OWN_APPLICATION])
def test_the_rows_in_scope_are_those_the_predicate_allows(duty, holder, root, health, education):
    for role in Role:
        user = holder(role, health)
        allowed = {unit for unit in Unit.objects.all() if may(duty)(user, unit)}
        assert set(Unit.objects.filter(scope(duty, user, ""))) == allowed


def test_every_duty_is_in_the_table_and_in_the_matrix():
    assert set(DUTIES) == set(Duty)
    assert {duty.value for duty in Duty} - set(POLICIES) == {"edit_own_application"}


def test_a_denial_names_the_roles_that_could(holder, health):
    decision = may(Duty.RESERVE_OR_RELEASE_SLOT)(holder(HR, health), health)
    assert not decision
    assert str(POSTS.label) in decision.reason


def test_only_the_candidate_edits_their_own_application(holder, root):
    class Owned:
        def __init__(self, user_id):
            self.user_id = user_id

    owner, stranger = (User.objects.create(username=name, kind="candidate") for name in ("a", "b"))
    rule = may(Duty.EDIT_OWN_APPLICATION)
    assert rule(owner, Owned(owner.pk))
    assert not rule(stranger, Owned(owner.pk))
    assert not any(rule(holder(role), Owned(owner.pk)) for role in Role)


def test_the_second_person_is_another_one(holder):
    first, second = holder(TALENT), holder(TALENT)
    rule = may(Duty.APPROVE_PLAN) & another_person(first)
    assert not rule(first)
    assert rule(second)
    assert {Duty.APPROVE_PLAN, Duty.PUBLISH_NOTICE, Duty.LOCK_MARKS, Duty.ENTER_INTERVIEW_MARKS} == TWO_PERSONS


def test_an_ended_or_closed_account_has_no_duty_left(holder, health):
    user = holder(HR, health)
    user.is_active = False
    assert not may(Duty.FIRST_REVIEW)(user, health)


@pytest.mark.parametrize(
    ("rule", "roles"), [(may_read_audit, {AUDITOR}), (may_read_sign_ins, {AUDITOR, ADMINISTRATOR})]
)
def test_trail_and_sign_ins_are_for_these_roles_and_for_the_whole_county_only(rule, roles, staff, make_unit):
    unit = make_unit("H9")
    assert {role for role in Role if rule(staff(role))} == roles
    assert {role for role in Role if rule(staff(role, unit=unit))} == set()
