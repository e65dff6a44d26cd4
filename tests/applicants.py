"""A published campaign with its window open around NOW, two positions, and people who may apply."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.enums import Role
from accounts.models import User
from campaigns.planning.models import Campaign, Position, Programme
from recruitment.applications import domain
from recruitment.applications.pledge import current_pledge
from recruitment.candidates.domain import register_candidate, save_education, save_profile
from rulebook.eligibility import DECLARATIONS
from rulebook.identity import check_digit
from rulebook.ruleset import RuleSet
from rulebook.ruleset.profiles import COUNTY_EXAM

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 3, 19, 9, tzinfo=SHANGHAI)
NOW = datetime(2026, 3, 20, 10, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 3, 26, tzinfo=SHANGHAI)
NOTHING_APPLIES = dict.fromkeys(DECLARATIONS, False)


def id_number(serial: int, born: str = "19980415") -> str:
    """A valid number of an area code that was never given out."""
    first = f"999999{born}{serial:03d}"
    return first + check_digit(first)


def set_knobs(campaign, **sections):
    """The rules of a campaign with some knobs set otherwise, by section: `registration={"one_post": False}`."""
    rules = RuleSet.model_validate(campaign.rule_sets.order_by("version").last().document)
    changed = {
        name: getattr(rules, name).__class__.model_validate({**getattr(rules, name).model_dump(), **knobs})
        for name, knobs in sections.items()
    }
    rules = rules.replaced(**changed)
    campaign.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())


@pytest.fixture(autouse=True)
def frozen_clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def hospital(make_unit):
    return make_unit("H1", name="县人民医院")


@pytest.fixture
def make_campaign(staff, county):
    author = staff(Role.TALENT_OFFICE, unit=county, username="author")

    def make(code="C1", **fields):
        programme, _ = Programme.objects.get_or_create(
            code="P1",
            defaults={
                "name": "千名人才",
                "unit": county,
                "target_people": 10,
                "starts_on": date(2026, 1, 1),
                "ends_on": date(2026, 12, 31),
            },
        )
        values = {
            "programme": programme,
            "code": code,
            "name": f"招聘 {code}",
            "track": "public_exam",
            "unit": county,
            "batch_group": code,
            "state": "published",
            "published_at": OPENS,
            "registration_opens_at": OPENS,
            "registration_closes_at": CLOSES,
            "created_by": author,
        }
        campaign = Campaign.objects.create(**{**values, **fields})
        rules = COUNTY_EXAM.model_dump(mode="json")
        campaign.rule_sets.create(document=rules, digest=COUNTY_EXAM.digest(), frozen_at=OPENS, created_by=author)
        return campaign

    return make


@pytest.fixture
def campaign(make_campaign):
    return make_campaign()


@pytest.fixture
def make_position(campaign, hospital):
    def make(code="0101", unit=None, **fields):
        values = {
            "campaign": campaign,
            "unit": unit or hospital,
            "code": code,
            "name": f"岗位 {code}",
            "headcount_planned": 1,
            "headcount_effective": 1,
            "state": "published",
        }
        return Position.objects.create(**{**values, **fields})

    return make


@pytest.fixture
def position(make_position):
    return make_position()


@pytest.fixture
def make_candidate(db):
    """A candidate whose profile is complete enough to submit."""
    serials = iter(range(1, 999))

    def make(name="林知微", **answers):
        serial = next(serials)
        user = User.objects.create(username=f"person{serial}", email=f"person{serial}@example.org", kind="candidate")
        candidate = register_candidate(user=user, name=name)
        told = {
            "name": name,
            "id_number": id_number(serial),
            "political_status": "none",
            "graduate_kind": "unemployed",
            **answers,
        }
        candidate = save_profile(actor=user, candidate=candidate, answers=told)
        save_education(
            actor=user,
            candidate=candidate,
            level="bachelor",
            degree="bachelor",
            school="湘屏大学",
            major="临床医学",
            major_code="100201",
            graduated_on=date(2020, 6, 30),
        )
        return candidate

    return make


@pytest.fixture
def candidate(make_candidate):
    return make_candidate()


@pytest.fixture
def submit():
    """Submit a draft with nothing declared."""

    def act(application, **changes):
        values = {
            "actor": application.candidate.user,
            "application": application,
            "form": {},
            "declarations": NOTHING_APPLIES,
            "pledge_version": current_pledge().version,
        }
        return domain.submit_application(**{**values, **changes})

    return act


@pytest.fixture
def submitted(candidate, position, submit):
    return submit(domain.start_application(actor=candidate.user, candidate=candidate, position=position))


@pytest.fixture
def reviewer(staff, hospital):
    return staff(Role.UNIT_HR, unit=hospital, username="hr")
