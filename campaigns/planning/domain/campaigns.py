"""Campaigns, their dates, and starting one from another."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.enums import SlotType
from campaigns.planning.domain.locking import locked_campaign, newest_rules
from campaigns.planning.enums import CampaignState, Track
from campaigns.planning.milestones import LABELS, STEPS, WINDOW_STEP
from campaigns.planning.models import Campaign, Milestone, Programme, RuleSetVersion
from campaigns.planning.policies import may_plan
from campaigns.planning.queries import default_profile
from foundation.errors import Refused
from rulebook.registration import review_ends, windows
from rulebook.ruleset import RuleSet, profiles
from rulebook.ruleset.registration import RegistrationRules

Window = tuple[datetime | None, datetime | None]
REGISTRATION = "registration"
CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")


@transaction.atomic
def create_campaign(
    *,
    actor: User,
    programme: Programme,
    code: str,
    name: str,
    track: str,
    unit: Unit,
    profile: str,
    slot_type: str = SlotType.INSTITUTION,
    batch_group: str = "",
    registration_opens_at: datetime | None = None,
    registration_closes_at: datetime | None = None,
    milestones: Mapping[str, Window] | None = None,
    name_en: str = "",
) -> Campaign:
    """A campaign whose plan is being drafted, with the rules of `profile` as version 1 and the milestones of its track.

    `milestones` maps a step of the track to its planned start and end; the window of registration comes from
    `registration_opens_at` and `registration_closes_at`. What is left open there is proposed by the knobs of the
    rules: the end of registration (none where it is rolling) and of the reviews. Without `batch_group` the campaign is
    its own.
    Raises NotAllowed unless the talent office of `unit` acts; Refused on a code in use or malformed, a profile of
    another track, dates out of order or a step the track does not have.
    """
    require(may_plan, actor, unit)
    _check_identity(code, name, track)
    rules = _rules_of_profile(profile, track, slot_type)
    window = (registration_opens_at, registration_closes_at)
    planned = dict(milestones or {})
    if any(window):
        planned[WINDOW_STEP[Track(track)]] = window
    planned = _planned(track, _with_proposals(track, planned, rules))
    window = planned.get(WINDOW_STEP[Track(track)], (None, None))
    campaign = Campaign.objects.create(
        programme=programme, code=code, name=name.strip(), name_en=name_en.strip(), track=track, unit=unit,
        slot_type=slot_type, batch_group=batch_group or code, profile=profile, created_by=actor,
        registration_opens_at=window[0], registration_closes_at=window[1],
    )  # fmt: skip
    _create_milestones(campaign, planned)
    store_rules(actor=actor, campaign=campaign, rules=rules)
    audit.record(
        actor=actor,
        action="planning.create_campaign",
        subject=campaign,
        after={"code": code, "track": track, "profile": profile, "slot_type": slot_type, "unit": unit.code},
    )
    return campaign


def _check_identity(code: str, name: str, track: str) -> None:
    if not CODE.fullmatch(code):
        raise Refused(
            _("The code “%(code)s” may hold only letters, digits, - and _, at most 40. Nothing was saved.")
            % {"code": code},
            code="code",
        )
    if Campaign.objects.filter(code=code).exists():
        raise Refused(
            _("There is already a campaign with the code %(code)s. Nothing was saved.") % {"code": code},
            code="duplicate",
        )
    if not name.strip() or track not in Track.values:
        raise Refused(_("A campaign needs a name and a track. Nothing was saved."), code="incomplete")


def _planned(track: str, milestones: Mapping[str, Window]) -> dict[str, Window]:
    """The dates by step. Raises Refused for an unknown step and for a step that would end before it starts."""
    for key, (starts, ends) in milestones.items():
        if key not in STEPS[track]:
            raise Refused(
                _("The track “%(track)s” has no step “%(step)s”. Nothing was saved.")
                % {"track": Track(track).label, "step": LABELS.get(key, key)},
                code="step",
            )
        if starts and ends and ends <= starts:
            raise Refused(
                _("“%(step)s” would end before it starts. Nothing was saved.") % {"step": LABELS[key]}, code="dates"
            )
    return dict(milestones)


def _with_proposals(track: str, milestones: Mapping[str, Window], rules: RuleSet) -> dict[str, Window]:
    """The dates with what the rules of registration add to them (R18, R20); bids have a window of their own."""
    planned = dict(milestones)
    if WINDOW_STEP[Track(track)] != REGISTRATION:
        return planned
    opens, closes = planned.get(REGISTRATION, (None, None))
    proposed = windows(opens, rules.registration)
    if proposed.opens:
        closes = closes or proposed.closes
        planned[REGISTRATION] = (proposed.opens, closes)
        planned.setdefault("review", (proposed.opens, review_ends(closes, rules.registration)))
    return planned


def follow_rules(campaign: Campaign, before: RuleSet, rules: RuleSet) -> None:
    """Move the dates of registration and review with the knobs that fix them, where these changed (R18, R20).

    Raises Refused where a published window would become shorter. The caller has the campaign under lock.
    """
    old, new = (windows(campaign.registration_opens_at, each.registration) for each in (before, rules))
    if old == new or WINDOW_STEP[Track(campaign.track)] != REGISTRATION:
        return
    if campaign.published_at:
        _refuse_shorter(campaign.registration_opens_at, campaign.registration_closes_at, new.opens, new.closes)
    campaign.registration_opens_at, campaign.registration_closes_at = new.opens, new.closes
    campaign.save(update_fields=["registration_opens_at", "registration_closes_at"])
    campaign.milestones.filter(key=REGISTRATION).update(starts_at=new.opens, ends_at=new.closes)
    campaign.milestones.filter(key="review").update(starts_at=new.opens, ends_at=new.review_closes)


def _rules_of_profile(profile: str, track: str, slot_type: str) -> RuleSet:
    if profile not in profiles.PROFILES:
        raise Refused(
            _("There is no profile of rules called “%(name)s”; there are: %(names)s. Nothing was saved.")
            % {"name": profile, "names": ", ".join(profiles.PROFILES)},
            code="profile",
        )
    rules = profiles.get(profile)
    if rules.track != track:
        raise Refused(
            _("The profile “%(name)s” is for the track “%(track)s”. Nothing was saved.")
            % {"name": profile, "track": Track(rules.track).label},
            code="profile",
        )
    if rules.slots.slot_type in ("none", slot_type):
        return rules
    slots = rules.slots.model_copy(update={"slot_type": slot_type})
    return rules.replaced(slots=slots)


def _create_milestones(campaign: Campaign, planned: Mapping[str, Window]) -> None:
    Milestone.objects.bulk_create(
        [
            Milestone(
                campaign=campaign,
                key=key,
                order=order,
                starts_at=planned.get(key, (None, None))[0],
                ends_at=planned.get(key, (None, None))[1],
            )
            for order, key in enumerate(STEPS[campaign.track], start=1)
        ]
    )


def store_rules(
    *, actor: User, campaign: Campaign, rules: RuleSet, version: int = 1, reason: str = ""
) -> RuleSetVersion:
    """A new version of a campaign's rules, with its digest; the caller has the campaign under lock."""
    rules = rules.replaced(version=version)
    return RuleSetVersion.objects.create(
        campaign=campaign,
        version=version,
        document=rules.model_dump(mode="json"),
        digest=rules.digest(),
        reason=reason,
        created_by=actor,
    )


