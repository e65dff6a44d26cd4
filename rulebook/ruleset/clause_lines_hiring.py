"""The lines of an announcement from the medical on, and those of the talent tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebook.explanation import Value, percent_text, plain_text
from rulebook.ruleset.clause_terms import Line, Lines, Terms
from rulebook.ruleset.hiring import StageReplacement
from rulebook.ruleset.model import RuleSet


def medical(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R70, R71."""
    rules = ruleset.medical
    if rules.ratio == 1:
        yield "equal", {"grade": rules.hospital_grade}
    else:
        yield "ratio", {"ratio": plain_text(rules.ratio), "grade": rules.hospital_grade}
    if rules.recheck_times:
        yield "recheck", {"days": rules.recheck_days, "times": rules.recheck_times}
    yield "deferral" if rules.deferral_allowed else "no_deferral", {}
    yield "absent", {}


def inspection(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R68, R71."""
    rules = ruleset.inspection
    yield ("equal", {}) if rules.ratio == 1 else ("ratio", {"ratio": plain_text(rules.ratio)})
    yield "group", {"members": rules.members, "days": rules.days, "unit": terms.of(rules, "unit")}
    if rules.university_reference:
        yield "university", {}


def replacement(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R72, R73."""
    rules = ruleset.replacement
    closed = tuple(terms.of(row, "stage") for row in rules.stages if not row.allowed)
    for row in rules.stages:
        if row.allowed:
            yield from _stage(row, terms)
    if closed:
        yield "never", {"stages": closed}
    if rules.no_competition_reapplied:
        yield "competition", {}


def _stage(row: StageReplacement, terms: Terms) -> Iterator[Line]:
    values: dict[str, Value] = {
        "stage": terms.of(row, "stage"),
        "reasons": terms.of(row, "reasons"),
        "score": terms.of(row, "score"),
    }
    yield ("unlimited", values) if row.rounds is None else ("rounds", {**values, "rounds": row.rounds})
    if row.min_mark is not None:
        yield "min_mark", {"stage": terms.of(row, "stage"), "mark": plain_text(row.min_mark)}


def notice(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R74–R77."""
    rules = ruleset.notice
    is_award = ruleset.track == "open_challenge"
    yield "award_days" if is_award else "days", {"days": rules.days, "unit": terms.of(rules, "unit")}
    yield "restart" if rules.restart_on_change else "no_restart", {}
    if is_award:
        yield "award_objection", {}
        return
    yield "objection", {}
    yield "file", {"days": rules.file_within_days}
    if rules.validity_months is not None:
        yield "validity", {"months": rules.validity_months}


def service(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R78–R80."""
    rules = ruleset.service
    months: dict[str, Value] = {"months": rules.probation_months}
    if ruleset.slots.slot_type == "civil_service":
        yield "civil_service_probation", months
    else:
        yield "contract", {"years": rules.contract_years, **months, "others": rules.probation_months_experienced}
    if rules.min_service_years:
        yield "least", {"years": rules.min_service_years, "start": terms.of(rules, "min_service_from")}
    yield "report", {"days": rules.report_within_days}
    if rules.late_ban_years:
        yield "ban", {"years": rules.late_ban_years}


def slots(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R81 and the kind of post."""
    rules = ruleset.slots
    yield rules.slot_type, {}
    if rules.post_selection:
        yield "post_selection", {}


def publication(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R69, R95."""
    rules = ruleset.publication
    used = {"scores": bool(ruleset.written.papers), "shortlist": bool(ruleset.written.papers)}
    for row in rules.lists:
        if used.get(row.kind, True):
            yield "fields", {"list": terms.of(row, "kind"), "fields": terms.of(row, "fields")}
    if rules.absent_shown:
        yield "absent", {}
    yield "life", {"days": rules.page_life_days}


def selection(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R83."""
    rules = ruleset.selection
    if not rules.material_items:
        return
    items = (
        terms.phrase("item", name=terms.word(item.name), cap=plain_text(item.cap)) for item in rules.material_items
    )
    yield "items", {"items": tuple(items)}
    yield "reviewers", {"count": rules.material_reviewers}
    if rules.evidence_required:
        yield "evidence", {}
    if rules.rolling_review:
        yield "rolling", {}


def grants(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R85."""
    rules = ruleset.grants
    if not rules.grants:
        return
    for grant in rules.grants:
        amounts: dict[str, Value] = {"once": plain_text(grant.once), "monthly": plain_text(grant.monthly)}
        yield "amount", {"degree": terms.of(grant, "degree"), **amounts, "months": rules.months}
    yield "share", {"share": percent_text(rules.unit_share)}
    yield f"clawback_{rules.clawback}", {}


def challenge(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R86–R89."""
    rules = ruleset.challenge
    yield "window", {"days": rules.window_days}
    criteria = (
        terms.phrase("criterion", name=terms.word(part.name), weight=percent_text(part.weight))
        for part in rules.criteria
    )
    yield "criteria", {"criteria": tuple(criteria)}
    yield "panel", {"least": rules.panel_min, "trim": rules.trim_from_experts}
    yield "threshold", {"mark": plain_text(rules.threshold)}
    if rules.min_bids > 1:
        yield "min_bids", {"bids": rules.min_bids}
    yield f"single_{rules.single_bid}", {}
    yield f"tie_{rules.tie}", {}
    yield "milestones", {"shares": tuple(percent_text(share) for share in rules.milestones)}
    if rules.extensions_allowed:
        yield "extension", {"times": rules.extensions_allowed, "months": rules.extension_months}
    yield f"days_{rules.days_shortfall}", {}


HIRING_LINES: Mapping[str, Lines] = {
    "medical": medical,
    "inspection": inspection,
    "replacement": replacement,
    "notice": notice,
    "service": service,
    "slots": slots,
    "publication": publication,
    "selection": selection,
    "grants": grants,
    "challenge": challenge,
}
