"""What a person does at a page, in words: open, fill in, press, read."""

from dataclasses import dataclass

import pytest
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page

from foundation.messages.models import Message


@dataclass
class Desk:
    """One person's window."""

    page: Page

    def open(self, address: str) -> "Desk":
        answer = self.page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        return self

    def fill(self, **values: object) -> "Desk":
        """Each named control of the page: text, date, choice, tick or file (name, type, bytes)."""
        for name, value in values.items():
            control = self.page.locator(f'main [name="{name}"], #main [name="{name}"]').first
            kind = control.evaluate("node => node.type || node.tagName")
            if kind in ("select-one", "select-multiple"):
                choose(control, str(value))
            elif kind == "radio":
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "checkbox":
                self.page.locator(f'[name="{name}"][value="{value}"]').check() if isinstance(value, str) else (
                    control.check() if value else control.uncheck()
                )
            elif kind == "file":
                control.set_input_files(value)  # type: ignore[arg-type]
            else:
                control.fill(str(value))
        return self

    def press(self, name: str, *, inside: str = "main, #main") -> "Desk":
        """The button or link of that name in the reader's language; `inside` narrows it to a part of the page."""
        part, name = self.page.locator(inside).first, gettext(name)
        found = part.get_by_role("button", name=name).or_(part.get_by_role("link", name=name))
        if not found.count():
            offered = [text.strip() for text in part.locator("button, a").all_inner_texts()]
            pytest.fail(f"{self.page.url} offers no “{name}”, only {offered}; it reads {part.inner_text()[:1500]}")
        found.first.click()
        self.page.wait_for_load_state()
        return self

    def says(self, *texts: str) -> "Desk":
        """Every text of the interface, given in English, is on the page in the reader's language."""
        return self.reads(*(gettext(text) for text in texts))

    def reads(self, *texts: str) -> "Desk":
        """Every text is on the page."""
        for text in texts:
            if text not in (shown := self._text()):
                pytest.fail(f"{self.page.url} does not read “{text}” but: {shown[:2500]}")
        return self

    def _text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def reads_nothing_of(self, *texts: str) -> "Desk":
        shown = self._text()
        assert [text for text in texts if text in shown] == []
        return self


def choose(control: Locator, wanted: str) -> None:
    """The option with that value, or whose words contain it."""
    options = {node.get_attribute("value"): node.inner_text() for node in control.locator("option").all()}
    found = [value for value, words in options.items() if wanted == value or (value and wanted in words)]
    assert found, (wanted, options)
    control.select_option(value=found[0])


def newest_code(address: str) -> str:
    """The six digits of the newest message to `address`, as a person reads them in the outbox."""
    message = next(row for row in Message.objects.order_by("-pk") if row.address == address)
    return next(word for word in message.body.replace("：", " ").replace("。", " ").split() if word.isdigit())
