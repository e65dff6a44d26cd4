"""Exams of the demo: one long over, one under notice, one taking applications."""

import csv
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from django.utils import timezone

from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from recruitment.applications.domain import (
    TicketEntry,
    attribute_to_event,
    enter_applications,
    pass_review,
    reject_application,
    return_application,
    start_application,
    submit_application,
)
from recruitment.applications.enums import ReasonCode
from recruitment.applications.models import Application
from recruitment.applications.pledge import current_pledge
from recruitment.appointments.domain import (
    Diploma,
    approve_appointment,
    enter_post,
    open_appointments,
    prepare_notice,
    record_check,
    record_diplomas,
    record_report,
    start_notice,
)
from recruitment.appointments.models import Appointment
from recruitment.demo import bonus
from recruitment.demo.campaigns import sector_of
from recruitment.demo.clock import at
from recruitment.demo.county import County
from recruitment.demo.people import People, invented_name
from recruitment.demo.words import MAJORS, SCHOOLS
from recruitment.examinations import domain as exams
from recruitment.examinations.models import BonusClaim, BonusState, MarkBatch, MarkKind, WrittenLine
from recruitment.publications.domain import release, review
from recruitment.publications.models import Publication
from rulebook.eligibility import DECLARATIONS

NOTHING_APPLIES = dict.fromkeys(DECLARATIONS, False)
RIVALS = 4
# Of the 940 of the first exam 96 hold a master's or doctor's degree; with the 64 of the selection that makes 160.
HIGH_DEGREES = Fraction(96, 940)


def enter_rivals(county: County, campaign: Campaign, draw: random.Random) -> list[Application]:
    """Four people for each place, as a result file brings them in: by ticket number, without accounts."""
    entries = [
        TicketEntry(position, f"0511{campaign.pk:02d}{number:05d}{rival}", invented_name(draw))
        for number, position in enumerate(campaign.positions.order_by("code"), start=1)
        for rival in range(position.headcount_effective * RIVALS)
        if rival < 10
    ]
    return enter_applications(actor=county.who("exam"), campaign=campaign, entries=entries)


