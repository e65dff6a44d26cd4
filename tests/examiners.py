"""An exam brought to any stage by the real verbs, with the people of its offices."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment import domain as establishment
from campaigns.planning.models import PositionSlot
from campaigns.planning.queries import rules_of
from recruitment.applications.domain import TicketEntry, enter_applications
from recruitment.appointments import domain as appointments
from recruitment.appointments.models import Appointment
from recruitment.examinations import domain as exams
from recruitment.examinations.models import BonusClaim, BonusState, MarkBatch, MarkKind
from recruitment.publications import domain as press
from recruitment.publications.queries import is_released

FIRST_TICKET = 5_115_010_101


def sheet(header, *rows):
    """A CSV file of marks."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def signed_sheet(header, *rows):
    """Marks of the interview as everyone signed them on the spot (R63)."""
    return sheet([*header, "考生签字"], *((*row, "是") for row in rows))


def ticket(number):
    return f"0{FIRST_TICKET + number}"


class Exam:
    """`people` sit for positions by number from 0; both papers have the same mark, so 150 and 150 fold to 100."""

    def __init__(self, staff, campaign):
        self.campaign = campaign
        self.clerk = staff(Role.EXAM_CENTRE, username="clerk", name="录入员")
        self.checker = staff(Role.EXAM_CENTRE, username="checker", name="复核员")
        self.office = staff(Role.TALENT_OFFICE, username="office", name="经办")
        self.second = staff(Role.TALENT_OFFICE, username="second", name="审核")
        self.medical = staff(Role.MEDICAL_RECORDER, username="medical", name="体检记录")
        self.posts = staff(Role.ESTABLISHMENT_OFFICE, username="posts", name="编办")
        self.people = []

    def knobs(self, section, **changes):
        """Turn knobs of one section of the campaign's rules."""
        rules = rules_of(self.campaign)
        turned = rules.replaced(**{section: getattr(rules, section).model_copy(update=changes)})
        self.campaign.rule_sets.update(document=turned.model_dump(mode="json"), digest=turned.digest())

    def enter(self, position, count):
        entries = [
            TicketEntry(position, ticket(len(self.people) + number), f"考生{len(self.people) + number}")
            for number in range(count)
        ]
        self.people += enter_applications(actor=self.clerk, campaign=self.campaign, entries=entries)
        return self.people[-count:]

    def recheck(self):
        """Everyone called passes the recheck, after the list of those called is out."""
        waiting = self.campaign.applications.filter(state="shortlisted", recheck=None)
        if not rules_of(self.campaign).recheck.required or not waiting.exists():
            return
        if not is_released(self.campaign.pk, "shortlist"):
            self.put_out(exams.prepare_shortlist(actor=self.clerk, campaign=self.campaign))
        exams.pass_rechecks(actor=self.office, campaign=self.campaign, applications=waiting)

    def take(self, content, kind=MarkKind.WRITTEN, **more):
        if kind == MarkKind.INTERVIEW:
            self.recheck()
        return exams.import_marks(
            actor=more.pop("actor", self.clerk), campaign=self.campaign, content=content, file_name="成绩.csv",
            kind=kind, **more,
        )  # fmt: skip

    def lock(self):
        return exams.lock_marks(actor=self.checker, batch=MarkBatch.objects.latest("pk"))

    def written(self, *marks):
        """The people's marks in both papers, in order; locked and ranked."""
        rows = [(ticket(number), mark, mark) for number, mark in enumerate(marks)]
        assert not self.take(sheet(["准考证号", "职测", "综应"], *rows)).refused
        self.lock()
        return self.rank()

    def rank(self):
        """Ranked, after the list of bonus points is out if anybody was granted some or stands on an earlier list."""
        if (
            self.campaign.publications.filter(kind="bonus").exists()
            or BonusClaim.objects.filter(application__campaign=self.campaign, state=BonusState.ACCEPTED).exists()
        ):
            self.put_out(exams.prepare_bonus(actor=self.clerk, campaign=self.campaign))
        return exams.rank_written(actor=self.clerk, campaign=self.campaign)

    def line(self, value=0, category=""):
        """The authority's lowest mark, set and confirmed."""
        line = exams.set_line(
            actor=self.office, campaign=self.campaign, value=Decimal(value), document="云人社函〔2026〕8号",
            reason="依据应考人员成绩分布", exam_category=category,
        )  # fmt: skip
        return exams.confirm_line(actor=self.second, line=line)

    def shortlist(self):
        """By the lines that were set; else, where the authority sets them, by one of 0 that keeps nobody out."""
        lined = rules_of(self.campaign).shortlist.min_line.kind == "authority"
        if lined and not self.campaign.written_lines.filter(superseded_at=None).exists():
            self.line()
        return exams.make_shortlist(actor=self.clerk, campaign=self.campaign)

    def interviews(self, *marks):
        """Interview marks by ticket number; locked and totalled."""
        rows = [(ticket(number), mark) for number, mark in enumerate(marks) if mark != ""]
        header = ["准考证号", "面试成绩"]
        assert not self.take(signed_sheet(header, *rows), MarkKind.INTERVIEW, actor=self.office).refused
        self.lock()
        return exams.compute_totals(actor=self.clerk, campaign=self.campaign)

    def propose(self):
        return exams.propose_hires(actor=self.office, campaign=self.campaign)

    def put_out(self, publication):
        press.review(actor=self.second, publication=publication)
        return press.release(actor=self.second, publication=publication)

    def to_totals(self, written, interviews):
        """All steps up to the released totals, with the lists before."""
        self.written(*written)
        self.put_out(exams.prepare_scores(actor=self.clerk, campaign=self.campaign))
        self.shortlist()
        self.put_out(exams.prepare_shortlist(actor=self.clerk, campaign=self.campaign))
        self.interviews(*interviews)
        self.propose()
        return self.put_out(exams.prepare_totals(actor=self.clerk, campaign=self.campaign))

    def claim_posts(self, position, count):
        """Permitted posts of the position's unit, reserved for it as at publication."""
        establishment.register_unit_posts(
            actor=self.posts,
            unit=position.unit,
            authorised=count,
            on_board=0,
            recorded_on=date(2026, 1, 5),
            document="编1号",
        )
        establishment.issue_permit(
            actor=self.posts, number=f"核编{position.code}", unit=position.unit, slots=count,
            issued_on=date(2026, 1, 5), expires_on=date(2026, 12, 31),
        )  # fmt: skip
        posts = establishment.reserve_posts(
            actor=self.posts, unit=position.unit, count=count, on=date(2026, 3, 1), document="公告"
        )
        PositionSlot.objects.bulk_create(PositionSlot(position=position, post=post) for post in posts)
        return posts

    def check(self, appointment, kind, conclusion="passed", **more):
        return appointments.record_check(
            actor=self.medical if kind == "medical" else self.office, appointment=appointment, kind=kind,
            **{
                "conclusion": conclusion, "performed_on": date(2026, 3, 20), "institution": "市第一人民医院",
                **({"hospital_grade": "三级甲等"} if kind == "medical" else {"inspectors": ["甲", "乙"]}), **more,
            },
        )  # fmt: skip

    def approved(self, position, count=1):
        """People of a position approved now, each with a held post: the steps before are not walked."""
        people, posts = self.enter(position, count), self.claim_posts(position, count)
        return [
            Appointment.objects.create(
                application=person, candidate_id=person.candidate_id, position=position, opened_by=self.office,
                state="approved", approved_at=timezone.now(), approval_number="云人聘1号",
                post=establishment.hold_post(actor=self.office, post=post, document="公示"),
            )
            for person, post in zip(people, posts, strict=True)
        ]  # fmt: skip

    def hand_over(self):
        """Everyone proposed, through both checks."""
        opened = appointments.open_appointments(actor=self.office, campaign=self.campaign)
        for appointment in opened:
            self.check(appointment, "medical")
            self.check(appointment, "inspection")
        return opened

    def notice(self):
        return self.put_out(appointments.prepare_notice(actor=self.office, campaign=self.campaign))


@pytest.fixture
def exam(staff, campaign):
    return Exam(staff, campaign)


@pytest.fixture
def hired(exam, make_position):
    """One position with two places and posts; both hires under released notice."""
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    exam.notice()
    return list(Appointment.objects.order_by("pk"))
