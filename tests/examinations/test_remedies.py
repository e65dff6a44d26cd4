"""What the rules want instead of cutting a position short of applicants (R29): each remedy acts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.planning.models import PositionSlot
from campaigns.planning.queries import is_registration_open
from foundation.errors import NotAllowed, Refused
from recruitment.applications import domain
from recruitment.applications.opening import opening_lines
from recruitment.examinations import domain as exams
from recruitment.examinations.models import WrittenResult
from recruitment.publications.models import Publication
from rulebook.explanation import Explanation
from tests.applicants import CLOSES, set_knobs

pytestmark = pytest.mark.django_db
URL = "/admin/opening-ratio/C1/"
HOURS = timedelta(hours=48)


@pytest.fixture
def short(exam, make_position, make_unit):
    """A position of one with two applicants, one of whom is missing at 3:1, and another with three."""
    found = []
    for number, applicants in enumerate((2, 3)):
        position = make_position(f"010{number}", unit=make_unit(f"U{number}"), shortlist_ratio=3)
        exam.enter(position, applicants)
        exam.claim_posts(position, 1)
        found.append(position)
    return found


def remedy(exam, **knobs):
    set_knobs(exam.campaign, opening_ratio=knobs)


def told(exam, **changes):
    return {"actor": exam.office, "campaign": exam.campaign, "document": "调整1号", "reason": "报名不足", **changes}


@pytest.mark.parametrize(
    ("on_fail", "outcomes"),
    [
        (
            {"on_fail": "keep_with_line", "kept_line": {"kind": "fixed", "value": Decimal(60)}},
            ["kept_with_line", "kept"],
        ),
        ({"on_fail": "cut"}, ["cancelled", "kept"]),
    ],
)
def test_a_position_is_kept_with_a_line_or_cancelled_by_the_rules(exam, short, time_machine, on_fail, outcomes):
    remedy(exam, **on_fail)
    time_machine.move_to(CLOSES)
    assert [line.result.outcome for line in opening_lines(exam.campaign)] == outcomes
    domain.check_opening_ratio(**told(exam))
    rows = exam.campaign.positions.order_by("code").values_list("headcount_effective", "is_kept_with_line")
    assert list(rows) == [(1 if on_fail["on_fail"] != "cut" else 0, on_fail["on_fail"] != "cut"), (1, False)]


@pytest.mark.parametrize(
    ("line", "called", "least"),
    [
        ({"kind": "fixed", "value": Decimal(60)}, {0, 2, 3, 4}, Decimal(60)),
        ({"kind": "fixed", "value": Decimal(40)}, {0, 1, 2, 3, 4}, Decimal(40)),
        ({"kind": "mean_share", "share": Decimal("1")}, {0, 2, 3, 4}, Decimal(55)),
    ],
)
def test_the_line_of_a_kept_position_calls_to_the_interview_and_is_published(
    exam, short, time_machine, line, called, least
):
    remedy(exam, on_fail="keep_with_line", kept_line=line)
    set_knobs(exam.campaign, shortlist={"min_line": {"kind": "none"}})
    time_machine.move_to(CLOSES)
    domain.check_opening_ratio(**told(exam))
    exam.written(90, 75, 60, 60, 60)
    exam.shortlist()
    results = WrittenResult.objects.filter(is_called=True).values_list("application", flat=True)
    assert {row.pk for number, row in enumerate(exam.people) if number in called} == set(results)
    lines = WrittenResult.objects.filter(application__position=short[0]).values_list("line", flat=True)
    assert set(lines) == {least}
    listed = exams.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign)
    assert listed.intro == Explanation("opening.kept_line", {"posts": "0100", "line": least}).text("zh")


def test_registration_is_extended_once_by_the_hours_of_the_rules_then_the_ratio_cuts(exam, short, time_machine):
    remedy(exam, on_fail="extend_registration", extend_hours=48)
    time_machine.move_to(CLOSES, tick=False)
    waits = Explanation("opening.waits_extend", {"posts": ("0100",), "hours": 48}).text("zh")
    with pytest.raises(Refused, match=waits) as caught:
        domain.check_opening_ratio(**told(exam))
    assert caught.value.code == "remedy"
    domain.extend_registration(**told(exam))
    exam.campaign.refresh_from_db()
    assert exam.campaign.registration_closes_at == CLOSES + HOURS
    states = [is_registration_open(exam.campaign, CLOSES + HOURS - timedelta(seconds=late)) for late in (1, 0)]
    assert states == [True, False]
    notice = Publication.objects.get()
    said = Explanation("opening.extended", {"hours": 48, "until": CLOSES + HOURS}).text("zh")
    assert (said in notice.intro, "岗位 0100" in notice.intro, "岗位 0101" in notice.intro) == (True, True, False)
    time_machine.move_to(CLOSES + HOURS, tick=False)
    with pytest.raises(Refused) as again:
        domain.extend_registration(**told(exam))
    assert again.value.code == "no_remedy"
    assert [line.result.outcome for line in domain.check_opening_ratio(**told(exam))] == ["cancelled"]


def test_only_the_talent_office_extends_and_only_where_a_position_asks_for_it(exam, short, time_machine):
    remedy(exam, on_fail="extend_registration", extend_hours=48)
    with pytest.raises(Refused) as early:
        domain.extend_registration(**told(exam))
    assert early.value.code == "registration_open"
    time_machine.move_to(CLOSES)
    for other in (exam.clerk, exam.posts):
        with pytest.raises(NotAllowed):
            domain.extend_registration(**told(exam, actor=other))
    remedy(exam, on_fail="cut", extend_hours=48)
    with pytest.raises(Refused) as caught:
        domain.extend_registration(**told(exam))
    assert caught.value.code == "no_remedy"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_comes_first_and_does_it(exam, short, client, time_machine, language):
    remedy(exam, on_fail="extend_registration", extend_hours=48)
    time_machine.move_to(CLOSES, tick=False)
    client.force_login(exam.office)
    client.cookies["django_language"] = {"zh": "zh-hans"}.get(language, language)
    page = client.get(URL).content.decode()
    assert Explanation("opening.waits_extend", {"posts": ("0100",), "hours": 48}).text(language) in page
    assert Explanation("opening.extend_registration", {"valid": 2, "ratio": 3}).text(language) in page
    client.post(URL, {"document": "调整1号", "reason": "报名不足", "act": "extend"})
    exam.campaign.refresh_from_db()
    assert exam.campaign.registration_closes_at == CLOSES + HOURS


@pytest.fixture
def merging(exam, short, make_position, time_machine):
    """The short position and another of its unit, merged by the rules; registration is over."""
    other = make_position("0109", unit=short[0].unit)
    exam.enter(other, 3)
    remedy(exam, on_fail="merge")
    time_machine.move_to(CLOSES, tick=False)
    return short[0], other


def test_a_position_that_is_merged_gives_its_hires_posts_and_people_to_the_other(exam, merging):
    source, other = merging
    people = set(source.applications.values_list("pk", flat=True))
    waits = Explanation("opening.waits_merge", {"posts": ("0100",)}).text("zh")
    with pytest.raises(Refused, match=waits):
        domain.check_opening_ratio(**told(exam))
    assert domain.merge_positions(**told(exam), source=source.pk, target=other.pk) == 2
    rows = exam.campaign.positions.order_by("code").values_list("code", "headcount_effective", "state")
    assert list(rows) == [("0100", 0, "cancelled"), ("0101", 1, "published"), ("0109", 2, "published")]
    assert PositionSlot.objects.filter(position=other, released_at=None).count() == 1
    moved = other.applications.filter(pk__in=people)
    assert set(moved.values_list("state", flat=True)) == {"submitted"}
    merged = Explanation("opening.merged", {"post": str(other)})
    source.refresh_from_db()
    assert source.opening_result == {"zh": merged.text("zh"), "en": merged.text("en")}
    assert merged.text("zh") in Publication.objects.get().intro


def test_only_a_position_the_rules_want_merged_goes_into_another_of_its_unit(exam, short, merging):
    source, other = merging
    for first, second, code in (
        (other, source, "no_remedy"), (source, short[1], "other_unit"), (source, source, "other_unit"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            domain.merge_positions(**told(exam), source=first.pk, target=second.pk)
        assert caught.value.code == code
    with pytest.raises(NotAllowed):
        domain.merge_positions(**told(exam, actor=exam.clerk), source=source.pk, target=other.pk)
    assert exam.campaign.positions.filter(state="cancelled").count() == 0


def test_the_page_offers_the_positions_of_the_unit_and_merges(exam, short, merging, client):
    source, other = merging
    client.force_login(exam.office)
    page = client.get(URL)
    form = page.context["form"]
    assert [[pk for pk, _name in form.fields[name].choices] for name in ("source", "target")] == [
        [source.pk], [source.pk, other.pk],
    ]  # fmt: skip
    sent = {"document": "调整1号", "reason": "报名不足", "act": "merge", "source": source.pk, "target": other.pk}
    client.post(URL, sent)
    source.refresh_from_db()
    assert source.state == "cancelled"
