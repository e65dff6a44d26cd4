"""Verbs of panels: set up, draw, recuse, mark, lock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from secrets import token_hex

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from foundation.errors import NotAllowed, Refused
from foundation.language import rule_language
from recruitment.applications.models import Application
from recruitment.applications.policies import is_not_recused
from recruitment.applications.queries import rules_in_force
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.policies import is_member, may_judge, may_set_up_panels
from recruitment.panels.progress import progress_of, seats_needed, short_numbers
from recruitment.panels.queries import criterion_name
from recruitment.panels.scoring import criteria_for, sheet_score
from rulebook.draw import draw, may_close_interview
from rulebook.explanation import Explanation, RuleError
from rulebook.interview import check_panel


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
    """Put a judge on a panel.

    Raises Refused once the panel is locked, for a second chair, the same person twice, or anyone who does not hold the
    role of a judge for the unit of the campaign now. Their numbers of relatives are withdrawn from (R15).
    """
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    if not may_judge(user, panel):
        raise Refused(
            _("%(user)s holds no role of a judge or expert for this unit now. Nothing was saved.") % {"user": user},
            code="not_expert",
        )
    if panel.members.filter(user=user).exists():
        raise Refused(_("%(user)s sits on this panel already. Nothing was saved.") % {"user": user}, code="duplicate")
    if is_chair and panel.members.filter(is_chair=True).exists():
        raise Refused(_("This panel has a chair already. Nothing was saved."), code="second_chair")
    member = PanelMember.objects.create(
        panel=panel, user=user, is_chair=is_chair, is_external=is_external, is_substitute=becomes_substitute(panel)
    )
    after = {"chair": is_chair, "external": is_external, "substitute": member.is_substitute}
    audit.record(actor=actor, action="panels.seat_member", subject=member, after=after)
    _step_aside(actor, panel, [member])
    return member


def becomes_substitute(panel: Panel) -> bool:
    """Whether who is seated now marks only the numbers that lack marks: the draw is made and no full seat is free."""
    if not panel.subjects.exists():
        return False
    seats = seats_needed(panel.purpose, rules_in_force(panel.campaign))
    return panel.members.filter(is_substitute=False).count() >= seats


def _step_aside(actor: User, panel: Panel, members: Iterable[PanelMember]) -> None:
    """Withdraw judges from the numbers of applicants they may not judge (R15), each on record."""
    subjects = panel.subjects.exclude(application=None).select_related("application__candidate")
    rows = list(subjects.prefetch_related("application__recusals", "application__candidate__relatives"))
    for member in members:
        for subject in rows:
            if is_not_recused(member.user, subject.application):
                continue
            sheet = ScoreSheet.objects.create(
                member=member, subject=subject, is_recused=True, submitted_at=timezone.now(),
                comment=_("Withdrawn by the rules: a declared relative or a recorded recusal."),
            )  # fmt: skip
            audit.record(actor=actor, action="panels.step_aside", subject=sheet, after={"draw_no": subject.draw_no})


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

    The order follows from the seed in the audit trail, so that the draw can be repeated (R55). Judges see the numbers
    only, and are withdrawn from those of relatives (R15). Raises Refused if numbers were drawn before, or for an
    interview whose panel is not what the rules want (R55, R56).
    """
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    if panel.subjects.exists():
        raise Refused(_("The draw of this panel has been made. Nothing was saved."), code="drawn")
    _require_composition(panel)
    seed, keys = token_hex(), [_draw_key(at, application) for at, application in enumerate(applications, start=1)]
    drawn = draw(keys, 1, seed)
    subjects = Subject.objects.bulk_create(
        [
            Subject(panel=panel, draw_no=drawn[key].order, application=application)
            for key, application in zip(keys, applications, strict=True)
        ]
    )
    after = {"count": len(subjects), "seed": seed}
    audit.record(actor=actor, action="panels.draw_subjects", subject=panel, after=after)
    _step_aside(actor, panel, panel.members.select_related("user"))
    return subjects


def _draw_key(at: int, application: Application | None) -> str:
    """What the draw knows a number's person by: the registration number, or the place for what is no application."""
    return f"#{at}" if application is None else application.registration_no


def _require_composition(panel: Panel) -> None:
    """Raises Refused naming what is wrong with the panel of an interview: size, odd, judges from outside (R55, R56)."""
    if panel.purpose != Purpose.INTERVIEW:
        return
    seated = list(panel.members.filter(is_substitute=False).values_list("is_external", flat=True))
    if problems := check_panel(len(seated), sum(seated), rules_in_force(panel.campaign).interview):
        told = " ".join(problem.text(rule_language()) for problem in problems)
        raise Refused(f"{told} {_('Nothing was saved.')}", code="composition")


def _member(actor: User, subject: Subject) -> PanelMember:
    """The actor's seat, read with the panel locked in the database. Raises NotAllowed for anyone without one."""
    panel = Panel.objects.select_for_update().get(pk=subject.panel_id)
    member = PanelMember.objects.filter(panel=panel, user=actor).first()
    if member is None:
        raise NotAllowed(is_member(actor, subject).reason)
    return member


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
    _require_due(member, subject)
    total, _explanation = score_of(panel, marks)
    sheet = ScoreSheet.objects.create(
        member=member, subject=subject, marks={code: str(mark) for code, mark in marks.items()}, total=total,
        comment=comment, submitted_at=timezone.now(),
    )  # fmt: skip
    audit.record(actor=actor, action="panels.submit_sheet", subject=sheet, after={"draw_no": subject.draw_no})
    return sheet


