"""The board of open challenges for everyone, and one challenge with the way to bid."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import queries
from foundation.ui.components import Fact
from recruitment.challenges.enums import ChallengeState
from recruitment.challenges.machine import CHALLENGES
from recruitment.challenges.queries import (
    answered_questions,
    is_open_for_bids,
    open_challenges,
    public_challenges,
    search_challenges,
    told_challenge_state,
)
from recruitment.challenges.timeline import public_steps


def board(request: HttpRequest) -> HttpResponse:
    """Everything that was ever put on the board, what takes bids now in front; narrowed by words."""
    text, now = request.GET.get("q", "").strip()[:60], timezone.now()
    only_open = request.GET.get("open") == "1"
    rows = search_challenges(open_challenges(now) if only_open else public_challenges(), text)
    context = {
        "page": queries.paginate(rows, request),
        "q": text,
        "only_open": only_open,
        "open_now": open_challenges(now).count(),
    }
    return render(request, "cms/challenge_list.html", context)


def challenge_page(request: HttpRequest, code: str) -> HttpResponse:
    """One challenge: problem, indicators, amount, window, timeline, and how to bid."""
    rows, now = public_challenges().select_related("campaign__public_page"), timezone.now()
    challenge = get_object_or_404(rows, code=code)
    state = told_challenge_state(challenge)
    context = {
        "challenge": challenge,
        "facts": [
            Fact(_("Board number"), challenge.code),
            Fact(_("Unit"), challenge.unit.name),
            Fact(_("Field"), challenge.field_name),
            Fact(_("Amount at most, yuan"), challenge.amount),
            Fact(_("Days on site a year"), str(challenge.days_per_year)),
            Fact(_("Result due on"), challenge.ends_on),
        ],
        "steps": public_steps(challenge, now),
        "is_open": is_open_for_bids(challenge, now),
        "state": CHALLENGES.public_name(state),
        "is_failed": state == ChallengeState.FAILED,
        "notice": challenge.notice if state == ChallengeState.AWARDED else None,
        "questions": answered_questions(challenge),
        "now": now,
    }
    return render(request, "cms/challenge.html", context)
