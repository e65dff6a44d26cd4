"""The county: its units, staff, envelope, programme and working days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.domain import create_staff, create_unit, grant_role
from accounts.enums import Role, UnitKind
from accounts.models import Unit, User
from accounts.queries import system_account
from campaigns.establishment.domain import create_envelope
from campaigns.establishment.models import Envelope
from campaigns.planning.domain import create_programme, set_target
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme
from recruitment.demo.words import SECTORS, UNITS
from recruitment.reporting.domain import define_high_level
from rulebook.counting import HIGH_LEVEL

ENVELOPE_SIZE = 1239
TARGET = 1000
REASON = "演示数据"


@dataclass
class County:
    """Everything the scenes of the demo act with."""

    root: Unit
    departments: dict[str, Unit]
    units: list[Unit]
    envelope: Envelope
    programme: Programme
    staff: dict[str, User]

    def who(self, name: str) -> User:
        return self.staff[name]


ACCOUNTS: tuple[tuple[str, str, Role, str], ...] = (
    ("admin", "系统管理员", Role.SYSTEM_ADMINISTRATOR, ""),
    ("talent", "梁以宁", Role.TALENT_OFFICE, ""),
    ("talent2", "顾长亭", Role.TALENT_OFFICE, ""),
    ("exam", "岳明远", Role.EXAM_CENTRE, ""),
    ("exam2", "祁清和", Role.EXAM_CENTRE, ""),
    ("posts", "周既明", Role.ESTABLISHMENT_OFFICE, ""),
    ("education", "姚思齐", Role.DEPARTMENT, "EDU"),
    ("hospital", "温疏桐", Role.UNIT_HR, "HEA01"),
    ("school", "程怀瑾", Role.UNIT_HR, "EDU01"),
    ("medical", "江若水", Role.MEDICAL_RECORDER, ""),
    ("finance", "罗景行", Role.FINANCE, ""),
    ("events", "闻星野", Role.EVENT_STAFF, ""),
    ("leader", "陆望舒", Role.LEADER, ""),
    ("auditor", "贺承宇", Role.AUDITOR, ""),
    ("expert1", "石见清", Role.EXPERT, ""),
    ("expert2", "许安然", Role.EXPERT, ""),
    ("expert3", "唐一苇", Role.EXPERT, ""),
)


def lay_county() -> County:
    """Units, staff accounts (without passwords), the envelope of 1,239 posts and the programme of 1,000 people."""
    system = system_account()
    root = create_unit(
        actor=system, parent=None, code="YX", name="云岫县", kind=UnitKind.COUNTY, name_en="Yunxiu County"
    )
    departments, units = {}, []
    for code, name, below in UNITS:
        department = create_unit(
            actor=system, parent=root, code=code, name=name, kind=UnitKind.DEPARTMENT, sector=SECTORS[code]
        )
        departments[code] = department
        units += [
            create_unit(actor=system, parent=department, code=unit, name=title, sector=SECTORS[code])
            for unit, title in below
        ]
    staff = _staff(system, root, {unit.code: unit for unit in [*departments.values(), *units]})
    today = timezone.localdate()
    envelope = create_envelope(
        actor=staff["posts"], code="TP1239", name="千名急需紧缺人才专项编制", size=ENVELOPE_SIZE, unit=root,
        document=f"云编〔{today.year - 1}〕21号",
    )  # fmt: skip
    programme = create_programme(
        actor=staff["talent"], code="TP1000", name="千名急需紧缺高层次人才引进计划",
        name_en="Plan to bring in 1,000 urgently needed people", unit=root, target_people=TARGET,
        starts_on=date(today.year - 1, 1, 1), ends_on=date(today.year + 1, 12, 31), envelope=envelope,
    )  # fmt: skip
    for track, people, slots in (
        (Track.PUBLIC_EXAM, 800, 1039),
        (Track.COMPETITIVE_SELECTION, 180, 200),
        (Track.OPEN_CHALLENGE, 20, 0),
    ):
        set_target(actor=staff["talent"], programme=programme, track=track, people=people, slots=slots)
    for year, before in ((today.year - 2, 31), (today.year - 1, 47), (today.year, 0)):
        define_high_level(
            actor=staff["talent"], year=year, tiers=HIGH_LEVEL, document=f"云才办〔{year}〕5号", counted_before=before
        )
    return County(root, departments, units, envelope, programme, staff)


def _staff(system: User, root: Unit, units: dict[str, Unit]) -> dict[str, User]:
    found = {}
    for username, name, role, unit in ACCOUNTS:
        found[username] = create_staff(
            actor=system,
            username=username,
            name=name,
            unit=units.get(unit, root),
            role=role,
            reason=REASON,
            is_demo=True,
        )
    grant_role(actor=system, user=found["talent2"], role=Role.DEPARTMENT, unit=root, reason=REASON)
    return found


def days_ago(days: int, hour: int = 9) -> datetime:
    """That many days before today at a full hour, Beijing time; negative for days to come."""
    start = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return start - timedelta(days=days)
