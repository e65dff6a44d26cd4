"""The list of challenges, one challenge, describing a need, one bid."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from foundation.errors import DomainError
from foundation.language import rule_language
from foundation.ui.components import Fact
from foundation.ui.office import OfficeList, OfficePage, act
from recruitment.challenges import domain
from recruitment.challenges.enums import BidDeclaration, BidState, ChallengeState, EngagementState
from recruitment.challenges.ledger import score_steps
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.challenges.office.acts import acts_of
from recruitment.challenges.office.forms import CheckForm, NeedForm, NewNeedForm
from recruitment.challenges.policies import (
    may_describe_needs,
    may_list_bids,
    may_read_bid,
    may_read_challenges,
    may_run_challenges,
)
from recruitment.challenges.queries import bids_visible_to, challenges_visible_to, halves_of, is_open_for_bids
from recruitment.challenges.serving import service_of
from recruitment.challenges.standing import may_sign
from recruitment.challenges.timeline import steps_of_challenge

BID_TONES = {
    BidState.SUBMITTED: "now",
    BidState.RETURNED: "warn",
    BidState.ACCEPTED: "done",
    BidState.REFUSED: "fail",
    BidState.AWARDED: "done",
}
TONES = {
    ChallengeState.DRAFT: "",
    ChallengeState.CONFIRMED: "warn",
    ChallengeState.PUBLISHED: "now",
    ChallengeState.UNDER_REVIEW: "now",
    ChallengeState.AWARDED: "done",
    ChallengeState.FAILED: "fail",
}
DAYS_TO_COMPLETE = 5


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


def home() -> list[tuple[Any, str]]:
    return [(_("Open challenges"), reverse("challenges-office"))]


class ChallengeList(OfficeList):
    """Challenges of the units a person covers, the newest first, by words and state."""

    rule = may_read_challenges
    page_title = gettext_lazy("Open challenges")
    template_name = "challenges/list.html"
    search_in = ("title", "code", "unit__name", "field_name")

    def rows(self) -> QuerySet[Challenge]:
        rows = challenges_visible_to(user_of(self.request))
        wanted = self.request.GET.get("state", "")
        return rows.filter(state=wanted) if wanted in ChallengeState.values else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_describe=bool(may_describe_needs(user_of(self.request))),
            states=ChallengeState.choices,
            state=self.request.GET.get("state", ""),
            tones=TONES,
            **kwargs,
        )


class Explained(OfficePage):
    """Whoever may know of the challenge but not do this is led to its page, with the reason."""

    def code(self) -> str:
        return str(self.subject.code)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied as denial:
            messages.error(request, str(denial))
            return redirect("challenges-challenge", self.code())


class ChallengePage(Explained):
    """Anything about one challenge: outside the units a person covers it does not exist."""

    rule = may_read_challenges
    subject: Challenge

    def find(self, request: HttpRequest, **kwargs: Any) -> Challenge:
        user = user_of(request) if isinstance(request.user, User) else User()
        return get_object_or_404(challenges_visible_to(user), code=kwargs["code"])

    def address(self) -> str:
        return reverse("challenges-challenge", args=[self.subject.code])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*home(), (self.subject.title, self.address())]


class OneChallenge(ChallengePage):
    """One challenge: where it stands, what is next, its bids as far as anyone may know of them."""

    template_name = "challenges/challenge.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, row, now = user_of(self.request), self.subject, timezone.now()
        halves = halves_of(row)
        steps = steps_of_challenge(row, now)
        lists_bids = bool(may_list_bids(user, row))
        signed = Engagement.objects.filter(bid__challenge=row)
        engagement = signed.select_related("appointment", "bid__challenge__campaign").first()
        bids = list(bids_visible_to(user).filter(challenge=row).order_by("rank", "number")) if lists_bids else []
        return super().get_context_data(
            acts=acts_of(user, row, halves, now),
            steps=steps,
            current=next((step for step in steps if step.state == "now"), None),
            facts=_facts(row),
            halves=halves,
            tone=TONES[ChallengeState(row.state)],
            is_open=is_open_for_bids(row, now),
            now=now,
            lists_bids=lists_bids,
            may_free=row.state == ChallengeState.CONFIRMED and bool(may_run_challenges(user, row)),
            bids=[(bid, BID_TONES.get(BidState(bid.state), "")) for bid in bids],
            questions=list(row.questions.all()),
            objections=list(row.objections.select_related("decided_by")) if lists_bids and row.decided_at else [],
            verdict=_verdict(row, now) if engagement is None else "",
            engagement=engagement,
            service=service_of(engagement, timezone.localdate(now)) if engagement else None,
            members=list(engagement.members.all()) if engagement and lists_bids else [],
            may_convert=engagement is not None
            and engagement.state in (EngagementState.IN_SERVICE, EngagementState.ACCEPTED)
            and bool(may_run_challenges(user, row)),
            **kwargs,
        )


def _verdict(row: Challenge, now: datetime) -> str:
    """What the rule of the notice says of the award; empty before it is out."""
    guard = may_sign(row, timezone.localdate(now)) if row.state == ChallengeState.AWARDED else None
    return guard.explanation.text(rule_language()) if guard is not None else ""


def _facts(row: Challenge) -> list[Fact]:
    return [
        Fact(_("Board number"), row.code),
        Fact(_("Unit"), row.unit.name),
        Fact(_("Campaign"), row.campaign.name),
        Fact(_("Field"), row.field_name),
        Fact(_("Amount, yuan"), row.amount),
        Fact(_("Days on site a year"), str(row.days_per_year)),
        Fact(_("Result due on"), row.ends_on),
    ]


class NewNeed(OfficePage):
    """Describe a need; `?from=` fills in one that ended without an award."""

    rule = may_describe_needs
    page_title = gettext_lazy("Describe a need")
    template_name = "challenges/form.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return home()

    def _form(self, data: Any = None) -> NewNeedForm:
        user = user_of(self.request)
        earlier = challenges_visible_to(user).filter(code=self.request.GET.get("from", "")).first()
        names = [*NeedForm.base_fields, "campaign", "unit"]
        initial = {name: getattr(earlier, name) for name in names} if earlier else {}
        if earlier:
            initial.update(campaign=earlier.campaign.code, unit=earlier.unit.code)
        return NewNeedForm(data, user=user, roles=(Role.UNIT_HR, Role.TALENT_OFFICE), initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": self._form(), "back": reverse("challenges-office"), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            told = form.cleaned_data
            try:
                row = domain.describe_need(
                    actor=user_of(request), campaign=told["campaign"], unit=told["unit"], code=told["code"],
                    need=form.need(),
                )  # fmt: skip
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The need is kept. A second person confirms it."))
                return redirect("challenges-challenge", row.code)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class BidPage(Explained):
    """One opened bid and its formal check. While it is sealed, its number is all there is."""

    rule = may_read_bid
    template_name = "challenges/bid.html"
    subject: Bid

    def code(self) -> str:
        return self.subject.challenge.code

    def find(self, request: HttpRequest, **kwargs: Any) -> Bid:
        user = user_of(request) if isinstance(request.user, User) else User()
        return get_object_or_404(bids_visible_to(user), number=kwargs["number"], challenge__code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        row = self.subject.challenge
        return [*home(), (row.title, reverse("challenges-challenge", args=[row.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user, now = self.subject, user_of(self.request), timezone.now()
        late = bid.state == BidState.RETURNED and bid.complete_by is not None and bid.complete_by <= now
        due = timezone.localtime(now + timedelta(days=DAYS_TO_COMPLETE)).replace(hour=18, minute=0)
        return super().get_context_data(
            **{
                "form": CheckForm(initial={"complete_by": due}),
                "tone": BID_TONES.get(BidState(bid.state), ""),
                "score_steps": score_steps(bid),
                "may_check": bool(may_run_challenges(user, bid)) and (bid.state == BidState.SUBMITTED or late),
                "is_late": late,
                "digest": [bid.digest[start : start + 8] for start in range(0, 64, 8)],
                "declarations": BidDeclaration.labels,
                "following": self._following(),
                **kwargs,
            }
        )

    def _following(self) -> Bid | None:
        waiting = bids_visible_to(user_of(self.request)).filter(challenge=self.subject.challenge_id)
        return waiting.filter(state=BidState.SUBMITTED).exclude(pk=self.subject.pk).order_by("number").first()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, user, bid = CheckForm(request.POST), user_of(request), self.subject
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        reason, due = form.cleaned_data["reason"], form.cleaned_data["complete_by"]
        verbs = {
            "accept": (lambda: domain.accept_bid(actor=user, bid=bid), _("Accepted; the bidder has been told.")),
            "return": (
                lambda: domain.return_bid(actor=user, bid=bid, reason=reason, complete_by=due or timezone.now()),
                _("Returned; the bidder has been told."),
            ),
            "refuse": (
                lambda: domain.refuse_bid(actor=user, bid=bid, reason=reason),
                _("Refused; the bidder has been told."),
            ),
        }
        verb, done = verbs.get(request.POST.get("act", ""), (None, ""))
        if verb is None:
            messages.error(request, _("There is no such act. Nothing was saved."))
            return redirect(request.path)
        return act(request, verb, done=done, back=request.path)
