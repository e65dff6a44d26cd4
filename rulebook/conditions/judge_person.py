"""Conditions on the person: age, sex, membership, work, certificates, household, groups (R05–R07, R11, R13)."""

from __future__ import annotations

import re
from datetime import date

from rulebook.conditions.age import with_bounds
from rulebook.conditions.experience import fresh_status, graduation_year, work_months
from rulebook.conditions.finding import Finding, met, needs_person, not_met, word
from rulebook.conditions.model import (
    LEVELS,
    TITLES,
    AgeBand,
    AgeCondition,
    CertificateCondition,
    DemocraticPartyCondition,
    FreshCondition,
    GroupCondition,
    HouseholdCondition,
    PartyCondition,
    SexCondition,
    TitleCondition,
    WorkCondition,
)
from rulebook.conditions.profile import Profile
from rulebook.conditions.words import normal
from rulebook.ruleset.registration import EligibilityRules

_AREA = re.compile(r"省|市|自治区|自治州|地区|县|区|盟|旗")


def judge_age(condition: AgeCondition, profile: Profile, ref: date, rules: EligibilityRules) -> Finding:
    """The birth date against the bounds; for one who is too old, the most favourable band that applies (R05–R07)."""
    if profile.birth_date is None:
        return needs_person("birth_date_unknown")
    bounds = with_bounds(condition, ref, rules.age_reading)
    born = profile.birth_date
    if bounds.born_to and born > bounds.born_to:
        return not_met("too_young", born=born, limit=bounds.born_to)
    if bounds.born_from is None or born >= bounds.born_from:
        return met("age_met", born=born)
    open_bands = [band for band in bounds.bands if band.born_from is None or born >= band.born_from]
    verdicts = {_applies(band, profile, ref, rules) for band in open_bands}
    if True in verdicts:
        return met("age_relaxed", born=born)
    if None in verdicts:
        return needs_person("age_band_unclear", born=born, limit=bounds.born_from)
    return not_met("too_old", born=born, limit=bounds.born_from)


def _applies(band: AgeBand, profile: Profile, ref: date, rules: EligibilityRules) -> bool | None:
    """Whether someone is in a band; None where that is not known."""
    results: list[bool | None] = [None] if band.unclear else []
    if band.any_of:
        each = [_in_group(group, profile) for group in band.any_of]
        results.append(True if True in each else None if None in each else False)
    if band.fresh:
        fresh = fresh_status(profile, rules.fresh_definition, rules.fresh_window_years, ref).verdict
        results.append({"met": True, "not_met": False, "needs_person": None}[fresh])
    if band.full_time:
        top = max(profile.schooling, key=lambda stage: LEVELS.index(stage.level), default=None)
        results.append(top.full_time if top else None)
    return False if False in results else None if None in results else True


def _in_group(group: str, profile: Profile) -> bool | None:
    if group in LEVELS:
        if not profile.schooling:
            return None
        return any(LEVELS.index(stage.level) >= LEVELS.index(group) for stage in profile.schooling)
    if group in TITLES:
        if profile.titles is None:
            return None
        return any(TITLES.index(title.level) >= TITLES.index(group) for title in profile.titles)
    return None if profile.groups is None else group in profile.groups


def judge_sex(condition: SexCondition, profile: Profile) -> Finding:
    if profile.sex is None:
        return needs_person("sex_unknown")
    if profile.sex == condition.sex:
        return met("sex_met", sex=word("sex", profile.sex))
    if condition.advisory:
        return needs_person("sex_advisory")
    return not_met("sex_other", sex=word("sex", profile.sex))


def judge_party(condition: PartyCondition, profile: Profile) -> Finding:
    if profile.party is None:
        return needs_person("party_unknown")
    status = word("party", profile.party)
    return (
        met("party_met", status=status) if profile.party in condition.allowed else not_met("party_other", status=status)
    )


