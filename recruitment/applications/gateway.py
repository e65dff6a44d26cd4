"""The one gateway through which an application changes its state.

Every move is declared here with the states it may start from. A move is a compare-and-swap: of two people who act on
the same application at once one wins, and the other is told the state it is in now. Each move leaves a Transition row
and an audit entry; a set of applications moved together leaves one row each and one entry for the set.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit
from accounts.models import User
from foundation.errors import Refused
from foundation.states import Machine, Move, move
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application, Transition
from recruitment.applications.signals import applications_moved

BATCH = 1000

IN_COMPETITION = (
    S.EFFECTIVE,
    S.ABSENT,
    S.SCORED,
    S.SHORTLISTED,
    S.NOT_SHORTLISTED,
    S.INTERVIEWED,
    S.RANKED,
    S.PROPOSED,
    S.NOT_SELECTED,
    S.AGREED,
)
BEFORE_REVIEW = (S.DRAFT, S.SUBMITTED, S.RETURNED)

PUBLIC_NAMES: dict[str, Promise] = {
    S.DRAFT: gettext_lazy("Not submitted yet"),
    S.SUBMITTED: gettext_lazy("Waiting for review"),
    S.RETURNED: gettext_lazy("Please correct and submit again"),
    S.REJECTED: gettext_lazy("Review not passed"),
    S.EFFECTIVE: gettext_lazy("Review passed"),
    S.ABSENT: gettext_lazy("Absent from the written exam"),
    S.SCORED: gettext_lazy("Written exam marked"),
    S.SHORTLISTED: gettext_lazy("Called to the interview"),
    S.NOT_SHORTLISTED: gettext_lazy("Not called to the interview"),
    S.INTERVIEWED: gettext_lazy("Interview done"),
    S.RANKED: gettext_lazy("Total mark ranked"),
    S.PROPOSED: gettext_lazy("Proposed for hire"),
    S.NOT_SELECTED: gettext_lazy("Not selected"),
    S.AGREED: gettext_lazy("Agreement signed"),
    S.HANDED_OVER: gettext_lazy("Being hired"),
    S.WITHDRAWN: gettext_lazy("Withdrawn"),
    S.DISQUALIFIED: gettext_lazy("Disqualified"),
}

MACHINE = Machine(
    move("submit", [S.DRAFT, S.RETURNED], S.SUBMITTED),
    move("recall", S.SUBMITTED, S.DRAFT),
    move("pass_review", S.SUBMITTED, S.EFFECTIVE),
    move("return", S.SUBMITTED, S.RETURNED, needs_reason=True),
    move("reject", S.SUBMITTED, S.REJECTED, needs_reason=True),
    move("rechoose", S.EFFECTIVE, S.SUBMITTED),
    move("override", S.REJECTED, S.EFFECTIVE, needs_reason=True),
    move("mark", [S.EFFECTIVE, S.ABSENT], S.SCORED),
    move("mark_absent", [S.EFFECTIVE, S.SCORED], S.ABSENT),
    move("reopen_marks", [S.SCORED, S.ABSENT, S.SHORTLISTED, S.NOT_SHORTLISTED], S.EFFECTIVE, needs_reason=True),
    move("shortlist", [S.SCORED, S.NOT_SHORTLISTED, S.EFFECTIVE], S.SHORTLISTED),
    move("leave_out", [S.SCORED, S.ABSENT, S.SHORTLISTED], S.NOT_SHORTLISTED),
    move("interview", S.SHORTLISTED, S.INTERVIEWED),
    move("rank", [S.EFFECTIVE, S.SCORED, S.SHORTLISTED, S.INTERVIEWED], S.RANKED),
    move("propose", [S.RANKED, S.NOT_SELECTED], S.PROPOSED),
    move("not_select", [S.SHORTLISTED, S.INTERVIEWED, S.RANKED], S.NOT_SELECTED),
    move("unpropose", [S.PROPOSED, S.NOT_SELECTED], S.RANKED, needs_reason=True),
    move("agree", S.PROPOSED, S.AGREED),
    move("hand_over", [S.PROPOSED, S.AGREED], S.HANDED_OVER),
    move("withdraw", [*BEFORE_REVIEW, *IN_COMPETITION], S.WITHDRAWN),
    move("disqualify", [*BEFORE_REVIEW, *IN_COMPETITION, S.HANDED_OVER], S.DISQUALIFIED, needs_reason=True),
    public_names=PUBLIC_NAMES,
)


def _audit_action(name: str) -> str:
    return f"applications.{name}"


@transaction.atomic
def move_application(
    *, actor: User, application: Application, move: str, reason_code: str = "", reason: str = "", **fields: object
) -> Transition:
    """Move one application and set `fields` with it. Permissions belong to the verb that calls.

    Raises Refused (`wrong_state`) if it is no longer in a state the move starts from, Refused (`reason_required`) if
    the move needs words and has none.
    """
    before = MACHINE.move(move, application, reason=reason, **fields)
    row = Transition.objects.create(
        application=application,
        move=move,
        from_state=before,
        to_state=application.state,
        actor=actor,
        reason_code=reason_code,
        reason=reason,
    )
    audit.record(
        actor=actor,
        action=_audit_action(move),
        subject=application,
        before={"state": before},
        after={"state": application.state, **({"reason_code": reason_code} if reason_code else {})},
        reason=reason,
    )
    applications_moved.send(sender=Application, move=move, keys=[application.pk])
    return row


@transaction.atomic
def move_applications(
    *,
    actor: User,
    applications: Iterable[Application],
    move: str,
    reason_code: str = "",
    reason: str = "",
    subject: Model | None = None,
) -> int:
    """Move a set of applications by the same move, all or none; returns how many were moved.

    Three statements per thousand rows, whatever their number. `applications` may be a queryset or a list; rows in
    memory keep their old state. `subject` is what the audit entry speaks of (default: the campaign of the first).
    Raises Refused naming how many are in a state that does not allow the move, and the first registration numbers.
    """
    declared = MACHINE.moves[move]
    if declared.needs_reason and not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    keys = sorted({row.pk for row in applications})
    if not keys:
        return 0
    told = {"move": move, "to_state": declared.target, "at": timezone.now(), "actor": actor}
    rows = [
        Transition(application_id=pk, from_state=state, reason_code=reason_code, reason=reason, **told)
        for pk, state in _swap_states(keys, declared)
    ]
    Transition.objects.bulk_create(rows, batch_size=BATCH)
    audit.record(
        actor=actor,
        action=_audit_action(move),
        subject=subject or Application.objects.select_related("campaign").get(pk=keys[0]).campaign,
        after={"count": len(keys), "digest": audit.digest_of(keys), "state": declared.target},
        reason=reason,
    )
    applications_moved.send(sender=Application, move=move, keys=keys)
    return len(keys)


def _swap_states(keys: Sequence[int], declared: Move) -> list[tuple[int, str]]:
    """Set the target of a move for all rows or, with a Refused, for none; gives each row's id and state before."""
    locked = [row for chunk in _chunks(keys) for row in _locked_states(chunk)]
    wrong = [number for _pk, number, state in locked if state not in declared.sources]
    if wrong or len(locked) != len(keys):
        raise Refused(_wrong_states(wrong, len(keys)), code="wrong_state")
    for chunk in _chunks(keys):
        moved = Application.objects.filter(pk__in=chunk, state__in=declared.sources).update(state=declared.target)
        if moved != len(chunk):
            raise Refused(_wrong_states([], len(keys)), code="wrong_state")
    return [(pk, state) for pk, _number, state in locked]


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _locked_states(keys: Sequence[int]) -> list[tuple[int, str, str]]:
    rows = Application.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return list(rows.values_list("pk", "registration_no", "state"))


def _wrong_states(numbers: Sequence[str], total: int) -> str:
    return ngettext(
        "%(wrong)s of %(total)s application is in a state that does not allow this: %(numbers)s. Nothing was saved.",
        "%(wrong)s of %(total)s applications are in a state that does not allow this: %(numbers)s. Nothing was saved.",
        total,
    ) % {"wrong": len(numbers) or "?", "total": total, "numbers": ", ".join(numbers[:5]) or "…"}
