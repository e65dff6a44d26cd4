"""What the press hears from applications."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from recruitment.applications.opening import OpeningLine
from recruitment.applications.signals import opening_ratio_checked, positions_merged, registration_extended
from recruitment.publications.domain import prepare, prepare_free_notice
from recruitment.publications.models import PublicationKind
from rulebook.explanation import Explanation


@receiver(opening_ratio_checked)
def draft_change_of_positions(campaign: Campaign, actor: User, lines: Sequence[OpeningLine], **_named: Any) -> None:
    """Draft the notice of positions that were reduced or cancelled (岗位调整公告); a second person reviews it."""
    if not lines:
        return
    columns = [
        ("unit", _("Recruiting unit")),
        ("position", _("Position")),
        ("code", _("Position code")),
        ("planned", _("Planned people")),
        ("effective", _("People after the check")),
        ("change", pgettext("of a list", "Change")),
    ]
    prepare(
        actor=actor,
        campaign=campaign,
        kind=PublicationKind.OTHER,
        title=_("%(campaign)s: changes of positions") % {"campaign": campaign},
        intro=_("The positions below have not reached the opening ratio."),
        columns=[{"code": code, "label": label} for code, label in columns],
        rows=[
            [
                line.position.unit.name, line.position.name, line.position.code, str(line.position.headcount_planned),
                str(line.result.effective), line.why,
            ]
            for line in lines
        ],
    )  # fmt: skip


@receiver(registration_extended)
def draft_notice_of_extension(campaign: Campaign, actor: User, lines: Sequence[OpeningLine], **_named: Any) -> None:
    """Draft the notice of a longer registration with the positions it is for; a second person reviews it."""
    told = {"hours": rules_of(campaign).opening_ratio.extend_hours, "until": campaign.registration_closes_at}
    said = [Explanation("opening.extended", told), *(line.result.explanation for line in lines)]
    words = [one.text(rule_language()) for one in said]
    text = [words[0], *(f"{line.position}：{why}" for line, why in zip(lines, words[1:], strict=True))]
    title = _("%(campaign)s: registration extended") % {"campaign": campaign}
    prepare_free_notice(actor=actor, campaign=campaign, title=title, text="\n".join(text))


@receiver(positions_merged)
def draft_notice_of_merger(campaign: Campaign, actor: User, line: OpeningLine, target: Position, **_named: Any) -> None:
    """Draft the notice of a position merged into another; a second person reviews it."""
    merged = Explanation("opening.merged", {"post": str(target)}).text(rule_language())
    title = _("%(campaign)s: %(position)s merged") % {"campaign": campaign, "position": line.position}
    text = f"{line.position}：{line.why}；{merged}"
    prepare_free_notice(actor=actor, campaign=campaign, title=title, text=text)
