"""The acts from the need to the opened bids: correct, confirm, key halves, publish, extend, open."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from foundation.dates import moment
from foundation.errors import DomainError
from foundation.language import rule_language
from recruitment.applications.queries import rules_in_force
from recruitment.challenges import domain
from recruitment.challenges.enums import BidState
from recruitment.challenges.office import forms as f
from recruitment.challenges.office.pages import ChallengePage, user_of
from recruitment.challenges.office.step import Effects, Step
from recruitment.challenges.policies import may_answer_questions, may_describe_needs, may_run_challenges
from recruitment.challenges.queries import halves_of
from rulebook.challenge import outcome_explanation


class Edit(Step):
    name = "edit"
    rule = may_describe_needs
    form_class = f.NeedForm

    def form(self, *args: Any) -> Any:
        data, files = args or (None, None)
        initial = {name: getattr(self.subject, name) for name in f.NeedForm.base_fields}
        return f.NeedForm(data, files, initial=initial)

    def run(self, user: User, form: Any) -> str:
        domain.change_need(actor=user, challenge=self.subject, need=form.need())
        return _("Saved.")


class Confirm(Step):
    name = "confirm"

    def effects(self) -> Effects:
        return [
            _("You confirm, as the second person, that the need is real and new and can be measured and paid."),
            _("Described by %(name)s. From now on the text stays as it is.") % {"name": self.subject.created_by.name},
            _("Next, two officers each make their half of the key with which bids are sealed."),
        ]

    def run(self, user: User, form: Any) -> str:
        domain.confirm_need(actor=user, challenge=self.subject)
        return _("The need is confirmed.")


@method_decorator([never_cache], name="dispatch")
class MakeKeyHalf(Step):
    """The half is shown in the answer to this one request, on the page or as a file, and kept nowhere."""

    name = "key"

    def effects(self) -> Effects:
        mine = any(half.holder_id == self.request.user.pk for half in halves_of(self.subject))
        found = [
            _("You are shown your half once. The system keeps only what is needed to check it."),
            _("Save it outside this system, best on paper or a USB stick in your safe; tell it to nobody."),
            _("After the window both officers hand in their halves. If one is lost, no bid can ever be read: the board "
              "fails and is posted again."),
        ]  # fmt: skip
        if mine:
            found.insert(0, _("You have made a half before. The new one takes its place; the old one opens nothing."))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"as_file": True, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, row = user_of(request), self.subject
        try:
            secret = domain.make_key_half(actor=user, challenge=row)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.address())
        if request.POST.get("as") == "file":
            text = _("Key half of board %(code)s, %(title)s\nHolder: %(name)s\nMade: %(when)s\n\n%(secret)s\n") % {
                "code": row.code, "title": row.title, "name": user.name or user.username,
                "when": moment(timezone.now()), "secret": secret,
            }  # fmt: skip
            answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="key-half-{row.pk}.txt"'
            return answer
        return self.render_to_response(self.get_context_data(secret=secret))


class Publish(Step):
    name = "publish"

    def effects(self) -> Effects:
        rules = rules_in_force(self.subject.campaign).challenge
        closes = timezone.now() + timedelta(days=rules.window_days)
        holders = "、".join(half.holder.name or half.holder.username for half in halves_of(self.subject))
        return [
            _("The board is public at once, with problem, indicators and amount."),
            _("Bids are taken for %(days)s days, until %(when)s, by the server's clock.")
            % {"days": rules.window_days, "when": moment(closes)},
            _("Bids are sealed until both halves are handed in. The halves are with: %(names)s.") % {"names": holders},
        ]

    def run(self, user: User, form: Any) -> str:
        domain.publish_challenge(actor=user, challenge=self.subject)
        return _("The challenge is on the board.")


@method_decorator([never_cache, sensitive_post_parameters("secret")], name="dispatch")
class HandIn(Step):
    name = "hand-in"
    form_class = f.HalfForm

    def effects(self) -> Effects:
        given = [half.holder.name or half.holder.username for half in halves_of(self.subject) if half.handed_in_at]
        found = [_("Your half alone opens nothing. It is kept encrypted until the bids are opened, then forgotten.")]
        if given:
            found.append(_("%(names)s has handed in the other half; with yours the bids can be opened.")
                         % {"names": "、".join(given)})  # fmt: skip
        return found

    def forget(self, form: Any) -> None:
        form.data = {**form.data.dict(), "secret": ""}

    def run(self, user: User, form: Any) -> str:
        domain.hand_in_key_half(actor=user, challenge=self.subject, secret=form.text())
        return _("Your half fits and is handed in.")


class Open(Step):
    name = "open"

    def effects(self) -> Effects:
        bids = list(self.subject.bids.exclude(state=BidState.WITHDRAWN).order_by("number"))
        return [
            ngettext("%(n)s bid is opened: %(numbers)s.", "%(n)s bids are opened at once: %(numbers)s.", len(bids))
            % {"n": len(bids), "numbers": "、".join(bid.number for bid in bids)},
            _("Each is held against the digest its bidder has. If one was changed, none is opened."),
            _("Both key halves are forgotten, and every bidder is told. This can't be taken back."),
        ]

    def run(self, user: User, form: Any) -> str:
        domain.open_bids(actor=user, challenge=self.subject)
        return _("All bids are open. Check each of them for form.")


class Extend(Step):
    name = "extend"
    form_class = f.ReasonForm

    def effects(self) -> Effects:
        rules = rules_in_force(self.subject.campaign).challenge
        when = moment(timezone.now() + timedelta(days=rules.window_days))
        live = self.subject.bids.exclude(state=BidState.WITHDRAWN).count()
        return [
            outcome_explanation(live, rules).text(rule_language()),
            _("It runs until %(when)s.") % {"when": when},
            _("Bids handed in so far stay sealed and count; their bidders may still replace them."),
        ]

    def run(self, user: User, form: Any) -> str:
        domain.extend_window(actor=user, challenge=self.subject, reason=form.cleaned_data["reason"])
        return _("The window is open again.")


class Answer(Step):
    name = "answer"
    rule = may_answer_questions

    def form(self, *args: Any) -> Any:
        return f.AnswerForm(*args, questions=self.subject.questions.filter(answered_at=None))

    def effects(self) -> Effects:
        return [
            _("Question and answer are on the board at once, for everyone; only the audit trail keeps who asked."),
            _("Who asked and everyone who has handed in a bid is told. An answer can't be changed."),
            _("Questions can be answered until %(when)s.") % {"when": moment(self.subject.bids_close_at)},
        ]

    def run(self, user: User, form: Any) -> str:
        told = form.cleaned_data
        domain.answer_question(actor=user, question=told["question"], answer=told["answer"])
        return _("The answer is on the board.")


class FreeHalf(ChallengePage):
    """Before publication: free the place of an officer who can't keep their half."""

    rule = may_run_challenges

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.address())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        half = self.subject.key_halves.filter(place=kwargs["place"]).first()
        if half is None:
            raise Http404
        try:
            domain.discard_key_half(actor=user_of(request), half=half, reason=request.POST.get("reason", ""))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The place is free; another officer can make a half."))
        return redirect(self.address())
