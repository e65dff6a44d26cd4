"""Windows, changes of post, review, what makes a registration effective, fee, photo, counters (R16–R25)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from rulebook.explanation import SHANGHAI, Explanation, Guard, RuleError
from rulebook.ruleset.registration import FeeRules, PhotoRules, RegistrationRules
from rulebook.working_days import WorkingCalendar, add_working_hours

Review = Literal["none", "pending", "returned", "rejected", "passed"]
RefundReason = Literal["post_cancelled", "withdrawn", "waiver_proved"]
_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class EffectiveFacts:
    """The parallel verdicts on one registration by the deadline (R22)."""

    photo_ok: bool
    eligibility: Review
    paid: bool
    waived: bool
    confirmed: bool


@dataclass(frozen=True)
class PhotoFacts:
    """What was measured of an uploaded photo: format by content, pixels, bytes."""

    format: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Counters:
    """Applicants of one post by how far they came; each later one is part of the one before (R25)."""

    registered: int
    pending: int
    passed: int
    paid: int


def local_moment(text: str) -> datetime:
    """A printed time as an aware moment in Asia/Shanghai; 24:00 is the next day's 0:00 (R18).

    Raises ``RuleError`` ``registration.moment`` unless the text reads like ``2026-03-25 24:00``.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match:
        year, month, day, hour, minute = (int(part) for part in match.groups())
        if (hour < 24 and minute < 60) or (hour, minute) == (24, 0):
            try:
                midnight = datetime(year, month, day, tzinfo=SHANGHAI)
            except ValueError:
                raise RuleError("registration.moment", text=text) from None
            return midnight + timedelta(hours=hour, minutes=minute)
    raise RuleError("registration.moment", text=text)


def is_open(at: datetime, opens: datetime, closes: datetime) -> bool:
    """Whether the moment lies in the half-open window [opens, closes) (R18)."""
    return opens <= at < closes


def may_submit_another(live_in_batch: int, rules: RegistrationRules) -> Guard:
    """Whether a person with so many live applications in the batch group may submit one more (R16)."""
    allowed = not (rules.one_post and live_in_batch)
    return Guard(allowed, Explanation("registration.may_submit" if allowed else "registration.one_post"))


def consent_needed(step: Literal["registration", "recheck"], in_service: bool, rules: RegistrationRules) -> bool:
    """Whether established staff must show their employer's written consent at this step (R17)."""
    return in_service and (rules.in_service_consent_at == "registration" or step == "recheck")


def consent_guard(
    step: Literal["registration", "recheck"], in_service: bool, has_consent: bool, rules: RegistrationRules
) -> Guard:
    """Whether a person may pass this step without more proof of their employer's consent (R17)."""
    if not in_service:
        return Guard(True, Explanation("registration.consent_not_asked"))
    if has_consent:
        return Guard(True, Explanation("registration.consent_shown"))
    needed = consent_needed(step, in_service, rules)
    return Guard(not needed, Explanation("registration.consent_lacks" if needed else "registration.consent_later"))


def may_change_post(review: Review, at: datetime, opens: datetime, closes: datetime, rules: RegistrationRules) -> Guard:
    """Whether the post may still be changed: free before review, locked once passed, again free once rejected (R19)."""
    if review == "passed":
        return Guard(False, Explanation("registration.locked"))
    if not is_open(at, opens, closes):
        return Guard(False, Explanation("registration.closed", {"closes": closes}))
    if review == "rejected" and not rules.rechoose_after_rejection:
        return Guard(False, Explanation("registration.no_rechoice"))
    return Guard(True, Explanation("registration.may_change", {"closes": closes}))


def review_due(submitted_at: datetime, rules: RegistrationRules, days: WorkingCalendar | None = None) -> datetime:
    """When the review must have answered (R20); office hours need a calendar, else ``calendar.needed``.

    Never later than the announcement's review deadline.
    """
    if rules.review_sla_unit == "hours":
        due = submitted_at + timedelta(hours=rules.review_sla_hours)
    elif days is None:
        raise RuleError("calendar.needed")
    else:
        due = add_working_hours(submitted_at, rules.review_sla_hours, rules.office_hours, days)
    return due if rules.review_closes_at is None else min(due, rules.review_closes_at)


def may_correct(
    review: Review, at: datetime, closes: datetime, decided_at: datetime, rules: RegistrationRules
) -> Guard:
    """Whether a registration may still be edited after review (R21).

    Until registration closes unless it passed; then only what was returned for supplement, within the grace.
    """
    if review == "passed":
        return Guard(False, Explanation("registration.locked"))
    if at < closes:
        return Guard(True, Explanation("registration.may_change", {"closes": closes}))
    ends = correction_closes(closes, decided_at, rules)
    if review == "returned" and at < ends:
        return Guard(True, Explanation("registration.may_change", {"closes": ends}))
    return Guard(False, Explanation("registration.closed", {"closes": closes}))


def correction_closes(closes: datetime, decided_at: datetime, rules: RegistrationRules) -> datetime:
    """Until when what was returned for supplement may come back: closing, or the end of the grace if later (R21)."""
    return max(closes, decided_at + timedelta(hours=rules.grace_hours))


def missing_for_effect(facts: EffectiveFacts, rules: RegistrationRules) -> tuple[Explanation, ...]:
    """What keeps a registration from being effective: photo, eligibility, payment, confirmation (R22)."""
    checks = (
        ("photo", facts.photo_ok),
        ("eligibility", facts.eligibility == "passed"),
        ("payment", facts.paid or facts.waived),
        ("confirmation", facts.confirmed or not rules.two_stage_confirm),
    )
    return tuple(Explanation(f"registration.lacks_{name}") for name, held in checks if not held)


def fee_due(subjects: int, rules: FeeRules, *, waived: bool = False, interview: bool = False) -> Decimal:
    """Yuan to pay: per paper, plus the interview's own fee (R23). A waiver before payment makes it 0."""
    if waived and rules.waiver_mode == "before_payment":
        return Decimal(0)
    return rules.per_subject * subjects + (rules.interview if interview else Decimal(0))


def refund_due(paid: Decimal, reason: RefundReason) -> Decimal:
    """Yuan to send back to the paying account: all for a cancelled post or a proved waiver, none otherwise (R23)."""
    return Decimal(0) if reason == "withdrawn" else paid


def photo_problems(photo: PhotoFacts, rules: PhotoRules) -> tuple[Explanation, ...]:
    """What is wrong with a photo, all at once (R24); a kilobyte has 1,024 bytes."""
    problems: list[Explanation] = []
    if photo.format.lower().replace("jpeg", "jpg") != rules.format:
        problems.append(Explanation("photo.format", {"format": photo.format, "wanted": rules.format}))
    if (photo.width, photo.height) != (rules.width, rules.height):
        size = f"{photo.width}×{photo.height}"
        problems.append(Explanation("photo.pixels", {"size": size, "wanted": f"{rules.width}×{rules.height}"}))
    if not rules.min_kb * 1024 <= photo.size <= rules.max_kb * 1024:
        values = {"size": -(-photo.size // 1024), "least": rules.min_kb, "most": rules.max_kb}
        problems.append(Explanation("photo.bytes", values))
    return tuple(problems)


def counters_shown(at: datetime, closes: datetime, rules: RegistrationRules) -> bool:
    """Whether the public sees the applicants per post: not in the last hours before closing (R25)."""
    return not closes - timedelta(hours=rules.counters_hidden_last_hours) <= at < closes