def _require_due(member: PanelMember, subject: Subject) -> None:
    """Raises Refused for a number of a relative (R15), and for a substitute where no mark lacks."""
    if subject.application is not None and not (decision := is_not_recused(member.user, subject.application)):
        raise Refused(f"{decision.reason} {_('Nothing was saved.')}", code="recused")
    if member.is_substitute and subject.draw_no not in short_numbers(subject.panel):
        raise Refused(_("This number has the marks it needs. Nothing was saved."), code="not_short")


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
    """How many sheets are still to come, of the judges seated or of a substitute to be seated."""
    return sum(number.missing for number in progress_of(panel))


@dataclass(frozen=True)
class SignOff:
    """Whether the person of a number signed the mark on the spot, or who noted that they refused (R63)."""

    is_signed: bool = False
    refusal_noted_by: str = ""


@transaction.atomic
def sign_off(*, actor: User, panel: Panel, signed: Mapping[int, SignOff]) -> int:
    """Keep from the paper record, draw number → sign-off, who signed; returns how many were changed.

    Raises Refused once the marks are closed, for a number that both signed and refused, and for unknown numbers.
    """
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    subjects = {subject.draw_no: subject for subject in panel.subjects.all()}
    wrong = sorted(
        number for number, one in signed.items() if number not in subjects or (one.is_signed and one.refusal_noted_by)
    )
    if wrong:
        raise Refused(
            _("Either signed or refused, not both: numbers %(numbers)s. Nothing was saved.")
            % {"numbers": ", ".join(map(str, wrong))},
            code="both",
        )
    changed = []
    for number, one in signed.items():
        subject = subjects[number]
        if (subject.is_signed, subject.refusal_noted_by) != (one.is_signed, one.refusal_noted_by):
            subject.is_signed, subject.refusal_noted_by = one.is_signed, one.refusal_noted_by
            changed.append(subject)
    Subject.objects.bulk_update(changed, ["is_signed", "refusal_noted_by"])
    if changed:
        numbers = sorted(subject.draw_no for subject in changed)
        audit.record(actor=actor, action="panels.sign_off", subject=panel, after={"numbers": numbers})
    return len(changed)


def wants_signing(panel: Panel) -> bool:
    """The panel interviews, and the rules want its marks signed on the spot (R63)."""
    return panel.purpose == Purpose.INTERVIEW and rules_in_force(panel.campaign).interview.signed_on_the_spot


def unsigned_of(panel: Panel, numbers: Collection[int]) -> str:
    """The rule's words and those of `numbers` (draw numbers) that neither signed nor refused; else empty (R63)."""
    if not wants_signing(panel):
        return ""
    rows = panel.subjects.filter(draw_no__in=numbers).order_by("draw_no")
    found = [(row.draw_no, may_close_interview(row.is_signed, row.refusal_noted_by or None)) for row in rows]
    missing = [(number, guard) for number, guard in found if not guard]
    if not missing:
        return ""
    named = ", ".join(str(number) for number, _guard in missing)
    words = missing[0][1].explanation.text(rule_language())
    return _("%(words)s Neither stands for the numbers %(numbers)s.") % {"words": words, "numbers": named}


@transaction.atomic
def lock_panel(*, actor: User, panel: Panel) -> Panel:
    """Close the marks of a panel.

    Raises Refused with the number of sheets still missing, with the numbers that need a substitute's mark, or for the
    panel of an interview that is not what the rules want any more (R55, R56) or whose marks are not signed (R63).
    """
    require(may_set_up_panels, actor, panel)
    panel = _open(panel)
    numbers = progress_of(panel)
    if short := [str(number.draw_no) for number in numbers if number.short]:
        raise Refused(
            _("Too few marks for the numbers %(numbers)s: seat a substitute who marks them. Nothing was saved.")
            % {"numbers": ", ".join(short)},
            code="short",
        )
    if missing := sum(number.missing for number in numbers):
        raise Refused(_("%(n)s score sheets are still missing. Nothing was saved.") % {"n": missing}, code="missing")
    _require_composition(panel)
    if unsigned := unsigned_of(panel, [number.draw_no for number in numbers]):
        raise Refused(f"{unsigned} {_('Nothing was saved.')}", code="unsigned")
    panel.locked_at = timezone.now()
    panel.save(update_fields=["locked_at"])
    audit.record(actor=actor, action="panels.lock_panel", subject=panel)
    return panel


def sheets_by_subject(panel: Panel) -> dict[int, list[ScoreSheet]]:
    """Subject id → the sheets that carry marks, in the order of the members; one query."""
    found: dict[int, list[ScoreSheet]] = {}
    for sheet in ScoreSheet.objects.filter(subject__panel=panel, total__isnull=False).order_by("member_id"):
        found.setdefault(sheet.subject_id, []).append(sheet)
    return found


def marks_by_subject(panel: Panel) -> dict[int, list[Decimal]]:
    """Subject id → totals of the judges who gave one, in the order of the members; one query."""
    rows = sheets_by_subject(panel).items()
    return {pk: [sheet.total for sheet in sheets if sheet.total is not None] for pk, sheets in rows}


def require_locked(panels: Iterable[Panel]) -> None:
    """Raises Refused naming each panel whose marks are still open."""
    if open_panels := [panel.name for panel in panels if panel.locked_at is None]:
        raise Refused(
            _("The marks are still open: %(names)s. Lock them first. Nothing was saved.")
            % {"names": ", ".join(open_panels)},
            code="open_panels",
        )
