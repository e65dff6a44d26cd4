import pytest

from accounts import domain
from accounts.enums import Role, UnitKind
from accounts.models import StaffRole, User
from accounts.queries import console_account


@pytest.fixture
def console(db):
    return console_account()


@pytest.fixture
def root(console):
    return domain.create_unit(actor=console, parent=None, code="yx", name="云岫县", kind=UnitKind.COUNTY)


@pytest.fixture
def health(console, root):
    return domain.create_unit(actor=console, parent=root, code="health", name="卫健局", kind=UnitKind.DEPARTMENT)


@pytest.fixture
def education(console, root):
    return domain.create_unit(actor=console, parent=root, code="edu", name="教育局", kind=UnitKind.DEPARTMENT)


@pytest.fixture
def holder(root):
    """A maker of staff with one role: holder(Role.AUDITOR) or holder(Role.UNIT_HR, unit)."""

    def make(role: Role, unit=None, username: str = "") -> User:
        user = User.objects.create(username=username or f"{role}-{User.objects.count()}", kind="staff", password="!")
        StaffRole.objects.create(user=user, role=role, unit=unit or root)
        return user

    return make
