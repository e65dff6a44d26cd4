"""Reads over panels: a judge's own, and those of the campaigns a member of staff covers."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import StaffRole, Unit, User
from accounts.policies import in_scope
from foundation.language import rule_language
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.policies import READERS
from recruitment.panels.progress import GONE, short_numbers
from rulebook.ruleset.words import word


def panels_visible_to(user: User) -> QuerySet[Panel]:
    """Panels of the campaigns a member of staff covers: who marks, how far, and after the lock the results."""
    rows = Panel.objects.filter(in_scope(user, *READERS, field="campaign__unit"))
    return rows.select_related("campaign").order_by("-pk")


def named_like(panels: QuerySet[Panel], q: str) -> QuerySet[Panel]:
    """Panels with these words in their own name or in that or the code of the campaign; all for an empty search."""
    return panels.filter(Q(name__icontains=q) | Q(campaign__name__icontains=q) | Q(campaign__code__icontains=q))


def panels_of_judge(user: User) -> QuerySet[Panel]:
    """The panels a judge sits on, open ones first."""
    rows = Panel.objects.filter(members__user=user).select_related("campaign")
    return rows.order_by(F("locked_at").asc(nulls_first=True), "-pk")


def with_progress(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """Adds `judges`, `numbers` (subjects) and `handed_in` (sheets, recusals included)."""
    return panels.annotate(
        judges=_count(PanelMember.objects.filter(panel=OuterRef("pk")), "panel"),
        numbers=_count(Subject.objects.filter(panel=OuterRef("pk")), "panel"),
        handed_in=_count(ScoreSheet.objects.filter(subject__panel=OuterRef("pk")), "subject__panel"),
    )


def with_own_progress(panels: QuerySet[Panel], judge: User) -> QuerySet[Panel]:
    """Adds `numbers` (subjects) and `mine` (sheets of this judge)."""
    own = ScoreSheet.objects.filter(subject__panel=OuterRef("pk"), member__user=judge)
    return panels.annotate(
        numbers=_count(Subject.objects.filter(panel=OuterRef("pk")), "panel"), mine=_count(own, "subject__panel")
    )


def _count(rows: QuerySet[PanelMember] | QuerySet[Subject] | QuerySet[ScoreSheet], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def sheets_left(judge: User) -> int:
    """How many sheets a judge has still to hand in, over all open panels; a substitute only where marks lack."""
    seats = PanelMember.objects.filter(user=judge, panel__locked_at=None)
    rows = Subject.objects.filter(panel__in=seats.filter(is_substitute=False).values("panel"))
    rows = rows.exclude(application__state__in=GONE)
    left = rows.exclude(pk__in=ScoreSheet.objects.filter(member__user=judge).values("subject")).count()
    stand_in = seats.filter(is_substitute=True).select_related("panel__campaign")
    return left + sum(open_rows(subjects_for(judge, seat.panel)) for seat in stand_in)


def open_rows(rows: list[tuple[Subject, ScoreSheet | None]]) -> int:
    """How many of the numbers of `subjects_for` are without a sheet."""
    return sum(sheet is None for _subject, sheet in rows)


def subjects_for(judge: User, panel: Panel) -> list[tuple[Subject, ScoreSheet | None]]:
    """The numbers a judge marks, in their order, each with this judge's sheet if it was handed in.

    Who left the procedure is not to be marked any more; a substitute marks the numbers that lack marks only.
    """
    sheets = {sheet.subject_id: sheet for sheet in ScoreSheet.objects.filter(member__user=judge, subject__panel=panel)}
    rows = panel.subjects.exclude(~Q(pk__in=sheets), application__state__in=GONE).order_by("draw_no")
    found = [(subject, sheets.get(subject.pk)) for subject in rows]
    if panel.members.filter(user=judge, is_substitute=True).exists():
        short = set(short_numbers(panel))
        found = [(subject, sheet) for subject, sheet in found if sheet or subject.draw_no in short]
    return found


def experts_for(unit: Unit) -> QuerySet[User]:
    """Active accounts that hold the role of a judge or expert for this unit now, by name."""
    roles = StaffRole.objects.current().filter(role=Role.EXPERT).values_list("user_id", "unit__path")
    holders = [user_id for user_id, path in roles if unit.path.startswith(path)]
    return User.objects.filter(pk__in=holders, is_active=True).order_by("name", "pk")


def criterion_name(code: str) -> str:
    """A criterion as the announcement names it, in the reader's language."""
    return word(code, rule_language())
