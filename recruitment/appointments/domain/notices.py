"""The notice of proposed hires, and objections, which hold one person and not the list (R74–R76)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rule_set_in_force
from foundation.dates import last_day
from foundation.errors import Refused
from recruitment.appointments.candidate_messages import tell_people, tell_person
from recruitment.appointments.domain.checks import locked
from recruitment.appointments.domain.ending import end_locked
from recruitment.appointments.domain.holding import hold_for, locked_posts_of
from recruitment.appointments.enums import AppointmentState, EndReason
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment, Objection
from recruitment.appointments.policies import may_open, may_record_objections
from recruitment.appointments.relatives import undecided
from recruitment.publications.domain import prepare, refuse_second_draft
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from rulebook.notice_period import ObjectionState, objection_outcome, objection_words
from rulebook.ranking import Place, Ranking, select_top
from rulebook.ruleset.examination import RankingRules
from rulebook.traceability import ListChain, violations

PLACED = (
    AppointmentState.NOTICED,
    AppointmentState.ON_HOLD,
    AppointmentState.APPROVED,
    AppointmentState.ON_POST,
    AppointmentState.CONFIRMED,
)
UNDER_NOTICE = (AppointmentState.NOTICED, AppointmentState.ON_HOLD)
NOT_CHECKED = (AppointmentState.OPENED, AppointmentState.MEDICAL_PASSED, AppointmentState.ENDED)


@transaction.atomic
def prepare_notice(*, actor: User, campaign: Campaign, supersedes: Publication | None = None) -> Publication:
    """Draft the list of proposed hires: everyone whose checks are passed, by name, position and number (R95).

    With `supersedes`, a corrected list: those under notice on the old one, whose clock then starts anew (R75). Raises
    Refused if nobody has passed all checks, while a person must still decide on relatives at the unit (R15), and while
    such a list waits with the press.
    """
    require(may_open, actor, campaign)
    refuse_second_draft(campaign, PublicationKind.PROPOSED_HIRES, supersedes=supersedes)
    due = Q(notice=supersedes, state__in=UNDER_NOTICE) if supersedes else Q(state=AppointmentState.INSPECTED)
    people = list(
        Appointment.objects.filter(due, position__campaign=campaign)
        .select_related("candidate", "position__unit", "application__total_result", "application__selection_result")
        .order_by("position__code", "pk")
    )
    people = people if supersedes else _within_headcount(people)
    if not people:
        raise Refused(_("Nobody has passed medical exam and inspection yet. Nothing was saved."), code="nobody")
    if related := [] if supersedes else undecided(people):
        raise Refused(
            _("A relative works at the unit of the post, and nobody has decided on it: %(numbers)s. Nothing was saved.")
            % {"numbers": ", ".join(row.application.registration_no for row in related)},
            code="relatives",
        )
    columns = [
        ("unit", _("Recruiting unit")),
        ("position", _("Position")),
        ("code", _("Position code")),
        ("name", _("Full name")),
        ("sex", _("Sex")),
        ("ticket", _("Ticket number")),
        ("remark", _("Remarks")),
    ]
    rows = [
        [
            person.position.unit.name,
            person.position.name,
            person.position.code,
            person.candidate.name,
            person.candidate.get_sex_display(),
            person.application.ticket_no or person.application.registration_no,
            "",
        ]
        for person in people
    ]
    return prepare(
        actor=actor,
        campaign=campaign,
        kind=PublicationKind.PROPOSED_HIRES,
        title=_("%(campaign)s: proposed hires") % {"campaign": campaign},
        intro=_("The persons below are proposed for hire. Objections may be raised during the notice period."),
        columns=[{"code": code, "label": label} for code, label in columns],
        rows=rows,
        entries={number: person.application_id for number, person in enumerate(people, start=1)},
        rule_set=rule_set_in_force(campaign),
        supersedes=supersedes,
    )


def _within_headcount(people: Sequence[Appointment]) -> list[Appointment]:
    """Of a surplus list those with the first places of their position, as many as it has left to fill (R68).

    The others stay checked, for a place that falls free. Raises Refused for a tie that crosses the last place.
    """
    groups: dict[int, list[Appointment]] = defaultdict(list)
    for row in people:
        groups[row.position_id].append(row)
    placed = Appointment.objects.filter(position__in=list(groups), state__in=PLACED)
    taken = Counter(placed.values_list("position_id", flat=True))
    chosen: list[Appointment] = []
    for position, rows in groups.items():
        free = max(0, rows[0].position.headcount_effective - taken[position])
        chosen += rows if len(rows) <= free else _first(rows, free)
    return chosen


def _first(rows: Sequence[Appointment], free: int) -> list[Appointment]:
    by_key = {str(row.pk): row for row in rows}
    places = sorted(Place(key, _rank(row), False, Decimal(0)) for key, row in by_key.items())
    ranking = Ranking(tuple(sorted(places, key=attrgetter("rank"))), ())
    top = select_top(ranking, free, RankingRules())
    if top.extra_test:
        tied = [by_key[key].application.ticket_no or by_key[key].application.registration_no for key in top.extra_test]
        raise Refused(
            _(
                "These share the last place of position %(code)s: %(numbers)s. End the appointments of those not to be "
                "hired, then draft the list again. Nothing was saved."
            )
            % {"code": rows[0].position.code, "numbers": ", ".join(sorted(tied))},
            code="tied",
        )
    return [by_key[key] for key in top.chosen]


def _rank(row: Appointment) -> int:
    """The place by the totals; who has none, say after a conversion, comes first."""
    result = getattr(row.application, "total_result", None) or getattr(row.application, "selection_result", None)
    return result.rank or 0 if result else 0


@transaction.atomic
def start_notice(*, actor: User, publication: Publication) -> int:
    """At release: the people on the list are under notice and a post is held for each (decision 9).

    The release itself calls this; called again it finds nobody left. People of a list that this one replaces move to
    this one. Returns how many came under notice. Raises Refused unless the list is released, if it names someone whose
    checks do not stand, or if a position has no post left: then none is held and, at release, the list does not go out.
    """
    require(may_open, actor, publication)
    if publication.kind != PublicationKind.PROPOSED_HIRES or publication.state != PublicationState.RELEASED:
        raise Refused(_("Release the list of proposed hires first. Nothing was saved."), code="not_released")
    named = publication.entries.values("application_id")
    _refuse_unchecked(publication)
    people = list(
        Appointment.objects.select_for_update(of=("self",))
        .select_related("position__campaign", "post")
        .filter(application__in=named, state=AppointmentState.INSPECTED)
        .order_by("pk")
    )
    locked_posts_of({person.position_id for person in people})
    for person in people:
        hold_for(actor=actor, appointment=person, document=publication.title)
        APPOINTMENTS.move("notice", person, notice=publication)
    if publication.supersedes_id:
        moved = Appointment.objects.filter(application__in=named, notice_id=publication.supersedes_id)
        moved.filter(state__in=UNDER_NOTICE).update(notice=publication)
    under = Appointment.objects.filter(application__in=named, notice=publication, state__in=UNDER_NOTICE)
    tell_people(under, "noticed", occasion=f"list{publication.pk}", until=_until(publication))
    audit.record(actor=actor, action="appointments.start_notice", subject=publication, after={"people": len(people)})
    return len(people)


def _refuse_unchecked(publication: Publication) -> None:
    """Raises Refused naming people on the list whose medical or inspection does not stand (R82): then it stays in."""
    named = Appointment.objects.filter(application__in=publication.entries.values("application_id"))
    named = named.exclude(notice=publication)
    numbers = {str(pk): number for pk, number in named.values_list("pk", "application__registration_no")}
    passed = {str(pk) for pk in named.exclude(state__in=NOT_CHECKED).values_list("pk", flat=True)}
    listed = set(numbers)
    chain = ListChain(listed, listed, listed, medical_passed=passed, inspection_passed=passed, notice=listed)
    if strangers := sorted(numbers[key] for found in violations(chain) for key in found.keys):
        raise Refused(
            _("Medical exam and inspection are not both passed: %(numbers)s. Draft the list anew. Nothing was saved.")
            % {"numbers": ", ".join(strangers)},
            code="not_checked",
        )


def _until(publication: Publication) -> str:
    """The end of the notice in the site's language, in which the message is written."""
    with translation.override(settings.LANGUAGE_CODE):
        return last_day(publication.notice_ends_at)


