"""An engagement in service: milestones, one extension, days on site, the team, as the rules say (R88–R90)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.challenges import domain
from recruitment.challenges.domain.engaging import set_milestones
from recruitment.challenges.models import Bid, WorkDay
from recruitment.challenges.serving import service_of
from rulebook.challenge import check_days, may_extend, may_pay
from tests.applicants import NOW, id_number
from tests.bidders import rules_with
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def engaged(make_engagement):
    """`engaged(days_shortfall="refused")` → an engagement in service under these rules, with its milestones."""

    def make(code="榜1", candidate=None, **knobs):
        row, rules = make_engagement(code, candidate=candidate), rules_with(**knobs)
        set_rules(row.bid.challenge.campaign, rules)
        set_milestones(row, rules.challenge)
        return row

    make.office = make_engagement.office
    return make


@pytest.fixture
def decide(engaged):
    def act(engagement, number, is_passed, reason="验1号"):
        row = engagement.milestones.get(number=number)
        domain.decide_milestone(actor=engaged.office, milestone=row, is_passed=is_passed, reason=reason)

    return act


def code_of(verb, **arguments):
    with pytest.raises(Refused) as refusal:
        verb(**arguments)
    return refusal.value.code


def test_a_milestone_that_failed_stops_the_next_payment_until_it_passes(engaged, decide):
    row = engaged()
    decide(row, 1, True)
    decide(row, 2, False, "样机未到")
    decide(row, 3, True)
    found = service_of(row, TODAY)
    assert [line.is_payable for line in found.milestones] == [True, False, False]
    assert found.payable == Decimal(400)
    with override("zh-hans"):
        assert [line.verdict for line in service_of(row, TODAY).milestones] == [
            may_pay(place, [True, False, True]).explanation.text("zh") for place in range(3)
        ]
    decide(row, 2, True)
    assert service_of(row, TODAY).payable == Decimal(1000)
    assert code_of(
        domain.decide_milestone, actor=engaged.office, milestone=row.milestones.get(number=2), is_passed=False,
        reason="反悔",
    ) == "wrong_state"  # fmt: skip
    kept = AuditEntry.objects.filter(action__endswith="_milestone").order_by("pk")
    assert [(entry.action, entry.after["milestone"]) for entry in kept] == [
        ("challenges.pass_milestone", 1), ("challenges.fail_milestone", 2), ("challenges.pass_milestone", 3),
        ("challenges.pass_milestone", 2)]  # fmt: skip


@pytest.mark.parametrize("is_passed", [True, False])
def test_a_milestone_is_decided_with_grounds_by_the_talent_office_while_the_work_is_under_way(
    engaged, staff, is_passed
):
    row = engaged()
    first = row.milestones.get(number=1)
    told = {"milestone": first, "is_passed": is_passed}
    assert code_of(domain.decide_milestone, actor=engaged.office, reason=" ", **told) == "reason_required"
    with pytest.raises(NotAllowed):
        domain.decide_milestone(actor=staff(Role.FINANCE), reason="验1号", **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.milestones.filter(number=1).update(state="passed")
    domain.terminate_engagement(actor=engaged.office, engagement=row, reason="停止")
    assert code_of(domain.decide_milestone, actor=engaged.office, reason="验1号", **told) == "wrong_state"


@pytest.mark.parametrize(
    ("knobs", "months", "ends"),
    [
        ({}, [12], date(2028, 12, 31)),
        ({}, [13], None),
        ({}, [1, 12], None),
        ({"extensions_allowed": 2}, [1, 12], date(2029, 1, 31)),
        ({"extension_months": 6}, [7], None),
        ({"extension_months": 24}, [13], date(2029, 1, 31)),
        ({"extensions_allowed": 0}, [1], None),
    ],
)
def test_the_term_is_extended_as_often_and_as_long_as_the_rules_allow(engaged, knobs, months, ends):
    row = engaged(**knobs)
    for number in months[:-1]:
        row = domain.extend_engagement(actor=engaged.office, engagement=row, months=number, reason="雨季")
    last = {"actor": engaged.office, "engagement": row, "months": months[-1], "reason": "雨季"}
    if ends is None:
        with override("en"), pytest.raises(Refused) as refusal:
            domain.extend_engagement(**last)
        rule = may_extend(row.extensions, months[-1], rules_with(**knobs).challenge)
        assert rule.explanation.text("en") in refusal.value.message
    else:
        assert domain.extend_engagement(**last).ends_on == ends


def log(engaged, row, first, last, **changes):
    told = {"actor": engaged.office, "engagement": row, "first": first, "last": last, "evidence": "考勤1号"}
    return domain.log_work(**{**told, **changes})


@pytest.mark.parametrize(("rule", "subsidy"), [("scaled", Decimal("22500.00")), ("refused", Decimal(0))])
def test_days_short_of_the_agreement_scale_or_refuse_the_subsidy(engaged, time_machine, rule, subsidy):
    row = engaged(days_shortfall=rule)
    row.subsidy = Decimal(30000)
    row.save()
    time_machine.move_to(NOW + timedelta(days=400), tick=False)
    log(engaged, row, date(2026, 5, 1), date(2026, 5, 31))
    log(engaged, row, date(2026, 12, 18), date(2026, 12, 31))
    log(engaged, row, date(2027, 1, 1), date(2027, 1, 3))
    check = check_days(45, 60, True, Decimal(30000), rules_with(days_shortfall=rule).challenge)
    assert check.subsidy == subsidy
    with override("zh-hans"):
        years = service_of(row, date(2027, 4, 24)).years
    assert [(year.days, year.first) for year in years] == [(45, date(2026, 1, 1)), (3, date(2027, 1, 1))]
    assert years[0].verdict == check.explanation.text("zh")
    assert years[1].verdict != check_days(3, 60, True, Decimal(30000), rules_with().challenge).explanation.text("zh")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"evidence": " "}, "evidence"),
        ({"first": date(2025, 12, 31)}, "days"),
        ({"last": date(2026, 3, 21)}, "days"),
        ({"first": date(2026, 3, 20), "last": date(2026, 3, 19)}, "days"),
        ({"first": date(2026, 1, 1), "last": date(2026, 2, 1)}, "too_many"),
        ({"first": date(2026, 3, 1), "last": date(2026, 3, 3)}, "duplicate"),
    ],
)
def test_days_are_logged_once_with_evidence_within_the_term_and_not_ahead(engaged, changes, code):
    row = engaged()
    log(engaged, row, date(2026, 3, 2), date(2026, 3, 2))
    told = {"first": date(2026, 3, 19), "last": date(2026, 3, 20), **changes}
    assert code_of(lambda **more: log(engaged, row, **{**told, **more})) == code
    assert WorkDay.objects.count() == 1


def test_the_unit_logs_days_for_its_own_engagement_only(engaged, staff, make_engagement, make_unit):
    row = engaged()
    log(engaged, row, TODAY, TODAY, actor=staff(Role.UNIT_HR, unit=make_engagement.unit))
    other = staff(Role.UNIT_HR, unit=make_unit("S1"), username="other")
    with pytest.raises(NotAllowed):
        log(engaged, row, date(2026, 3, 1), date(2026, 3, 1), actor=other)


def test_another_agreement_of_the_same_person_at_the_same_time_is_warned_of(engaged, make_engagement):
    row = engaged()
    other = make_engagement("榜2", candidate=row.bid.candidate)
    make_engagement("榜3")
    with override("en"):
        assert service_of(row, TODAY).overlaps == [
            "Agreement 柔榜2 of the same person runs at the same time, from 2026-01-01 to 2027-12-31."
        ]
    domain.terminate_engagement(actor=engaged.office, engagement=other, reason="停止")
    assert service_of(row, TODAY).overlaps == []


def test_a_team_member_is_kept_without_the_number_and_once(engaged, make_candidate):
    row = engaged(candidate=make_candidate())
    told = {"actor": engaged.office, "engagement": row, "name": "许安然", "degree": "doctor"}
    member = domain.add_team_member(id_number=id_number(500), **told)
    assert id_number(500) not in str(member.__dict__)
    assert code_of(domain.add_team_member, id_number=id_number(500), **told) == "duplicate"
    assert code_of(domain.add_team_member, id_number=row.bid.candidate.id_number, **told) == "duplicate"
    with pytest.raises(Refused):
        domain.add_team_member(id_number="123", **told)


def test_the_office_acts_on_the_pages_and_the_bidder_reads_the_same_sentences(
    engaged, client, make_candidate, staff, make_engagement
):
    row = engaged(candidate=make_candidate())
    home = f"/admin/challenges/{row.bid.challenge.code}/"
    client.force_login(engaged.office)
    first = row.milestones.get(number=1)
    for name, told in {
        "milestone": {"milestone": first.pk, "outcome": "passed", "reason": "验1号"},
        "work": {"first": "2026-03-02", "last": "2026-03-06", "evidence": "考勤1号"},
        "member": {"name": "许安然", "id_number": id_number(500), "degree": "doctor"},
        "extend-term": {"months": 6, "reason": "雨季"},
    }.items():
        assert client.get(f"{home}{name}/").status_code == 200, name
        assert client.post(f"{home}{name}/", told).status_code == 302, name
    row.refresh_from_db()
    assert (row.ends_on, row.work_days.count(), row.members.get().name) == (date(2028, 6, 30), 5, "许安然")
    with override("zh-hans"):
        found = service_of(row, TODAY)
    said = [*(line.verdict for line in found.milestones), found.extension, *(year.verdict for year in found.years)]
    assert client.post(f"{home}extend-term/", {"months": 1, "reason": "再延"}).status_code == 422
    office = client.get(home).content.decode()
    assert all(sentence in office for sentence in said)
    client.force_login(row.bid.candidate.user)
    Bid.objects.filter(pk=row.bid_id).update(number="B1")
    own = client.get(reverse("portal:bid", args=["B1"])).content.decode()
    assert all(sentence in own for sentence in said)
    client.force_login(staff(Role.UNIT_HR, unit=make_engagement.unit))
    page = client.get(home).content.decode()
    assert reverse("challenges-act", args=[row.bid.challenge.code, "work"]) in page
    assert reverse("challenges-act", args=[row.bid.challenge.code, "milestone"]) not in page
    assert client.get(f"{home}work/").status_code == 200
