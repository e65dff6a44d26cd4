"""Fixtures that all rooms' tests share."""

import gc
import shutil
import smtplib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from accounts.enums import Role, UnitKind, UserKind
from accounts.models import StaffRole, Unit, User
from tests.databases import prepare_database
from tests.servers import chromium, redis_url

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # so that a test that moves the clock back keeps its staff
ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    if not hasattr(config, "workerinput"):
        call_command("compile_mo", verbosity=0)


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with a reason one can act on, what this machine has no server for."""
    reasons = {}
    if connection.vendor != "postgresql":
        reasons["postgres"] = "needs PostgreSQL: set DATABASE_URL=postgres://… or run make test-postgres"
    if not redis_url():
        reasons["redis"] = "needs a Redis server: start one, or set REDIS_URL"
    if not chromium():
        reasons["e2e"] = "needs Chromium: apt-get install chromium"
    for item in items:
        for marker, reason in reasons.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """Modules and tests live to the end: collecting garbage among them anew, again and again, is a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, request) -> Iterator[None]:
    """A copy of the template database; after each test that commits, another copy."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        template = prepare_database(ROOT / ".pytest_cache" / "databases", worker)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: template.copy())
    yield
    with django_db_blocker.unblock():
        template.drop()
    patch.undo()


@pytest.fixture(autouse=True)
def _no_mail_leaves_a_test(monkeypatch) -> None:
    """A test that reaches for a real mail server has forgotten to use the outbox."""

    def refuse(self: smtplib.SMTP, *args: object, **kwargs: object) -> None:
        pytest.fail("A test opened a connection to a mail server.")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)


@pytest.fixture(autouse=True)
def _each_test_starts_in_chinese() -> None:
    """A request of the test before may have left its language on this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _each_test_has_its_own_cache(monkeypatch) -> None:
    """The database cache rolls back with the test; a shared Redis does not, so each test gets its own key space."""
    if settings.REDIS_URL:
        monkeypatch.setattr(caches["default"], "key_prefix", uuid.uuid4().hex, raising=False)


@pytest.fixture
def county(db) -> Unit:
    """The root of the unit tree."""
    return Unit.objects.create(code="C", name="云岫县", kind=UnitKind.COUNTY)


@pytest.fixture
def make_unit(county) -> Callable[..., Unit]:
    """`make_unit("H1", name=…, parent=…)` → a unit, under the county unless said otherwise."""

    def make(code: str, *, name: str = "", parent: Unit | None = None, **fields: object) -> Unit:
        return Unit.objects.create(code=code, name=name or f"单位{code}", parent=parent or county, **fields)

    return make


@pytest.fixture
def staff(county) -> Callable[..., User]:
    """`staff(Role.X, unit=…, username=…)` → a staff member who holds that role (county-wide unless said otherwise)."""

    def make(*roles: Role, unit: Unit | None = None, username: str = "", **fields: object) -> User:
        username = username or f"{'_'.join(roles) or 'staff'}_{User.objects.count()}"
        user = User.objects.create(
            username=username, name=str(fields.pop("name", username)), kind=UserKind.STAFF, **fields
        )
        user.set_unusable_password()
        user.save()
        for role in roles:
            StaffRole.objects.create(user=user, role=role, unit=unit or county, starts_at=LONG_AGO)
        return user

    return make


@pytest.fixture
def system_actor(db) -> User:
    """The account under which scheduled work acts."""
    user, _created = User.objects.get_or_create(
        username="system", defaults={"kind": UserKind.SYSTEM, "name": "系统", "is_active": False, "password": "!"}
    )
    return user


@pytest.fixture
def candidate_user(db) -> User:
    """Someone who signed up on the public site, with a verified e-mail address, and no profile yet."""
    user = User.objects.create_user(
        username="candidate", email="candidate@example.com", kind=UserKind.CANDIDATE, name="林小满"
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def plain_missing_page(monkeypatch):
    """The office's missing page without its frame and without a look for a redirect of the site, which no page of the
    office has: for tests that meet it thousands of times, these are most of their time."""
    from django.template import engines, loader
    from wagtail.contrib.redirects import middleware

    monkeypatch.setattr(middleware, "get_redirect", lambda *_args, **_kwargs: None)

    real, plain = loader.get_template, engines["django"].from_string("missing")
    monkeypatch.setattr(
        loader, "get_template", lambda name, using=None: plain if name == "wagtailadmin/404.html" else real(name, using)
    )
