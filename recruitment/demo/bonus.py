"""Claims of bonus in the demo: years at the grassroots, with a made-up certificate each."""

from io import BytesIO

from PIL import Image, ImageDraw

from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.candidates.domain import add_document
from recruitment.candidates.enums import DocumentKind
from recruitment.demo.county import County
from recruitment.examinations import domain as exams
from recruitment.examinations.models import BonusClaim, BonusReason, BonusState

GROUND = "grassroots_service"
MONTHS = (24, 35, 36, 50)


def claim(application: Application, number: int) -> BonusClaim:
    """Claim years at the grassroots: two full years, nearly three, three, and more than the cap pays."""
    candidate = application.candidate
    assert candidate.user is not None
    document = add_document(
        actor=candidate.user, candidate=candidate, kind=DocumentKind.BONUS, content=_certificate(), name="服务证明.png"
    )
    return exams.claim_bonus(
        actor=candidate.user, application=application, ground=GROUND, months=MONTHS[number % len(MONTHS)],
        document=document,
    )  # fmt: skip


def _certificate() -> bytes:
    """A sheet with a frame and grey lines where a certificate has its text."""
    sheet = Image.new("RGB", (620, 440), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((20, 20, 600, 420), outline="#9a3324", width=3)
    for top in range(90, 340, 40):
        pen.line((70, top, 550 if top < 300 else 330, top), fill="#8a8a8a", width=6)
    pen.ellipse((430, 300, 540, 400), outline="#c0392b", width=4)
    stream = BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def decide_all(county: County, campaign: Campaign) -> None:
    """Everything that waits is decided: one in three is not proved, all others are granted."""
    waiting = BonusClaim.objects.filter(application__campaign=campaign, state=BonusState.OPEN).order_by("pk")
    for number, row in enumerate(waiting.select_related("application__campaign")):
        if number % 3 == 2:
            exams.reject_claim(
                actor=county.who("talent"), claim=row, reason_code=BonusReason.NOT_PROVED,
                reason="证明没有注明起止时间，请提供县级以上主管部门盖章的服务证书。",
            )  # fmt: skip
        else:
            exams.accept_claim(actor=county.who("talent"), claim=row)
