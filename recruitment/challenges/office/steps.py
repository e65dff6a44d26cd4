"""The page of each act on a challenge by its name in the address."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from recruitment.challenges.office import board, outcome, service
from recruitment.challenges.office.step import Step

PAGES: tuple[type[Step], ...] = (
    board.Edit,
    board.Confirm,
    board.MakeKeyHalf,
    board.Publish,
    board.HandIn,
    board.Open,
    board.Extend,
    board.Answer,
    outcome.Review,
    outcome.Award,
    outcome.Notice,
    outcome.CorrectNotice,
    outcome.Objection,
    outcome.Decide,
    outcome.Fail,
    outcome.Sign,
    outcome.Begin,
    service.DecideMilestone,
    service.LogWork,
    service.AddMember,
    service.ExtendTerm,
    outcome.Accept,
    outcome.Terminate,
)
STEPS: dict[str, Callable[..., HttpResponseBase]] = {page.name: page.as_view() for page in PAGES}


def step(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """The page of the act of that name."""
    view = STEPS.get(name)
    if view is None:
        raise Http404
    return view(request, code=code)
