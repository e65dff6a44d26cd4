"""What all pages of one exam share: who may know of it, the pages above and beside it, and the note of a look."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.planning.models import Campaign
from foundation.ui.office import OfficePage
from recruitment.examinations.domain import look_at_marks
from recruitment.examinations.models import MarkKind
from recruitment.examinations.policies import may_read_marks
from recruitment.examinations.queries import exams_visible_to
from recruitment.publications.models import PublicationKind

TABS = (
    ("exam", gettext_lazy("Steps")),
    ("exam-tickets", gettext_lazy("Tickets")),
    ("exam-marks", gettext_lazy("Marks")),
    ("exam-results", gettext_lazy("Written results")),
    ("exam-checks", gettext_lazy("Score checks")),
    ("exam-conduct", gettext_lazy("Misconduct")),
    ("exam-shortlist", gettext_lazy("Shortlist")),
    ("exam-totals", gettext_lazy("Totals")),
)
MADE_PUBLIC_BY = {MarkKind.WRITTEN: PublicationKind.SCORES}


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff; the page's guard has let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def press_url(pk: int) -> str:
    """The page of a list at the press, empty while the press has no pages."""
    try:
        return reverse("press-publication", args=[pk])
    except NoReverseMatch:
        return ""


def list_of(kind: str) -> str:
    """The public list that makes marks of this kind public."""
    return MADE_PUBLIC_BY.get(MarkKind(kind), PublicationKind.TOTALS)


class ExamPage(OfficePage):
    """A page of one exam. Outside the units a person covers it does not exist.

    `shows` names the public lists whose content the page shows: opening it before their release is noted.
    """

    rule = may_read_marks
    subject: Campaign
    shows: Sequence[str] = ()

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        return get_object_or_404(exams_visible_to(user_of(request)), code=kwargs["code"])

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        above: list[tuple[str | Promise, str]] = [(gettext_lazy("Exams"), reverse("exams"))]
        if self.request.resolver_match and self.request.resolver_match.url_name != "exam":
            above.append((self.subject.name, reverse("exam", args=[self.subject.code])))
        return above

    def shown_lists(self) -> Sequence[str]:
        return self.shows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if lists := self.shown_lists():
            match = request.resolver_match
            page = f"{match.url_name if match else ''} {request.GET.get('page', '')}".strip()[:60]
            look_at_marks(actor=user_of(request), campaign=self.subject, lists=lists, page=page)
        return super().get(request, *args, **kwargs)  # type: ignore[return-value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.subject.code
        tabs = [(name, reverse(url, args=[code])) for url, name in TABS]
        return super().get_context_data(exam=self.subject, tabs=tabs, **kwargs)
