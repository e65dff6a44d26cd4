"""The lowest written mark (R46): set by one person, confirmed by another, computed where the rules compute it."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Recusal
from recruitment.candidates.models import Relative
from recruitment.examinations import domain
from recruitment.examinations.models import WrittenLine, WrittenResult
from recruitment.examinations.queries import score_ledger
from recruitment.examinations.standing import standings
from recruitment.examinations.steps import next_step, steps_of
from recruitment.examinations.wagtail_hooks import exam_work
from rulebook.ruleset.base import MinimumLine
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.examiners import ticket
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
TOLD = {"document": "云人社函〔2026〕8号", "reason": "依据成绩分布"}
# The nine marks of R46: their mean is 56.89, 80 % of it 45.51 and 70 % of it 39.82.
NINE = (72, 68, 65, 61, 58, 55, 49, 44, 40)


def ruled(exam, **line):
    shortlist = COUNTY_EXAM.shortlist.model_copy(update={"min_line": MinimumLine(**line), "ratio": None})
    set_rules(exam.campaign, COUNTY_EXAM.model_copy(update={"shortlist": shortlist}))
    return exam


def ranked(exam, *marks):
    """Both papers are out of 150 and fold to 100 by a third, so a written mark of 60 is 90 in each."""
    exam.written(*(Decimal(mark) * Decimal("1.5") for mark in marks))
    return exam


def set_by_office(exam, value, **more):
    return domain.set_line(actor=exam.office, campaign=exam.campaign, value=Decimal(value), **{**TOLD, **more})


def make(exam):
    return domain.make_shortlist(actor=exam.clerk, campaign=exam.campaign)


def called():
    return set(WrittenResult.objects.filter(is_called=True).values_list("application__ticket_no", flat=True))


def code_of(verb, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **more)
    return refusal.value.code


@pytest.fixture
def four(exam, position):
    exam.enter(position, 4)
    return ranked(exam, 80, 70, 60, 50)


@pytest.fixture
def as_user(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(user):
        client.logout()
        client.force_login(user)
        return client

    return sign_in


def test_no_shortlist_without_a_line_nor_with_one_nobody_confirmed(four):
    assert code_of(make, four) == "line_missing"
    line = set_by_office(four, "60")
    assert (code_of(make, four), called()) == ("line_unconfirmed", set())
    domain.confirm_line(actor=four.second, line=line)
    assert make(four) == 3
    assert called() == {ticket(0), ticket(1), ticket(2)}


@pytest.mark.parametrize(("value", "count"), [("60", 3), ("60.01", 2), ("59.99", 3), ("80.01", 0)])
def test_whoever_is_at_the_line_is_in_and_below_it_out(four, value, count):
    four.line(value)
    assert make(four) == count
    assert set(WrittenResult.objects.values_list("line", flat=True)) == {Decimal(value)}


def test_the_setter_cannot_confirm_and_only_the_talent_office_sets_or_confirms(four, staff):
    line = set_by_office(four, "60")
    for person in (four.office, four.clerk, four.posts, staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            domain.confirm_line(actor=person, line=line)
    for person in (four.clerk, four.posts, staff(Role.LEADER)):
        with pytest.raises(NotAllowed):
            domain.set_line(actor=person, campaign=four.campaign, value=Decimal(10), **TOLD)
    line.refresh_from_db()
    assert (line.confirmed_at, WrittenLine.objects.count()) == (None, 1)


@pytest.mark.parametrize("how", ["relative", "recusal"])
def test_who_is_recused_from_one_examinee_neither_sets_nor_confirms(four, how):
    line = set_by_office(four, "60")
    for person in (four.second, four.office):
        if how == "relative":
            candidate = four.people[3].candidate
            Relative.objects.create(candidate=candidate, relation="parent", name=person.name, employer="县人社局")
        else:
            Recusal.objects.create(application=four.people[3], user=person, reason="表亲", declared_by=person)
    with pytest.raises(NotAllowed):
        domain.confirm_line(actor=four.second, line=line)
    with pytest.raises(NotAllowed):
        set_by_office(four, "55")
    assert WrittenLine.objects.get().confirmed_at is None


def test_another_line_supersedes_a_confirmed_one_which_can_then_not_be_used_or_confirmed(four):
    first = four.line("60")
    second = set_by_office(four, "70")
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert code_of(make, four) == "line_unconfirmed"
    third = set_by_office(four, "55")
    assert code_of(domain.confirm_line, actor=four.second, line=second) == "superseded"
    domain.confirm_line(actor=four.second, line=third)
    assert code_of(domain.confirm_line, actor=four.second, line=third) == "confirmed"
    assert make(four) == 3
    assert set(WrittenResult.objects.values_list("line", flat=True)) == {Decimal(55)}


def test_setting_the_same_again_changes_nothing(four):
    assert set_by_office(four, "60").pk == set_by_office(four, "60").pk
    assert AuditEntry.objects.filter(action="examinations.set_line").count() == 1


def test_once_the_shortlist_is_made_the_line_stays_until_it_is_taken_back(four):
    four.line("60")
    make(four)
    assert code_of(set_by_office, four, "50") == "shortlisted"
    domain.reopen_ranking(actor=four.clerk, campaign=four.campaign, reason="复核")
    domain.rank_written(actor=four.clerk, campaign=four.campaign)
    four.line("70")
    assert make(four) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": Decimal("100.01")}, "range"),
        ({"value": Decimal("-1")}, "range"),
        ({"value": Decimal("60.001")}, "range"),
        ({"document": "  "}, "document"),
        ({"reason": ""}, "document"),
        ({"exam_category": "医疗类"}, "category"),
    ],
)
def test_a_line_off_the_scale_or_without_its_papers_is_refused(four, change, code):
    told = {"actor": four.office, "campaign": four.campaign, "value": Decimal(60), **TOLD}
    assert code_of(domain.set_line, **{**told, **change}) == code
    assert WrittenLine.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "code"), [({"kind": "authority"}, "not_ranked"), ({"kind": "fixed", "value": 60}, "no_authority")]
)
def test_before_the_ranking_and_where_the_rules_fix_it_nobody_sets_a_line(exam, position, line, code):
    ruled(exam, **line)
    exam.enter(position, 2)
    assert code_of(set_by_office, exam, "60") == code


def test_the_database_keeps_a_line_as_it_was_set_and_confirmed(four):
    line = four.line("60")
    other = set_by_office(four, "70")
    rows, now = WrittenLine.objects.all(), timezone.now()
    acts = [
        lambda: rows.filter(pk=other.pk).update(value=1),
        lambda: rows.filter(pk=other.pk).update(confirmed_by=four.office, confirmed_at=now),
        lambda: rows.filter(pk=other.pk).update(confirmed_by=four.second),
        lambda: rows.filter(pk=line.pk).update(superseded_at=None),
        lambda: rows.filter(pk=line.pk).update(confirmed_by=four.clerk),
        lambda: rows.filter(pk=line.pk).delete(),
        lambda: WrittenLine.objects.create(campaign=four.campaign, value=1, set_by=four.office, **TOLD),
    ]
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert list(rows.order_by("pk").values_list("value", "confirmed_by")) == [(60, four.second.pk), (70, None)]


@pytest.mark.parametrize(("share", "line", "count"), [("0.8", "45.511111", 7), ("0.7", "39.822222", 9)])
def test_a_share_of_the_mean_is_computed_from_the_marks(exam, position, share, line, count):
    ruled(exam, kind="mean_share", share=Decimal(share), population="campaign")
    exam.enter(position, 9)
    ranked(exam, *NINE)
    assert make(exam) == count
    assert set(WrittenResult.objects.values_list("line", flat=True)) == {Decimal(line)}


def two_positions(exam, make_position, categories=("", "")):
    """Marks 80 and 40 for the first, 40 and 20 for the second position."""
    exam.enter(make_position("0101", exam_category=categories[0]), 2)
    exam.enter(make_position("0102", exam_category=categories[1]), 2)
    return ranked(exam, 80, 40, 40, 20)


# 80 % of the mean: 48 and 24 by position or category, 36 over all four.
@pytest.mark.parametrize(
    ("population", "categories", "expected"),
    [
        ("position", ("", ""), {ticket(0), ticket(2)}),
        ("group", ("教育类", "医疗类"), {ticket(0), ticket(2)}),
        ("group", ("教育类", "教育类"), {ticket(0), ticket(1), ticket(2)}),
        ("campaign", ("教育类", "医疗类"), {ticket(0), ticket(1), ticket(2)}),
    ],
)
def test_the_mean_is_that_of_the_population_the_rules_name(exam, make_position, population, categories, expected):
    ruled(exam, kind="mean_share", share=Decimal("0.8"), population=population)
    two_positions(exam, make_position, categories)
    make(exam)
    assert called() == expected


def test_who_withdrew_after_the_exam_stays_in_the_mean(exam, make_position):
    ruled(exam, kind="mean_share", share=Decimal("0.8"), population="campaign")
    two_positions(exam, make_position)
    exam.campaign.applications.filter(ticket_no=ticket(0)).update(state="withdrawn")
    make(exam)
    # 80 % of the mean of all four is 36, of the three who stayed 26.67; both keep 40 and drop 20.
    assert set(WrittenResult.objects.values_list("line", flat=True)) == {Decimal(36)}


def test_each_exam_category_has_its_own_line_and_all_must_be_confirmed(exam, make_position):
    ruled(exam, kind="authority", population="group")
    two_positions(exam, make_position, ("教育类", "医疗类"))
    exam.line("50", "教育类")
    with pytest.raises(Refused) as refusal:
        make(exam)
    assert ("医疗类" in refusal.value.message, "教育类" in refusal.value.message) == (True, False)
    exam.line("30", "医疗类")
    assert make(exam) == 2
    assert called() == {ticket(0), ticket(2)}
    intro = domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign).intro
    assert intro.splitlines() == [
        "医疗类：笔试最低合格分数线为30.00分，由云人社函〔2026〕8号文件确定。",
        "教育类：笔试最低合格分数线为50.00分，由云人社函〔2026〕8号文件确定。",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"kind": "authority"}, "全部岗位：笔试最低合格分数线为60.00分，由云人社函〔2026〕8号文件确定。"),
        ({"kind": "fixed", "value": Decimal(55)}, "按公告规定，笔试最低合格分数线为55.00分。"),
        (
            {"kind": "mean_share", "share": Decimal("0.8"), "population": "campaign"},
            "全部岗位：笔试最低合格分数线为52.00分，即本次招聘应考人员平均分的80%。",
        ),
        (
            {"kind": "mean_share", "share": Decimal("0.8")},
            "各岗位笔试最低合格分数线为本岗位应考人员平均分的80%，列于表中。",
        ),
        ({"kind": "none"}, ""),
    ],
)
def test_the_published_shortlist_says_the_line_and_what_it_rests_on(exam, position, line, words):
    ruled(exam, **line)
    exam.enter(position, 4)
    ranked(exam, 80, 70, 60, 50)
    if line["kind"] == "authority":
        exam.line("60")
    make(exam)
    draft = domain.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign)
    assert draft.intro == words
    columns = [column["label"] for column in draft.columns]
    assert ("笔试最低合格分数线" in columns) == ("列于表中" in words)
    if "列于表中" in words:
        assert {row[-1] for row in draft.rows} == {"52.00"}


def test_a_person_reads_the_line_beside_their_mark_once_the_shortlist_is_out(four):
    person = four.people[3]
    four.put_out(domain.prepare_scores(actor=four.clerk, campaign=four.campaign))
    four.line("60")
    make(four)
    lines = lambda: [line.what for line in score_ledger(type(person).objects.get(pk=person.pk))[0].lines]  # noqa: E731
    assert "笔试最低合格分数线" not in lines()
    four.put_out(domain.prepare_shortlist(actor=four.clerk, campaign=four.campaign))
    assert lines()[-2:] == ["笔试最低合格分数线", "笔试成绩"]


def test_the_audit_trail_keeps_who_set_confirmed_and_used_the_line(four):
    four.line("60")
    set_by_office(four, "62.5")
    entries = {row.action: row for row in AuditEntry.objects.filter(action__endswith="_line").order_by("pk")}
    entry = entries["examinations.set_line"]
    assert (entry.before["value"], entry.after["value"], entry.reason) == ("60.00", "62.5", TOLD["reason"])
    assert entries["examinations.confirm_line"].actor == four.second


def test_the_command_prints_by_the_confirmed_line_and_says_what_lacks(four, capsys):
    with pytest.raises(CommandError) as refusal:
        call_command("shortlist", campaign="C1")
    assert "未确定" in str(refusal.value)
    four.line("70")
    call_command("shortlist", campaign="C1")
    assert capsys.readouterr().out.split() == ["0101", "1", "2", "70.00"]


def step(exam):
    return next_step(steps_of(standings([exam.campaign])[exam.campaign.pk])).key


def waiting(user):
    return {str(todo.label): todo.count for todo in exam_work(user) if todo.count}


def test_the_step_waits_for_the_talent_office_then_for_its_second_person(four):
    four.put_out(domain.prepare_scores(actor=four.clerk, campaign=four.campaign))
    confirm, own = "待确认的笔试最低合格分数线", "下一步待您办理的考试"
    assert (step(four), waiting(four.office), waiting(four.clerk)) == ("line", {own: 1}, {})
    line = set_by_office(four, "60")
    assert (step(four), waiting(four.office), waiting(four.second)) == ("line", {}, {confirm: 1})
    domain.confirm_line(actor=four.second, line=line)
    assert (step(four), waiting(four.second), waiting(four.clerk)) == ("shortlist", {own: 1}, {own: 1})


def test_an_exam_whose_rules_compute_the_line_has_no_such_step_and_no_such_page(exam, position, as_user):
    ruled(exam, kind="fixed", value=Decimal(55))
    exam.enter(position, 2)
    ranked(exam, 60, 50)
    assert "line" not in [one.key for one in steps_of(standings([exam.campaign])[exam.campaign.pk])]
    assert as_user(exam.office).get(reverse("exam-line", args=["C1"])).status_code == 404


def test_the_page_shows_the_effect_of_a_mark_then_sets_it_with_its_document(four, as_user):
    browser, url = as_user(four.office), reverse("exam-line", args=["C1"])
    (effect,) = browser.get(url, {"try-value": "60", "try-category": ""}).context["effects"]
    assert (effect.above, effect.below, effect.without_mark, effect.called, effect.positions_short) == (3, 1, 0, 3, 0)
    (effect,) = browser.get(url, {"try-value": "75"}).context["effects"]
    assert (effect.above, effect.below, effect.called, effect.positions_short) == (1, 3, 1, 1)
    assert WrittenLine.objects.count() == 0
    assert browser.post(url, {"value": "60", **TOLD, "reason": ""}).context["form"].errors
    assert browser.post(url, {"value": "101", **TOLD}).context["form"].non_field_errors()
    scan = SimpleUploadedFile("批文.pdf", b"%PDF-1.4\n%%EOF\n")
    assert browser.post(url, {"value": "60", **TOLD, "attachment": scan}).status_code == 302
    line = WrittenLine.objects.get()
    assert (line.value, line.set_by, line.attachment.name) == (60, four.office, "批文.pdf")
    file = reverse("private-file", args=[line.attachment_id])
    codes = [as_user(user).get(file).status_code for user in (four.second, four.clerk, four.posts)]
    assert codes == [200, 200, 404]


def test_the_second_person_sees_document_and_effect_and_confirms_while_the_setter_reads_why_not(four, as_user):
    line = set_by_office(four, "60")
    url = reverse("exam-line-confirm", args=["C1", line.pk])
    page = as_user(four.office).get(url)
    assert (page.context["denial"] != "", "确认最低分数线</button>" in page.content.decode()) == (True, False)
    as_user(four.office).post(url)
    line.refresh_from_db()
    assert line.confirmed_at is None
    page = as_user(four.second).get(url)
    assert (page.context["effect"].above, page.context["effect"].below) == (3, 1)
    assert TOLD["document"] in page.content.decode()
    as_user(four.second).post(url)
    line.refresh_from_db()
    assert line.confirmed_by == four.second


@pytest.mark.parametrize("count", [1, 12])
def test_the_pages_cost_the_same_queries_for_1_and_12_positions_and_lines(
    exam, make_position, as_user, count, django_assert_num_queries
):
    for number in range(count):
        exam.enter(make_position(f"04{number:02d}"), 1)
    ranked(exam, *range(50, 50 + count))
    for number in range(count):
        set_by_office(exam, number)
    browser = as_user(exam.second)
    browser.get(reverse("exam-line", args=["C1"]))
    with django_assert_num_queries(28):
        browser.get(reverse("exam-line", args=["C1"]))
    with django_assert_num_queries(24):
        browser.get(reverse("exam-line-confirm", args=["C1", WrittenLine.objects.get(superseded_at=None).pk]))
