"""Rules of a campaign: changed freely until they are frozen, afterwards only by a new version with a reason."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.domain.campaigns import follow_rules, store_rules
from campaigns.planning.domain.locking import locked_campaign, newest_rules
from campaigns.planning.enums import AnnouncementState
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign, RuleSetVersion
from campaigns.planning.policies import may_plan, may_read_campaigns
from campaigns.planning.queries import NATIONAL, catalogue_choices, find_catalogue
from campaigns.planning.rule_effects import effects_of
from campaigns.planning.rule_texts import mistake_text
from campaigns.planning.rule_view import path_name
from foundation.errors import Refused
from rulebook.ruleset import RuleSet

Changes = Mapping[str, Any]


class RulesRefused(Refused):
    """Rules that don't hold together; `by_field` maps "section.knob" ("" for the whole) to what is wrong there."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        self.by_field = dict(by_field)
        lines = [f"{path_name(path)}: {text}" if path else text for path, text in self.by_field.items()]
        super().__init__(" ".join([*lines, _("Nothing was saved.")]), code="rules")


def _merged(document: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """`document` with the knobs of `changes` replaced, section by section, as deep as `changes` has mappings."""
    merged = dict(document)
    for key, value in changes.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(value, Mapping) and isinstance(below, dict) else value
    return merged


def checked_rules(document: Mapping[str, Any], changes: Changes) -> RuleSet:
    """The rules after `changes`. Raises RulesRefused with a message for each field at fault."""
    if fixed := {"version", "track"} & changes.keys():
        raise RulesRefused({name: _("This is fixed and can't be changed.") for name in fixed})
    _check_catalogue(changes)
    try:
        return RuleSet.model_validate(_merged(document, changes))
    except ValidationError as error:
        mistakes = {".".join(str(part) for part in row["loc"]): mistake_text(row) for row in error.errors()}
        raise RulesRefused(mistakes) from error


def _check_catalogue(changes: Changes) -> None:
    """Rules that would name a catalogue of majors which is not there send every major to a person unnoticed."""
    eligibility = changes.get("eligibility")
    key = eligibility.get("major_catalogue") if isinstance(eligibility, Mapping) else None
    if key is None or key == NATIONAL or find_catalogue(str(key)):
        return
    known = ", ".join(name for name, _shown in catalogue_choices())
    raise RulesRefused(
        {
            "eligibility.major_catalogue": _("There is no catalogue of majors “%(key)s”; there are: %(known)s.")
            % {"key": key, "known": known}
        }
    )


@transaction.atomic
def change_rules(*, actor: User, campaign: Campaign, changes: Changes) -> RuleSetVersion:
    """Change knobs of the newest rules, `{"registration": {"open_days": 5}}`; an approved announcement must be
    approved again, since it fixed the rules as they were.

    Raises RulesRefused with a message by field; Refused (`frozen`) once the announcement is published.
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    newest = newest_rules(campaign)
    _refuse_frozen(campaign, newest)
    rules = checked_rules(newest.document, changes)
    if rules.digest() != newest.digest:
        _store(actor, campaign, newest, rules, "planning.change_rules", {"changes": _plain(changes)})
    return newest


def _refuse_frozen(campaign: Campaign, newest: RuleSetVersion) -> None:
    if newest.frozen_at:
        raise Refused(
            _("The rules of “%(campaign)s” are frozen since they were published: amend them with a reason. "
              "Nothing was saved.")
            % {"campaign": campaign},
            code="frozen",
        )  # fmt: skip


def _store(
    actor: User, campaign: Campaign, newest: RuleSetVersion, rules: RuleSet, action: str, told: Mapping[str, Any]
) -> None:
    """Put rules in the place of a version that is not published; an approved announcement must be approved again.

    Dates of registration follow the knobs that fix them.
    """
    follow_rules(campaign, RuleSet.model_validate(newest.document), rules)
    before, newest.document, newest.digest = newest.digest, rules.model_dump(mode="json"), rules.digest()
    newest.save(update_fields=["document", "digest"])
    newest.announcements.filter(state=AnnouncementState.APPROVED).update(
        state=AnnouncementState.DRAFT, approved_by=None, approved_at=None
    )
    audit.record(
        actor=actor, action=action, subject=campaign, before={"digest": before},
        after={"digest": newest.digest, "version": newest.version, **told},
    )  # fmt: skip


def rules_from(campaign: Campaign, source: Campaign) -> RuleSet:
    """What the rules of `campaign` would be with those of `source` in their place; its own dates stay.

    Raises Refused for a campaign of another track, and for the campaign itself.
    """
    if source.track != campaign.track or source.pk == campaign.pk:
        raise Refused(
            _("Choose another campaign of the track “%(track)s”. Nothing was saved.")
            % {"track": campaign.get_track_display()},
            code="track",
        )
    own, theirs = (RuleSet.model_validate(newest_rules(one).document) for one in (campaign, source))
    return theirs.taken_over_by(own)


@transaction.atomic
def take_over_rules(*, actor: User, campaign: Campaign, source: Campaign) -> RuleSetVersion:
    """Give a campaign whose rules are not published the newest rules of another one, say last year's.

    Dates and kind of post stay its own; an approved announcement must be approved again. Raises Refused (`frozen`) once
    its rules are published, and as `rules_from` does.
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    require(may_read_campaigns, actor, source)
    newest = newest_rules(campaign)
    _refuse_frozen(campaign, newest)
    rules = rules_from(campaign, source)
    if rules.digest() != newest.digest:
        _store(actor, campaign, newest, rules, "planning.take_over_rules", {"from": source.code})
    if campaign.profile != source.profile:
        campaign.profile = source.profile
        campaign.save(update_fields=["profile"])
    return newest


@transaction.atomic
def amend_rules(*, actor: User, campaign: Campaign, changes: Changes, reason: str) -> RuleSetVersion:
    """A new version of published rules. It comes into force when its own announcement is approved and published.

    Raises Refused without a reason, on a campaign that is not running, while an earlier amendment waits, or if nothing
    would change; RulesRefused as `change_rules` does.
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    if not reason.strip():
        raise Refused(_("An amendment needs its reason. Nothing was saved."), code="reason_required")
    newest = newest_rules(campaign)
    if campaign.state not in RUNNING or not newest.frozen_at:
        raise Refused(
            _("Only published rules are amended, one amendment after the other. Nothing was saved."), code="wrong_state"
        )
    rules = checked_rules(newest.document, changes)
    if rules.digest() == newest.digest:
        raise Refused(_("Nothing would change. Nothing was saved."), code="unchanged")
    affected = [effect.text for effect in effects_of(campaign, RuleSet.model_validate(newest.document), rules)]
    amended = store_rules(
        actor=actor, campaign=campaign, rules=rules, version=newest.version + 1, reason=reason.strip()
    )
    audit.record(
        actor=actor, action="planning.amend_rules", subject=campaign, reason=reason,
        before={"digest": newest.digest},
        after={"digest": amended.digest, "version": amended.version, "changes": _plain(changes),
               "affected": affected},
    )  # fmt: skip
    return amended


def _plain(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | type(None)) else str(value)
