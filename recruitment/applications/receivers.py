"""What applications do when planning tells them something."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.planning.models import Announcement, Campaign, RuleSetVersion
from campaigns.planning.rule_view import clause_changes
from recruitment.applications.enums import CLOSED_STATES
from recruitment.applications.notices import AMENDED, tell_many
from rulebook.ruleset import RuleSet

CHANGES_TOLD = 6


def tell_of_amendment(
    *, campaign: Campaign, announcement: Announcement, rule_set: RuleSetVersion, before: RuleSetVersion, **more: Any
) -> None:
    """Write to everyone whose application goes on under the amendment, once for each version of the announcement."""
    live = campaign.applications.exclude(state__in=CLOSED_STATES)
    people = live.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses")
    with translation.override(settings.LANGUAGE_CODE):
        told = {
            "campaign": campaign.name,
            "version": announcement.version,
            "reason": announcement.reason,
            "changes": _changed(before, rule_set),
        }
    occasion = f"{campaign.pk}.{announcement.version}"
    tell_many(people.order_by("pk"), "application.amended", AMENDED, occasion=occasion, **told)


def _changed(before: RuleSetVersion, after: RuleSetVersion) -> str:
    """What reads otherwise now, by step, in the words of the clauses."""
    changes = clause_changes(*(RuleSet.model_validate(version.document) for version in (before, after)))
    if not changes:
        return _("the wording of the announcement; the rules stay as they are.")
    gone = _("no longer applies.")
    parts = [f"{change.name}: {' '.join(change.after) or gone}" for change in changes[:CHANGES_TOLD]]
    more = len(changes) - CHANGES_TOLD
    if more > 0:
        parts.append(ngettext("And %(n)s more step.", "And %(n)s more steps.", more) % {"n": more})
    return " ".join(parts)
