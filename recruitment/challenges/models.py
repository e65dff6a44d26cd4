"""Open challenges (揭榜挂帅): boards, bids, expert review, award, engagement without a post."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.fields import EncryptedTextField
from foundation.words import money
from recruitment.candidates.enums import Degree
from recruitment.challenges.enums import BidState, ChallengeState, EngagementState, MilestoneState


class Challenge(models.Model):
    """A problem a unit puts on the board, with measurable results and a window for bids."""

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="challenges")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="challenges")
    code = models.CharField(_("board number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("problem"))
    indicators = models.TextField(_("acceptance indicators"))
    field_name = models.CharField(_("field"), max_length=60, blank=True)
    budget = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    days_per_year = models.PositiveSmallIntegerField(_("days on site a year"), default=0)
    ends_on = models.DateField(_("result due on"))
    bids_open_at = models.DateTimeField(_("bids open"), null=True, blank=True)
    bids_close_at = models.DateTimeField(_("bids close"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ChallengeState, default=ChallengeState.DRAFT)
    panel = models.OneToOneField(
        "panels.Panel", on_delete=models.PROTECT, null=True, blank=True, related_name="challenge"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("bids opened at"), null=True, blank=True)
    review_started_at = models.DateTimeField(_("review started at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("award decided at"), null=True, blank=True)
    decision = models.TextField(_("decision of the leading group"), blank=True)
    notice = models.OneToOneField(
        "publications.Publication", on_delete=models.SET_NULL, null=True, blank=True, related_name="challenge"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(budget__gte=0), name="challenge_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("created_by")), name="challenge_needs_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(bids_open_at=None) | Q(bids_close_at=None) | Q(bids_close_at__gt=F("bids_open_at")),
                name="challenge_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def amount(self) -> str:
        """The budget with thousands set apart, without empty cents."""
        return money(self.budget)


class KeyHalf(models.Model):
    """The public key of one of the two officers without whom the bids of a challenge can't be opened (decision 18).

    The private key is with its holder only. Between its handing in, after the window, and the opening it is kept
    encrypted in `handed_in`; the opening empties it.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="key_halves")
    place = models.PositiveSmallIntegerField(_("place of the half"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    public_key = models.CharField(_("public key"), max_length=64)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    handed_in = EncryptedTextField(_("half handed in"), blank=True, default="")
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)

    class Meta:
        verbose_name = _("key half")
        verbose_name_plural = _("key halves")
        ordering = ["challenge", "place"]
        constraints = [
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="two_key_halves_at_most"),
            models.UniqueConstraint(fields=["challenge", "place"], name="key_half_once"),
            models.UniqueConstraint(fields=["challenge", "holder"], name="key_halves_with_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.challenge.code} · {self.place}"


class Bid(models.Model):
    """One lead's answer to a challenge (decision 10).

    Until the opening its content is in `sealed` only, which no key of the server opens; `digest` (SHA-256) binds it.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="bids")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="bids")
    number = models.CharField(_("bid number"), max_length=20, unique=True)
    sealed = models.TextField(_("sealed content"), blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    home_unit = models.CharField(_("home organisation"), max_length=200, blank=True)
    team = models.TextField(_("team"), blank=True)
    plan = EncryptedTextField(_("plan"), blank=True, default="")
    quote = EncryptedTextField(_("quote, yuan"), blank=True, default="")
    consent = models.OneToOneField(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="bid"
    )
    state = models.CharField(_("state"), max_length=12, choices=BidState, default=BidState.SUBMITTED)
    reason = models.TextField(_("reason"), blank=True)
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    complete_by = models.DateTimeField(_("to be completed by"), null=True, blank=True)
    checked_at = models.DateTimeField(_("formal check decided at"), null=True, blank=True)
    subject = models.OneToOneField(
        "panels.Subject", on_delete=models.PROTECT, null=True, blank=True, related_name="bid"
    )
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=3, null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    explanation = models.JSONField(_("how it came about"), default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "candidate"], condition=~Q(state="withdrawn"), name="one_bid_per_lead"
            ),
            models.UniqueConstraint(fields=["challenge"], condition=Q(state="awarded"), name="one_award_per_challenge"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False)
                | (Q(home_unit="", team="") & Q(Exact(Length("plan"), 0)) & Q(Exact(Length("quote"), 0))),
                name="bid_sealed_until_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Engagement(models.Model):
    """A flexible engagement made by an award; it uses no established post."""

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="engagement")
    number = models.CharField(_("agreement number"), max_length=60, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    days_per_year = models.PositiveSmallIntegerField(_("days on site a year"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    subsidy = models.DecimalField(_("subsidy a year, yuan"), max_digits=12, decimal_places=2, default=0)
    extensions = models.PositiveSmallIntegerField(_("times extended"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=EngagementState, default=EngagementState.AGREED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="engagement_dates_in_order")
        ]

    def __str__(self) -> str:
        return self.number


class EngagementMilestone(models.Model):
    """A part of the agreed sum that may be paid once it and all before it passed (R88); nothing is paid here."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("number"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=8, choices=MilestoneState, default=MilestoneState.PENDING)
    grounds = models.TextField(_("grounds"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("milestone of an engagement")
        verbose_name_plural = _("milestones of engagements")
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="engagement_milestone_once"),
            models.CheckConstraint(
                condition=Q(state="pending") | (~Q(grounds="") & Q(decided_at__isnull=False)),
                name="engagement_milestone_decided_with_grounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement} · {self.number}"


class WorkDay(models.Model):
    """One day on site with what proves it (C11, R89)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="work_days")
    worked_on = models.DateField(_("day on site"))
    evidence = models.TextField(_("proof of the days"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("day on site")
        verbose_name_plural = _("days on site")
        ordering = ["engagement", "worked_on"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "worked_on"], name="work_day_once"),
            models.CheckConstraint(condition=~Q(evidence=""), name="work_day_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement} · {self.worked_on}"


class TeamMember(models.Model):
    """A person of the lead's team who works for the engagement; counted where the rules count all members (R90).

    Of the ID number only the blind index is kept: enough to count a person once who is also a candidate.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    id_index = models.CharField(max_length=64, editable=False)
    degree = models.CharField(_("degree"), max_length=10, choices=Degree, default=Degree.NONE)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["engagement", "pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "id_index"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.engagement} · #{self.pk}"


class AwardObjection(models.Model):
    """An objection to an award, received while its notice runs: the agreement waits until it is decided (C9, R76)."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="objections")
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    summary = models.TextField(_("summary"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("objection to an award")
        verbose_name_plural = _("objections to awards")
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return self.summary


class BoardQuestion(models.Model):
    """A question about a challenge. With its answer it is public, so that every bidder knows the same (C6).

    Who asked is never shown, neither to the public nor to the office.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="questions")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("question about a challenge")
        verbose_name_plural = _("questions about challenges")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="question_answered_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return self.text
