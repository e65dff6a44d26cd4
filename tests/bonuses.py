"""Applicants who claim bonus: their documents, tickets and the rules of the bonus."""

from io import BytesIO

import pytest
from PIL import Image

from accounts.enums import Role
from campaigns.planning.queries import rules_of
from recruitment.applications import domain as applications
from recruitment.candidates.domain import add_document
from recruitment.examinations import domain
from rulebook.ruleset import BonusItem
from tests.examiners import ticket

GROUND = "grassroots_service"


def picture():
    stream = BytesIO()
    Image.new("RGB", (295, 413), "white").save(stream, "JPEG")
    return stream.getvalue()


def set_bonus(campaign, **changes):
    """The campaign's rules with other knobs of the bonus."""
    rules = rules_of(campaign)
    if "items" in changes:
        changes["items"] = tuple(BonusItem(**item) for item in changes["items"])
    written = rules.written.model_copy(update={"bonus": rules.written.bonus.model_copy(update=changes)})
    set_rules(campaign, written=written)


def set_rules(campaign, **sections):
    rules = rules_of(campaign).model_copy(update=sections)
    campaign.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())


class Claimant:
    """Somebody with an account whose application passed the review, with a ticket and a document of proof."""

    def __init__(self, application):
        self.application, self.candidate = application, application.candidate
        self.user = self.candidate.user
        self.proof = self.hand_in()

    def hand_in(self, name="证明.jpg"):
        return add_document(
            actor=self.user, candidate=self.candidate, kind="bonus", content=picture(), name=name
        )  # fmt: skip

    def claim(self, months=36, ground=GROUND, **more):
        return domain.claim_bonus(
            **{"actor": self.user, "application": self.application, "ground": ground, "months": months,
               "document": self.proof, **more}
        )  # fmt: skip

    def result(self):
        return type(self.application).objects.get(pk=self.application.pk).written_result


@pytest.fixture
def make_claimant(exam, make_candidate, submit, position, staff):
    """`make_claimant()` → one more person of the exam, in the order of the marks."""

    def make(at=None, **answers):
        candidate = make_candidate(**answers)
        row = applications.start_application(actor=candidate.user, candidate=candidate, position=at or position)
        row = submit(row)
        reviewer = staff(Role.UNIT_HR, unit=row.position.unit, username=f"hr{len(exam.people)}")
        row = applications.pass_review(actor=reviewer, application=row)
        row.ticket_no = ticket(len(exam.people))
        row.save(update_fields=["ticket_no"])
        exam.people.append(row)
        return Claimant(row)

    return make


@pytest.fixture
def claimant(make_claimant):
    return make_claimant()
