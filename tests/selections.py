"""A selection whose applicants passed the review, with two reviewers of material."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from recruitment.applications.models import Application
from recruitment.panels.domain import lock_panel, submit_sheet
from recruitment.selection import domain
from rulebook.ruleset import profiles
from rulebook.ruleset.examination import TotalPart, TotalRules
from tests.panelists import judges, set_rules

RULES = profiles.COUNTY_SELECTION.model_copy(
    update={
        "total": TotalRules(parts=(TotalPart(name="material", weight=Decimal(1)),)),
        "interview": profiles.COUNTY_SELECTION.interview.model_copy(update={"held": False}),
    }
)


@pytest.fixture
def office(staff):
    return staff(Role.TALENT_OFFICE, username="talent", name="经办")


@pytest.fixture
def selection(make_campaign):
    campaign = make_campaign(code="SEL", track="competitive_selection")
    set_rules(campaign, RULES)
    return campaign


@pytest.fixture
def make_standing(selection, make_candidate):
    """`make_standing(position, 3)` → applications that passed the review, numbered R1, R2, …"""

    def make(position, count):
        start = Application.objects.count()
        return [
            Application.objects.create(
                candidate=make_candidate(name=f"考生{number}"), campaign=selection, position=position,
                batch_group=selection.batch_group, registration_no=f"R{number}", state="effective",
            )
            for number in range(start + 1, start + count + 1)
        ]  # fmt: skip

    return make


@pytest.fixture
def people(selection, make_position, make_standing):
    """Three effective applications for one position with one place, by registration number."""
    return {row.registration_no: row for row in make_standing(make_position(campaign=selection), 3)}


@pytest.fixture
def reviewers(staff):
    return judges(staff, 2)


@pytest.fixture
def panel(office, selection, people, reviewers):
    return domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)


def sheet_of(education):
    return {"education": Decimal(education), "school": Decimal(0), "awards": Decimal(0), "papers": Decimal(0)}


@pytest.fixture
def mark(office, panel, reviewers):
    """`mark(R1=30, R2=38, R3=20)`: both reviewers give the same, and the marks are closed."""

    def give(**marks):
        for subject in panel.subjects.select_related("application"):
            for reviewer in reviewers:
                given = sheet_of(marks[subject.application.registration_no])
                submit_sheet(actor=reviewer, subject=subject, marks=given)
        return lock_panel(actor=office, panel=panel)

    return give
