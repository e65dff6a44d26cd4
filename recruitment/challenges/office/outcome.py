"""The acts from the review to the end: experts, award, its notice, the agreement, a board without an award."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.errors import DomainError
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges import domain
from recruitment.challenges.enums import BidState
from recruitment.challenges.lists import correct_award, prepare_award
from recruitment.challenges.models import Engagement
from recruitment.challenges.office import forms as f
from recruitment.challenges.office.pages import user_of
from recruitment.challenges.office.step import Effects, Step
from recruitment.challenges.queries import experts_for
from recruitment.challenges.scoring import AwardPreview, preview_award
from recruitment.challenges.serving import overlaps_of, service_of
from rulebook.challenge import outcome_explanation
from rulebook.explanation import Explanation, percent_text


class Review(Step):
    name = "review"

    def form(self, *args: Any) -> Any:
        return f.ReviewForm(*args, experts=experts_for(user_of(self.request)))

    def effects(self) -> Effects:
        rules = rules_in_force(self.subject.campaign).challenge
        count = self.subject.bids.filter(state=BidState.ACCEPTED).count()
        return [
            outcome_explanation(count, rules).text(rule_language()),
            Explanation("clause.challenge.panel", {"least": rules.panel_min, "trim": rules.trim_from_experts}).text(
                rule_language()
            ),
            ngettext(
                "%(n)s bid goes to them under a drawn number.", "%(n)s bids go to them under drawn numbers.", count
            )
            % {"n": count},
            _("They read problem, plan, team and quote; neither the lead's name nor the home organisation."),
        ]

    def run(self, user: User, form: Any) -> str:
        domain.start_review(actor=user, challenge=self.subject, experts=form.in_order())
        return _("The review has started; the experts find the bids under their panels.")


class Award(Step):
    name = "award"
    template_name = "challenges/award.html"

    def preview(self) -> AwardPreview | None:
        try:
            return preview_award(self.subject)
        except DomainError:
            return None

    def form(self, *args: Any) -> Any:
        found = self.preview()
        if found is None:
            return f.AwardForm(*args)
        return f.AwardForm(*args, tied=found.outcome.tied, votes_needed=found.votes_needed, experts=found.experts)

    def effects(self) -> Effects:
        return [
            _("The first bid is awarded, the others are not; scores and places are kept."),
            _("Bidders learn the result with the public notice, not before."),
            _("No established post is used."),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"found": self.preview(), **kwargs})

    def run(self, user: User, form: Any) -> str:
        winner = domain.award_challenge(actor=user, challenge=self.subject, **form.cleaned_data)
        return _("Awarded to bid %(number)s. Prepare the public notice next.") % {"number": winner.number}


class Notice(Step):
    name = "notice"

    def effects(self) -> Effects:
        return [
            _("A draft goes to the press: the winner by name and home organisation, the others by number."),
            _("A second person reviews it there and releases it; the notice period runs from the release."),
        ]

    def run(self, user: User, form: Any) -> str:
        prepare_award(actor=user, challenge=self.subject)
        return _("The notice is with the press as a draft.")


class CorrectNotice(Step):
    name = "correct-notice"

    def form(self, *args: Any) -> Any:
        data, files = args or (None, None)
        return f.CorrectNoticeForm(data, files, initial={"decision": self.subject.decision})

    def effects(self) -> Effects:
        lines = [
            _("A corrected draft goes to the press, made anew from what is on record now."),
            _("The notice that is out stands until a second person releases the corrected one; then it is withdrawn."),
        ]
        if rules_in_force(self.subject.campaign).notice.restart_on_change:
            return [*lines, _("The notice period starts anew with that release.")]
        return [*lines, _("The notice period stays as it is.")]

    def run(self, user: User, form: Any) -> str:
        correct_award(actor=user, challenge=self.subject, decision=form.cleaned_data["decision"])
        return _("The corrected notice is with the press as a draft.")


class Objection(Step):
    name = "objection"
    form_class = f.ObjectionForm

    def effects(self) -> Effects:
        return [
            _("No agreement is signed until the objection is decided; the notice stays out."),
            _("What it says is for the talent office and auditors only."),
        ]

    def run(self, user: User, form: Any) -> str:
        domain.object_to_award(actor=user, challenge=self.subject, summary=form.cleaned_data["summary"])
        return _("The objection was recorded.")


class Decide(Step):
    name = "decide"

    def form(self, *args: Any) -> Any:
        return f.DecideForm(*args, objections=self.subject.objections.filter(decided_at=None))

    def effects(self) -> Effects:
        return [
            _("Not upheld: once no objection is open and the notice period is over, the agreement can be signed."),
            _("Upheld: the award is void. Its notice is withdrawn, the board ends without an award, every bidder is "
              "told, and everyone can read the grounds."),
        ]  # fmt: skip

    def run(self, user: User, form: Any) -> str:
        told = form.cleaned_data
        domain.decide_award_objection(
            actor=user, objection=told["objection"], is_upheld=told["outcome"] == "upheld", decision=told["decision"]
        )
        return _("The objection was decided.")


class Fail(Step):
    name = "fail"
    form_class = f.FailForm

    def effects(self) -> Effects:
        bids = self.subject.bids.exclude(state__in=[BidState.WITHDRAWN, BidState.REFUSED]).count()
        found = [
            _("The board ends without an award. Everyone can read the reason; it can be described and posted anew."),
            ngettext("%(n)s bid ends with it; its bidder is told.", "%(n)s bids end with it; their bidders are told.",
                     bids) % {"n": bids},
        ]  # fmt: skip
        if bids and self.subject.opened_at is None:
            found.append(_("The sealed bids stay sealed for ever; nobody has read them."))
        return found

    def run(self, user: User, form: Any) -> str:
        domain.fail_challenge(actor=user, challenge=self.subject, reason=form.cleaned_data["reason"])
        return _("The board has ended without an award.")


class Sign(Step):
    name = "sign"

    def form(self, *args: Any) -> Any:
        winner = self.subject.bids.filter(state=BidState.AWARDED).first()
        told = {
            "days_per_year": self.subject.days_per_year, "starts_on": timezone.localdate(),
            "ends_on": self.subject.ends_on, "amount": winner.quote if winner else None,
        }  # fmt: skip
        data, files = args or (None, None)
        return f.AgreementForm(data, files, initial=told)

    def effects(self) -> Effects:
        winner = self.subject.bids.filter(state=BidState.AWARDED).first()
        shares = rules_in_force(self.subject.campaign).challenge.milestones
        return [
            _("The amount is split into milestones: %(shares)s.") % {"shares": "、".join(map(percent_text, shares))},
            _("With the lead of bid %(number)s. The notice period is over.") % {"number": winner},
            _("The person is counted as a flexible engagement; no established post is used."),
        ]

    def run(self, user: User, form: Any) -> str:
        winner = self.subject.bids.get(state=BidState.AWARDED)
        row = domain.sign_engagement(actor=user, bid=winner, **form.cleaned_data)
        return " ".join([_("The agreement is entered."), *overlaps_of(row)])


class EngagementStep(Step):
    """An act on the agreement of the challenge."""

    def engagement(self) -> Engagement:
        rows = Engagement.objects.filter(bid__challenge=self.subject)
        row = rows.select_related("bid__challenge__unit", "bid__challenge__campaign").first()
        if row is None:
            raise Http404
        return row

    def effects(self) -> Effects:
        row = self.engagement()
        return [
            _("Agreement %(number)s: %(state)s.") % {"number": row.number, "state": row.get_state_display()},
            _("The change stands in the audit trail with your name."),
        ]


class Begin(EngagementStep):
    name = "begin"

    def run(self, user: User, form: Any) -> str:
        domain.begin_engagement(actor=user, engagement=self.engagement())
        return _("The start is recorded.")


class Accept(EngagementStep):
    name = "accept"
    form_class = f.DocumentForm

    def effects(self) -> Effects:
        lines = service_of(self.engagement(), timezone.localdate()).milestones
        return [*super().effects(), *(line.verdict for line in lines)]

    def run(self, user: User, form: Any) -> str:
        domain.accept_work(actor=user, engagement=self.engagement(), document=form.cleaned_data["document"])
        return _("The acceptance is recorded.")


class Terminate(EngagementStep):
    name = "terminate"
    form_class = f.ReasonForm

    def run(self, user: User, form: Any) -> str:
        domain.terminate_engagement(actor=user, engagement=self.engagement(), reason=form.cleaned_data["reason"])
        return _("The agreement is terminated.")
