"""The announcement of a campaign: drafted by one person, approved by another, its amendments new versions."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.domain.campaigns import follow_rules
from campaigns.planning.domain.locking import locked_campaign, newest_rules
from campaigns.planning.enums import AnnouncementState, CampaignState
from campaigns.planning.models import Announcement, Campaign, RuleSetVersion
from campaigns.planning.policies import may_plan, may_publish
from campaigns.planning.rule_effects import effects_of
from campaigns.planning.signals import rules_amended
from foundation.errors import Refused
from rulebook.ruleset import RuleSet

S = AnnouncementState


def newest_announcement(campaign: Campaign) -> Announcement | None:
    """The newest version of a campaign's announcement, in whatever state."""
    return campaign.announcements.select_related("rule_set").order_by("-version").first()


@transaction.atomic
def draft_announcement(*, actor: User, campaign: Campaign, title: str, body: str, reason: str = "") -> Announcement:
    """Write the announcement, or change the draft there is; after publication this drafts an amendment with a reason.

    Whoever changed the text last is the drafter, and an approval given before is void. Raises Refused without title or
    text, without a reason after publication, and on a campaign that is closed or voided.
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    if campaign.state in (CampaignState.CLOSED, CampaignState.VOIDED):
        raise Refused(
            _("“%(campaign)s” is over: nothing is announced any more. Nothing was saved.") % {"campaign": campaign},
            code="wrong_state",
        )
    if not title.strip() or not body.strip():
        raise Refused(_("An announcement needs a title and a text. Nothing was saved."), code="incomplete")
    newest = newest_announcement(campaign)
    is_amendment = bool(campaign.published_at)
    if is_amendment and not reason.strip():
        raise Refused(_("An amendment needs its reason. Nothing was saved."), code="reason_required")
    if newest is None or newest.state in (S.PUBLISHED, S.SUPERSEDED):
        newest = Announcement(campaign=campaign, version=newest.version + 1 if newest else 1)
    newest.title, newest.body, newest.reason = title.strip(), body.strip(), reason.strip()
    newest.rule_set, newest.drafted_by = newest_rules(campaign), actor
    newest.state, newest.approved_by, newest.approved_at = S.DRAFT, None, None
    newest.save()
    audit.record(
        actor=actor, action="planning.draft_announcement", subject=campaign, reason=reason,
        after={"version": newest.version, "title": newest.title, "rules": newest.rule_set.digest},
    )  # fmt: skip
    return newest


@transaction.atomic
def approve_announcement(*, actor: User, announcement: Announcement) -> Announcement:
    """Approve the text with the rules it stands on; never by whoever drafted it.

    Raises Refused by the same person, or if the draft was approved, changed rules or published meanwhile.
    """
    campaign = locked_campaign(announcement.campaign)
    require(may_publish, actor, campaign)
    draft = Announcement.objects.select_related("rule_set").get(pk=announcement.pk)
    if draft.drafted_by_id == actor.pk:
        raise Refused(
            _("Whoever drafted the announcement can't approve it: this needs a second person. Nothing was saved."),
            code="second_person",
        )
    if draft.state != S.DRAFT or draft.rule_set_id != newest_rules(campaign).pk:
        raise Refused(
            _("This version is no draft of the rules in hand any more: open the campaign again. Nothing was saved."),
            code="wrong_state",
        )
    draft.state, draft.approved_by, draft.approved_at = S.APPROVED, actor, timezone.now()
    draft.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record(
        actor=actor, action="planning.approve_announcement", subject=campaign,
        after={"version": draft.version, "rules": draft.rule_set.digest},
    )  # fmt: skip
    return draft


@transaction.atomic
def publish_amendment(*, actor: User, campaign: Campaign) -> Announcement:
    """Put an approved amendment in the place of the published announcement and freeze its rules; the old text stays.

    Dates of registration follow the amended knobs. Raises Refused unless the newest version is approved, or if the
    published window would become shorter.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    amendment = newest_announcement(campaign)
    if not campaign.published_at or amendment is None or amendment.state != S.APPROVED:
        raise Refused(_("There is no approved amendment. Nothing was saved."), code="not_approved")
    now = timezone.now()
    in_force = campaign.announcements.select_related("rule_set").get(state=S.PUBLISHED).rule_set
    affected = _affected(campaign, in_force, amendment.rule_set)
    follow_rules(campaign, *(RuleSet.model_validate(one.document) for one in (in_force, amendment.rule_set)))
    campaign.announcements.filter(state=S.PUBLISHED).update(state=S.SUPERSEDED)
    release(amendment, now)
    audit.record(
        actor=actor, action="planning.publish_amendment", subject=campaign, reason=amendment.reason,
        after={"version": amendment.version, "rules": amendment.rule_set.digest, "affected": affected},
    )  # fmt: skip
    rules_amended.send(
        sender=Campaign, campaign=campaign, rule_set=amendment.rule_set, before=in_force, announcement=amendment,
        actor=actor,
    )  # fmt: skip
    return amendment


def _affected(campaign: Campaign, before: RuleSetVersion, after: RuleSetVersion) -> list[str]:
    """Who and what the amended rules touch on the day they come into force, one sentence each."""
    if before == after:
        return []
    old, new = (RuleSet.model_validate(version.document) for version in (before, after))
    return [effect.text for effect in effects_of(campaign, old, new)]


def release(announcement: Announcement, now: datetime) -> None:
    """Make an announcement the published one and freeze its rules; the caller has the campaign under lock."""
    announcement.state, announcement.published_at = S.PUBLISHED, now
    announcement.save(update_fields=["state", "published_at"])
    rules = announcement.rule_set
    if rules.frozen_at is None:
        rules.frozen_at = now
        rules.save(update_fields=["frozen_at"])
