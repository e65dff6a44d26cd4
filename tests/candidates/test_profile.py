from datetime import date

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import AuditEntry, User
from foundation.errors import NotAllowed, Refused
from recruitment.applications import domain as applications
from recruitment.candidates import domain
from recruitment.candidates.models import Candidate, Education
from tests.applicants import id_number

pytestmark = pytest.mark.django_db

WOMAN = "11010519491231002X"


@pytest.fixture
def fresh(db):
    user = User.objects.create(username="fresh", email="fresh@example.org", kind="candidate")
    return domain.register_candidate(user=user, name="沈砚秋")


def save(candidate, **answers):
    return domain.save_profile(actor=candidate.user, candidate=candidate, answers=answers)


def test_registering_twice_gives_one_candidate_and_staff_none(fresh, staff):
    assert domain.register_candidate(user=fresh.user) == fresh
    with pytest.raises(NotAllowed):
        domain.register_candidate(user=staff(Role.UNIT_HR))
    assert Candidate.objects.count() == 1


def test_the_id_number_gives_birth_date_and_sex(fresh):
    candidate = save(fresh, id_number=" 11010519491231002x ")
    assert (candidate.id_number, candidate.birth_date, candidate.sex) == (WOMAN, date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("340524198010010", "id_number.legacy"),
        ("34052419801001001X", "id_number.check_digit"),
        ("340524199702290012", "id_number.birth_date"),
        ("12345", "id_number.shape"),
    ],
)
def test_a_number_that_is_none_is_refused_at_its_field(fresh, number, code):
    with pytest.raises(domain.ProfileRefused) as refusal:
        save(fresh, id_number=number)
    assert (refusal.value.field, refusal.value.code) == ("id_number", code)
    assert number not in refusal.value.message
    assert Candidate.objects.get().id_number == ""


@pytest.mark.parametrize("told", [{"birth_date": date(1950, 1, 1)}, {"sex": "male"}])
def test_a_contradiction_with_the_number_is_refused_at_the_field_that_contradicts(fresh, told):
    with pytest.raises(domain.ProfileRefused) as refusal:
        save(fresh, id_number=WOMAN, **told)
    assert refusal.value.field == next(iter(told))


def test_a_later_answer_is_held_against_the_number_kept(fresh):
    candidate = save(fresh, id_number=WOMAN)
    with pytest.raises(domain.ProfileRefused):
        save(candidate, sex="male")


def test_a_person_registers_once_whatever_the_account(fresh, make_candidate):
    other = make_candidate()
    with pytest.raises(domain.ProfileRefused) as refusal:
        save(fresh, id_number=other.id_number)
    assert refusal.value.code == "id_taken"
    assert Candidate.objects.filter(id_index=other.id_index).get() == other


