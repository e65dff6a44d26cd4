"""Reads over panels: a judge's own, and those of the campaigns a member of staff covers."""

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.policies import in_scope
from foundation.language import rule_language
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from recruitment.panels.policies import READERS
from rulebook.ruleset.words import word


def panels_visible_to(user: User) -> QuerySet[Panel]:
    """Panels of the campaigns a member of staff covers: who marks, how far, and after the lock the results."""
    rows = Panel.objects.filter(in_scope(user, *READERS, field="campaign__unit"))
    return rows.select_related("campaign").order_by("-pk")


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
    """How many sheets a judge has still to hand in, over all open panels; one query."""
    rows = Subject.objects.filter(panel__members__user=judge, panel__locked_at=None)
    return rows.exclude(pk__in=ScoreSheet.objects.filter(member__user=judge).values("subject")).distinct().count()


def subjects_for(judge: User, panel: Panel) -> list[tuple[Subject, ScoreSheet | None]]:
    """The numbers of a panel in their order, each with this judge's sheet if it was handed in; two queries."""
    sheets = {sheet.subject_id: sheet for sheet in ScoreSheet.objects.filter(member__user=judge, subject__panel=panel)}
    return [(subject, sheets.get(subject.pk)) for subject in panel.subjects.order_by("draw_no")]


def criterion_name(code: str) -> str:
    """A criterion as the announcement names it, in the reader's language."""
    return word(code, rule_language())
