"""What lies too long or ends soon: permits about to expire or expired with posts under way, posts reserved or held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import StaffRole, User
from accounts.queries import duty_holders
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import EstablishedPost, Permit, SlotMovement
from campaigns.establishment.queries.posts import permit_use, permits_visible_to, posts_visible_to
from campaigns.establishment.rooms import NextStep, next_steps

# Days a post may stay in a state before it is listed: an exam takes half a year, from notice to entry a month.
PATIENCE = {SlotState.RESERVED: 180, SlotState.HELD: 60}
PERMIT_WARNING_DAYS = 30


@dataclass(frozen=True)
class StuckPost:
    """A post that waits too long: for what, with whom, and the next day by which something must happen."""

    post: EstablishedPost
    days: int
    waits_for: Promise | str
    owner: str
    deadline: date | None


def stuck_posts(user: User, now: datetime | None = None) -> QuerySet[EstablishedPost]:
    """Posts reserved or held longer than they should be, oldest first, with `owner_name` of who moved them last."""
    now = now or timezone.now()
    late = Q(pk__in=[])
    for state, days in PATIENCE.items():
        late |= Q(state=state, state_since__lte=now - timedelta(days=days))
    last = SlotMovement.objects.filter(post=OuterRef("pk")).order_by("-pk")
    rows = posts_visible_to(user).filter(late).select_related("unit", "permit")
    return rows.annotate(owner_name=Subquery(last.values("actor__name")[:1])).order_by("state_since", "pk")


def described(posts: Sequence[EstablishedPost], now: datetime | None = None) -> list[StuckPost]:
    """Rows of `stuck_posts` in the words of the list, in a constant number of queries.

    The owner is whoever has the duty of the next step, the deadline that of the step; where no room knows a step or its
    day, the one who moved the post last and the last day of the permit.
    """
    steps = next_steps([post.pk for post in posts])
    duties = duty_holders([(step.roles, step.unit) for step in steps.values()])
    holders = dict(zip(steps, duties, strict=True))
    today = timezone.localdate(now)
    return [_described(post, steps.get(post.pk), holders.get(post.pk, []), today) for post in posts]


def _described(post: EstablishedPost, step: NextStep | None, holders: Sequence[StaffRole], today: date) -> StuckPost:
    days = (today - timezone.localdate(post.state_since)).days
    permit_ends = post.permit.expires_on if post.permit else None
    if step is None:
        return StuckPost(post, days, "", getattr(post, "owner_name", "") or "", permit_ends)
    return StuckPost(post, days, step.what, in_words(step.roles, holders), step.deadline or permit_ends)


def in_words(roles: Sequence[Role], holders: Sequence[StaffRole]) -> str:
    """The duty with the people who hold it now, or the duty alone."""
    if not holders:
        return " / ".join(str(role.label) for role in roles)
    where, duties = holders[0].unit, list(dict.fromkeys(row.get_role_display() for row in holders))
    people = list(dict.fromkeys(row.user.name or row.user.username for row in holders))
    return _("%(unit)s, %(duty)s: %(people)s") % {
        "unit": where, "duty": " / ".join(duties), "people": _(", ").join(people),
    }  # fmt: skip


def renewers_of(permits: Sequence[Permit]) -> list[str]:
    """For each permit the establishment office that may renew it, in words; one query."""
    roles = (Role.ESTABLISHMENT_OFFICE,)
    return [in_words(roles, rows) for rows in duty_holders([(roles, permit.unit) for permit in permits])]


def permits_ending(user: User, day: date | None = None) -> QuerySet[Permit]:
    """Permits that end within 30 days or have ended or been revoked, while posts under them are still under way."""
    day = day or timezone.localdate()
    rows = permit_use(permits_visible_to(user))
    ends = Q(expires_on__lte=day + timedelta(days=PERMIT_WARNING_DAYS)) | Q(revoked_at__isnull=False)
    under_way = rows.filter(ends).annotate(bound=F("waiting") + F("reserved") + F("held")).filter(bound__gt=0)
    return under_way.select_related("unit").order_by("expires_on", "number")
