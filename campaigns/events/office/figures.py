"""Figures that rooms above add to the page of an event: what became of the people it brought."""

from collections.abc import Callable, Iterable

from accounts.models import User
from campaigns.events.models import RecruitingEvent
from foundation.ui.components import Figure

FIGURES: list[Callable[[User, RecruitingEvent], Iterable[Figure]]] = []


def register_event_figures(
    find: Callable[[User, RecruitingEvent], Iterable[Figure]],
) -> Callable[[User, RecruitingEvent], Iterable[Figure]]:
    """Decorator: `find(user, event)` gives the figures that this person may see."""
    FIGURES.append(find)
    return find


def figures_of(user: User, event: RecruitingEvent) -> list[Figure]:
    """All of them, in the order of the rooms."""
    return [figure for find in FIGURES for figure in find(user, event)]
