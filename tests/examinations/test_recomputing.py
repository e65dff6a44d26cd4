"""Every released mark comes out again from what is stored, byte for byte, or the command says whose does not (R96)."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from campaigns.planning.queries import rules_of
from recruitment.examinations.models import TotalResult, WrittenResult
from recruitment.examinations.recomputing import recomputed
from tests.examiners import ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(exam, make_position):
    """Two positions, released totals; hires are proposed, so that most people have moved on since."""
    for number in range(2):
        exam.enter(make_position(f"P{number}"), 4)
    exam.to_totals([120, 110, 100, 90, 80, 85, 95, 70], [80, 85, 90, "", 88, 86, 84, ""])
    return exam


def verify(exam, **options):
    out = StringIO()
    call_command("verify_results", campaign=exam.campaign.code, stdout=out, **options)
    return out.getvalue()


def test_r96_the_same_marks_and_rules_give_the_same_sheets_and_their_digests_stand_in_the_audit_trail(held):
    sheets = list(recomputed(held.campaign))
    assert [(one.sheet, one.people, one.is_same, one.differing) for one in sheets] == [
        ("written", 8, True, ()),
        ("total", 6, True, ()),
    ]
    for sheet, action in zip(sheets, ("examinations.rank_written", "examinations.compute_totals"), strict=True):
        assert AuditEntry.objects.filter(action=action).latest("pk").after["sheet"] == sheet.digest
    assert verify(held).count("same") == 2


@pytest.mark.parametrize(
    ("table", "change", "sheet"),
    [
        (WrittenResult, {"value": "99.99"}, "written"),
        (WrittenResult, {"rank": 7}, "written"),
        (TotalResult, {"value": "99.99"}, "total"),
        (TotalResult, {"rank": 7}, "total"),
    ],
)
def test_a_result_that_was_changed_behind_the_verbs_is_named(held, table, change, sheet):
    table.objects.filter(application__ticket_no=ticket(1)).update(**change)
    differing = {one.sheet: one.differing for one in recomputed(held.campaign) if not one.is_same}
    assert differing[sheet] == (ticket(1),)
    with pytest.raises(CommandError, match="sheets differ"):
        verify(held)


def test_rules_that_were_changed_behind_the_verbs_show_in_the_totals(held):
    written, interview = rules_of(held.campaign).total.parts
    parts = (
        written.model_copy(update={"weight": Decimal("0.6")}),
        interview.model_copy(update={"weight": Decimal("0.4")}),
    )
    held.knobs("total", parts=parts)
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("verify_results", campaign=held.campaign.code, format="json", stdout=out)
    same, totals = json.loads(out.getvalue())["sheets"]
    assert (same["digest"] == same["again"], totals["digest"] == totals["again"]) == (True, False)
    assert ticket(0) in totals["differing"]


def test_an_unknown_campaign_and_one_without_results_are_told_apart(exam):
    with pytest.raises(CommandError, match="no campaign NONE"):
        call_command("verify_results", campaign="NONE")
    assert verify(exam) == ""
