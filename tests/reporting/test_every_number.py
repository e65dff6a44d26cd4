"""Every number on the leaders' screen opens to its list, which has exactly that many rows, at every stage."""

import re
from html.parser import HTMLParser

import pytest
from django.db import transaction

from accounts.models import User
from recruitment.demo.story import STAGES, Scale, Story

TINY = Scale(first_exam=3, first_selection=2, second_exam=2, third_exam=3, second_selection=1, online=4, visitors=4)

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """(address, text, whether it stands in a cell of a table) of every link; and the numbers of cells without one."""

    def __init__(self, page):
        super().__init__()
        self.links, self.bare, self.open, self.cell = [], [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a":
            self.open = [attrs.get("href", ""), ""]
        elif tag == "td" and "num" in (attrs.get("class") or ""):
            self.cell = [attrs.get("data-label"), "", False]

    def handle_data(self, data):
        if self.open:
            self.open[1] += data
        if self.cell:
            self.cell[1] += data
            self.cell[2] |= self.open is not None

    def handle_endtag(self, tag):
        if tag == "a" and self.open:
            self.links.append(tuple(self.open))
            self.open = None
        elif tag == "td" and self.cell:
            label, text, is_link = self.cell
            if label and not is_link and re.fullmatch(r"[\d,]+", text.strip()):
                self.bare.append(label)
            self.cell = None


def counted(links):
    """Address → the number its text says, of links into lists of figures."""
    found = {}
    for address, text in links:
        number = re.search(r"(?<![\w〔-])\d[\d,]*", text)
        if address.startswith("/admin/figures/TP1000/") and number:
            found.setdefault(address, set()).add(int(number.group().replace(",", "")))
    return found


@pytest.fixture(params=STAGES)
def stage(request):
    point = transaction.savepoint()
    Story(TINY, seed=1).play(request.param)
    yield request.param
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize("username", ["leader", "education"])
def test_every_number_opens_to_exactly_that_many_rows(stage, client, username):
    client.force_login(User.objects.get(username=username))
    page = client.get("/admin/figures/")
    assert page.status_code == 200
    screen = Links(page.content.decode())
    numbers = counted(screen.links)
    assert len(numbers) > 12
    for address, said in numbers.items():
        opened = client.get(address)
        assert opened.status_code == 200, address
        assert said == {opened.context["page"].paginator.count}, address
        sheet = client.get(f"{address}{'&' if '?' in address else '?'}export=csv")
        rows = b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()
        assert {len(rows) - 2} == said, address


def test_only_targets_stand_in_a_table_without_a_list(stage, client):
    """A target is set by hand: there is nothing to count behind it."""
    client.force_login(User.objects.get(username="leader"))
    assert set(Links(client.get("/admin/figures/").content.decode()).bare) <= {"目标人数"}
