"""What the pages of all acts have in common: first what will change, then the act by the person who may do it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import DomainError
from recruitment.challenges.office.acts import LABELS, acts_of
from recruitment.challenges.office.pages import ChallengePage, user_of
from recruitment.challenges.policies import may_run_challenges
from recruitment.challenges.queries import halves_of

Effects = list[str]


class Step(ChallengePage):
    """An act: `effects` says what it will do, `run` does it and says what was done.

    GET where it isn't offered leads back with a word why; POST always asks the verb.
    """

    rule = may_run_challenges
    template_name = "challenges/act.html"
    name = ""
    form_class: type[forms.Form] = forms.Form

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page_title = LABELS[self.name]

    def effects(self) -> Effects:
        return []

    def form(self, *args: Any) -> Any:
        return self.form_class(*args)

    def run(self, user: User, form: Any) -> str:
        raise NotImplementedError

    def forget(self, form: Any) -> None:
        """Take out of a form that is shown again what must not be shown."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offered = acts_of(user_of(request), self.subject, halves_of(self.subject), timezone.now())
        if self.name not in {act.name for act in offered}:
            messages.warning(
                request, _("As this board stands, “%(act)s” is not the step.") % {"act": LABELS[self.name]}
            )
            return redirect(self.address())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quiet = self.name in ("fail", "terminate")
        return super().get_context_data(
            **{
                "form": self.form(), "effects": self.effects(), "button": LABELS[self.name], "is_quiet": quiet,
                "back": self.address(), **kwargs,
            }
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                done = self.run(user_of(request), form)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, done)
                return redirect(self.address())
        self.forget(form)
        return self.render_to_response(self.get_context_data(form=form), status=422)
