import pytest

from accounts import audit_chain, domain
from accounts.enums import Role, UnitKind
from accounts.models import AuditEntry, StaffRole, User
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


@pytest.fixture(autouse=True)
def _entries_of_the_tests_own_transaction_count_as_settled(request, monkeypatch):
    """On PostgreSQL the sealer waits for open transactions, and a test is one; tests that commit keep the real rule."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr(audit_chain, "_settled", lambda: AuditEntry.objects.filter(seal=None).order_by("pk"))
