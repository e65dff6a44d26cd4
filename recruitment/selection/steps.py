"""The way of a selection from its applicants to the agreements, as steps a person reads."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.planning.models import Campaign
from foundation.ui.components import TimelineStep
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.selection.parts import purposes_of
from rulebook.ruleset import RuleSet


def steps_of(campaign: Campaign, rules: RuleSet, panels: list[Panel], waiting: int) -> list[TimelineStep]:
    """Done, now and next. `campaign` carries the counts of `with_counts`; `waiting` people need an extra test."""
    standing, ranked = campaign.standing, campaign.ranked  # type: ignore[attr-defined]
    # Of several draws the first whose marks are open, else the last.
    by_purpose = {panel.purpose: panel for panel in sorted(panels, key=lambda row: (row.locked_at is None, -row.pk))}
    steps = [(_("Review of applications"), bool(standing), _people(standing), reverse("review-queue"))]
    for purpose in purposes_of(rules):
        panel = by_purpose.get(purpose)
        label = str(Purpose(purpose).label)
        steps.append((label, bool(panel and panel.locked_at), _marking(panel), _panel_url(panel)))
    note = _("%(n)s people wait for an extra test.") % {"n": waiting} if waiting else _people(ranked)
    steps.append((_("Ranking and proposals"), bool(ranked) and not waiting, note, ""))
    steps.append((_("Result published"), _is_out(campaign), "", ""))
    agreed, proposed = campaign.agreed, campaign.proposed  # type: ignore[attr-defined]
    told = _("%(n)s signed, %(open)s to sign") % {"n": agreed, "open": proposed}
    steps.append((_("Agreements"), bool(agreed) and not proposed, told if agreed or proposed else "", ""))
    return _timeline(steps)


def _people(count: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": count} if count else ""


def _marking(panel: Panel | None) -> str:
    if panel is None:
        return _("no panel yet")
    if panel.locked_at:
        return _("marks are closed")
    told = {"n": panel.handed_in, "of": panel.due}  # type: ignore[attr-defined]
    return _("%(n)s of %(of)s sheets handed in") % told


def _panel_url(panel: Panel | None) -> str:
    return reverse("panels-panel", args=[panel.pk]) if panel else ""


def _is_out(campaign: Campaign) -> bool:
    rows = Publication.objects.filter(campaign=campaign, kind=PublicationKind.SELECTION)
    return rows.filter(state=PublicationState.RELEASED).exists()


def _timeline(steps: list[tuple[str, bool, str, str]]) -> list[TimelineStep]:
    """The first step that is not done is now; those after it are next."""
    shown, now_found = [], False
    for what, done, note, url in steps:
        state = "done" if done and not now_found else "next" if now_found else "now"
        now_found = now_found or not done
        shown.append(TimelineStep(what=what, state=state, note=note, url=url))  # type: ignore[arg-type]
    return shown