def test_the_number_is_encrypted_in_the_table(fresh):
    save(fresh, id_number=WOMAN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM candidates_candidate")
        assert WOMAN not in str(cursor.fetchall())


def test_name_and_number_are_fixed_once_submitted_and_the_rest_is_not(submitted):
    with pytest.raises(domain.ProfileRefused) as refusal:
        save(submitted.candidate, name="林知远")
    assert refusal.value.code == "identity_locked"
    assert save(submitted.candidate, household="云岫县").household == "云岫县"


def test_a_profile_saved_elsewhere_since_is_not_overwritten(fresh):
    save(fresh, household="甲县")
    with pytest.raises(Refused) as refusal:
        domain.save_profile(actor=fresh.user, candidate=fresh, answers={"household": "乙县"}, revision=0)
    assert refusal.value.code == "stale_revision"
    assert Candidate.objects.get().household == "甲县"


def test_nobody_writes_the_profile_of_someone_else(fresh, make_candidate, staff):
    for other in (make_candidate().user, staff(Role.TALENT_OFFICE)):
        with pytest.raises(NotAllowed):
            domain.save_profile(actor=other, candidate=fresh, answers={"household": "甲县"})


def test_the_audit_trail_names_fields_and_never_values(fresh):
    save(fresh, id_number=WOMAN, household="甲县")
    entry = AuditEntry.objects.get(action="candidates.save_profile")
    assert entry.after == {"fields": ["birth_date", "household", "id_number", "sex"]}
    assert not {"甲县", WOMAN, "沈砚秋"} & set(str(entry.__dict__).split("'"))


def test_a_full_number_is_opened_by_those_on_the_case_with_a_purpose_and_logged(
    submitted, reviewer, staff, make_unit, county
):
    candidate = submitted.candidate
    number = domain.reveal_id_number(actor=reviewer, candidate=candidate, purpose="核对原件")
    assert number == candidate.id_number
    entry = AuditEntry.objects.get(action="candidates.reveal_id_number")
    assert (entry.actor, entry.reason) == (reviewer, "核对原件")
    assert number not in str(entry.__dict__)
    with pytest.raises(Refused):
        domain.reveal_id_number(actor=reviewer, candidate=candidate, purpose=" ")
    outsiders = [
        staff(Role.UNIT_HR, unit=make_unit("S1")),
        staff(Role.LEADER, unit=county),
        staff(Role.FINANCE, unit=county),
    ]
    for actor in outsiders:
        with pytest.raises(NotAllowed):
            domain.reveal_id_number(actor=actor, candidate=candidate, purpose="好奇")
    assert AuditEntry.objects.filter(action="candidates.reveal_id_number").count() == 1


def test_a_draft_opens_no_number_to_staff(candidate, position, reviewer):
    applications.start_application(actor=candidate.user, candidate=candidate, position=position)
    with pytest.raises(NotAllowed):
        domain.reveal_id_number(actor=reviewer, candidate=candidate, purpose="核对原件")


def test_education_with_a_degree_of_another_level_or_twice_is_refused(fresh):
    fields = {"school": "湘屏大学", "major": "物理学", "graduated_on": date(2024, 6, 30)}
    with pytest.raises(domain.ProfileRefused):
        domain.save_education(actor=fresh.user, candidate=fresh, level="bachelor", degree="master", **fields)
    row = domain.save_education(actor=fresh.user, candidate=fresh, level="bachelor", degree="bachelor", **fields)
    with pytest.raises(Refused) as refusal:
        domain.save_education(actor=fresh.user, candidate=fresh, level="bachelor", degree="bachelor", **fields)
    assert refusal.value.code == "duplicate"
    domain.save_education(actor=fresh.user, candidate=fresh, pk=row.pk, level="bachelor", degree="none", **fields)
    assert Education.objects.get().degree == "none"


def test_work_ends_after_it_starts_and_starts_in_the_past(fresh):
    for started_on, ended_on in ((date(2025, 5, 1), date(2025, 4, 1)), (date(2026, 5, 1), None)):
        with pytest.raises(domain.ProfileRefused):
            domain.save_work_period(
                actor=fresh.user,
                candidate=fresh,
                employer="甲厂",
                kind="company",
                started_on=started_on,
                ended_on=ended_on,
            )


def test_rows_of_someone_else_can_be_neither_changed_nor_removed(fresh, make_candidate):
    row = make_candidate().educations.get()
    fields = {"level": "bachelor", "school": "他校", "major": "他科", "graduated_on": date(2024, 6, 30)}
    with pytest.raises(Refused):
        domain.save_education(actor=fresh.user, candidate=fresh, pk=row.pk, **fields)
    with pytest.raises(Refused):
        domain.remove_record(actor=fresh.user, candidate=fresh, record=row)
    row.refresh_from_db()
    assert row.school == "湘屏大学"


def test_unfinished_answers_are_kept_until_they_are_replaced(fresh):
    domain.keep_answers(actor=fresh.user, candidate=fresh, step="identity", answers={"id_number": "1101"})
    assert domain.kept_answers(Candidate.objects.get()) == {"identity": {"id_number": "1101"}}
    domain.keep_answers(actor=fresh.user, candidate=fresh, step="identity", answers={})
    assert domain.kept_answers(Candidate.objects.get()) == {}


def test_a_number_of_the_test_people_is_valid_and_can_belong_to_nobody():
    assert id_number(1).startswith("999999")
