"""Programmes and what they aim at."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.models import Envelope
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme, Target
from campaigns.planning.policies import may_plan
from foundation.errors import Refused


def _check(code: str, name: str, target_people: int, starts_on: date, ends_on: date) -> None:
    if not code.strip() or not name.strip():
        raise Refused(_("A programme needs a code and a name. Nothing was saved."), code="incomplete")
    if target_people < 1:
        raise Refused(_("The target must be at least 1 person. Nothing was saved."), code="target")
    if ends_on < starts_on:
        raise Refused(
            _("The programme would end on %(end)s, before it starts on %(start)s. Nothing was saved.")
            % {"end": ends_on, "start": starts_on},
            code="dates",
        )


@transaction.atomic
def create_programme(
    *,
    actor: User,
    code: str,
    name: str,
    unit: Unit,
    target_people: int,
    starts_on: date,
    ends_on: date,
    envelope: Envelope | None = None,
    name_en: str = "",
) -> Programme:
    """A programme of `unit` for `target_people` people between two dates, out of `envelope` if it has one.

    Raises NotAllowed unless the talent office of `unit` acts; Refused on a code in use, dates out of order, no target.
    """
    require(may_plan, actor, unit)
    _check(code, name, target_people, starts_on, ends_on)
    if Programme.objects.filter(code=code.strip()).exists():
        raise Refused(
            _("There is already a programme with the code %(code)s. Nothing was saved.") % {"code": code},
            code="duplicate",
        )
    programme = Programme.objects.create(
        code=code.strip(), name=name.strip(), name_en=name_en.strip(), unit=unit, envelope=envelope,
        target_people=target_people, starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="planning.create_programme",
        subject=programme,
        after={"code": programme.code, "target_people": target_people, "envelope": envelope.code if envelope else ""},
    )
    return programme


@transaction.atomic
def edit_programme(
    *,
    actor: User,
    programme: Programme,
    name: str,
    target_people: int,
    starts_on: date,
    ends_on: date,
    envelope: Envelope | None = None,
    name_en: str = "",
) -> Programme:
    """Change everything of a programme but its code and unit; the audit trail keeps what it was before."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    require(may_plan, actor, programme)
    _check(programme.code, name, target_people, starts_on, ends_on)
    wanted = {
        "name": name.strip(), "name_en": name_en.strip(), "target_people": target_people,
        "starts_on": starts_on, "ends_on": ends_on, "envelope": envelope,
    }  # fmt: skip
    before = {key: str(getattr(programme, key)) for key, value in wanted.items() if getattr(programme, key) != value}
    for key, value in wanted.items():
        setattr(programme, key, value)
    programme.save()
    after = {key: str(wanted[key]) for key in before}
    audit.record(actor=actor, action="planning.edit_programme", subject=programme, before=before, after=after)
    return programme


@transaction.atomic
def set_target(*, actor: User, programme: Programme, track: str, people: int, slots: int = 0) -> Target:
    """Set what one track is to bring a programme, in people and in established posts.

    Raises Refused if the tracks together would use more posts than the programme's envelope holds.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    require(may_plan, actor, programme)
    if track not in Track.values or people < 0 or slots < 0:
        raise Refused(_("Name a track, and numbers of 0 or more. Nothing was saved."), code="target")
    others = sum(programme.targets.exclude(track=track).values_list("slots", flat=True))
    if programme.envelope and others + slots > programme.envelope.size:
        raise Refused(
            _("%(envelope)s holds %(size)s posts; the targets would use %(sum)s. Nothing was saved.")
            % {"envelope": programme.envelope, "size": programme.envelope.size, "sum": others + slots},
            code="envelope",
        )
    before = programme.targets.filter(track=track).values("people", "slots").first()
    target, _created = Target.objects.update_or_create(
        programme=programme, track=track, defaults={"people": people, "slots": slots}
    )
    audit.record(
        actor=actor,
        action="planning.set_target",
        subject=programme,
        before=before,
        after={"track": track, "people": people, "slots": slots},
    )
    return target
