"""The lines of an announcement up to the ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebook.explanation import Value, percent_text, plain_text
from rulebook.ruleset.clause_terms import Line, Lines, Terms
from rulebook.ruleset.examination import BonusRules, CoefficientRules, NoCompetitionRules, Paper, TotalPart
from rulebook.ruleset.model import RuleSet
from rulebook.ruleset.words import fold_formula


def registration(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R16–R25."""
    rules = ruleset.registration
    if rules.rolling:
        yield "rolling", {}
    elif rules.opens_at and rules.closes_at:
        yield "window", {"opens": rules.opens_at, "closes": terms.closing(rules.closes_at)}
    else:
        yield "open_days", {"days": rules.open_days}
    if rules.one_post:
        yield "one_post", {"batch": terms.of(rules, "batch_group")}
    sla: dict[str, Value] = {"hours": rules.review_sla_hours, "unit": terms.of(rules, "review_sla_unit")}
    yield ("review_rolling", sla) if rules.rolling else ("review", {**sla, "days": rules.review_days_after_close})
    yield "change" if rules.rechoose_after_rejection else "no_change", {}
    if rules.grace_hours:
        yield "grace", {"hours": rules.grace_hours}
    if rules.two_stage_confirm:
        yield ("confirm_rolling", {}) if rules.rolling else ("confirm", {"days": rules.fee_days_after_close})
    yield "consent", {"stage": terms.of(rules, "in_service_consent_at")}
    if not rules.rolling:
        yield "counters", {"minutes": rules.counters_refresh_minutes, "hours": rules.counters_hidden_last_hours}
    photo = rules.photo
    values: dict[str, Value] = {"format": terms.of(photo, "format"), "background": terms.of(photo, "background")}
    sizes: dict[str, Value] = {"width": photo.width, "height": photo.height, "min": photo.min_kb, "max": photo.max_kb}
    yield "photo_with_tool" if photo.tool_required else "photo", {**values, **sizes}


