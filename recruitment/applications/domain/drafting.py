"""From choosing a position to a form that is ready to submit."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import is_registration_open, rule_set_in_force, rules_of
from foundation.dates import moment
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.enums import OPEN_TO_CANDIDATE, ApplicationState
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application, Transition
from recruitment.applications.numbers import new_registration_numbers
from recruitment.applications.policies import is_applicant
from recruitment.applications.queries import (
    is_recruiting,
    live_application,
    may_change_now,
    passed_before,
    rejected_before,
)
from recruitment.candidates.models import Candidate
from recruitment.candidates.policies import is_oneself
from rulebook.counting import Touch, attribute


def refuse_unless_open(position: Position) -> None:
    """Raises Refused with the dates unless the position takes applications now, by the server's clock (R18)."""
    campaign, now = position.campaign, timezone.now()
    if not is_recruiting(position):
        raise Refused(_("This position does not take applications. Nothing was saved."), code="not_recruiting")
    if is_registration_open(campaign, now):
        return
    opens, closes = campaign.registration_opens_at, campaign.registration_closes_at
    if opens is None or now < opens:
        when = moment(opens) or _("a date still to be announced")
        raise Refused(_("Registration opens at %(when)s. Nothing was saved.") % {"when": when}, code="not_open_yet")
    raise Refused(
        _("Registration closed at %(when)s. Nothing was saved.") % {"when": moment(closes)},
        code="closed",
    )


@transaction.atomic
def start_application(
    *, actor: User, candidate: Candidate, position: Position, event: RecruitingEvent | None = None
) -> Application:
    """A draft of `candidate` for `position`; asked again for the same position it returns the one there is.

    One live application per person and batch group (R16) is a constraint of the database: of two that start at once one
    gets it, and the other is answered with it. Raises Refused: window closed, another position already chosen
    (`other_application`), or bound by a review passed before or, where the rules say so, not passed (`bound`, R19).
    """
    require(is_oneself, actor, candidate)
    refuse_unless_open(position)
    batch_group = position.campaign.batch_group
    if bound := passed_before(candidate.pk, batch_group):
        raise Refused(
            _("Your application %(number)s passed the review; no other position can be chosen. Nothing was saved.")
            % {"number": bound.registration_no},
            code="bound",
        )
    if rejected := rejected_before(candidate.pk, batch_group):
        _refuse_bound(rejected, position.campaign, "bound")
    try:
        with transaction.atomic():
            application = Application.objects.create(
                candidate=candidate,
                campaign=position.campaign,
                position=position,
                batch_group=batch_group,
                registration_no=new_registration_numbers(1)[0],
                rule_set=rule_set_in_force(position.campaign),
                event=event,
            )
    except IntegrityError:
        return _the_existing_one(candidate, position)
    Transition.objects.create(application=application, move="start", to_state=ApplicationState.DRAFT, actor=actor)
    audit.record(actor=actor, action="applications.start", subject=application, after={"position": position.code})
    attribute_to_event(actor=actor, application=application)
    return application


def _the_existing_one(candidate: Candidate, position: Position) -> Application:
    """The live application that stood in the way, if it is for the same position; otherwise Refused naming it."""
    existing = live_application(candidate.pk, position.campaign.batch_group)
    if existing is None:
        raise Refused(_("The application could not be started. Please try again."), code="try_again")
    if existing.position_id == position.pk:
        return existing
    raise Refused(
        _(
            "You have the application %(number)s for %(position)s. One person applies to one position; change the "
            "position there or withdraw it first. Nothing was saved."
        )
        % {"number": existing.registration_no, "position": existing.position.name},
        code="other_application",
    )


def _refuse_bound(application: Application, window: Campaign, code: str) -> None:
    """Raises Refused unless the rule book lets another position be chosen in place of this one's (R19)."""
    allowed = may_change_now(application, window, timezone.now())
    if not allowed:
        raise Refused(f"{allowed.explanation.text(rule_language())} {_('Nothing was saved.')}", code=code)


