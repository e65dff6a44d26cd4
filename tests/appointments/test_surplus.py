"""A list that goes on longer than there are places (R68): checked all, named on the notice as many as are hired."""

from decimal import Decimal

import pytest

from foundation.errors import Refused
from recruitment.appointments.domain import end_appointment, prepare_notice
from recruitment.appointments.models import Appointment
from recruitment.examinations.models import TotalResult
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.examiners import ticket
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def checked(exam, make_position):
    """One place, two who went on to medical exam and inspection and passed both."""
    ranking = COUNTY_EXAM.ranking.model_copy(update={"surplus_ratio": Decimal(2)})
    set_rules(exam.campaign, COUNTY_EXAM.replaced(ranking=ranking))
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    assert len(exam.hand_over()) == 2
    return exam


def listed(publication):
    return [row[-2] for row in publication.rows]


def test_the_notice_names_the_first_and_the_next_follows_only_to_a_freed_place(checked):
    assert listed(checked.notice()) == [ticket(0)]
    with pytest.raises(Refused) as nobody:
        prepare_notice(actor=checked.office, campaign=checked.campaign)
    assert nobody.value.code == "nobody"
    first = Appointment.objects.get(application__ticket_no=ticket(0))
    end_appointment(actor=checked.office, appointment=first, reason_code="withdrew", reason="本人放弃", document="声明")
    assert listed(prepare_notice(actor=checked.office, campaign=checked.campaign)) == [ticket(1)]


def test_a_tie_for_the_last_place_names_nobody(checked):
    TotalResult.objects.filter(rank=2).update(rank=1)
    with pytest.raises(Refused) as tied:
        prepare_notice(actor=checked.office, campaign=checked.campaign)
    assert (tied.value.code, ticket(0) in tied.value.message, ticket(1) in tied.value.message) == ("tied", True, True)
