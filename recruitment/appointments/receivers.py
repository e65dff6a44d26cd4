"""What appointments hear from the press."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from campaigns.establishment.enums import SlotState
from campaigns.planning.models import Position
from recruitment.appointments.domain import prepare_notice, start_notice
from recruitment.appointments.domain.holding import needs_post
from recruitment.appointments.enums import AppointmentState
from recruitment.appointments.models import Appointment
from recruitment.publications.models import Publication, PublicationKind
from recruitment.publications.rooms import register_correction, register_effects
from recruitment.publications.signals import publication_released


@receiver(publication_released)
def begin_notice(publication: Publication, actor: User, **_named: Any) -> None:
    """The notice begins with the release, in one transaction: no list goes out for which posts are missing."""
    if publication.kind == PublicationKind.PROPOSED_HIRES:
        start_notice(actor=actor, publication=publication)


def _release(publication: Publication) -> list[str]:
    named = Appointment.objects.filter(application__in=publication.entries.values("application_id"))
    people = named.filter(state=AppointmentState.INSPECTED).count()
    held = named.filter(state=AppointmentState.INSPECTED, post=None).count()
    told = ngettext("%(n)s person comes under notice.", "%(n)s people come under notice.", people) % {"n": people}
    posts = ngettext("%(n)s reserved post is held.", "%(n)s reserved posts are held.", held) % {"n": held}
    return [told, posts, *_short(named)]


def _short(named: QuerySet[Appointment]) -> list[str]:
    """A warning for each position with fewer reserved posts than people who need one; the release would be refused."""
    waiting = Counter(
        person.position
        for person in named.filter(state=AppointmentState.INSPECTED, post=None).select_related("position__campaign")
        if needs_post(person)
    )
    claims = Q(slots__released_at=None, slots__post__state=SlotState.RESERVED)
    reserved = dict(
        Position.objects.filter(pk__in=[position.pk for position in waiting])
        .annotate(n=Count("slots", filter=claims))
        .values_list("pk", "n")
    )
    line = _("Position %(code)s: %(people)s people need a post, %(posts)s reserved. The release would be refused.")
    return [
        line % {"code": position.code, "people": people, "posts": reserved[position.pk]}
        for position, people in waiting.items()
        if people > reserved[position.pk]
    ]


def _withdrawal(publication: Publication) -> list[str]:
    people = Appointment.objects.filter(notice=publication, state=AppointmentState.NOTICED).count()
    told = ngettext(
        "%(n)s person can't be approved until a corrected list has been under notice.",
        "%(n)s people can't be approved until a corrected list has been under notice.",
        people,
    )
    return [told % {"n": people}, _("Their posts stay held.")]


def _correct(actor: User, publication: Publication) -> Publication:
    return prepare_notice(actor=actor, campaign=publication.campaign, supersedes=publication)


register_effects(PublicationKind.PROPOSED_HIRES, release=_release, withdrawal=_withdrawal)
register_correction(PublicationKind.PROPOSED_HIRES, _correct)
