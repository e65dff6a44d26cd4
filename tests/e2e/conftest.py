"""A browser, a server on a database of its own for each file, and what every page is held to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.servers import chromium

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PASSWORD = "one-long-Password-7"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server whose database lasts for the file and is a fresh copy after it."""
    patch = pytest.MonkeyPatch()
    # Playwright's own event loop runs in the thread of the test, which also reads and writes the database.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    patch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        TransactionTestCase._fixture_teardown(None)
    patch.undo()


@pytest.fixture(scope="module")
def chrome(site: str) -> Iterator[Browser]:
    """Closed before the server: outside it, an event loop in this thread would keep tests from the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Windows:
    """Opens windows that share nothing; `complaints` are what the browser reported about scripts and content policy."""

    browser: Browser
    site: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, user: User | None = None, *, language: str = "zh-hans", **options: object) -> Page:
        """A window, signed in as `user` by a session cookie; Chinese unless said otherwise."""
        context = self.browser.new_context(base_url=self.site, locale="zh-CN", **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.site}])
        if user:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": self.site}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _listen(self, message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        if "Content Security Policy" in text:
            self.complaints.append(text)


def session_of(user: User) -> str:
    """The key of a new session of `user`."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@pytest.fixture
def windows(chrome: Browser, site: str) -> Iterator[Windows]:
    """At the end no window may have complained about a script or the content policy."""
    opened = Windows(chrome, site)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.complaints == []


@pytest.fixture
def browser_page(windows: Windows) -> Page:
    """A window of nobody."""
    return windows.open()


@pytest.fixture
def sign_in_staff(windows: Windows) -> Callable[[Page, User], None]:
    """The real door of staff: user name, password, then the code of an authenticator app."""

    def sign_in(page: Page, user: User) -> None:
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        user.set_password(PASSWORD)
        user.save()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill(user.username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/2fa/authenticate/**")
        counter = next(iter(yield_hotp_counters_from_time()))
        page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, counter)))
        page.locator("input[name=code]").press("Enter")
        page.wait_for_url("**/admin/")

    return sign_in


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it is, one line per rule and first node."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run().then(answer => answer.violations)")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


def check_page(page: Page) -> None:
    """No finding of axe-core, one heading of the page, and at phone width nothing that scrolls sideways."""
    before = page.viewport_size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    too_wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    findings = axe_findings(page)
    headings = page.locator("h1").all_inner_texts()
    if before:
        page.set_viewport_size(before)
    assert (page.url, findings, too_wide) == (page.url, [], 0)
    assert (page.url, len(headings)) == (page.url, 1), headings
