"""From choosing a position to a form that is ready to submit."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
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
from campaigns.planning.queries import rule_set_in_force, rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.enums import OPEN_TO_CANDIDATE, ApplicationState
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application, Transition
from recruitment.applications.numbers import new_registration_numbers
from recruitment.applications.policies import is_applicant
from recruitment.applications.queries import (
    batch_group_of,
    bound_by,
    is_recruiting,
    live_in_batch,
    may_change_now,
    may_start_another,
)
from recruitment.candidates.models import Candidate
from recruitment.candidates.policies import is_oneself
from rulebook.counting import Touch, attribute
from rulebook.explanation import Guard
from rulebook.registration import may_apply
from rulebook.ruleset.registration import RegistrationRules


def refuse_unless_open(position: Position) -> None:
    """Raises Refused with the dates unless the position takes applications now, by the server's clock (R18)."""
    campaign, now = position.campaign, timezone.now()
    if not is_recruiting(position):
        raise Refused(_("This position does not take applications. Nothing was saved."), code="not_recruiting")
    _refuse(may_apply(now, campaign.registration_opens_at, campaign.registration_closes_at))


@transaction.atomic
def start_application(
    *, actor: User, candidate: Candidate, position: Position, event: RecruitingEvent | None = None
) -> Application:
    """A draft of `candidate` for `position`; asked again for the same position it returns the one there is.

    One live application per person and batch group, or per position where the rules allow several posts (R16), is a
    constraint of the database: of two that start at once one gets it, and the other is answered with it. Raises
    Refused: window closed, another position already chosen (`one_post`), or bound by a review passed before or, where
    the rules say so, not passed (`locked`, `no_rechoice`, R19).
    """
    require(is_oneself, actor, candidate)
    refuse_unless_open(position)
    lock_person(candidate.pk)
    campaign, rules = position.campaign, rules_of(position.campaign).registration
    if existing := _the_existing_one(candidate, position, rules):
        return existing
    for earlier in bound_by(candidate.pk, position, rules):
        _refuse_bound(earlier, campaign)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                candidate=candidate,
                campaign=campaign,
                position=position,
                batch_group=batch_group_of(campaign, position, rules),
                registration_no=new_registration_numbers(1)[0],
                rule_set=rule_set_in_force(campaign),
                event=event,
            )
    except IntegrityError:
        if winner := _the_existing_one(candidate, position, rules):
            return winner
        raise Refused(_("The application could not be started. Please try again."), code="try_again") from None
    Transition.objects.create(application=application, move="start", to_state=ApplicationState.DRAFT, actor=actor)
    audit.record(actor=actor, action="applications.start", subject=application, after={"position": position.code})
    attribute_to_event(actor=actor, application=application)
    return application


def _the_existing_one(candidate: Candidate, position: Position, rules: RegistrationRules) -> Application | None:
    """The person's live application for this position, if any; Refused if the rules allow none beside another."""
    live = live_in_batch(candidate.pk, position.campaign)
    for row in live:
        if row.position_id == position.pk:
            return row
    _refuse_another(live, position, rules)
    return None


def _refuse_another(live: Iterable[Application], position: Position, rules: RegistrationRules) -> None:
    """Raises Refused, in the words of the rule book, unless the position may be had beside these (R16)."""
    _refuse(may_start_another(live, position, rules))


def lock_person(candidate_id: int) -> None:
    """The person's row before any application of theirs, so that two of their verbs never wait for each other."""
    Candidate.objects.select_for_update().only("pk").get(pk=candidate_id)


@contextmanager
def beside_others(application: Application, position: Position) -> Iterator[None]:
    """For the statement that lets an application stand for this position: Refused, before it or by the constraint, if
    the rules do not allow it beside what the person has otherwise (R16)."""
    rules = rules_of(position.campaign).registration

    def look() -> None:
        live = live_in_batch(application.candidate_id, position.campaign)
        _refuse_another([row for row in live if row.pk != application.pk], position, rules)

    look()
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        look()
        raise


def _refuse_bound(application: Application, window: Campaign) -> None:
    """Raises Refused unless the rule book lets another position be chosen in place of this one's (R19)."""
    _refuse(may_change_now(application, window, timezone.now()))


def _refuse(allowed: Guard) -> None:
    if not allowed:
        code = allowed.explanation.code.rpartition(".")[2]
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
    passed or the application ended, if the window of either position is closed, for another batch group, or beside
    another application of the person that stands in the way (R16).
    """
    require(is_applicant, actor, application)
    lock_person(application.candidate_id)
    application = Application.objects.select_for_update().select_related("position", "campaign").get(pk=application.pk)
    refuse_unless_open(position)
    if position.campaign.batch_group != application.campaign.batch_group:
        raise Refused(
            _("The new position belongs to another recruitment: start a separate application. Nothing was saved."),
            code="other_batch",
        )
    _refuse_bound(application, application.campaign)
    if application.state not in (*OPEN_TO_CANDIDATE, ApplicationState.SUBMITTED):
        raise Refused(_("This application has ended: start another one. Nothing was saved."), code="wrong_state")
    before, rules = application.position.code, rules_of(position.campaign).registration
    with beside_others(application, position):
        if application.state == ApplicationState.SUBMITTED:
            move_application(actor=actor, application=application, move="recall")
        application.position, application.campaign = position, position.campaign
        application.rule_set = rule_set_in_force(position.campaign)
        application.batch_group = batch_group_of(position.campaign, position, rules)
        application.save(update_fields=["position", "campaign", "rule_set", "batch_group"])
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
