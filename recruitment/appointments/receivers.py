"""What appointments hear from the press."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from recruitment.appointments.domain import prepare_notice, start_notice
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
    return [told, posts]


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
