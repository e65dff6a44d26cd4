from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.challenges.enums import BidState, ChallengeState
from recruitment.challenges.models import AwardObjection, Bid, Challenge, KeyHalf
from recruitment.challenges.policies import BID_READERS, may_answer_questions, may_read_challenges, may_run_challenges
from recruitment.challenges.queries import halves_waiting_for, open_questions
from recruitment.publications.models import PublicationState


@hooks.register("register_admin_urls")
def challenges_urls() -> list[URLResolver]:
    return [path("challenges/", include("recruitment.challenges.office.urls"))]


@hooks.register("register_admin_menu_item")
def challenges_menu() -> MenuItem:
    return RuledMenuItem(
        _("Open challenges"), reverse("challenges-office"), rule=may_read_challenges, icon_name="pick", order=250,
        name="challenges",
    )  # fmt: skip


@register_todo
def waiting(user: User) -> list[Todo]:
    """What a challenge waits for this person to do, by state."""
    now, home = timezone.now(), reverse("challenges-office")
    questions = _questions(user, now)
    if not may_run_challenges(user):
        return questions
    rows = Challenge.objects.filter(in_scope(user, *BID_READERS))
    told = rows.aggregate(
        to_confirm=Count("pk", filter=Q(state=ChallengeState.DRAFT) & ~Q(created_by=user), distinct=True),
        to_award=Count(
            "pk", filter=Q(state=ChallengeState.UNDER_REVIEW, panel__locked_at__isnull=False), distinct=True
        ),
        to_print=Count("pk", filter=Q(state=ChallengeState.AWARDED, notice=None), distinct=True),
        to_sign=Count("pk", filter=_to_sign(now), distinct=True),
    )
    checks = Bid.objects.filter(challenge__in=rows, state=BidState.SUBMITTED, opened_at__isnull=False).count()
    objected = rows.filter(objections__decided_at=None, objections__received_at__isnull=False)
    return [
        *questions,
        Todo(_("Needs to confirm"), told["to_confirm"], f"{home}?state=draft"),
        *_keys(user, rows, now),
        Todo(_("Bids to check for form"), checks, f"{home}?state=published"),
        Todo(_("Challenges to award"), told["to_award"], f"{home}?state=under_review"),
        Todo(_("Notices of awards to prepare"), told["to_print"], f"{home}?state=awarded"),
        Todo(_("Objections to awards to decide"), objected.distinct().count(), f"{home}?state=awarded"),
        Todo(_("Agreements to enter"), told["to_sign"], f"{home}?state=awarded"),
    ]


def _questions(user: User, now: datetime) -> list[Todo]:
    """Questions that bidders wait for, with the close of the first board, after which no answer helps."""
    if not may_answer_questions(user):
        return []
    mine = Challenge.objects.filter(in_scope(user, Role.UNIT_HR, Role.TALENT_OFFICE))
    told = open_questions(mine, now).aggregate(n=Count("pk"), due=Min("challenge__bids_close_at"))
    return [Todo(_("Questions to answer"), told["n"], f"{reverse('challenges-office')}?state=published", told["due"])]


def _to_sign(now: object) -> Q:
    over = Q(notice__state=PublicationState.RELEASED, notice__notice_ends_at__lte=now)
    open_objection = Exists(AwardObjection.objects.filter(challenge=OuterRef("pk"), decided_at=None))
    signable = Q(state=ChallengeState.AWARDED, bids__state=BidState.AWARDED, bids__engagement=None)
    return signable & over & ~Q(open_objection)


def _keys(user: User, rows: object, now: object) -> list[Todo]:
    """Halves to make, to hand in (with the day the window closed), and boards to open."""
    home = reverse("challenges-office")
    mine = KeyHalf.objects.filter(holder=user).values("challenge_id")
    confirmed = Challenge.objects.filter(pk__in=rows.values("pk"), state=ChallengeState.CONFIRMED)  # type: ignore[attr-defined]
    to_make = confirmed.annotate(made=Count("key_halves")).filter(made__lt=2).exclude(pk__in=mine).count()
    to_hand_in = halves_waiting_for(user, now)  # type: ignore[arg-type]
    closed = Challenge.objects.filter(pk__in=rows.values("pk"), state=ChallengeState.PUBLISHED, opened_at=None)  # type: ignore[attr-defined]
    given = Count("key_halves", filter=Q(key_halves__handed_in_at__isnull=False))
    to_open = closed.annotate(given=given).filter(given=2).count()
    due = to_hand_in.aggregate(due=Min(F("challenge__bids_close_at")))["due"]
    return [
        Todo(_("Key halves to make"), to_make, f"{home}?state=confirmed"),
        Todo(_("Key halves to hand in"), to_hand_in.count(), f"{home}?state=published", due),
        Todo(_("Bids to open"), to_open, f"{home}?state=published"),
    ]
