"""Misconduct in the demo: one decided case that moves nobody's mark or place, and one local ban."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from campaigns.planning.models import Campaign
from recruitment.candidates.domain import enter_ban
from recruitment.demo.clock import at
from recruitment.demo.county import County
from recruitment.examinations import domain as exams
from rulebook.misconduct import earliest_term


def decide_one(county: County, campaign: Campaign, start: datetime) -> None:
    """After the interviews a recording shows a telephone: somebody who was not called, with an account if there is one.

    Marks and places stay; the application ends and the record begins.
    """
    left = campaign.applications.filter(state="not_shortlisted")
    person = left.order_by(F("candidate__user").asc(nulls_last=True), "pk").first()
    assert person is not None
    with at(start):
        case = exams.report_misconduct(
            actor=county.who("exam"), application=person, severity="serious",
            facts="笔试期间在座位上使用手机，考场录像回放时发现。",
            evidence="考场录像光盘及回放记录，存考试中心档案室。", statement_until=earliest_term(timezone.localdate()),
        )  # fmt: skip
        exams.make_statement(
            actor=county.who("exam"), case=case, statement="当事人书面陈述：承认携带手机，称仅用于查看时间。"
        )
    with at(start + timedelta(days=2)):
        exams.decide_case(
            actor=county.who("exam2"), case=case, document=f"云人社处〔{timezone.localdate().year}〕1号",
            reason="考场录像清晰可辨，当事人承认携带并使用手机，按规定处理。",
        )  # fmt: skip


def ban_one(county: County, campaign: Campaign) -> None:
    """The first applicant who waits for review has not reported for duty elsewhere some months ago."""
    person = campaign.applications.filter(state="submitted").order_by("pk").first()
    if person is not None:
        day = timezone.localdate() - timedelta(days=100)
        enter_ban(
            actor=county.who("talent"), candidate=person.candidate, unit=campaign.unit, issuer="湘屏县人才办",
            starts=day, ends=day + timedelta(days=364), ground="湘人才函〔2号〕：聘用手续办结后未报到",
        )  # fmt: skip
