"""Telling applicants a result when they may know it: with the release of its list, or at once if the list is out."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from recruitment.applications.enums import CLOSED_STATES
from recruitment.applications.models import Application, Transition
from recruitment.applications.notices import tell_all
from recruitment.applications.signals import applications_moved
from recruitment.publications.models import Publication, PublicationEntry
from recruitment.publications.queries import NAMING, TAKEN_BACK, TOLD_BY, released
from recruitment.publications.signals import publication_released

CHUNK = 1000


@receiver(publication_released)
def tell_of_release(publication: Publication, **_named: Any) -> None:
    """Each person whose result this list makes public, named on it or left out by a shortlist, in one go.

    A correction tells them again: their result may be another one. Nobody is told twice by one release.
    """
    moves = [move for move, kinds in TOLD_BY.items() if publication.kind in kinds]
    if not moves:
        return
    # Nothing stands that came after a written mark once that mark is opened again.
    undone = [move for move, result in TAKEN_BACK.items() if result in moves or result == "mark"]
    made = Transition.objects.filter(application__campaign=publication.campaign_id, move__in=[*moves, *undone])
    if publication.kind in NAMING:
        made = made.filter(application__publication_entries__publication=publication)
    latest: dict[int, str] = dict(made.order_by("pk").values_list("application_id", "move"))
    for pk in publication.entries.values_list("application_id", flat=True):
        latest.setdefault(pk, "listed")
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, move in latest.items():
        if move not in TAKEN_BACK:
            groups[move].append(pk)
    for move, keys in groups.items():
        _tell(keys, move, occasion=f"list{publication.pk}")


@receiver(applications_moved)
def tell_of_moves(move: str, keys: Sequence[int], **_named: Any) -> None:
    """A result made after its list went out, or taken back then, is told at once; before the release none is (R94)."""
    kinds = TOLD_BY.get(TAKEN_BACK.get(move, move))
    if not kinds:
        return
    out = released().filter(kind__in=kinds).order_by()
    if set(kinds) <= set(NAMING):
        _tell(keys, move, pk__in=PublicationEntry.objects.filter(publication__in=out).values("application"))
    else:
        _tell(keys, move, campaign__in=out.values("campaign"))


def _tell(keys: Sequence[int], kind: str, *, occasion: str = "", **within: object) -> None:
    for start in range(0, len(keys), CHUNK):
        tell_all(_people(keys[start : start + CHUNK]).filter(**within), kind, occasion=occasion)


def _people(keys: Sequence[int]) -> QuerySet[Application]:
    """Those who still stand and can be told, without what they submitted."""
    rows = Application.objects.filter(pk__in=keys, candidate__user__isnull=False).exclude(state__in=CLOSED_STATES)
    return rows.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses")