@transaction.atomic
def edit_campaign(*, actor: User, campaign: Campaign, name: str, name_en: str = "", batch_group: str = "") -> Campaign:
    """Change the names and the batch group of a campaign that is not published yet."""
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    _refuse_published(campaign)
    if not name.strip():
        raise Refused(_("A campaign needs a name and a track. Nothing was saved."), code="incomplete")
    wanted = {"name": name.strip(), "name_en": name_en.strip(), "batch_group": batch_group.strip() or campaign.code}
    before = {key: getattr(campaign, key) for key, value in wanted.items() if getattr(campaign, key) != value}
    for key, value in wanted.items():
        setattr(campaign, key, value)
    campaign.save(update_fields=list(wanted))
    after = {key: wanted[key] for key in before}
    audit.record(actor=actor, action="planning.edit_campaign", subject=campaign, before=before, after=after)
    return campaign


def _refuse_published(campaign: Campaign) -> None:
    if campaign.published_at:
        raise Refused(
            _("“%(campaign)s” is published: amend it with a reason. Nothing was saved.") % {"campaign": campaign},
            code="published",
        )


@transaction.atomic
def set_milestone(
    *,
    actor: User,
    campaign: Campaign,
    key: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    reason: str = "",
) -> Milestone:
    """Plan a step of the timeline. After publication a reason is needed, and the window of registration may only
    grow; one without an end may be closed.

    Raises Refused for a step the track does not have, dates out of order, no reason after publication, or a window
    that would open later or close earlier than was published, or that is not the one named in the rules.
    """
    campaign = locked_campaign(campaign)
    require(may_plan, actor, campaign)
    _planned(campaign.track, {key: (starts_at, ends_at)})
    milestone = Milestone.objects.get(campaign=campaign, key=key)
    is_window = key == WINDOW_STEP[Track(campaign.track)]
    rules = RuleSet.model_validate(newest_rules(campaign).document).registration
    if is_window:
        _refuse_other_than_named(rules, starts_at, ends_at)
    if campaign.published_at:
        _check_move_after_publication(milestone, starts_at, ends_at, reason, is_window=is_window)
    before = _iso(milestone.starts_at, milestone.ends_at)
    milestone.starts_at, milestone.ends_at = starts_at, ends_at
    milestone.save(update_fields=["starts_at", "ends_at"])
    if is_window:
        campaign.registration_opens_at, campaign.registration_closes_at = starts_at, ends_at
        campaign.save(update_fields=["registration_opens_at", "registration_closes_at"])
    audit.record(
        actor=actor, action="planning.set_milestone", subject=campaign, reason=reason,
        before={key: before}, after={key: _iso(starts_at, ends_at)},
    )  # fmt: skip
    return milestone


