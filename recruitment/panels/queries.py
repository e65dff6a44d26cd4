"""Reads over panels: a judge's own, and those of the campaigns a member of staff covers."""

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet

from accounts.enums import Role
from accounts.models import StaffRole, Unit, User
from accounts.policies import in_scope
from foundation.language import rule_language
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.policies import READERS
from recruitment.panels.progress import GONE, progress_of_all, short_numbers
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


def with_progress(panels: Iterable[Panel]) -> list[Panel]:
    """The panels, each with `judges`, `numbers` (people still in the procedure), `handed_in` and `due`; five queries.

    `handed_in` are their sheets, recusals included, `due` those and all still awaited: a substitute owes a sheet only
    where marks lack, so that `due` is not judges times numbers.
    """
    rows = list(panels)
    seats = Panel.objects.filter(pk__in=[panel.pk for panel in rows]).annotate(n=Count("members"))
    judges = dict(seats.values_list("pk", "n"))
    progress = progress_of_all(rows)
    for panel in rows:
        numbers = progress[panel.pk]
        handed_in = sum(number.sheets for number in numbers)
        panel.judges, panel.numbers, panel.handed_in = judges[panel.pk], len(numbers), handed_in  # type: ignore[attr-defined]
        panel.due = handed_in + sum(number.missing for number in numbers)  # type: ignore[attr-defined]
    return rows


def with_own_progress(panels: Iterable[Panel], judge: User) -> list[Panel]:
    """The panels, each with `mine` (sheets of this judge), `left` (still to hand in) and `numbers`, both together.

    A substitute hands in sheets only where marks lack. Seven queries, however many panels.
    """
    rows = list(panels)
    stands_in = dict(PanelMember.objects.filter(user=judge, panel__in=rows).values_list("panel", "is_substitute"))
    sheets = ScoreSheet.objects.filter(member__user=judge, subject__panel__in=rows)
    own = dict(sheets.values_list("subject", "subject__panel"))
    progress = progress_of_all(rows)
    for panel in rows:
        due = [row for row in progress[panel.pk] if row.short or not stands_in[panel.pk]]
        left = sum(row.subject_id not in own for row in due)
        mine = sum(panel_id == panel.pk for panel_id in own.values())
        panel.mine, panel.left, panel.numbers = mine, left, mine + left  # type: ignore[attr-defined]
    return rows


def sheets_left(judge: User) -> int:
    """How many sheets a judge has still to hand in, over all open panels; a substitute only where marks lack."""
    rows = with_own_progress(panels_of_judge(judge).filter(locked_at=None), judge)
    return sum(panel.left for panel in rows)  # type: ignore[attr-defined]


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
