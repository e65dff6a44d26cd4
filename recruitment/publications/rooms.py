"""What the rooms above and the press tell each other: how to correct a list, what its release sets off, where it is."""

from collections.abc import Callable, Sequence, Set

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.planning.models import Campaign
from foundation.jobs.work import Left
from recruitment.publications.models import Publication

Correction = Callable[[User, Publication], Publication]
Finder = Callable[[Campaign], Set[int]]
Effects = Callable[[Publication], Sequence[str]]
CORRECTIONS: dict[str, Correction] = {}
ABSENT: dict[str, Finder] = {}
RELEASE_EFFECTS: dict[str, Effects] = {}
WITHDRAWAL_EFFECTS: dict[str, Effects] = {}


def register_correction(kind: str, prepare: Correction) -> None:
    """`prepare(actor, publication)` drafts the list anew from today's data; its release replaces `publication`."""
    CORRECTIONS[kind] = prepare


def register_absent(kind: str, find: Finder) -> None:
    """`find(campaign)` gives the applications that did not come to what a list of this kind tells the result of."""
    ABSENT[kind] = find


def handed_in(draft: Publication) -> Left:
    """What a job that prepared a list leaves: the page where a second person reviews it."""
    url = reverse("press-publication", args=[draft.pk])
    return {"said": _("The draft is ready. A second person reviews it."), "url": url, "rows": len(draft.rows)}


def register_effects(kind: str, *, release: Effects, withdrawal: Effects) -> None:
    """Sentences about what a release or a withdrawal of `publication` changes in that room."""
    RELEASE_EFFECTS[kind], WITHDRAWAL_EFFECTS[kind] = release, withdrawal
