"""Reads of challenges and bids; what is sealed is in none of them, since nobody can read it."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import StaffRole, User
from accounts.policies import in_scope
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.models import Bid, BoardQuestion, Challenge, KeyHalf
from recruitment.challenges.policies import BID_READERS, READERS
from recruitment.panels.models import Subject
from recruitment.publications.models import Publication, PublicationState

LIVE = Count("bids", filter=~Q(bids__state=BidState.WITHDRAWN), distinct=True)
PUBLIC_STATES = (
    ChallengeState.PUBLISHED,
    ChallengeState.UNDER_REVIEW,
    ChallengeState.AWARDED,
    ChallengeState.FAILED,
)


def challenges_visible_to(user: User) -> QuerySet[Challenge]:
    """Challenges of the units a person covers, each with `live_bids`, the number of bids not taken back."""
    rows = Challenge.objects.filter(in_scope(user, *READERS)).select_related("campaign", "unit", "notice", "panel")
    return rows.annotate(live_bids=LIVE).order_by("-created_at", "code")


def bids_visible_to(user: User) -> QuerySet[Bid]:
    """Bids of the challenges whose bids a person may know of; while sealed they show number and time only."""
    rows = Bid.objects.filter(in_scope(user, *BID_READERS, field="challenge__unit"))
    return rows.select_related("challenge__campaign", "challenge__unit", "challenge__notice", "candidate", "consent")


def halves_of(challenge: Challenge) -> list[KeyHalf]:
    """The key halves made for a challenge, by place, without what was handed in."""
    return list(challenge.key_halves.defer("handed_in").select_related("holder").order_by("place"))


def halves_waiting_for(user: User, now: datetime) -> QuerySet[KeyHalf]:
    """Halves this officer holds of boards whose window has closed, not handed in yet."""
    boards = Q(challenge__state=ChallengeState.PUBLISHED, challenge__bids_close_at__lte=now)
    return KeyHalf.objects.defer("handed_in").filter(boards, holder=user, handed_in_at=None)


def bids_of(candidate_id: int) -> QuerySet[Bid]:
    """A person's bids, newest first, with what their pages show."""
    rows = Bid.objects.filter(candidate_id=candidate_id).order_by("-created_at")
    return rows.select_related("challenge__campaign", "challenge__unit", "challenge__notice", "consent", "engagement")


def live_bid(challenge: Challenge, candidate_id: int) -> Bid | None:
    """The one bid of a person for a challenge that was not taken back."""
    rows = Bid.objects.filter(challenge=challenge, candidate_id=candidate_id).exclude(state=BidState.WITHDRAWN)
    return rows.select_related("challenge", "consent").first()


def public_challenges() -> QuerySet[Challenge]:
    """Challenges that were put on the board at some time, newest first; failed ones stay, so that a link never dies."""
    rows = Challenge.objects.filter(state__in=PUBLIC_STATES, campaign__published_at__isnull=False)
    return rows.select_related("campaign", "unit", "notice").order_by("-published_at", "code")


def open_challenges(now: datetime) -> QuerySet[Challenge]:
    """Challenges that take bids at `now`, [opens, closes), the first to close first."""
    rows = public_challenges().filter(state=ChallengeState.PUBLISHED, bids_open_at__lte=now, bids_close_at__gt=now)
    return rows.order_by("bids_close_at", "code")


def search_challenges(rows: QuerySet[Challenge], text: str) -> QuerySet[Challenge]:
    """Narrow challenges by every word: title, problem, indicators, field, unit or board number."""
    names = ("title", "problem", "indicators", "field_name", "unit__name", "code")
    for word in text.split()[:6]:
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(found)
    return rows


def is_open_for_bids(challenge: Challenge, now: datetime) -> bool:
    """On the board, and `now` within the window; the last second is excluded."""
    opens, closes = challenge.bids_open_at, challenge.bids_close_at
    return challenge.state == ChallengeState.PUBLISHED and bool(opens and closes and opens <= now < closes)


def is_result_public(challenge: Challenge) -> bool:
    """Whether the award may be told: its notice has been released. A failed board is told at once."""
    if challenge.state != ChallengeState.AWARDED:
        return True
    notice = challenge.notice
    return notice is not None and notice.state == PublicationState.RELEASED


def told_challenge_state(challenge: Challenge) -> str:
    """The state the public may know of: an award stays under review until its notice is out."""
    return challenge.state if is_result_public(challenge) else ChallengeState.UNDER_REVIEW


def told_bid_state(bid: Bid) -> str:
    """The state the lead may know of: before the notice an award looks like every bid before the experts."""
    if bid.state in (BidState.AWARDED, BidState.NOT_AWARDED) and not is_result_public(bid.challenge):
        return BidState.ACCEPTED
    return bid.state


def experts_for(user: User) -> QuerySet[User]:
    """Active accounts that hold the role of an expert now, anywhere, by name."""
    holders = StaffRole.objects.current().filter(role=Role.EXPERT).values("user_id")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("name", "username")


def bid_reading(subject: Subject) -> list[tuple[str, str]]:
    """(label, text) of what an expert reads of a bid: neither the lead's name nor the home organisation."""
    bid = Bid.objects.select_related("challenge").filter(subject=subject).first()
    if bid is None or bid.opened_at is None:
        return []
    challenge = bid.challenge
    return [
        (_("Problem"), challenge.problem),
        (_("Acceptance indicators"), challenge.indicators),
        (_("Amount, yuan"), challenge.amount),
        (_("Technical plan"), bid.plan),
        (_("Team"), bid.team),
        (_("Quote, yuan"), bid.quote),
    ]


def is_under_notice(challenge: Challenge, now: datetime) -> bool:
    """The notice of the award is out and its period runs: objections are taken (C9)."""
    notice = challenge.notice
    if challenge.state != ChallengeState.AWARDED or notice is None or notice.state != PublicationState.RELEASED:
        return False
    return notice.notice_ends_at is not None and now < notice.notice_ends_at


def answered_questions(challenge: Challenge) -> QuerySet[BoardQuestion]:
    """What everyone reads on the board: questions with their answers, in the order of the answers."""
    return challenge.questions.exclude(answered_at=None).order_by("answered_at", "pk")


def open_questions(challenges: QuerySet[Challenge], now: datetime) -> QuerySet[BoardQuestion]:
    """Questions without an answer about boards whose window is open; the first to close first."""
    open_now = challenges.filter(state=ChallengeState.PUBLISHED, bids_open_at__lte=now, bids_close_at__gt=now)
    rows = BoardQuestion.objects.filter(answered_at=None, challenge__in=open_now.order_by().values("pk"))
    return rows.select_related("challenge").order_by("challenge__bids_close_at", "asked_at", "pk")


def is_correction_waiting(challenge: Challenge) -> bool:
    """A draft at the press is to take the place of the notice."""
    return challenge.notice_id is not None and Publication.objects.filter(supersedes=challenge.notice_id).exists()


def is_notice_over(challenge: Challenge, now: datetime) -> bool:
    """The notice of the award is out and its period has ended: the agreement may be signed (C9, C10)."""
    notice = challenge.notice
    if notice is None or notice.state != PublicationState.RELEASED or notice.notice_ends_at is None:
        return False
    return now >= notice.notice_ends_at
