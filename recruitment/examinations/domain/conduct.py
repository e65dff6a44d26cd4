"""A case of misconduct from the report to the decision; what it brings is the rule book's (R38–R40, Order 35).

The exam centre reports facts and evidence, the person is told and heard, a second person decides or drops the case.
Void papers enter as corrections of locked marks do: a newer mark in a batch of its own, which the reporter brought in
and the decider locks, so that a ranking made before counts as old. A decided case is never edited.
"""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from foundation.states import Machine, move
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.enums import ReasonCode
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.applications.policies import is_applicant, require_person
from recruitment.candidates.domain import enter_integrity_record
from recruitment.candidates.models import IntegrityRecord
from recruitment.examinations.conduct import (
    decision_guard,
    effect_today,
    papers_concerned,
    stage_of,
    statement_guard,
)
from recruitment.examinations.conduct_messages import tell_of_case
from recruitment.examinations.domain.marking import require_locked
from recruitment.examinations.domain.ranking import told
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.models import (
    ONE_PAPER,
    ConductCase,
    ConductSeverity,
    ConductState,
    Mark,
    MarkBatch,
    MarkKind,
    MarkStatus,
)
from recruitment.examinations.policies import may_decide_conduct, may_record_statement, may_report_conduct
from rulebook.explanation import Explanation
from rulebook.misconduct import LEAST_STATEMENT_DAYS, MisconductEffect, consequence_of, earliest_term, sentences_of

LEAST_WORDS = 4
CASES = Machine(
    move("decide", ConductState.OPEN, ConductState.DECIDED, needs_reason=True),
    move("drop", ConductState.OPEN, ConductState.DROPPED, needs_reason=True),
)


@transaction.atomic
def report_misconduct(
    *,
    actor: User,
    application: Application,
    severity: str,
    facts: str,
    evidence: str,
    statement_until: date,
    paper: str = "",
) -> ConductCase:
    """Open a case on an application and tell the person, who may make a statement until `statement_until`, that day
    included.

    `paper` names the one paper of a general breach or of identical papers and is left empty otherwise. Raises
    NotAllowed for others than the exam centre, Refused without facts or evidence, for a term that is too short, a paper
    the exam does not have, an application that was not handed in, a severity that does not fit how far it is, and while
    another case on it is open.
    """
    application = _locked_application(application)
    require(may_report_conduct, actor, application)
    paper = _paper(application, severity, paper)
    _refuse_misfit(application, severity)
    _require_words(facts, _("Say what happened, where and when. Nothing was saved."))
    _require_words(evidence, _("Name the evidence: the record, the witnesses, what was kept. Nothing was saved."))
    earliest = earliest_term(timezone.localdate())
    if statement_until < earliest:
        raise _refused(Explanation("conduct.term_short", {"days": LEAST_STATEMENT_DAYS, "earliest": earliest}))
    if application.conduct_cases.filter(state=ConductState.OPEN).exists():
        raise Refused(
            _("Another case on this application is under way; it must be decided or dropped first. Nothing was saved."),
            code="open_case",
        )
    case = ConductCase.objects.create(
        application=application, severity=severity, paper=paper, facts=facts.strip(), evidence=evidence.strip(),
        reported_by=actor, statement_until=statement_until,
    )  # fmt: skip
    after = {"severity": severity, "paper": paper, "statement_until": statement_until.isoformat()}
    audit.record(actor=actor, action="examinations.report_misconduct", subject=case, after=after)
    tell_of_case(case, "reported")
    return case


@transaction.atomic
def make_statement(*, actor: User, case: ConductCase, statement: str) -> ConductCase:
    """The person's statement: entered by themselves until the last day, or recorded by staff until the case is settled.

    There is one. Raises NotAllowed for anyone else, Refused without words, a second time, on a settled case, and for
    the person after their last day.
    """
    case = _locked_case(case)
    is_own = bool(is_applicant(actor, case.application))
    if not is_own:
        require(may_record_statement, actor, case.application)
    _refuse_settled(case)
    if case.statement:
        raise Refused(_("A statement is recorded already. Nothing was saved."), code="stated")
    if is_own and not (guard := statement_guard(case)):
        raise _refused(guard.explanation)
    _require_words(statement, _("Please say in words what you want to be heard. Nothing was saved."))
    case.statement, case.stated_by, case.stated_at = statement.strip(), actor, timezone.now()
    case.save(update_fields=["statement", "stated_by", "stated_at"])
    audit.record(actor=actor, action="examinations.make_statement", subject=case, after={"own": is_own})
    return case


@transaction.atomic
def decide_case(*, actor: User, case: ConductCase, document: str, reason: str, experts: str = "") -> ConductCase:
    """Decide that it was misconduct, with the number of the written decision and its reasons; the effect follows.

    `experts` is the number of the experts' confirmation of identical papers (R38). Raises NotAllowed for the reporter
    and whoever is recused, Refused before the person was heard or the term is over, without number or reasons, and,
    where papers are to be void, until the written marks are locked.
    """
    application, case = _to_settle(actor, case)
    _require_words(reason, _("Give the reasons of the decision; the person reads them. Nothing was saved."))
    document = document.strip()
    if not document:
        raise Refused(_("Enter the number of the written decision. Nothing was saved."), code="document_required")
    if not (guard := decision_guard(case, experts)):
        raise _refused(guard.explanation)
    stage, effect, papers = stage_of(application), effect_today(case), papers_concerned(case)
    consequence = consequence_of(effect, stage)
    CASES.move(
        "decide", case, reason=reason, reasons=reason.strip(), document=document, experts=experts.strip(),
        effect=told(*sentences_of(effect, stage, papers)),
        correction=_void(case, papers, actor, document) if consequence.voids_marks else None,
        record=_record(case, effect, actor, document) if effect.record != "none" else None,
        decided_by=actor, decided_at=timezone.now(),
    )  # fmt: skip
    if consequence.ends_application:
        code = ReasonCode.UNTRUE if effect.application_cancelled else ReasonCode.MISCONDUCT
        move_application(actor=actor, application=application, move="disqualify", reason_code=code, reason=case.reasons)
    after = {"severity": case.severity, "papers": papers if consequence.voids_marks else [], "record": effect.record}
    audit.record(
        actor=actor, action="examinations.decide_misconduct", subject=case, reason=case.reasons,
        after={**after, "document": document, "application": application.state},
    )  # fmt: skip
    tell_of_case(case, "decided")
    return case