def _iso(*moments: datetime | None) -> list[str]:
    return [moment.isoformat() if moment else "" for moment in moments]


def _check_move_after_publication(
    milestone: Milestone, starts_at: datetime | None, ends_at: datetime | None, reason: str, *, is_window: bool
) -> None:
    if not reason.strip():
        raise Refused(_("A published date changes only with a reason. Nothing was saved."), code="reason_required")
    if not is_window:
        return
    _refuse_shorter(milestone.starts_at, milestone.ends_at, starts_at, ends_at)


def _refuse_other_than_named(rules: RegistrationRules, starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises Refused for a window other than the one that the rules name, and the announcement prints."""
    named = ((rules.opens_at, starts_at), (rules.closes_at, ends_at))
    if any(wanted is not None and wanted != given for wanted, given in named):
        raise Refused(
            _("The rules name the times of registration: change them there. Nothing was saved."), code="named_in_rules"
        )


def _refuse_shorter(
    opened_at: datetime | None, closed_at: datetime | None, starts_at: datetime | None, ends_at: datetime | None
) -> None:
    """Raises Refused if a published window would open later or close earlier; one without an end may be given one."""
    opens_later = opened_at and (starts_at is None or starts_at > opened_at)
    closes_earlier = ends_at is not None and ends_at < (closed_at or timezone.now())
    if opens_later or closes_earlier:
        raise Refused(
            _("The published window may only be extended, never shortened. Nothing was saved."), code="window"
        )


@transaction.atomic
def clone_campaign(
    *, actor: User, campaign: Campaign, programme: Programme, code: str, name: str, name_en: str = ""
) -> Campaign:
    """A new campaign with last time's track, unit, type of post and rules, without its dates and positions."""
    require(may_plan, actor, campaign)
    clone = create_campaign(
        actor=actor, programme=programme, code=code, name=name, name_en=name_en, track=campaign.track,
        unit=campaign.unit, profile=campaign.profile or default_profile(campaign.track), slot_type=campaign.slot_type,
    )  # fmt: skip
    old = newest_rules(campaign)
    rules = RuleSet.model_validate(old.document).cloned_for_new_year()
    clone.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())
    audit.record(
        actor=actor, action="planning.clone_campaign", subject=clone, after={"from": campaign.code, "rules": old.digest}
    )
    return clone


def is_editable(campaign: Campaign) -> bool:
    """True while the plan is being drafted."""
    return campaign.state == CampaignState.PLAN_DRAFTING
