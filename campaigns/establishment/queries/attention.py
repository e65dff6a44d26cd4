"""What lies too long or ends soon: permits about to expire or expired with posts under way, posts reserved or held."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import EstablishedPost, Permit, SlotMovement
from campaigns.establishment.queries.posts import permit_use, permits_visible_to, posts_visible_to

# Days a post may stay in a state before it is listed: an exam takes half a year, from notice to entry a month.
PATIENCE = {SlotState.RESERVED: 180, SlotState.HELD: 60}
PERMIT_WARNING_DAYS = 30


@dataclass(frozen=True)
class StuckPost:
    """A post that waits too long: since when, with whom, and the next day by which something must happen."""

    post: EstablishedPost
    days: int
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


def described(post: EstablishedPost, now: datetime | None = None) -> StuckPost:
    """A row of `stuck_posts` in the words of the list; the deadline is the last day of the permit."""
    now = now or timezone.now()
    days = (timezone.localdate(now) - timezone.localdate(post.state_since)).days
    deadline = post.permit.expires_on if post.permit else None
    return StuckPost(post, days, getattr(post, "owner_name", "") or "", deadline)


def permits_ending(user: User, day: date | None = None) -> QuerySet[Permit]:
    """Permits that end within 30 days or have ended or been revoked, while posts under them are still under way."""
    day = day or timezone.localdate()
    rows = permit_use(permits_visible_to(user))
    ends = Q(expires_on__lte=day + timedelta(days=PERMIT_WARNING_DAYS)) | Q(revoked_at__isnull=False)
    under_way = rows.filter(ends).annotate(bound=F("waiting") + F("reserved") + F("held")).filter(bound__gt=0)
    return under_way.select_related("unit", "created_by").order_by("expires_on", "number")
