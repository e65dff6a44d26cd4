"""The list of exams, and the home of each: its steps, where it stands, who does what, and the next act."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.ui.components import Figure
from foundation.ui.office import OfficeList
from recruitment.examinations.bonus import is_window_open, knobs_of
from recruitment.examinations.models import MarkKind
from recruitment.examinations.office.bonus import register_url
from recruitment.examinations.office.pages import ExamPage, press_url, user_of
from recruitment.examinations.policies import may_import_interviews, may_rank, may_read_bonus, may_read_marks
from recruitment.examinations.queries import exams_visible_to
from recruitment.examinations.standing import Standing, standings
from recruitment.examinations.steps import Step, next_step, steps_of


class ExamList(OfficeList):
    """Public exams the person covers, with what comes next in each."""

    rule = may_read_marks
    page_title = gettext_lazy("Exams")
    template_name = "examinations/office/exams.html"
    search_in = ("name", "code")

    def rows(self) -> QuerySet[Campaign]:
        return exams_visible_to(user_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        exams = list(context["page"].object_list)
        known = standings(exams)
        context["rows"] = [(exam, known[exam.pk], next_step(steps_of(known[exam.pk]))) for exam in exams]
        return context


@dataclass(frozen=True)
class Link:
    """A button or link beside a step."""

    label: str | Promise
    url: str


@dataclass(frozen=True)
class ShownStep:
    """A step with what this person can do about it: one act, places to look at, or the reason why not."""

    step: Step
    act: Link | None
    links: list[Link]
    may: bool


# Step → (label of its act, URL name, further arguments).
ACTS: dict[str, tuple[Promise, str, tuple[str, ...]]] = {
    "tickets": (gettext_lazy("Draw seats and number tickets"), "exam-draw", ()),
    "marks": (gettext_lazy("Import written marks"), "exam-import", (MarkKind.WRITTEN,)),
    "lock": (gettext_lazy("See the batches to lock"), "exam-marks", ()),
    "bonus-list": (gettext_lazy("Hand the list to the press"), "exam-act", ("list-bonus",)),
    "rank": (gettext_lazy("Rank the written marks"), "exam-act", ("rank",)),
    "scores": (gettext_lazy("Hand the list to the press"), "exam-act", ("list-scores",)),
    "line": (gettext_lazy("Set or confirm the lowest mark"), "exam-line", ()),
    "shortlist": (gettext_lazy("Preview the shortlist"), "exam-shortlist", ()),
    "called": (gettext_lazy("Hand the list to the press"), "exam-act", ("list-shortlist",)),
    "recheck": (gettext_lazy("Record the recheck"), "recheck", ()),
    "call-ups": (gettext_lazy("Hand the list to the press"), "exam-act", ("list-call-ups",)),
    "notices": (gettext_lazy("Issue the interview notices"), "exam-act", ("notices",)),
    "interviews": (gettext_lazy("Import interview marks"), "exam-import", (MarkKind.INTERVIEW,)),
    "lock-interviews": (gettext_lazy("See the batches to lock"), "exam-marks", ()),
    "totals": (gettext_lazy("Compute totals and places"), "exam-act", ("totals",)),
    "proposals": (gettext_lazy("Preview the proposals"), "exam-proposals", ()),
    "result": (gettext_lazy("Hand the list to the press"), "exam-act", ("list-totals",)),
}
PLACES: dict[str, tuple[Promise, str]] = {
    "tickets": (gettext_lazy("See the tickets"), "exam-tickets"),
    "marks": (gettext_lazy("See the batches"), "exam-marks"),
    "rank": (gettext_lazy("See the results"), "exam-results"),
    "line": (gettext_lazy("See the lowest mark"), "exam-line"),
    "recheck": (gettext_lazy("See the recheck"), "recheck"),
    "interviews": (gettext_lazy("See the batches"), "exam-marks"),
    "totals": (gettext_lazy("See the totals"), "exam-totals"),
}
LISTS = {"bonus-list": "bonus", "scores": "scores", "called": "shortlist", "call-ups": "call_ups", "result": "totals"}


def shown_steps(user: User, exam: Campaign, now: Standing) -> list[ShownStep]:
    """The steps of an exam as this person sees them."""
    return [_shown(user, exam, now, step) for step in steps_of(now)]


def _shown(user: User, exam: Campaign, now: Standing, step: Step) -> ShownStep:
    allowed = bool(step.rule(user, exam))
    act = _act(exam, step) if allowed and step.ready else None
    links = []
    if step.key == "bonus" and not step.ready and may_read_bonus(user, exam):
        links.append(Link(gettext_lazy("See the claims"), register_url(exam)))
    if step.key == "bonus" and allowed and is_window_open(exam, knobs_of(rules_of(exam)), timezone.now()):
        entry = reverse("exam-bonus-claim", args=[exam.code])
        links.append(Link(gettext_lazy("Enter a claim for a person without an account"), entry))
    if step.key in PLACES and step.state == "done":
        name, place = PLACES[step.key]
        links.append(Link(name, reverse(place, args=[exam.code])))
    listed = now.lists.get(LISTS.get(step.key, ""))
    if listed and (url := press_url(listed.pk)):
        links.append(Link(gettext_lazy("See the list at the press"), url))
    if step.key == "totals" and now.extra_tests and may_import_interviews(user, exam):
        extra = reverse("exam-import", args=[exam.code, MarkKind.EXTRA_TEST])
        links.append(Link(gettext_lazy("Import marks of the extra test"), extra))
    if step.key == "shortlist" and now.ranked_at and not now.batch(MarkKind.INTERVIEW).locked and may_rank(user, exam):
        reopen = reverse("exam-act", args=[exam.code, "reopen"])
        links.append(Link(gettext_lazy("Take ranking and shortlist back"), reopen))
    return ShownStep(step, act, links, allowed)


def _act(exam: Campaign, step: Step) -> Link:
    if step.key == "bonus":
        return Link(gettext_lazy("See the claims that wait"), f"{register_url(exam)}&state=open")
    label, url, more = ACTS[step.key]
    return Link(label, reverse(url, args=[exam.code, *more]))


class ExamHome(ExamPage):
    """One exam: figures, and every step with its state, who may take it, and the button for the next."""

    template_name = "examinations/office/exam.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, exam = user_of(self.request), self.subject
        now = standings([exam])[exam.pk]
        steps = shown_steps(user, exam, now)
        figures = [
            Figure(gettext_lazy("People with a ticket"), now.with_ticket),
            Figure(gettext_lazy("With a written mark"), now.marked),
            Figure(gettext_lazy("Called to the interview"), now.called),
            Figure(gettext_lazy("Proposed for hire"), now.proposed),
        ]
        leading = next((shown for shown in steps if shown.step.state == "now"), None)
        return super().get_context_data(figures=figures, steps=steps, leading=leading, **kwargs)
