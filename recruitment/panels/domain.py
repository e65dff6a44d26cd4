"""Verbs of panels: set up, draw, recuse, mark, lock."""

import random
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.models import Application
from recruitment.applications.queries import rules_in_force
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.policies import is_member, may_set_up_panels
from recruitment.panels.queries import criterion_name
from recruitment.panels.scoring import criteria_for, sheet_score
from rulebook.explanation import Explanation, RuleError


@transaction.atomic
def create_panel(*, actor: User, campaign: Campaign, name: str, purpose: str) -> Panel:
    """A panel whose criteria are those of the campaign's rule set for this purpose."""
    require(may_set_up_panels, actor, campaign)
    criteria = criteria_for(purpose, rules_in_force(campaign))
    panel = Panel.objects.create(campaign=campaign, name=name, purpose=purpose, criteria=criteria)
    audit.record(actor=actor, action="panels.create_panel", subject=panel, after={"purpose": purpose})
    return panel


@transaction.atomic
def seat_member(
    *, actor: User, panel: Panel, user: User, is_chair: bool = False, is_external: bool = False
) -> PanelMember:
    """Put a judge on a panel. Raises Refused once the panel is locked, for a second chair, or the same person twice."""
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    if panel.members.filter(user=user).exists():
        raise Refused(_("%(user)s sits on this panel already. Nothing was saved.") % {"user": user}, code="duplicate")
    if is_chair and panel.members.filter(is_chair=True).exists():
        raise Refused(_("This panel has a chair already. Nothing was saved."), code="second_chair")
    member = PanelMember.objects.create(panel=panel, user=user, is_chair=is_chair, is_external=is_external)
    audit.record(actor=actor, action="panels.seat_member", subject=member, after={"chair": is_chair})
    return member


@transaction.atomic
def unseat_member(*, actor: User, member: PanelMember, reason: str) -> None:
    """Take a judge off a panel before they handed in a sheet, with the reason; afterwards their marks stand."""
    require(may_set_up_panels, actor, member.panel)
    panel = _open(member.panel)
    if not reason.strip():
        raise Refused(_("Say why the judge leaves the panel. Nothing was saved."), code="reason_required")
    if ScoreSheet.objects.filter(member=member).exists():
        raise Refused(_("This judge has handed in sheets and stays. Nothing was saved."), code="has_marked")
    audit.record(
        actor=actor, action="panels.unseat_member", subject=panel, before={"user": member.user_id}, reason=reason
    )
    member.delete()


def _open(panel: Panel) -> Panel:
    """The panel, locked in the database; raises Refused if its marks are closed."""
    panel = Panel.objects.select_for_update().get(pk=panel.pk)
    if panel.locked_at:
        raise Refused(_("The marks of this panel are closed. Nothing was saved."), code="locked")
    return panel


@transaction.atomic
def draw_subjects(*, actor: User, panel: Panel, applications: Sequence[Application | None]) -> list[Subject]:
    """Give each application (or None, for what is no application) a draw number in a random order, from 1.

    Judges see the numbers only. Raises Refused if numbers were drawn before.
    """
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    if panel.subjects.exists():
        raise Refused(_("The draw of this panel has been made. Nothing was saved."), code="drawn")
    numbers = list(range(1, len(applications) + 1))
    random.SystemRandom().shuffle(numbers)
    subjects = Subject.objects.bulk_create(
        [
            Subject(panel=panel, draw_no=number, application=application)
            for number, application in zip(numbers, applications, strict=True)
        ]
    )
    audit.record(actor=actor, action="panels.draw_subjects", subject=panel, after={"count": len(subjects)})
    return subjects


def _member(actor: User, subject: Subject) -> PanelMember:
    require(is_member, actor, subject)
    return PanelMember.objects.get(panel_id=subject.panel_id, user=actor)


@transaction.atomic
def recuse(*, actor: User, subject: Subject, reason: str) -> ScoreSheet:
    """The judge declares a conflict with a subject and gives no mark for it. Raises Refused after marks were given."""
    member = _member(actor, subject)
    _open(subject.panel)
    if not reason.strip():
        raise Refused(_("Say why you withdraw from this subject. Nothing was saved."), code="reason_required")
    if ScoreSheet.objects.filter(member=member, subject=subject).exists():
        raise Refused(_("Your sheet for this number was handed in before. Nothing was saved."), code="submitted")
    sheet = ScoreSheet.objects.create(
        member=member, subject=subject, is_recused=True, comment=reason, submitted_at=timezone.now()
    )
    audit.record(actor=actor, action="panels.recuse", subject=sheet, reason=reason)
    return sheet