@transaction.atomic
def save_draft(*, actor: User, application: Application, form: Mapping[str, Any], revision: int) -> int:
    """Keep the form as it is being filled; returns the new revision.

    `revision` is the one the page was opened with. If another window saved since, raises Refused (`stale_revision`):
    what that window saved stays, and what this page holds is still on it. Raises Refused (`wrong_state`) when it is
    submitted already.
    """
    require(is_applicant, actor, application)
    saved = Application.objects.filter(pk=application.pk, revision=revision, state__in=OPEN_TO_CANDIDATE).update(
        draft=json.dumps(dict(form), ensure_ascii=False), revision=F("revision") + 1
    )
    if not saved:
        _refuse_stale(application)
    application.refresh_from_db(fields=["draft", "revision"])
    return application.revision


def _refuse_stale(application: Application) -> None:
    application.refresh_from_db(fields=["state", "revision", "draft"])
    if application.state not in OPEN_TO_CANDIDATE:
        raise Refused(
            _("This application is submitted and can't be changed now. Nothing was saved."), code="wrong_state"
        )
    raise Refused(
        _(
            "This application was changed in another window. What you typed is still on this page; compare both and "
            "save again to keep yours."
        ),
        code="stale_revision",
    )


@transaction.atomic
def change_position(*, actor: User, application: Application, position: Position) -> Application:
    """Move an application to another position of its batch group, before its review has passed (R19).

    A submitted one becomes a draft again, since its conditions must be judged anew. Raises Refused if the review has
    passed or the application ended, if the window of either position is closed, or for another batch group.
    """
    require(is_applicant, actor, application)
    application = Application.objects.select_for_update().select_related("position", "campaign").get(pk=application.pk)
    refuse_unless_open(position)
    if position.campaign.batch_group != application.batch_group:
        raise Refused(
            _("The new position belongs to another recruitment: start a separate application. Nothing was saved."),
            code="other_batch",
        )
    if application.state not in (*OPEN_TO_CANDIDATE, ApplicationState.SUBMITTED):
        raise Refused(_("The position can't be changed after the review has passed. Nothing was saved."), code="locked")
    _refuse_bound(application, application.campaign, "closed")
    before = application.position.code
    if application.state == ApplicationState.SUBMITTED:
        move_application(actor=actor, application=application, move="recall")
    application.position, application.campaign = position, position.campaign
    application.rule_set = rule_set_in_force(position.campaign)
    application.save(update_fields=["position", "campaign", "rule_set"])
    audit.record(
        actor=actor,
        action="applications.change_position",
        subject=application,
        before={"position": before},
        after={"position": position.code},
    )
    return application


def attribute_to_event(*, actor: User, application: Application) -> RecruitingEvent | None:
    """Credit an application to the event that brought the person, by the window and touch of the rules (R93).

    A touch is a check-in at one of the campaign's events with this account or its phone number, or the code of an event
    the application was started with.
    """
    user, campaign = application.candidate.user, application.campaign
    if user is None:
        return None
    mine = Q(user=user) | (Q(phone_index=user.phone_index) if user.phone_index else Q(pk__in=[]))
    visits = EventRegistration.objects.filter(mine, event__campaigns=campaign, checked_in_at__isnull=False)
    touches = [Touch(str(visit.event_id), visit.checked_in_at) for visit in visits if visit.checked_in_at]
    if application.event_id:
        touches.append(Touch(str(application.event_id), application.created_at))
    found = attribute(application.created_at, touches, rules_of(campaign).event)
    if found.event is None:
        return None
    is_other = int(found.event) != application.event_id
    application.event_id, application.touched_at = int(found.event), found.at
    application.save(update_fields=["event", "touched_at"])
    if is_other:
        audit.record(
            actor=actor,
            action="applications.attribute_to_event",
            subject=application,
            after={"event": application.event_id},
        )
    return application.event