def eligibility(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R05–R13."""
    rules = ruleset.eligibility
    day: Value = rules.age_reference_date or terms.of(rules, "age_reference")
    yield f"age_{rules.age_reading}", {"day": day}
    if rules.fresh_definition == "year":
        yield "fresh_year", {}
    else:
        yield f"fresh_{rules.fresh_definition}", {"years": rules.fresh_window_years}
    diploma, degree = terms.month_day(rules.diploma_deadline), terms.month_day(rules.degree_deadline)
    yield "certificates", {"diploma": diploma, "degree": degree}
    yield "major_any_level" if rules.non_highest_major_allowed else "major_same_level", {}
    yield "catalogue", {"catalogue": terms.word(rules.major_catalogue)}
    yield "internships_count" if rules.internships_count_as_work else "internships_do_not_count", {}


def fee(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R23."""
    rules = ruleset.fee
    if not rules.per_subject and not rules.interview:
        yield "free", {}
        return
    if rules.per_subject:
        yield (
            "per_subject",
            {"amount": plain_text(rules.per_subject), "days": ruleset.registration.fee_days_after_close},
        )
    if rules.interview:
        yield "interview", {"amount": plain_text(rules.interview)}
    if rules.waivers:
        yield f"waiver_{rules.waiver_mode}", {"kinds": tuple(terms.word(kind) for kind in rules.waivers)}
    yield "refund", {}


def opening_ratio(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R26–R30."""
    rules = ruleset.opening_ratio
    if rules.k is None:
        yield "none", {}
        return
    values: dict[str, Value] = {"k": rules.k, "basis": terms.of(rules, "basis")}
    if rules.on_fail == "keep_with_line":
        yield "keep_with_line", {**values, "line": terms.line(rules.kept_line)}
    elif rules.on_fail == "extend_registration":
        yield "extend_registration", {**values, "hours": rules.extend_hours}
    else:
        yield rules.on_fail, values
    yield "rechoose", {"hours": rules.rechoose_hours}
    yield rules.cut_order, {}


def written(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R36–R47."""
    rules = ruleset.written
    if not rules.papers:
        return
    yield "papers", {"papers": tuple(_paper(paper, terms) for paper in rules.papers)}
    for fold in rules.folds:
        formula = fold_formula(fold)
        values: dict[str, Value] = {"formula": formula, "full": plain_text(rules.full_mark)}
        if len(rules.folds) > 1:
            yield "fold_for", {**values, "papers": tuple(part.paper for part in fold.parts)}
        else:
            yield "fold", values
    if rules.rounding.stage == "each":
        yield "rounding", {"rounding": terms.rounding(rules.rounding)}
    for paper in rules.papers:
        if paper.min_mark is not None:
            yield "paper_line", {"paper": paper.name, "mark": plain_text(paper.min_mark)}
    yield from _bonus(rules.bonus, terms)
    yield f"absent_{rules.absent_policy}", {}
    yield f"zero_{rules.zero_policy}", {}
    yield "void", {}
    check = rules.score_check
    if check.window_days and check.statuses:
        unit = terms.of(check, "unit")
        yield "score_check", {"statuses": terms.of(check, "statuses"), "days": check.window_days, "unit": unit}


def _paper(paper: Paper, terms: Terms) -> Value:
    return terms.phrase("paper", name=paper.name, full=plain_text(paper.full_mark), minutes=paper.minutes)


def _bonus(rules: BonusRules, terms: Terms) -> Iterator[Line]:
    if not rules.items:
        yield "no_bonus", {}
        return
    for item in rules.items:
        name = terms.word(item.kind)
        if item.per_year:
            yield "bonus_per_year", {"kind": name, "points": plain_text(item.per_year)}
        if item.fixed:
            yield "bonus_fixed", {"kind": name, "points": plain_text(item.fixed)}
    yield f"bonus_{rules.stack}", {"position": terms.of(rules, "position")}
    if rules.cap is not None:
        yield "bonus_cap", {"cap": plain_text(rules.cap)}
    if rules.cap_at_full_mark:
        yield "bonus_full_mark", {}
    if rules.deadline is not None:
        yield "bonus_deadline", {"day": rules.deadline}


def shortlist(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R46, R48–R53."""
    rules = ruleset.shortlist
    screening = rules.screening
    if screening.enabled:
        values: dict[str, Value] = {"threshold": screening.threshold, "ratio": plain_text(screening.ratio)}
        yield f"screening_{screening.basis}", values
        yield "screening_counts" if screening.counts_in_total else "screening_does_not_count", {}
    if not ruleset.written.papers:
        return
    if rules.min_line.kind != "none":
        yield "line", {"line": terms.line(rules.min_line)}
    if rules.ratio is None:
        yield "everyone", {}
    else:
        yield "ratio", {"ratio": plain_text(rules.ratio)}
        if rules.plus_one_up_to:
            yield "plus_one", {"most": rules.plus_one_up_to}
        yield f"ties_{rules.ties}", {"chain": terms.names(rules.tie_chain)} if rules.ties == "tiebreak" else {}
    yield "exempt_counts" if rules.exempt_counts_in_ratio else "exempt_free", {}
    if rules.exempt_mark == "mean_of_interviewees":
        yield "exempt_mean", {}


def recheck(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R54."""
    rules = ruleset.recheck
    if not rules.required:
        return
    yield "documents", {"documents": tuple(terms.word(name) for name in rules.documents)}
    if rules.replacement_until == "days_before_interview":
        yield "until_days_before", {"days": rules.replacement_days_before}
    else:
        yield "until_notice", {}


def interview(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R55–R63."""
    rules = ruleset.interview
    if not rules.held:
        return
    yield "panel_odd" if rules.panel_odd else "panel", {"size": rules.panel_size}
    if rules.external_share:
        yield "external", {"share": percent_text(rules.external_share)}
    scale: dict[str, Value] = {"least": plain_text(rules.mark_min), "most": plain_text(rules.mark_max)}
    yield "scale", {**scale, "step": plain_text(rules.mark_step)}
    if rules.elements:
        parts = (terms.phrase("element", name=part.name, full=plain_text(part.full_mark)) for part in rules.elements)
        yield "elements", {"elements": tuple(parts)}
    if rules.trim_high or rules.trim_low:
        code = "trim_elements" if rules.trim_elements else "trim"
        yield code, {"high": rules.trim_high, "low": rules.trim_low}
    if rules.rounding.stage == "each":
        yield "rounding", {"rounding": terms.rounding(rules.rounding)}
    yield from _coefficient(rules.coefficient, terms)
    if rules.pass_line is not None:
        yield "pass_line", {"line": plain_text(rules.pass_line)}
    yield from _no_competition(rules.no_competition, terms)
    if rules.signed_on_the_spot:
        yield "signed", {}


def _coefficient(rules: CoefficientRules, terms: Terms) -> Iterator[Line]:
    if rules.method == "none":
        return
    values: Mapping[str, Value] = {"method": terms.of(rules, "method")}
    yield "coefficient", {**values, "places": rules.places, "score_places": rules.score_places}
    if rules.mean_places is not None:
        yield "coefficient_means", {"places": rules.mean_places}
    if rules.method == "trimmed":
        yield "coefficient_trimmed", {"high": rules.drop_high, "low": rules.drop_low}
    if rules.cap is not None:
        yield "coefficient_cap", {"cap": plain_text(rules.cap)}


def _no_competition(rules: NoCompetitionRules, terms: Terms) -> Iterator[Line]:
    if not rules.applies:
        return
    conditions: list[Value] = []
    if rules.line is not None:
        conditions.append(terms.phrase("no_competition_line", line=plain_text(rules.line)))
    if rules.at_least_panel_mean:
        conditions.append(terms.phrase("no_competition_mean"))
    if rules.two_thirds_vote:
        conditions.append(terms.phrase("no_competition_vote"))
    code = "no_competition" if rules.inclusive else "no_competition_below"
    if rules.ratio == 1:
        yield f"{code}_equal", {"conditions": tuple(conditions)}
    else:
        yield code, {"ratio": plain_text(rules.ratio), "conditions": tuple(conditions)}


def total(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R64."""
    rules = ruleset.total
    yield "formula", {"formula": " + ".join(_part(part, terms) for part in rules.parts)}
    yield f"rounding_{rules.rounding.stage}", {"rounding": terms.rounding(rules.rounding)}


def _part(part: TotalPart, terms: Terms) -> str:
    name = terms.name(part.name)
    return name if part.weight == 1 else f"{name} × {percent_text(part.weight)}"


def ranking(ruleset: RuleSet, terms: Terms) -> Iterator[Line]:
    """R66–R68."""
    rules = ruleset.ranking
    yield rules.style, {}
    chain = tuple(value for value in rules.tie_chain if value != "extra_test")
    yield ("ties", {"chain": terms.names(chain)}) if chain else ("extra_test", {})
    yield "extra_test_mark", {"full": plain_text(rules.extra_test_full_mark)}
    if rules.surplus_ratio > 1:
        yield "surplus", {"ratio": plain_text(rules.surplus_ratio)}


EXAMINATION_LINES: Mapping[str, Lines] = {
    "registration": registration,
    "eligibility": eligibility,
    "fee": fee,
    "opening_ratio": opening_ratio,
    "written": written,
    "shortlist": shortlist,
    "recheck": recheck,
    "interview": interview,
    "total": total,
    "ranking": ranking,
}