@transaction.atomic
def submit_sheet(*, actor: User, subject: Subject, marks: Mapping[str, Decimal], comment: str = "") -> ScoreSheet:
    """Hand in one judge's marks for one subject, {criterion code: mark}; final.

    Raises NotAllowed for anyone but a member acting in person, Refused for marks outside the criteria, a second sheet,
    a locked panel or a subject the judge withdrew from.
    """
    member = _member(actor, subject)
    panel = _open(subject.panel)
    if ScoreSheet.objects.filter(member=member, subject=subject).exists():
        raise Refused(_("Your sheet for this number was handed in before. Nothing was saved."), code="submitted")
    total, _explanation = score_of(panel, marks)
    sheet = ScoreSheet.objects.create(
        member=member, subject=subject, marks={code: str(mark) for code, mark in marks.items()}, total=total,
        comment=comment, submitted_at=timezone.now(),
    )  # fmt: skip
    audit.record(actor=actor, action="panels.submit_sheet", subject=sheet, after={"draw_no": subject.draw_no})
    return sheet


def score_of(panel: Panel, marks: Mapping[str, Decimal]) -> tuple[Decimal, Explanation | None]:
    """What these marks add up to and how, before they are handed in; nothing is saved.

    Raises Refused naming each mark that is missing, unknown or out of its range.
    """
    _check_marks(panel, marks)
    try:
        return sheet_score(panel.purpose, marks, rules_in_force(panel.campaign))
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem


def _check_marks(panel: Panel, marks: Mapping[str, Decimal]) -> None:
    """Raises Refused naming each criterion without a mark and each mark outside 0 to its full mark."""
    problems = []
    for criterion in panel.criteria:
        mark = marks.get(criterion["code"])
        most = Decimal(criterion["full_mark"])
        if mark is None or not 0 <= mark <= most:
            problems.append(
                _("%(name)s: a mark from 0 to %(most)s") % {"name": criterion_name(criterion["name"]), "most": most}
            )
    unknown = marks.keys() - {criterion["code"] for criterion in panel.criteria}
    problems += [_("%(name)s is no criterion of this panel") % {"name": name} for name in sorted(unknown)]
    if problems:
        raise Refused(_("Please correct: %(problems)s. Nothing was saved.") % {"problems": "; ".join(problems)})


def missing_sheets(panel: Panel) -> int:
    """How many sheets (recusals included) are still to be handed in."""
    return panel.members.count() * panel.subjects.count() - ScoreSheet.objects.filter(subject__panel=panel).count()


@transaction.atomic
def lock_panel(*, actor: User, panel: Panel) -> Panel:
    """Close the marks of a panel. Raises Refused with the number of sheets still missing."""
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    if missing := missing_sheets(panel):
        raise Refused(_("%(n)s score sheets are still missing. Nothing was saved.") % {"n": missing}, code="missing")
    panel.locked_at = timezone.now()
    panel.save(update_fields=["locked_at"])
    audit.record(actor=actor, action="panels.lock_panel", subject=panel)
    return panel


def marks_by_subject(panel: Panel) -> dict[int, list[Decimal]]:
    """Subject id → totals of the judges who gave one, in the order of the members; one query."""
    found: dict[int, list[Decimal]] = {}
    rows = ScoreSheet.objects.filter(subject__panel=panel).order_by("subject_id", "member_id")
    for subject_id, total in rows.values_list("subject_id", "total"):
        if total is not None:
            found.setdefault(subject_id, []).append(total)
    return found


def require_locked(panels: Iterable[Panel]) -> None:
    """Raises Refused naming each panel whose marks are still open."""
    if open_panels := [panel.name for panel in panels if panel.locked_at is None]:
        raise Refused(
            _("The marks are still open: %(names)s. Lock them first. Nothing was saved.")
            % {"names": ", ".join(open_panels)},
            code="open_panels",
        )