def judge_democratic_party(condition: DemocraticPartyCondition, profile: Profile) -> Finding:
    if profile.party is None:
        return needs_person("party_unknown")
    if profile.party != "democratic":
        return met("no_democratic_party")
    if not profile.democratic_party:
        return needs_person("party_unknown")
    if any(party in profile.democratic_party for party in condition.parties):
        return met("democratic_party_met", party=profile.democratic_party)
    return not_met("democratic_party_other", party=profile.democratic_party)


def judge_fresh(condition: FreshCondition, profile: Profile, ref: date, rules: EligibilityRules) -> Finding:
    """Fresh by the announcement's definition; where the table prints years, another year is left to a person."""
    found = fresh_status(profile, rules.fresh_definition, rules.fresh_window_years, ref)
    year = graduation_year(profile)
    if condition.years and year is not None:
        if year in condition.years:
            return met("fresh_year", year=str(year))
        if found.verdict == "met":
            return needs_person("fresh_not_printed", year=str(year))
    return found


def judge_work(condition: WorkCondition, profile: Profile, ref: date, rules: EligibilityRules) -> Finding:
    if profile.works is None:
        return needs_person("work_unknown")
    cutoff = f"{ref:%Y-%m}"
    total = work_months(profile.works, cutoff, internships=rules.internships_count_as_work)
    if total < condition.months:
        return not_met("work_short", months=total, wanted=condition.months)
    if not condition.field:
        return met("work_met", months=total, wanted=condition.months)
    if condition.field != "grassroots":
        return needs_person("work_field", field=condition.field, months=total)
    certain = [period for period in profile.works if period.grassroots]
    possible = [period for period in profile.works if period.grassroots is not False]
    months = work_months(certain, cutoff, internships=rules.internships_count_as_work)
    if months >= condition.months:
        return met("work_met", months=months, wanted=condition.months)
    most = work_months(possible, cutoff, internships=rules.internships_count_as_work)
    if most >= condition.months:
        return needs_person("work_grassroots_unknown", months=total)
    return not_met("work_short", months=most, wanted=condition.months)


def judge_certificate(condition: CertificateCondition, profile: Profile) -> Finding:
    if profile.certificates is None:
        return needs_person("certificates_unknown")
    wanted = {_plain(name) for name in condition.any_of}
    for held in profile.certificates:
        if _plain(held) in wanted:
            return met("certificate_met", name=held)
    if profile.certificates:
        return needs_person("certificate_unsure", held=tuple(profile.certificates))
    return not_met("certificate_none")


def _plain(name: str) -> str:
    """Certificates are written with and without 《》, 证书 and brackets."""
    bare = re.sub(r"[《》“”\"()\[\]]", "", normal(name))
    return re.sub(r"资格证书?", "资格", bare).replace("证书", "").removesuffix("资格")


def judge_title(condition: TitleCondition, profile: Profile) -> Finding:
    if profile.titles is None:
        return needs_person("titles_unknown")
    high = [title for title in profile.titles if TITLES.index(title.level) >= TITLES.index(condition.least)]
    if not high:
        return not_met("title_none")
    if not condition.series or any(condition.series in title.series for title in high):
        return met("title_met", level=word("title", high[0].level))
    return needs_person("title_series", series=condition.series)


def judge_household(condition: HouseholdCondition, profile: Profile) -> Finding:
    """By the words of the address: a place named in it is met; another place of the same kind is not."""
    known = [profile.household] + ([profile.origin] if condition.origin_counts else [])
    if any(place and place in address for address in known if address for place in condition.places):
        return met("household_met", place=next(p for p in condition.places if any(p in one for one in known)))
    if not all(known) or not all(_AREA.search(place) for place in condition.places):
        return needs_person("household_unsure")
    return not_met("household_other", household=profile.household)


def judge_group(condition: GroupCondition, profile: Profile) -> Finding:
    if profile.groups is None:
        return needs_person("groups_unknown")
    held = set(profile.groups)
    if held & set(condition.any_of):
        return met("group_met", group=word("group", next(one for one in condition.any_of if one in held)))
    if "veteran" in held and {"graduate_veteran", "resettled_veteran"} & set(condition.any_of):
        return needs_person("group_veteran")
    return not_met("group_none")
