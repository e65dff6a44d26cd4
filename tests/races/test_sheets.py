"""A score sheet counts once, and none comes in after the marks were closed. On whichever database the session uses."""

import time
from decimal import Decimal

import pytest

from accounts.enums import Role
from foundation.errors import Refused
from recruitment.panels.domain import lock_panel, submit_sheet
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from rulebook.ruleset.profiles import COUNTY_SELECTION
from tests.panelists import set_rules
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
MARKS = {"education": Decimal(30), "school": Decimal(20), "awards": Decimal(5), "papers": Decimal(1)}
TIMES = 8


@pytest.fixture
def panel(make_campaign, staff):
    campaign = make_campaign(code="SEL", track="competitive_selection")
    set_rules(campaign, COUNTY_SELECTION)
    criteria = [
        {"code": item.name, "name": item.name, "full_mark": str(item.cap), "weight": "1"}
        for item in COUNTY_SELECTION.selection.material_items
    ]
    panel = Panel.objects.create(campaign=campaign, name="材料评审", purpose="material", criteria=criteria)
    for number in range(2):
        PanelMember.objects.create(panel=panel, user=staff(Role.EXPERT, username=f"judge{number}"))
    Subject.objects.create(panel=panel, draw_no=1)
    return panel


def test_a_sheet_sent_many_times_at_once_is_handed_in_once(panel):
    judge, subject = panel.members.first().user, panel.subjects.get()
    results = run_together(TIMES, lambda _n: submit_sheet(actor=judge, subject=subject, marks=MARKS))
    assert sum(isinstance(result, Refused) for result in results) == TIMES - 1
    assert ScoreSheet.objects.count() == 1


def test_marks_are_closed_with_every_sheet_in_or_stay_open(panel, staff):
    """The last sheet and the closing at once: closed only if the sheet is in, and no sheet after it."""
    office = staff(Role.TALENT_OFFICE, username="talent")
    first, last = (member.user for member in panel.members.order_by("pk"))
    subject = panel.subjects.get()
    submit_sheet(actor=first, subject=subject, marks=MARKS)
    acts = [
        lambda: submit_sheet(actor=last, subject=subject, marks=MARKS),
        lambda: lock_panel(actor=office, panel=panel),
    ]
    run_together(2, lambda number: acts[number]())
    panel.refresh_from_db()
    sheets = ScoreSheet.objects.count()
    assert (panel.locked_at is not None, sheets) in {(True, 2), (False, 2)}


def test_looking_first_and_writing_later_hands_in_a_sheet_after_the_lock(panel):
    """The negative control: whoever looks whether the panel is open, and writes without its lock, comes too late."""
    subject, late = panel.subjects.get(), []

    def hand_in():
        if Panel.objects.get(pk=panel.pk).locked_at is None:
            time.sleep(0.5)
            late.append(Panel.objects.get(pk=panel.pk).locked_at is not None)

    def close():
        time.sleep(0.2)
        Panel.objects.filter(pk=panel.pk).update(locked_at=subject.panel.campaign.published_at)

    run_together(2, lambda number: (hand_in, close)[number]())
    assert late == [True]
