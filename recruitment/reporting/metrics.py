"""The registry of figures. Tiles, drill-downs and exports read only this.

A metric is a set of rows and a way to count them, so the figure is the length of its own list, and each breakdown is a
grouping of the same rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.policies import in_scope, roles_of
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.events.enums import EventState, RegistrationState
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.models import Campaign, Programme
from campaigns.planning.queries import rules_of_all
from foundation.errors import Refused
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application, Transition
from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Degree
from recruitment.challenges.models import Engagement
from recruitment.reporting.outside import APPROVED, still_engaged
from recruitment.reporting.policies import FIGURE_READERS

Text = str | Promise
UNPUBLISHED = (SlotState.FREE, SlotState.POOL, SlotState.ALLOCATED, SlotState.PERMITTED, SlotState.VACATED)


@dataclass(frozen=True)
class Scope:
    """What a reader sees: one programme, and the units their roles cover (the whole county for county offices)."""

    programme: Programme
    reader: User

    def rows(self, model: type, *, programme: str, unit: str) -> QuerySet[Any]:
        """Rows of `model` in the programme (by the path `programme`) and in the reader's units (by the path `unit`)."""
        rows = model._default_manager.filter(**{programme: self.programme})  # type: ignore[attr-defined]
        return rows if self.is_county_wide else rows.filter(in_scope(self.reader, *FIGURE_READERS, field=unit))

    @property
    def is_county_wide(self) -> bool:
        root = self.programme.unit.path
        return any(root.startswith(path) for role, path in roles_of(self.reader) if role in FIGURE_READERS)


@dataclass(frozen=True)
class Metric:
    """One figure: `rows(scope)` is its list, `row_kind` how the list is printed, `groups` how it may be broken down.

    `definition` and `limits` are printed under the figure.
    """

    key: str
    name: Text
    unit: Text
    definition: Text
    limits: Text
    row_kind: str
    rows: Callable[[Scope], QuerySet[Any]]
    groups: Mapping[str, str]

    def value(self, scope: Scope) -> int:
        """The figure: the number of rows in its list."""
        return self.rows(scope).count()

    def narrowed(self, scope: Scope, only: Mapping[str, Sequence[str]]) -> QuerySet[Any]:
        """The rows behind one number of a breakdown: those whose group has one of the values; "" stands for none."""
        rows = self.rows(scope)
        for group, values in only.items():
            if group in self.groups:
                field = self.groups[group]
                chosen = Q(**{f"{field}__in": [value for value in values if value]})
                rows = rows.filter(chosen | Q(**{f"{field}__isnull": True}) if "" in values else chosen)
        return rows

    def breakdown(self, scope: Scope, group: str) -> list[tuple[Any, int]]:
        """(group value, figure) pairs that add up to `value`; raises Refused for a group the metric doesn't have."""
        if group not in self.groups:
            raise Refused(str(_("This figure can't be broken down that way.")), code="unknown_group")
        field = self.groups[group]
        rows = self.rows(scope).order_by().values(field).annotate(figure=Count("pk", distinct=True)).order_by(field)
        return [(row[field], row["figure"]) for row in rows]


REGISTRY: dict[str, Metric] = {}


def _register(metric: Metric) -> None:
    REGISTRY[metric.key] = metric


def _posts(*states: str) -> Callable[[Scope], QuerySet[EstablishedPost]]:
    def rows(scope: Scope) -> QuerySet[EstablishedPost]:
        own = EstablishedPost.objects.filter(envelope=scope.programme.envelope_id, envelope__isnull=False)
        if not scope.is_county_wide:
            own = own.filter(in_scope(scope.reader, *FIGURE_READERS))
        return own.filter(state__in=states) if states else own

    return rows


