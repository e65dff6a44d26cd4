"""Windows, changes of post, review, what makes a registration effective, fee, photo, counters (R16–R25)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from rulebook.explanation import SHANGHAI, Explanation, Guard, RuleError, Value
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


@dataclass(frozen=True)
class Windows:
    """When registration opens and closes, when reviews end, and until when people pay and confirm; None: not fixed."""

    opens: datetime | None
    closes: datetime | None
    review_closes: datetime | None
    fee_closes: datetime | None


def windows(opens: datetime | None, rules: RegistrationRules) -> Windows:
    """The times that the rules give to a registration that opens at ``opens`` (R18).

    Moments named in the rules win. Days are calendar days in Shanghai: the first is the day of opening, and what ends
    so many days after closing ends with that day. A rolling registration has no end.
    """
    opens = rules.opens_at or opens
    closes = rules.closes_at
    if closes is None and opens is not None and not rules.rolling:
        closes = _midnight(opens, rules.open_days)
    return Windows(opens, closes, review_ends(closes, rules), confirmation_ends(closes, rules))


def review_ends(closes: datetime | None, rules: RegistrationRules) -> datetime | None:
    """When all reviews must be done: as named, or at the end of so many days after closing (R20)."""
    return rules.review_closes_at or _days_after(closes, rules.review_days_after_close)


def confirmation_ends(closes: datetime | None, rules: RegistrationRules) -> datetime | None:
    """Until when people pay and, with two stages, confirm: as named, or so many days after closing (R22)."""
    return rules.fee_closes_at or _days_after(closes, rules.fee_days_after_close)


def _days_after(closes: datetime | None, days: int) -> datetime | None:
    return _midnight(closes - timedelta(microseconds=1), days + 1) if closes else None


def _midnight(moment: datetime, days: int) -> datetime:
    """0:00 in Shanghai so many days after the day of a moment."""
    local = moment.astimezone(SHANGHAI)
    return datetime(local.year, local.month, local.day, tzinfo=SHANGHAI) + timedelta(days=days)


def is_open(at: datetime, opens: datetime, closes: datetime) -> bool:
    """Whether the moment lies in the half-open window [opens, closes) (R18)."""
    return opens <= at < closes


def may_apply(at: datetime, opens: datetime | None, closes: datetime | None) -> Guard:
    """Whether registration takes applications at this moment (R18); without an end it goes on."""
    if opens is None:
        return Guard(False, Explanation("registration.no_date"))
    if at < opens:
        return Guard(False, Explanation("registration.not_open_yet", {"opens": opens}))
    if closes is not None and at >= closes:
        return Guard(False, Explanation("registration.closed", {"closes": closes}))
    return Guard(True, Explanation("registration.may_submit"))


def may_submit_another(post: str, live: Mapping[str, str], rules: RegistrationRules) -> Guard:
    """Whether a person may apply for ``post`` too: for one post in the batch group, and never twice for one (R16).

    ``live`` maps the post of each live application in the batch group to its registration number; posts are named by
    any key that is unique in the batch group.
    """
    if post in live:
        return Guard(False, Explanation("registration.same_post", {"number": live[post]}))
    if rules.one_post and live:
        return Guard(False, Explanation("registration.one_post", {"number": min(live.values())}))
    return Guard(True, Explanation("registration.may_submit"))


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


def review_due(
    submitted_at: datetime,
    rules: RegistrationRules,
    days: WorkingCalendar | None = None,
    closes: datetime | None = None,
) -> datetime:
    """When the review must have answered (R20); office hours need a calendar, else ``calendar.needed``.

    Never later than the end of all reviews, by the closing time of registration, for what was submitted before it.
    """
    if rules.review_sla_unit == "hours":
        due = submitted_at + timedelta(hours=rules.review_sla_hours)
    elif days is None:
        raise RuleError("calendar.needed")
    else:
        due = add_working_hours(submitted_at, rules.review_sla_hours, rules.office_hours, days)
    ends = review_ends(closes, rules)
    return due if ends is None or submitted_at >= ends else min(due, ends)


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


def confirm_until(closes: datetime | None, passed_at: datetime, rules: RegistrationRules) -> datetime | None:
    """Until when a passed applicant confirms (R22): the end of confirmation, or as many days after the review passed
    if that was later; None without an end of registration."""
    ends = confirmation_ends(closes, rules)
    return ends and max(ends, passed_at + timedelta(days=rules.fee_days_after_close))


def may_confirm(
    confirmed: bool, at: datetime, closes: datetime | None, passed_at: datetime, rules: RegistrationRules
) -> Guard | None:
    """Whether someone who passed the review may still confirm that they will sit the exam (R22).

    None where the rules have no second stage.
    """
    if not rules.two_stage_confirm:
        return None
    if confirmed:
        return Guard(False, Explanation("registration.confirmed"))
    ends = confirm_until(closes, passed_at, rules)
    if ends is None:
        return Guard(True, Explanation("registration.confirm_now"))
    is_open = at < ends
    return Guard(is_open, Explanation(f"registration.confirm_{'by' if is_open else 'over'}", {"ends": ends}))


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


def counters_shown(at: datetime, closes: datetime | None, rules: RegistrationRules) -> Guard | None:
    """Whether the public sees the applicants per post: not in the last hours before closing (R25).

    None where registration goes on without an end: nothing is announced about numbers then.
    """
    if rules.rolling or closes is None:
        return None
    hidden = closes - timedelta(hours=rules.counters_hidden_last_hours) <= at < closes
    values: dict[str, Value] = {"hours": rules.counters_hidden_last_hours, "closes": closes}
    code = "registration.counters_hidden" if hidden else "registration.counters_shown"
    return Guard(not hidden, Explanation(code, {**values, "minutes": rules.counters_refresh_minutes}))


def counted(counters: Counters, at: datetime) -> Explanation:
    """The applicants of a post in words, as counted at that moment (R25)."""
    values: dict[str, Value] = {
        "registered": counters.registered,
        "pending": counters.pending,
        "passed": counters.passed,
        "at": at,
    }
    return Explanation("registration.counted", values)
