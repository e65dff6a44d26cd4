"""One real object of the demo county for every page that takes parameters: URL name → keyword arguments.

Each value is a function of the staff account that owns what only its owner may see (jobs), and gives one dictionary,
or a list of them where the address also names an act.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import AuditEntry, LoginEvent, StaffRole, User
from campaigns.establishment import tasks as permits
from campaigns.establishment.models import EstablishedPost, Permit, Reconciliation, SlotMovement
from campaigns.establishment.office.envelopes import ENVELOPE_ACTS
from campaigns.establishment.office.permits import PERMIT_ACTS
from campaigns.establishment.office.posts import POST_ACTS
from campaigns.establishment.office.units import UNIT_ACTS
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.events.office.acts import BY_NAME as EVENT_ACTS
from campaigns.events.office.registrations import ACTS as SEAT_ACTS
from campaigns.planning import tasks as tables
from campaigns.planning.models import CalendarDay, Campaign, MajorCatalogue, Position
from campaigns.planning.office.acts import BY_NAME
from foundation.files.domain import store_file
from foundation.jobs.models import Job, JobState
from foundation.jobs.policies import ERROR_SHEET, IMPORTED
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment, Objection
from recruitment.appointments.office.acts import BY_NAME as PERSON_ACTS
from recruitment.challenges.models import Bid, Engagement, KeyHalf
from recruitment.challenges.office.steps import STEPS
from recruitment.examinations import tasks as marks
from recruitment.examinations.models import BonusClaim, ConductCase, MarkBatch, MarkKind, ScoreCheck, WrittenLine
from recruitment.examinations.office.acts import ACTS
from recruitment.panels.models import Panel, PanelMember
from recruitment.publications.models import Publication
from recruitment.publications.office.acts import BY_NAME as LIST_ACTS
from recruitment.publications.rooms import CORRECTIONS
from recruitment.reporting.metrics import REGISTRY
from recruitment.selection.models import Agreement

Arguments = dict[str, Any] | list[dict[str, Any]]
SHEET = "编号,说明\n1,测试\n".encode()


def first(rows: Any) -> Any:
    """The first row; a county without one would let every wall stand untested."""
    row = rows.order_by("pk").first()
    assert row is not None, rows.model
    return row


def job_of(owner: User, kind: str = "planning.preview_positions", /, **arguments: Any) -> Job:
    """A finished job with the table it read and an error sheet."""
    found = Job.objects.filter(owner=owner, kind=kind, arguments=arguments).first()
    if found:
        return found
    files = [
        store_file(content=SHEET, name="表.csv", purpose=purpose, owner=owner, kinds=["csv"])
        for purpose in (IMPORTED, ERROR_SHEET)
    ]
    return Job.objects.create(
        kind=kind, title="预览：岗位表.csv", owner=owner, arguments=arguments, state=JobState.DONE,
        finished_at=timezone.now(), source_file=files[0], error_sheet=files[1],
    )  # fmt: skip


def exam() -> Campaign:
    """An exam that has marks."""
    return Campaign.objects.get(code="EX2")


def _plan(owner: User) -> dict[str, Any]:
    return {"code": "EX2"}


def _plan_acts(owner: User) -> list[dict[str, Any]]:
    return [{"code": "EX2", "name": name} for name in BY_NAME]


def _dates(owner: User) -> list[dict[str, Any]]:
    return [{"code": "EX2", "key": key} for key in exam().milestones.values_list("key", flat=True)]


def _position(owner: User) -> dict[str, Any]:
    return {"code": "EX2", "pk": first(Position.objects.filter(campaign__code="EX2")).pk}


def _plan_import(owner: User) -> dict[str, Any]:
    return {"code": "EX2", "pk": job_of(owner, tables.PREVIEW, campaign=exam().pk).pk}


def _batches(owner: User) -> list[dict[str, Any]]:
    return [{"code": "EX2", "pk": pk} for pk in MarkBatch.objects.filter(campaign=exam()).values_list("pk", flat=True)]


def _marks_import(owner: User) -> list[dict[str, Any]]:
    return [
        {"code": "EX2", "kind": kind, "pk": job_of(owner, marks.PREVIEW, campaign=exam().pk, kind=kind).pk}
        for kind in MarkKind.values
    ]


def _case(owner: User) -> list[dict[str, Any]]:
    numbers = Application.objects.exclude(state="draft").exclude(registration_no="").order_by("state", "pk")
    by_state = {row.state: row.registration_no for row in numbers}
    assert by_state
    return [{"registration_no": number} for number in by_state.values()]


def _agreement(owner: User) -> dict[str, Any]:
    application = first(Agreement.objects.all()).application
    return {"code": application.campaign.code, "registration_no": application.registration_no}


def _to_sign(owner: User) -> dict[str, Any]:
    """Someone proposed who has not signed yet."""
    application = Application.objects.get(campaign__code="SE1", state="proposed")
    return {"code": "SE1", "registration_no": application.registration_no}


def _panel(owner: User) -> list[dict[str, Any]]:
    return [{"pk": panel.pk} for panel in Panel.objects.all()]


def _number(owner: User) -> list[dict[str, Any]]:
    return [{"pk": panel.pk, "draw_no": panel.subjects.first().draw_no} for panel in Panel.objects.all()]


def _half(owner: User) -> dict[str, Any]:
    half = first(KeyHalf.objects.all())
    return {"code": half.challenge.code, "place": half.place}


def _bid(owner: User) -> list[dict[str, Any]]:
    bids = Bid.objects.order_by("state", "pk").select_related("challenge")
    return [{"code": bid.challenge.code, "number": bid.number} for bid in {bid.state: bid for bid in bids}.values()]


def _pk(model: type[Model]) -> Callable[[User], dict[str, Any]]:
    return lambda owner: {"pk": first(model._default_manager.all()).pk}


def _lists(owner: User) -> list[dict[str, Any]]:
    return [{"pk": row.pk} for row in {row.kind: row for row in Publication.objects.order_by("pk")}.values()]


def _user(owner: User) -> dict[str, Any]:
    return {"pk": User.objects.get(username="hospital").pk}


def _unit(owner: User) -> dict[str, Any]:
    return {"pk": StaffRole.objects.get(user__username="hospital").unit_id}


def _role(owner: User) -> dict[str, Any]:
    return {"pk": StaffRole.objects.get(user__username="hospital").pk}


def _role_acts(owner: User) -> list[dict[str, Any]]:
    return [{**_user(owner), "act": act} for act in ("password", "factor", "close", "open")]


def _event(owner: User) -> dict[str, Any]:
    return {"code": first(RecruitingEvent.objects.all()).code}


def _seat(owner: User) -> dict[str, Any]:
    return {"number": first(EventRegistration.objects.all()).number}


def _challenges() -> list[str]:
    return sorted(set(Bid.objects.values_list("challenge__code", flat=True)))


def _job(owner: User) -> dict[str, Any]:
    return {"pk": job_of(owner).pk}


def _files(owner: User) -> list[dict[str, Any]]:
    job = job_of(owner)
    return [{"pk": job.source_file_id}, {"pk": job.error_sheet_id}]


OBJECTS: dict[str, Callable[[User], Arguments]] = {
    "office-unit": _unit,
    "office-unit-use": _unit,
    "office-staff-member": _user,
    "office-role-grant": _user,
    "office-role-end": _role,
    "office-staff-act": _role_acts,
    "posts-unit": lambda owner: {"code": "HEA01"},
    "posts-unit-act": lambda owner: [{"code": "HEA01", "act": act} for act in UNIT_ACTS],
    "posts-post": lambda owner: {"code": first(EstablishedPost.objects.exclude(unit=None)).code},
    "posts-post-act": lambda owner: [
        {"code": first(EstablishedPost.objects.exclude(unit=None)).code, "act": act} for act in POST_ACTS],
    "posts-permit": _pk(Permit),
    "posts-permit-act": lambda owner: [{**_pk(Permit)(owner), "act": act} for act in PERMIT_ACTS],
    "posts-envelope": lambda owner: {"code": "TP1239"},
    "posts-envelope-act": lambda owner: [{"code": "TP1239", "act": act} for act in ENVELOPE_ACTS],
    "posts-reconciliation": _pk(Reconciliation),
    "posts-import-preview": lambda owner: {"pk": job_of(owner, permits.PREVIEW).pk},
    "posts-import-confirm": lambda owner: {"pk": job_of(owner, permits.PREVIEW).pk},
    "post_movements:inspect": _pk(SlotMovement),
    "office_audit:inspect": _pk(AuditEntry),
    "office_sign_ins:inspect": _pk(LoginEvent),
    "planning-programme": lambda owner: {"code": "TP1000"},
    "planning-programme-edit": lambda owner: {"code": "TP1000"},
    "planning-target": lambda owner: {"code": "TP1000"},
    "planning-campaign": lambda owner: [{"code": code} for code in Campaign.objects.values_list("code", flat=True)],
    "planning-campaign-edit": _plan,
    "planning-campaign-clone": _plan,
    "planning-act": _plan_acts,
    "planning-milestone": _dates,
    "planning-happened": _dates,
    "planning-rules": _plan,
    "planning-rules-take-over": _plan,
    "planning-rules-step": lambda owner: {"code": "EX2", "step": "written"},
    "planning-announcement": _plan,
    "planning-announcement-edit": _plan,
    "planning-announcement-approve": lambda owner: {"code": "EX2", "version": 1},
    "planning-amendment-publish": _plan,
    "planning-positions": _plan,
    "planning-position-add": _plan,
    "planning-positions-remove": _plan,
    "planning-position": _position,
    "planning-position-edit": _position,
    "planning-import": _plan,
    "planning-import-preview": _plan_import,
    "planning-import-confirm": _plan_import,
    "planning-catalogue": _pk(MajorCatalogue),
    "planning-catalogue-import-preview": lambda owner: {"pk": job_of(owner, tables.PREVIEW_MAJORS).pk},
    "planning-catalogue-import-confirm": lambda owner: {"pk": job_of(owner, tables.PREVIEW_MAJORS).pk},
    "planning-calendar-remove": lambda owner: {"date": first(CalendarDay.objects.all()).date.isoformat()},
    "events-event": _event,
    "events-edit": _event,
    "events-act": lambda owner: [{**_event(owner), "name": name} for name in EVENT_ACTS],
    "events-check-in": _event,
    "events-registration": _seat,
    "events-registration-act": lambda owner: [{**_seat(owner), "name": name} for name in SEAT_ACTS],
    "events-university": _pk(University),
    "events-university-edit": _pk(University),
    "opening-ratio": _plan,
    "review-case": _case,
    "review-decide": _case,
    "review-consent": _case,
    "review-recuse": _case,
    "review-reveal": _case,
    "panels-marking": _panel,
    "panels-sheet": _number,
    "panels-recuse": _number,
    "panels-panel": _panel,
    "panels-lock": _panel,
    "panels-seat": _panel,
    "panels-unseat": lambda owner: [
        {"pk": row.panel_id, "member": row.pk} for row in PanelMember.objects.order_by("panel", "pk")],
    "bonus-claim": _pk(BonusClaim),
    "exam": _plan,
    "exam-act": lambda owner: [{"code": "EX2", "name": name} for name in ACTS],
    "exam-bonus-claim": _plan,
    "exam-tickets": _plan,
    "exam-draw": _plan,
    "exam-marks": _plan,
    "exam-batch": _batches,
    "exam-lock": _batches,
    "exam-import": lambda owner: [{"code": "EX2", "kind": kind} for kind in MarkKind.values],
    "exam-import-preview": _marks_import,
    "exam-import-confirm": _marks_import,
    "exam-results": _plan,
    "exam-result": lambda owner: {
        "code": "EX2", "pk": first(Application.objects.filter(campaign=exam(), written_result__isnull=False)).pk},
    "exam-checks": _plan,
    "exam-check": lambda owner: {
        "code": "EX2", "pk": first(ScoreCheck.objects.filter(application__campaign=exam())).pk},
    "exam-conduct": _plan,
    "exam-conduct-report": _plan,
    "exam-conduct-ban": _plan,
    "exam-conduct-case": lambda owner: {
        "code": "EX2", "pk": first(ConductCase.objects.filter(application__campaign=exam())).pk},
    "exam-line": _plan,
    "exam-line-confirm": lambda owner: {"code": "EX2", "pk": first(WrittenLine.objects.filter(campaign=exam())).pk},
    "exam-shortlist": _plan,
    "exam-shortlist-export": _plan,
    "recheck": _plan,
    "recheck-person": lambda owner: {
        "code": "EX2", "pk": first(Application.objects.filter(recheck__isnull=False, campaign=exam())).pk},
    "exam-totals": _plan,
    "exam-proposals": _plan,
    "selection": lambda owner: {"code": "SE1"},
    "selection-panel": lambda owner: {"code": "SE1", "purpose": "material"},
    "selection-ranking": lambda owner: {"code": "SE1"},
    "selection-extra-test": lambda owner: {"code": "SE1"},
    "selection-to-press": lambda owner: {"code": "SE1"},
    "selection-agreements": lambda owner: {"code": "SE1"},
    "selection-agreement": _to_sign,
    "selection-degree": _agreement,
    "press-publication": _lists,
    "press-correct": lambda owner: [{"pk": row.pk} for row in Publication.objects.filter(kind__in=CORRECTIONS)][:4],
    "press-export": lambda owner: [
        {"pk": row.pk} for row in Publication.objects.filter(sequence__isnull=False).order_by("pk")[:3]],
    "press-act": lambda owner: [
        {"pk": first(Publication.objects.all()).pk, "name": name} for name in LIST_ACTS],
    "appointments-take-over": _plan,
    "appointments-to-notice": _plan,
    "appointment-objection": _pk(Objection),
    "appointments-convert": _pk(Engagement),
    "appointment": lambda owner: [{"pk": row.pk} for row in Appointment.objects.order_by("pk")],
    "appointment-act": lambda owner: [
        {"pk": first(Appointment.objects.all()).pk, "name": name} for name in PERSON_ACTS],
    "challenges-challenge": lambda owner: [{"code": code} for code in _challenges()],
    "challenges-bid": _bid,
    "challenges-free-half": _half,
    "challenges-act": lambda owner: [{"code": _challenges()[0], "name": name} for name in STEPS],
    "figures-funnel": lambda owner: {"code": "TP1000"},
    "figures-what-if": lambda owner: {"code": "TP1000"},
    "figures-list": lambda owner: [{"code": "TP1000", "key": key} for key in REGISTRY],
    "job": _job,
    "job-state": _job,
    "job-retry": _job,
    "private-file": _files,
}  # fmt: skip
