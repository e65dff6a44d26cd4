"""The small demo county, and beside it a unit that has nothing to do with it, with one account for each role."""

import re

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role, UnitKind, UserKind
from accounts.models import LoginEvent, StaffRole, Unit, User
from campaigns.establishment.models import EstablishedPost, Permit, Reconciliation
from campaigns.events.models import RecruitingEvent
from campaigns.planning.models import Campaign, MajorCatalogue, Position, Programme
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment, Objection
from recruitment.candidates.models import Candidate
from recruitment.challenges.models import Bid, Challenge
from recruitment.demo.story import Scale, Story
from recruitment.examinations.models import ScoreCheck
from tests.conftest import LONG_AGO

TINY = Scale(first_exam=3, first_selection=2, second_exam=2, third_exam=3, second_selection=1, online=4, visitors=4)
OWNER = "everything"


class _Undo(Exception):
    pass


@pytest.fixture(scope="package")
def _demo(django_db_setup, django_db_blocker):
    """Made once for these files inside a transaction that is undone at the end."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                Story(TINY, seed=1).play("hired")
                _someone_to_sign()
                _other_unit()
                _what_the_demo_lacks()
                yield
                raise _Undo
        except _Undo:
            pass


def _someone_to_sign():
    """The demo has signed with everyone it proposed; one more is proposed."""
    waiting = Application.objects.filter(campaign__code="SE1", agreement=None).exclude(registration_no="")
    Application.objects.filter(pk=waiting.order_by("pk").first().pk).update(state="proposed")


def _what_the_demo_lacks():
    """An open objection, a comparison with the official ledger, a catalogue of majors, a sign-in, a check of a mark."""
    person = Application.objects.filter(campaign__code="EX2", written_result__isnull=False).order_by("pk").first()
    ScoreCheck.objects.create(application=person, paper="职测", status="absent", reason="我参加了考试")
    talent, root = User.objects.get(username="talent"), Unit.objects.get(parent=None)
    appointment = Appointment.objects.order_by("pk").first()
    Objection.objects.create(appointment=appointment, summary="称其学历有误", recorded_by=talent)
    Reconciliation.objects.create(
        as_on=timezone.localdate(), file_name="实名制台账.xlsx", digest="0" * 64, unit=root, created_by=talent
    )
    LoginEvent.objects.create(user=talent, result="success")
    MajorCatalogue.objects.create(name="本科专业目录", edition=2024, source="目录.xlsx", imported_by=talent)


def _other_unit():
    """A department with one unit: nothing was ever planned, permitted or done for it."""
    root = Unit.objects.get(parent=None)
    department = Unit.objects.create(code="OTHER", name="邻局", kind=UnitKind.DEPARTMENT, parent=root)
    unit = Unit.objects.create(code="OTHER01", name="邻单位", parent=department)
    for role in Role:
        _account(f"other_{role}", [role], unit)
    _account("other_everything", list(Role), unit)
    _account(OWNER, list(Role), root)


def _account(username, roles, unit):
    user = User.objects.create(username=username, name=username, kind=UserKind.STAFF)
    for role in roles:
        StaffRole.objects.create(user=user, role=role, unit=unit, starts_at=LONG_AGO)


@pytest.fixture
def owner(_demo, db):
    """Holds every role for the whole county, and owns the jobs of the registry."""
    return User.objects.get(username=OWNER)


@pytest.fixture
def outsider(_demo, db):
    """`outsider(role)` → the account that holds this role for the other unit only; "everything": all of them."""
    return lambda role: User.objects.get(username=f"other_{role}")


@pytest.fixture
def secrets(_demo, db):
    """Every name and number of the county that people of another unit must not meet."""
    words = set()
    for model, fields in {
        Candidate: ("name",),
        Application: ("registration_no", "ticket_no"),
        Position: ("code",),
        EstablishedPost: ("code",),
        Permit: ("number",),
        RecruitingEvent: ("name", "code"),
        Campaign: ("name", "name_en"),
        Programme: ("name", "name_en"),
        Challenge: ("title",),
        Bid: ("number",),
    }.items():
        for field in fields:
            words |= set(model.objects.values_list(field, flat=True))
    words |= set(Unit.objects.exclude(code__startswith="OTHER").exclude(parent=None).values_list("name", flat=True))
    words |= set(User.objects.filter(staff_roles__isnull=False).exclude(username__startswith="other_")
                 .exclude(username=OWNER).values_list("name", flat=True))  # fmt: skip
    words -= {"", None, "系统管理员"}
    assert len(words) > 200
    return Secrets(sorted(words, key=len, reverse=True))


class Secrets:
    """Words that must not be met; plain search first, since a pattern of hundreds of them reads a page slowly."""

    def __init__(self, words):
        self.words = words

    def findall(self, text):
        near = "|".join(re.escape(word) for word in self.words if word in text)
        return re.findall(rf"(?<![\w-])(?:{near})(?![\w-])", text) if near else []

    def search(self, text):
        return self.findall(text) or None
