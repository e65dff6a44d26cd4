from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from accounts.models import User
from campaigns.planning.machine import RUNNING
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.examinations.bonus import claims_to_decide
from recruitment.examinations.conduct import cases_to_decide
from recruitment.examinations.office.bonus import BonusClaims, ClaimPage
from recruitment.examinations.policies import (
    may_answer_checks,
    may_decide_bonuses,
    may_lock_interviews,
    may_read_conduct,
    may_read_marks,
    may_recheck,
    may_set_line,
)
from recruitment.examinations.queries import batches_to_lock, exams_visible_to, lines_to_confirm
from recruitment.examinations.recheck import to_recheck
from recruitment.examinations.score_checks import checks_to_answer
from recruitment.examinations.standing import Standing, standings
from recruitment.examinations.steps import Step, next_step, steps_of


@hooks.register("register_admin_urls")
def exam_urls() -> list[URLPattern | URLResolver]:
    return [
        path("exams/", include("recruitment.examinations.office.urls")),
        path("bonus-claim/<int:pk>/", ClaimPage.as_view(), name="bonus-claim"),
    ]


@hooks.register("register_admin_menu_item")
def exams_menu() -> MenuItem:
    return RuledMenuItem(_("Exams"), reverse("exams"), rule=may_read_marks, icon_name="form", order=240, name="exams")


@hooks.register("register_admin_viewset")
def registers() -> tuple[ViewSet, ...]:
    return (BonusClaims(),)


@register_todo
def bonus_work(user: User) -> list[Todo]:
    """Claims of bonus that wait for this person's decision; the ranking waits for them."""
    if not may_decide_bonuses(user):
        return []
    url = f"{reverse('bonus_claims:index')}?state=open"
    return [Todo(_("Claims of bonus to decide"), claims_to_decide(user).count(), url)]


@register_todo
def recheck_work(user: User) -> list[Todo]:
    """People called to an interview whose originals this person has still to see."""
    if not may_recheck(user):
        return []
    codes = list(to_recheck(user).order_by("campaign__code").values_list("campaign__code", flat=True))
    url = f"{reverse('recheck', args=codes[:1])}?show=open" if codes else ""
    return [Todo(_("Rechecks of qualifications to record"), len(codes), url)]


@register_todo
def conduct_work(user: User) -> list[Todo]:
    """Cases of misconduct that somebody else reported and that this person may decide now."""
    if not may_read_conduct(user):
        return []
    codes = [case.application.campaign.code for case in cases_to_decide(user)]
    url = reverse("exam-conduct", args=codes[:1]) if len(set(codes)) == 1 else reverse("exams")
    return [Todo(_("Cases of misconduct to decide"), len(codes), url)]


@register_todo
def exam_work(user: User) -> list[Todo]:
    """Batches somebody else imported that this person may lock, and exams whose next step is theirs."""
    if not may_read_marks(user):
        return []
    found = []
    if may_set_line(user):
        lines = lines_to_confirm(user)
        exams = {line.campaign.code for line in lines}
        url = reverse("exam-line", args=[exams.pop()]) if len(exams) == 1 else reverse("exams")
        found.append(Todo(_("Lowest written marks to confirm"), len(lines), url))
    if may_answer_checks(user):
        codes = [check.application.campaign.code for check in checks_to_answer(user)]
        url = reverse("exam-checks", args=codes[:1]) if len(set(codes)) == 1 else reverse("exams")
        found.append(Todo(_("Score checks to answer"), len(codes), url))
    if may_lock_interviews(user):
        batches = batches_to_lock(user)
        exams = {batch.campaign.code for batch in batches}
        url = reverse("exam-marks", args=[exams.pop()]) if len(exams) == 1 else reverse("exams")
        found.append(Todo(_("Batches of marks to lock"), len(batches), url))
    running = {exam.pk: exam for exam in exams_visible_to(user).filter(state__in=RUNNING)}
    mine = []
    for pk, now in standings(list(running.values())).items():
        step = next_step(steps_of(now))
        if step and step.ready and not _waits_for_second(step, now) and step.rule(user, running[pk]):
            mine.append(running[pk].code)
    url = reverse("exam", args=mine) if len(mine) == 1 else reverse("exams")
    found.append(Todo(_("Exams whose next step waits for you"), len(mine), url))
    return found


def _waits_for_second(step: Step, now: Standing) -> bool:
    """The step is a second person's, who has it on a line of their own above."""
    return step.key.startswith("lock") or (step.key == "line" and now.line == "waiting")