@transaction.atomic
def drop_case(*, actor: User, case: ConductCase, reason: str) -> ConductCase:
    """Settle the case without effect, for a reason the person reads; the statement need not be waited for.

    Raises NotAllowed for the reporter and whoever is recused, Refused without words and on a settled case.
    """
    _application, case = _to_settle(actor, case)
    _require_words(reason, _("Say why the case is dropped; the person reads it. Nothing was saved."))
    CASES.move("drop", case, reason=reason, reasons=reason.strip(), decided_by=actor, decided_at=timezone.now())
    audit.record(actor=actor, action="examinations.drop_misconduct", subject=case, reason=case.reasons)
    tell_of_case(case, "dropped")
    return case


def _to_settle(actor: User, case: ConductCase) -> tuple[Application, ConductCase]:
    """Application and open case, locked, for a second person who may decide."""
    application = _locked_application(case.application)
    case = _locked_case(case)
    case.application = application
    require_person(may_decide_conduct(case.reported_by_id), actor, application)
    _refuse_settled(case)
    return application, case


def _void(case: ConductCase, papers: list[str], actor: User, document: str) -> MarkBatch:
    """A locked batch in which the papers are void: newer marks that count in place of the ones before."""
    campaign = case.application.campaign
    try:
        require_locked(campaign, MarkKind.WRITTEN)
    except Refused as problem:
        raise Refused(
            _("Void papers are entered into the locked written marks, and those are not all in and locked yet. Have "
              "them imported and locked first, then decide. Nothing was saved."),
            code=problem.code,
        ) from problem  # fmt: skip
    duplicate = case.severity == ConductSeverity.DUPLICATE_PAPERS
    batch = MarkBatch.objects.create(
        campaign=campaign, kind=MarkKind.WRITTEN, file_name=document, rows=1, correction=document,
        file_sha256=hashlib.sha256(document.encode()).hexdigest(), imported_by=case.reported_by,
    )  # fmt: skip
    Mark.objects.bulk_create(
        Mark(
            application=case.application,
            paper=paper,
            status=MarkStatus.DUPLICATE if duplicate else MarkStatus.MISCONDUCT,
            batch=batch,
        )
        for paper in papers
    )
    batch.locked_by, batch.locked_at = actor, timezone.now()
    batch.save(update_fields=["locked_by", "locked_at"])
    return batch


def _record(case: ConductCase, effect: MisconductEffect, actor: User, document: str) -> IntegrityRecord:
    return enter_integrity_record(
        actor=actor, candidate=case.application.candidate, kind=effect.record,
        issuer=case.application.campaign.unit.name, starts=timezone.localdate(), ends=effect.record_until,
        ground=document,
    )  # fmt: skip


def _locked_application(application: Application) -> Application:
    """The application, locked after its campaign, which must run unless the exam is over for this person anyway."""
    Campaign.objects.select_for_update().get(pk=application.campaign_id)
    rows = Application.objects.select_for_update(of=("self",)).prefetch_related("recusals", "candidate__relatives")
    row = rows.select_related("campaign__unit", "position__unit", "candidate__user").get(pk=application.pk)
    if stage_of(row) in ("written", "interviewed"):
        lock_running(row.campaign)
    return row


def _locked_case(case: ConductCase) -> ConductCase:
    rows = ConductCase.objects.select_for_update(of=("self",))
    return rows.select_related("application__candidate", "application__position__unit", "reported_by").get(pk=case.pk)


def _paper(application: Application, severity: str, paper: str) -> str:
    """The paper as the case keeps it. Raises Refused for a severity that is none and a paper that does not fit it."""
    if severity not in ConductSeverity.values:
        raise Refused(_("Choose what is reported. Nothing was saved."), code="severity")
    if severity not in ONE_PAPER:
        return ""
    if paper not in [one.name for one in rules_of(application.campaign).written.papers]:
        raise Refused(_("Choose the paper that is concerned. Nothing was saved."), code="paper")
    return paper


def _refuse_misfit(application: Application, severity: str) -> None:
    if application.state == S.DRAFT:
        raise Refused(_("This application was not handed in. Nothing was saved."), code="draft")
    if severity == ConductSeverity.FOUND_AFTER_HIRE and application.state != S.HANDED_OVER:
        raise Refused(
            _("This person was not hired: report the breach itself, by its severity. Nothing was saved."),
            code="not_hired",
        )


def _require_words(words: str, message: str) -> None:
    if len(words.strip()) < LEAST_WORDS:
        raise Refused(message, code="reason_required")


def _refuse_settled(case: ConductCase) -> None:
    if case.state != ConductState.OPEN:
        raise Refused(
            _("This case is settled: it is in the state “%(state)s”. Nothing was saved.")
            % {"state": case.get_state_display()},
            code="settled",
        )


def _refused(explanation: Explanation) -> Refused:
    return Refused(f"{explanation.text(rule_language())} {_('Nothing was saved.')}", code=explanation.code)
