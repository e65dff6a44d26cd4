"""The steps of an exam in words: which are done, which is next, who takes it, and whether it could be taken now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Role
from accounts.policies import Predicate
from recruitment.examinations.models import MarkKind
from recruitment.examinations.policies import (
    may_call_up,
    may_decide_bonuses,
    may_import_interviews,
    may_import_marks,
    may_lock_interviews,
    may_lock_marks,
    may_propose,
    may_rank,
    may_recheck,
    may_set_line,
)
from recruitment.examinations.standing import Batches, Standing
from recruitment.publications.models import PublicationState
from recruitment.publications.policies import may_prepare

StepState = Literal["done", "now", "next"]


@dataclass(frozen=True)
class Step:
    """One step: `ready` says that its act would be taken now; `act` is asked with the person and the campaign."""

    key: str
    what: str | Promise
    who: str
    rule: Predicate
    state: StepState
    note: str
    ready: bool
    at: datetime | None = None


@dataclass(frozen=True)
class _Plan:
    key: str
    what: Promise
    roles: tuple[Role, ...]
    rule: Predicate
    is_done: Callable[[Standing], bool]
    is_ready: Callable[[Standing], bool]
    note: Callable[[Standing], str]
    at: Callable[[Standing], datetime | None] = lambda now: None
    applies: Callable[[Standing], bool] = lambda now: True


def steps_of(now: Standing) -> list[Step]:
    """All steps in their order; the first that is not done is the one to take now."""
    found: list[Step] = []
    for plan in (plan for plan in _PLANS if plan.applies(now)):
        state: StepState = "done" if plan.is_done(now) else "next"
        if state == "next" and all(step.state == "done" for step in found):
            state = "now"
        who = " / ".join(str(role.label) for role in plan.roles)
        found.append(Step(plan.key, plan.what, who, plan.rule, state, plan.note(now), plan.is_ready(now), plan.at(now)))
    return found


def next_step(steps: list[Step]) -> Step | None:
    """The step to take now; None once all are done."""
    return next((step for step in steps if step.state == "now"), None)


def _people(n: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": f"{n:,}"}


def _tickets(now: Standing) -> str:
    if now.with_ticket:
        return _("%(people)s have a ticket number.") % {"people": _people(now.with_ticket)}
    if now.is_registering:
        return _("Registration is still open; seats are drawn after it.")
    if now.under_review:
        return _("%(people)s still wait for review.") % {"people": _people(now.under_review)}
    return _("%(people)s passed the review and have no ticket number yet.") % {"people": _people(now.without_ticket)}


def _seats_can_be_drawn(now: Standing) -> bool:
    closed = not now.is_registering and not now.under_review
    return closed and not now.with_ticket and now.without_ticket > 0


def _imported(kind: str) -> Callable[[Standing], str]:
    def note(now: Standing) -> str:
        batches = now.batch(kind)
        count = batches.open + batches.locked
        if not count:
            return _("No marks have been imported yet.")
        return ngettext("%(n)s batch of marks is in.", "%(n)s batches of marks are in.", count) % {"n": count}

    return note


def _locked(*kinds: str) -> Callable[[Standing], str]:
    def note(now: Standing) -> str:
        batches = _together(now, kinds)
        if batches.open:
            waiting = ngettext("%(n)s batch waits.", "%(n)s batches wait.", batches.open) % {"n": batches.open}
            return _("%(waiting)s A second person compares the marks with the paper record, then locks them.") % {
                "waiting": waiting
            }
        return _("All batches are locked.") if batches.locked else _("There is nothing to lock yet.")

    return note


def _bonus(now: Standing) -> str:
    if not now.open_claims and now.claims_still_come:
        return _("Bonus may still be claimed; the ranking waits for the end of the deadline.")
    if not now.open_claims:
        return _("No claim waits for a decision.")
    return ngettext(
        "%(n)s claim waits; nothing is ranked before it is decided.",
        "%(n)s claims wait; nothing is ranked before they are decided.",
        now.open_claims,
    ) % {"n": now.open_claims}


def _ranking(now: Standing) -> str:
    if now.ranked_at is None:
        return _("Not ranked yet.")
    if now.ranking_is_old and not _any(MarkKind.INTERVIEW)(now):
        if now.decided:
            return _("Marks came in after the ranking: take ranking and shortlist back, then rank again.")
        return _("Marks came in after the ranking: rank again.")
    return _("%(marked)s have a written mark, %(absent)s have none.") % {
        "marked": _people(now.marked),
        "absent": _people(now.without_mark),
    }


def _listed(kind: str) -> Callable[[Standing], str]:
    words = {
        PublicationState.DRAFT: gettext_lazy("A draft is with the press and waits for review by a second person."),
        PublicationState.REVIEWED: gettext_lazy("Reviewed; it waits for its release."),
        PublicationState.RELEASED: gettext_lazy("The list is public."),
    }

    def note(now: Standing) -> str:
        listed = now.lists.get(kind)
        if listed and now.list_is_old(kind):
            return _("The list shows earlier results; it must be replaced.")
        return str(words[PublicationState(listed.state)]) if listed else _("Not handed to the press yet.")

    return note


def _line(now: Standing) -> str:
    words = {
        "missing": gettext_lazy("The authority sets it after the exam; it has not been set yet."),
        "waiting": gettext_lazy("It is set and waits for confirmation by a second person."),
        "confirmed": gettext_lazy("It is confirmed."),
    }
    return str(words[now.line])


def _line_can_be_set(now: Standing) -> bool:
    ranked = now.ranked_at is not None and not now.ranking_is_old
    return ranked and not now.decided


def _shortlist(now: Standing) -> str:
    if not now.decided:
        return _("Nobody has been called yet.")
    return _("%(people)s are called to the interview.") % {"people": _people(now.called)}


def _recheck(now: Standing) -> str:
    if not now.recheck_passed and not now.turned_away:
        return _("Nobody has been rechecked yet.")
    return _("%(passed)s passed, %(away)s are not admitted, %(open)s wait; %(up)s were called up.") % {
        "passed": _people(now.recheck_passed),
        "away": _people(now.turned_away),
        "open": _people(now.recheck_open),
        "up": _people(now.called_up),
    }


def _notices(now: Standing) -> str:
    return _("They are issued.") if now.is_notified else _("They are not issued yet.")


def _totals(now: Standing) -> str:
    if not now.totals:
        return _("Not computed yet.")
    if now.totals_are_old and now.to_decide:
        return _("Marks came in after the totals: compute them again.")
    if now.extra_tests:
        return ngettext(
            "%(n)s position needs an extra test for its last place.",
            "%(n)s positions need an extra test for their last place.",
            now.extra_tests,
        ) % {"n": now.extra_tests}
    return _("%(people)s have a place.") % {"people": _people(now.placed)}


def _proposals(now: Standing) -> str:
    if now.proposed and now.to_decide:
        return _("%(proposed)s are proposed; %(waiting)s are not decided yet.") % {
            "proposed": _people(now.proposed),
            "waiting": _people(now.to_decide),
        }
    if now.proposed:
        return _("%(people)s are proposed for hire.") % {"people": _people(now.proposed)}
    if now.totals and not now.to_decide:
        return _("Nobody reached a place to be proposed for.")
    return _("Nobody has been proposed yet.")


def _any(kind: str) -> Callable[[Standing], bool]:
    return lambda now: bool(now.batch(kind).open or now.batch(kind).locked)


def _together(now: Standing, kinds: Sequence[str]) -> Batches:
    batches = [now.batch(kind) for kind in kinds]
    times = [one.locked_at for one in batches if one.locked_at]
    return Batches(sum(one.open for one in batches), sum(one.locked for one in batches), max(times, default=None))


def _all_locked(*kinds: str) -> Callable[[Standing], bool]:
    return lambda now: bool(_together(now, kinds).locked and not _together(now, kinds).open)


def _is_out(kind: str) -> Callable[[Standing], bool]:
    return lambda now: kind in now.lists and now.lists[kind].is_out and not now.list_is_old(kind)


def _out_at(kind: str) -> Callable[[Standing], datetime | None]:
    return lambda now: now.lists[kind].released_at if kind in now.lists else None


def _locked_at(kind: str) -> Callable[[Standing], datetime | None]:
    return lambda now: now.batch(kind).locked_at


def _fresh_totals(now: Standing) -> bool:
    return bool(now.totals) and not (now.totals_are_old and now.to_decide) and not now.extra_tests


_W, _I, _X = MarkKind.WRITTEN, MarkKind.INTERVIEW, MarkKind.EXTRA_TEST
_EXAM, _TALENT = (Role.EXAM_CENTRE,), (Role.TALENT_OFFICE,)
_BOTH = (*_EXAM, *_TALENT)
_PLANS = (
    _Plan("tickets", gettext_lazy("Seats and ticket numbers"), _EXAM, may_import_marks,
          lambda now: now.with_ticket > 0, _seats_can_be_drawn, _tickets),
    _Plan("marks", gettext_lazy("Written marks in"), _EXAM, may_import_marks,
          _any(_W), lambda now: now.with_ticket > 0 and not now.decided, _imported(_W)),
    _Plan("lock", gettext_lazy("Written marks locked by a second person"), _EXAM, may_lock_marks,
          _all_locked(_W), lambda now: now.batch(_W).open > 0, _locked(_W), _locked_at(_W)),
    _Plan("bonus", gettext_lazy("Claims of bonus decided"), _BOTH, may_decide_bonuses,
          lambda now: not now.open_claims and not now.claims_still_come, lambda now: now.open_claims > 0, _bonus),
    _Plan("bonus-list", gettext_lazy("List of bonus points"), _BOTH, may_prepare, _is_out("bonus"),
          lambda now: not now.open_claims and not now.claims_still_come
          and now.ranked_at is None and now.needs_list("bonus"),
          _listed("bonus"), _out_at("bonus"), applies=lambda now: now.granted_claims > 0 or "bonus" in now.lists),
    _Plan("rank", gettext_lazy("Written ranking"), _BOTH, may_rank,
          lambda now: now.ranked_at is not None and not (now.ranking_is_old and not _any(_I)(now)),
          lambda now: _all_locked(_W)(now) and not now.decided and not now.open_claims and not now.claims_still_come
          and (not now.granted_claims or _is_out("bonus")(now)),
          _ranking, lambda now: now.ranked_at),
    _Plan("scores", gettext_lazy("List of written marks"), _BOTH, may_prepare, _is_out("scores"),
          lambda now: now.ranked_at is not None and not now.ranking_is_old and now.needs_list("scores"),
          _listed("scores"), _out_at("scores")),
    _Plan("line", gettext_lazy("Lowest written mark"), _TALENT, may_set_line,
          lambda now: now.line == "confirmed" or now.decided > 0, _line_can_be_set, _line,
          applies=lambda now: now.line != ""),
    _Plan("shortlist", gettext_lazy("Shortlist"), _BOTH, may_rank, lambda now: now.decided > 0,
          lambda now: now.line in ("", "confirmed") and now.ranked_at is not None and not now.ranking_is_old
          and not _any(_I)(now), _shortlist),
    _Plan("called", gettext_lazy("List of people called to the interview"), _BOTH, may_prepare, _is_out("shortlist"),
          lambda now: now.called > 0 and now.needs_list("shortlist"), _listed("shortlist"), _out_at("shortlist")),
    _Plan("recheck", gettext_lazy("Recheck of qualifications"), (Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE),
          may_recheck, lambda now: now.called > 0 and (not now.recheck_open or _any(_I)(now)),
          lambda now: now.recheck_open > 0 and _is_out("shortlist")(now) and not _any(_I)(now), _recheck,
          applies=lambda now: now.needs_recheck),
    _Plan("call-ups", gettext_lazy("List of people called up to the interview"), _BOTH, may_prepare,
          _is_out("call_ups"), lambda now: now.called_up > 0 and now.needs_list("call_ups"), _listed("call_ups"),
          _out_at("call_ups"), applies=lambda now: now.called_up > 0),
    _Plan("notices", gettext_lazy("Interview notices"), _TALENT, may_call_up,
          lambda now: now.is_notified or _any(_I)(now),
          lambda now: now.recheck_passed > 0 and not now.recheck_open and not now.is_notified and not _any(_I)(now),
          _notices, applies=lambda now: now.needs_recheck),
    _Plan("interviews", gettext_lazy("Interview marks in"), _BOTH, may_import_interviews,
          _any(_I), lambda now: now.called > 0 and not now.proposed and not (now.needs_recheck and now.recheck_open),
          _imported(_I)),
    _Plan("lock-interviews", gettext_lazy("Interview marks locked by a second person"), _BOTH, may_lock_interviews,
          _all_locked(_I, _X), lambda now: _together(now, (_I, _X)).open > 0, _locked(_I, _X), _locked_at(_I)),
    _Plan("totals", gettext_lazy("Totals and places"), _BOTH, may_rank, _fresh_totals,
          lambda now: _all_locked(_I, _X)(now)
          and (now.to_decide > 0 or not now.totals), _totals, lambda now: now.totals_at),
    _Plan("proposals", gettext_lazy("Proposals for hire"), _TALENT, may_propose,
          lambda now: now.totals > 0 and not now.to_decide,
          lambda now: now.to_decide > 0 and not now.totals_are_old, _proposals),
    _Plan("result", gettext_lazy("List of total marks"), _BOTH, may_prepare, _is_out("totals"),
          lambda now: now.totals > 0 and not now.to_decide and now.needs_list("totals"),
          _listed("totals"), _out_at("totals")),
)  # fmt: skip