def _sheet(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def sit_papers(county: County, campaign: Campaign, draw: random.Random) -> None:
    """Marks come in and a second person locks them; one in twenty stayed away."""
    papers = rules_of(campaign).written.papers
    people = campaign.applications.filter(state="effective").order_by("pk").values_list("ticket_no", flat=True)
    rows = []
    for ticket in people:
        away = draw.random() < 0.05
        most = [int(paper.full_mark) for paper in papers]
        marks = ["缺考" if away else f"{draw.uniform(0.45, 0.92) * full:.1f}" for full in most]
        rows.append([ticket, *marks])
    content = _sheet(["准考证号", *(paper.name for paper in papers)], rows)
    _import_and_lock(county, campaign, content, "笔试成绩.csv", MarkKind.WRITTEN)


def rank(county: County, campaign: Campaign) -> None:
    """The written ranking, once no claim of bonus waits and the list of those granted is out."""
    if BonusClaim.objects.filter(application__campaign=campaign, state=BonusState.ACCEPTED).exists():
        put_out(county, exams.prepare_bonus(actor=county.who("exam"), campaign=campaign))
    exams.rank_written(actor=county.who("exam"), campaign=campaign)


def _import_and_lock(county: County, campaign: Campaign, content: bytes, name: str, kind: str) -> None:
    exams.import_marks(actor=county.who("exam"), campaign=campaign, content=content, file_name=name, kind=kind)
    batch = MarkBatch.objects.filter(campaign=campaign).latest("pk")
    exams.lock_marks(actor=county.who("exam2"), batch=batch)


def put_out(county: County, publication: Publication) -> Publication:
    """Review by a second person and release now."""
    review(actor=county.who("talent2"), publication=publication)
    return release(actor=county.who("talent2"), publication=publication)


def set_line(county: County, campaign: Campaign) -> WrittenLine:
    """The authority's lowest written mark, by its document; a second person has still to confirm it."""
    return exams.set_line(
        actor=county.who("talent"),
        campaign=campaign,
        value=Decimal(50),
        document=f"云人社发〔{timezone.localdate().year}〕{campaign.pk}2号",
        reason="根据应考人员成绩分布和岗位需要研究确定。",
    )


def check_marks(county: County, campaign: Campaign) -> None:
    """Whoever has an account and is recorded as absent asks for a check; the exam centre finds the record right."""
    people = campaign.applications.filter(state="absent", candidate__user__isnull=False)
    for person in people.select_related("candidate__user").order_by("pk"):
        paper = rules_of(campaign).written.papers[0].name
        check = exams.ask_score_check(
            actor=person.candidate.user, application=person, paper=paper, reason="本人参加了考试，请核查考场情况记录。"
        )
        exams.answer_score_check(
            actor=county.who("exam"),
            check=check,
            outcome="unchanged",
            answer="经核查考场情况记录和座位表，记录为缺考。",
        )


def shortlist(county: County, campaign: Campaign) -> None:
    put_out(county, exams.prepare_scores(actor=county.who("exam"), campaign=campaign))
    check_marks(county, campaign)
    exams.confirm_line(actor=county.who("talent2"), line=set_line(county, campaign))
    exams.make_shortlist(actor=county.who("exam"), campaign=campaign)
    put_out(county, exams.prepare_shortlist(actor=county.who("exam"), campaign=campaign))
    recheck(county, campaign)


def recheck(county: County, campaign: Campaign) -> None:
    """Everyone called shows the originals and passes; the interview notices go out."""
    called = campaign.applications.filter(state="shortlisted")
    exams.pass_rechecks(actor=county.who("talent"), campaign=campaign, applications=called)
    exams.issue_interview_notices(actor=county.who("talent"), campaign=campaign)


def interview(county: County, campaign: Campaign, draw: random.Random) -> None:
    """Everyone called is interviewed, totals are computed and the first places proposed."""
    called = campaign.applications.filter(state="shortlisted").order_by("pk").values_list("ticket_no", flat=True)
    rows = [
        [ticket, f"{draw.uniform(72, 92):.2f}", f"第{number % 40 // 20 + 1}考官组", f"第{number // 40 + 1}场", "是"]
        for number, ticket in enumerate(called)
    ]
    content = _sheet(["准考证号", "面试成绩", "考官组", "场次", "考生签字"], rows)
    _import_and_lock(county, campaign, content, "面试成绩.csv", MarkKind.INTERVIEW)
    exams.compute_totals(actor=county.who("exam"), campaign=campaign)
    exams.propose_hires(actor=county.who("talent"), campaign=campaign)
    put_out(county, exams.prepare_totals(actor=county.who("exam"), campaign=campaign))


def check(county: County, campaign: Campaign) -> list[Appointment]:
    """Hand-over, medical exam and inspection of everyone proposed."""
    appointments = open_appointments(actor=county.who("talent"), campaign=campaign)
    today = timezone.localdate()
    for appointment in appointments:
        record_check(
            actor=county.who("medical"), appointment=appointment, kind="medical", conclusion="passed",
            performed_on=today, institution="市第一人民医院", hospital_grade="三级甲等",
        )  # fmt: skip
        record_check(
            actor=county.who("talent"), appointment=appointment, kind="inspection", conclusion="passed",
            performed_on=today, institution="第一考察组", inspectors=["程立", "白露"],
            reference="毕业院校复函",
        )  # fmt: skip
    show_diplomas(county, campaign, appointments)
    return appointments


def show_diplomas(county: County, campaign: Campaign, appointments: Sequence[Appointment]) -> None:
    """At the inspection people of a result file show diplomas: one in ten a master's, some of these a doctor's."""
    high = int(len(appointments) * HIGH_DEGREES)
    step = len(appointments) / high if high else 1
    chosen = {int(number * step): "doctor" if number % 24 == 0 else "master" for number in range(high)}
    today = timezone.localdate()
    record_diplomas(
        actor=county.who("talent"), campaign=campaign,
        diplomas=[
            Diploma(
                appointment.pk, degree, degree, SCHOOLS[number % len(SCHOOLS)],
                MAJORS[sector_of(appointment.position.unit)][0], date(today.year - 1 - number % 6, 6, 30),
            )
            for number, appointment in enumerate(appointments)
            for degree in [chosen.get(number, "bachelor")]
        ],
    )  # fmt: skip


def notice(county: County, campaign: Campaign) -> None:
    """The list of proposed hires goes out, and a post is held for each."""
    start_notice(
        actor=county.who("talent"),
        publication=put_out(county, prepare_notice(actor=county.who("talent"), campaign=campaign)),
    )


def enter(county: County, campaign: Campaign) -> int:
    """Approve and enter everyone under notice, who then report for duty; returns how many posts were used.

    One in four had worked before.
    """
    today = timezone.localdate()
    waiting = Appointment.objects.filter(position__campaign=campaign, state="noticed").order_by("pk")
    for number, appointment in enumerate(waiting, start=1):
        approve_appointment(
            actor=county.who("talent2"), appointment=appointment, approval_number=f"云人聘〔{campaign.pk}〕{number}号"
        )
        enter_post(actor=county.who("posts"), appointment=appointment, ledger_number=f"SM{campaign.pk:03d}{number:05d}")
        record_report(
            actor=county.who("talent"), appointment=appointment, reported_on=today, starts_on=today,
            is_first_job=number % 4 != 0,
        )  # fmt: skip
    return len(waiting)


def hold_exam(
    county: County, campaign: Campaign, draw: random.Random, start: datetime, *, to_notice_at: datetime
) -> None:
    """The whole exam from papers to the notice; `start` is the day of publication."""
    enter_rivals(county, campaign, draw)
    with at(start + timedelta(days=40)):
        sit_papers(county, campaign, draw)
        rank(county, campaign)
        shortlist(county, campaign)
    with at(start + timedelta(days=60)):
        interview(county, campaign, draw)
    with at(start + timedelta(days=70)):
        check(county, campaign)
    with at(to_notice_at):
        notice(county, campaign)


def apply_in_time(county: County, campaign: Campaign, people: People, start: datetime, count: int) -> None:
    """Candidates with accounts who were all admitted and have their tickets; `start` is the day of publication.

    Every second one claims bonus.
    """
    positions = list(campaign.positions.select_related("unit").order_by("code"))[:count]
    with at(start + timedelta(days=5)):
        for number, position in enumerate(positions):
            candidate = people.candidate(sector_of(position.unit), degree="master" if number % 4 == 0 else "bachelor")
            assert candidate.user is not None
            application = start_application(actor=candidate.user, candidate=candidate, position=position)
            application = submit_application(
                actor=candidate.user, application=application, form={}, declarations=NOTHING_APPLIES,
                pledge_version=current_pledge().version,
            )  # fmt: skip
            pass_review(actor=county.who("talent2"), application=application)
            if number % 2 == 0:
                bonus.claim(application, number // 2)
    with at(start + timedelta(days=25)):
        exams.assign_tickets(actor=county.who("exam"), campaign=campaign, area="5115", seed=campaign.code)


def apply_online(county: County, campaign: Campaign, people: People, draw: random.Random, count: int) -> None:
    """Candidates with accounts apply and are reviewed: most pass, some are returned or rejected, some wait."""
    positions = list(campaign.positions.select_related("unit").order_by("code"))
    events = list(campaign.events.filter(state="held").order_by("pk"))
    for number in range(count):
        position = positions[number % len(positions)]
        candidate = people.candidate(sector_of(position.unit), degree="master" if number % 5 == 0 else "bachelor")
        assert candidate.user is not None
        came_from = events[number % len(events)] if events and number % 3 == 0 else None
        application = start_application(actor=candidate.user, candidate=candidate, position=position, event=came_from)
        attribute_to_event(actor=candidate.user, application=application)
        if number % 12 == 11:
            continue
        application = submit_application(
            actor=candidate.user, application=application, form={}, declarations=NOTHING_APPLIES,
            pledge_version=current_pledge().version,
        )  # fmt: skip
        if number % 10 in (1, 8):
            bonus.claim(application, number)
        _review(county, application, number)


def _review(county: County, application: Application, number: int) -> None:
    reviewer = county.who("talent2")
    if number % 10 in (8, 9):
        return
    if number % 10 == 7:
        code, words = ReasonCode.DOCUMENT_UNREADABLE, "请上传学位证书的清晰照片。"
        return_application(actor=reviewer, application=application, reason_code=code, reason=words)
    elif number % 10 == 6:
        code, words = ReasonCode.MAJOR, "所学专业不在岗位要求的范围内。"
        reject_application(actor=reviewer, application=application, reason_code=code, reason=words)
    else:
        pass_review(actor=reviewer, application=application)