@transaction.atomic
def raise_objection(*, actor: User, appointment: Appointment, summary: str) -> Objection:
    """Record an objection received during the notice; the person is held until it is decided (R76)."""
    require(may_record_objections, actor, appointment)
    row = locked(appointment)
    if not summary.strip():
        raise Refused(_("Say what the objection is about. Nothing was saved."), code="summary")
    notice = row.notice
    if notice is None or notice.notice_ends_at is None or timezone.now() >= notice.notice_ends_at:
        raise Refused(_("The person is not under notice now. Nothing was saved."), code="not_in_notice")
    if row.state == AppointmentState.NOTICED:
        APPOINTMENTS.move("hold", row)
    elif row.state != AppointmentState.ON_HOLD:
        raise Refused(_("The person is not under notice now. Nothing was saved."), code="not_in_notice")
    objection = Objection.objects.create(appointment=row, summary=summary, recorded_by=actor)
    tell_person(row, "held", occasion=f"objection{objection.pk}")
    audit.record(actor=actor, action="appointments.raise_objection", subject=row)
    appointment.refresh_from_db()
    return objection


@transaction.atomic
def decide_objection(*, actor: User, objection: Objection, is_upheld: bool, decision: str) -> Objection:
    """Clear or uphold an objection, with its grounds; upheld, the appointment ends, cleared, the person goes on."""
    require(may_record_objections, actor, objection.appointment)
    row = locked(objection.appointment)
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if objection.decided_at:
        raise Refused(_("This objection was decided before. Nothing was saved."), code="decided")
    if not decision.strip():
        raise Refused(_("Give the grounds of the decision. Nothing was saved."), code="reason_required")
    objection.decided_at, objection.is_upheld, objection.decision = timezone.now(), is_upheld, decision
    objection.decided_by = actor
    objection.save(update_fields=["decided_at", "is_upheld", "decision", "decided_by"])
    audit.record(actor=actor, action="appointments.decide_objection", subject=row, after={"upheld": is_upheld})
    outcome: ObjectionState = "upheld" if is_upheld else "cleared"
    if objection_outcome(outcome) == "cancel":
        end_locked(
            actor=actor, appointment=row, reason_code=EndReason.OBJECTION_UPHELD, reason=decision,
            document=str(row.notice), why=objection_words(outcome),
        )  # fmt: skip
    elif not row.objections.filter(decided_at=None).exists():
        APPOINTMENTS.move("clear", row)
        tell_person(row, "cleared", occasion=f"objection{objection.pk}")
    return objection