POST_GROUPS = {"unit": "unit__name", "state": "state", "permit": "permit__number"}
for _key, _name, _definition, _states in (
    (
        "posts_total",
        _("Posts in the envelope"),
        _("Established posts set aside for the programme, one row each, whatever their state."),
        (),
    ),
    (
        "posts_used",
        _("Posts used"),
        _("Posts of the envelope on which a person has been entered in the real-name ledger."),
        (SlotState.USED,),
    ),
    (
        "posts_held",
        _("Posts held"),
        _("Posts kept for a named person between the notice (or the agreement) and the entry in the ledger."),
        (SlotState.HELD,),
    ),
    (
        "posts_reserved",
        _("Posts published"),
        _("Posts reserved by a published announcement for which no person is named yet."),
        (SlotState.RESERVED,),
    ),
    (
        "posts_free",
        _("Posts not published"),
        _("Posts of the envelope that no announcement has reserved: free, allocated or permitted."),
        UNPUBLISHED,
    ),
):
    _register(
        Metric(
            key=_key,
            name=_name,
            unit=_("posts"),
            definition=_definition,
            limits=_("Civil-service posts and flexible engagements are outside the envelope."),
            row_kind="post",
            rows=_posts(*_states),
            groups=POST_GROUPS,
        )
    )


STUCK_DAYS = 60


def _stuck(scope: Scope) -> QuerySet[EstablishedPost]:
    limit = timezone.now() - timedelta(days=STUCK_DAYS)
    return _posts(SlotState.RESERVED, SlotState.HELD)(scope).filter(state_since__lt=limit)


_register(
    Metric(
        key="posts_stuck",
        name=_("Posts without progress"),
        unit=_("posts"),
        definition=_("Posts published or held that have not moved for 60 days."),
        limits=_("A post that moved and came back counts from its last move."),
        row_kind="post",
        rows=_stuck,
        groups=POST_GROUPS,
    )
)


def _appointed(scope: Scope) -> QuerySet[Appointment]:
    rows = scope.rows(Appointment, programme="position__campaign__programme", unit="position__unit")
    return rows.filter(state__in=APPROVED)


def _engaged(scope: Scope) -> QuerySet[Engagement]:
    rows = scope.rows(Engagement, programme="bid__challenge__campaign__programme", unit="bid__challenge__unit")
    rows = still_engaged(rows)
    earlier = rows.filter(bid__candidate=OuterRef("bid__candidate"), pk__lt=OuterRef("pk"))
    return rows.filter(~Exists(earlier))


def _high_degree(scope: Scope) -> QuerySet[Appointment]:
    degrees = (Degree.MASTER, Degree.DOCTOR)
    return _appointed(scope).filter(candidate__educations__degree__in=degrees).distinct()


def _applications(scope: Scope) -> QuerySet[Application]:
    rows = scope.rows(Application, programme="campaign__programme", unit="position__unit")
    return rows.exclude(state=ApplicationState.DRAFT).filter(appointment__engagement=None)


