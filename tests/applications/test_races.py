"""Two tabs, a double click, two positions at once: one application. Runs on whichever database the session uses."""

import time

import pytest

from foundation.errors import Refused
from recruitment.applications import domain
from recruitment.applications.models import Application, Transition
from recruitment.applications.pledge import current_pledge
from recruitment.candidates.models import Candidate
from tests.applicants import NOTHING_APPLIES, set_knobs
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 8


def test_a_double_click_on_start_gives_one_draft_to_all(candidate, position):
    results = run_together(
        TOGETHER, lambda n: domain.start_application(actor=candidate.user, candidate=candidate, position=position)
    )
    assert {result.pk for result in results} == {Application.objects.get().pk}
    assert Transition.objects.count() == 1


def test_two_tabs_on_different_positions_give_one_application(candidate, make_position):
    positions = [make_position(f"02{n:02d}") for n in range(TOGETHER)]
    results = run_together(
        TOGETHER, lambda n: domain.start_application(actor=candidate.user, candidate=candidate, position=positions[n])
    )
    winners = [result for result in results if isinstance(result, Application)]
    losers = [result for result in results if isinstance(result, Refused)]
    assert (len(winners), len(losers)) == (1, TOGETHER - 1)
    assert {refusal.code for refusal in losers} == {"one_post"}
    assert Application.objects.get() == winners[0]


@pytest.mark.parametrize("moves", [False, True])
def test_where_several_posts_are_allowed_two_tabs_still_give_one_application_for_a_post(
    candidate, position, make_position, moves
):
    set_knobs(position.campaign, registration={"one_post": False})
    other = domain.start_application(actor=candidate.user, candidate=candidate, position=make_position("0102"))

    def act(number):
        if moves and number % 2:
            return domain.change_position(actor=candidate.user, application=other, position=position)
        return domain.start_application(actor=candidate.user, candidate=candidate, position=position)

    run_together(TOGETHER, act)
    assert Application.objects.filter(position=position).count() == 1


def test_a_double_click_on_submit_submits_once(candidate, position):
    draft = domain.start_application(actor=candidate.user, candidate=candidate, position=position)

    def submit(number):
        return domain.submit_application(
            actor=candidate.user,
            application=draft,
            form={},
            declarations=NOTHING_APPLIES,
            pledge_version=current_pledge().version,
        )

    results = run_together(TOGETHER, submit)
    assert {result.state for result in results} == {"submitted"}
    assert Transition.objects.filter(move="submit").count() == 1


def test_two_windows_saving_one_draft_keep_one_and_tell_the_other(candidate, position):
    draft = domain.start_application(actor=candidate.user, candidate=candidate, position=position)
    results = run_together(
        TOGETHER,
        lambda n: domain.save_draft(
            actor=candidate.user, application=Application.objects.get(), form={"note": str(n)}, revision=0
        ),
    )
    saved = [number for number, result in enumerate(results) if result == 1]
    told = [result for result in results if isinstance(result, Refused) and result.code == "stale_revision"]
    assert (len(saved), len(told)) == (1, TOGETHER - 1)
    draft.refresh_from_db()
    assert f'"{saved[0]}"' in draft.draft


def test_without_the_constraint_the_same_race_is_lost(candidate, make_position):
    """The negative control: look, wait, write, in a batch group of their own. One winner here would prove nothing."""
    positions = [make_position(f"02{n:02d}") for n in range(TOGETHER)]

    def start(number):
        if Application.objects.filter(candidate=candidate).exists():
            return None
        time.sleep(0.3)
        return Application.objects.create(
            candidate=Candidate.objects.get(),
            campaign=positions[number].campaign,
            position=positions[number],
            batch_group=f"control-{number}",
            registration_no=f"control-{number}",
        )

    assert sum(result is not None for result in run_together(TOGETHER, start)) > 1