def once_per_event(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Of each person the first of these applications at each event: people are counted, not papers (R93)."""
    earlier = rows.order_by().filter(
        event=OuterRef("event"), candidate=OuterRef("candidate"), pk__lt=OuterRef("pk")
    )  # fmt: skip
    return rows.filter(~Exists(earlier))


def hired_in_time(appointment: str = "") -> Q:
    """Approved hires within the days that their campaign's rules give an event (R93), `is_hired_from_event` in SQL.

    `appointment` is the path to the appointment, empty or ending in two underscores. Two queries find the days.
    """
    campaigns = Campaign.objects.filter(
        Exists(Application.objects.filter(campaign=OuterRef("pk"), event__isnull=False))
    )
    days: dict[int, list[int]] = {}
    for campaign, rules in rules_of_all(list(campaigns)).items():
        days.setdefault(rules.event.hired_days, []).append(campaign)
    application = "" if appointment else "application__"  # rows of applications, or of appointments
    met = Coalesce(f"{application}touched_at", f"{application}created_at")
    found = Q(pk__in=[])
    for limit, those in days.items():
        last = ExpressionWrapper(met + timedelta(days=limit), output_field=DateTimeField())
        found |= Q(
            **{f"{application}campaign__in": those, f"{appointment}approved_at__gte": met,
               f"{appointment}approved_at__lte": last}
        )  # fmt: skip
    return found & Q(**{f"{appointment}state__in": APPROVED})


def _event_applications(scope: Scope) -> QuerySet[Application]:
    return _applications(scope).filter(event__isnull=False)


def _people_from_events(scope: Scope) -> QuerySet[Application]:
    return once_per_event(_event_applications(scope))


AT_THE_INTERVIEW = (
    ApplicationState.SHORTLISTED, ApplicationState.INTERVIEWED, ApplicationState.RANKED, ApplicationState.PROPOSED,
    ApplicationState.NOT_SELECTED, ApplicationState.AGREED, ApplicationState.HANDED_OVER,
)  # fmt: skip


def called() -> Q:
    """Applications that were called to the interview or came further, also those that left from there."""
    left = Transition.objects.filter(
        application=OuterRef("pk"),
        from_state__in=AT_THE_INTERVIEW,
        to_state__in=(ApplicationState.WITHDRAWN, ApplicationState.DISQUALIFIED),
    )
    return Q(state__in=AT_THE_INTERVIEW) | Q(Exists(left))


def _called_from_events(scope: Scope) -> QuerySet[Application]:
    return once_per_event(_event_applications(scope).filter(called()))


def _hired_from_events(scope: Scope) -> QuerySet[Appointment]:
    return _appointed(scope).filter(hired_in_time(), application__event__isnull=False)


def _event_registrations(scope: Scope) -> QuerySet[EventRegistration]:
    rows = scope.rows(EventRegistration, programme="event__campaigns__programme", unit="event__unit")
    return rows.filter(state=RegistrationState.REGISTERED).distinct()


def _events_held(scope: Scope) -> QuerySet[RecruitingEvent]:
    rows = scope.rows(RecruitingEvent, programme="campaigns__programme", unit="unit")
    return rows.filter(state__in=(EventState.HELD, EventState.CLOSED)).distinct()


def _check_ins(scope: Scope) -> QuerySet[EventRegistration]:
    rows = scope.rows(EventRegistration, programme="event__campaigns__programme", unit="event__unit")
    return rows.filter(checked_in_at__isnull=False).distinct()


APPOINTMENT_GROUPS = {"unit": "position__unit__name", "track": "position__campaign__track", "stage": "state"}
APPLICATION_GROUPS = {"unit": "position__unit__name", "track": "campaign__track", "stage": "state"}
EVENT_GROUPS = {"event_id": "event", "event": "event__name", "city": "event__university__city"}
EVENT_APPLICATION_GROUPS = {**APPLICATION_GROUPS, **EVENT_GROUPS}
for _metric in (
    Metric(
        key="people_appointed",
        name=_("People appointed"),
        unit=_("persons"),
        definition=_("Persons whose appointment has been approved, each counted once."),
        limits=_("Persons under medical examination, inspection or notice are not counted yet."),
        row_kind="appointment",
        rows=_appointed,
        groups=APPOINTMENT_GROUPS,
    ),
    Metric(
        key="people_engaged",
        name=_("Flexible engagements"),
        unit=_("persons"),
        definition=_(
            "Leads of awarded challenges with an agreement that has not been terminated and no approved full-time post."
        ),
        limits=_(
            "They use no established post; a lead with several agreements is counted once, with the first. Members of "
            "a lead's team are not counted here."
        ),
        row_kind="engagement",
        rows=_engaged,
        groups={"unit": "bid__challenge__unit__name", "stage": "state"},
    ),
    Metric(
        key="people_high_degree",
        name=_("Masters and doctors"),
        unit=_("persons"),
        definition=_("Appointed persons whose record shows a master's or doctor's degree."),
        limits=_("Flexible engagements are not counted; the degree is the one shown at the check of originals."),
        row_kind="appointment",
        rows=_high_degree,
        groups=APPOINTMENT_GROUPS,
    ),
    Metric(
        key="applications",
        name=_("Applications received"),
        unit=pgettext_lazy("unit of a figure", "applications"),
        definition=_("Applications submitted, whatever became of them."),
        limits=_("A person who applies on several tracks is counted on each."),
        row_kind="application",
        rows=_applications,
        groups=APPLICATION_GROUPS,
    ),
    Metric(
        key="applications_from_events",
        name=_("Applicants from events"),
        unit=_("persons"),
        definition=_(
            "Persons with a submitted application credited to an event: they were there within the days before "
            "that the rules of the campaign allow. Of several events the first or the last counts, as the rules say."
        ),
        limits=_(
            "Who applied for several campaigns after one event is counted once there. People who came to an event but "
            "applied without its code, or after the window, are not counted."
        ),
        row_kind="application",
        rows=_people_from_events,
        groups=EVENT_APPLICATION_GROUPS,
    ),
    Metric(
        key="events_held",
        name=_("Events held"),
        unit=_("events"),
        definition=_("Recruiting events that have taken place."),
        limits=_("Planned, postponed and cancelled events are not counted."),
        row_kind="event",
        rows=_events_held,
        groups={"city": "university__city"},
    ),
    Metric(
        key="event_check_ins",
        name=_("People at events"),
        unit=_("persons"),
        definition=_("Registered persons who were checked in, one per event and phone number."),
        limits=_("Visitors without a registration are not counted."),
        row_kind="registration",
        rows=_check_ins,
        groups=EVENT_GROUPS,
    ),
    Metric(
        key="event_registrations",
        name=_("People registered for events"),
        unit=_("persons"),
        definition=_("Registrations that hold a seat, one per event and phone number."),
        limits=_("Seats that were given back are not counted; a person who goes to two events is counted at each."),
        row_kind="registration",
        rows=_event_registrations,
        groups=EVENT_GROUPS,
    ),
    Metric(
        key="called_from_events",
        name=_("Called to the interview from events"),
        unit=_("persons"),
        definition=_("Persons whose application is credited to an event and was called to the interview or further."),
        limits=_(
            "Who withdrew after the call is counted; in a competitive selection the material check is not a call."
        ),
        row_kind="application",
        rows=_called_from_events,
        groups=EVENT_APPLICATION_GROUPS,
    ),
    Metric(
        key="hired_from_events",
        name=_("Hired from events"),
        unit=_("persons"),
        definition=_(
            "Persons whose application is credited to an event and whose appointment was approved within the days that "
            "the rules of the campaign allow."
        ),
        limits=_("A degree check may come months later, so the number grows long after the event."),
        row_kind="appointment",
        rows=_hired_from_events,
        groups={
            **APPOINTMENT_GROUPS,
            "event_id": "application__event",
            "city": "application__event__university__city",
        },
    ),
):
    _register(_metric)


def metric(key: str) -> Metric:
    """The metric of that key; raises Refused if there is none."""
    if key not in REGISTRY:
        raise Refused(str(_("There is no such figure.")), code="unknown_metric")
    return REGISTRY[key]


def slots_by_state(scope: Scope) -> dict[str, int]:
    """The envelope's posts as used, held, reserved and free, in one query; they add up to `total`."""
    counts = {
        "used": Count("pk", filter=Q(state=SlotState.USED)),
        "held": Count("pk", filter=Q(state=SlotState.HELD)),
        "reserved": Count("pk", filter=Q(state=SlotState.RESERVED)),
        "free": Count("pk", filter=Q(state__in=UNPUBLISHED)),
        "total": Count("pk"),
    }
    return _posts()(scope).aggregate(**counts)
