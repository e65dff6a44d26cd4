import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from campaigns.planning import domain
from campaigns.planning.models import Announcement, CalendarDay, Campaign, Position, RuleSetVersion
from campaigns.planning.office.urls import urlpatterns
from campaigns.planning.wagtail_hooks import plans_that_wait
from foundation.jobs.models import Job
from tests.planning.conftest import workbook
from tests.planning.test_rules import sent_back

pytestmark = pytest.mark.django_db

HEADER = ["招聘单位", "岗位名称", "岗位代码", "招聘人数", "学历要求", "年龄要求", "其他条件"]
ROWS = [
    ["县人民医院", "临床药师", "A01", 2, "本科及以上", "35周岁以下", "限男性"],
    ["县人民医院", "护士", "A02", 3, "大专及以上", "30周岁以下", "须经单位面谈认可其职业倾向"],
    ["疾控中心", "检验", "A03", 1, "本科及以上", "35周岁以下", ""],
]


@pytest.fixture
def office(client, author):
    client.force_login(author)
    return client


@pytest.fixture
def filled(make_campaign, add, hospital):
    campaign = make_campaign()
    add(campaign, hospital, "A01", headcount=2, columns={"age": "35周岁以下", "education": "本科及以上"})
    return campaign


def sheet(rows=ROWS):
    return SimpleUploadedFile("岗位表.xlsx", workbook(("岗位", [["2026年公开招聘岗位表"], HEADER, *rows])))


def arguments(pattern, campaign):
    names = pattern.pattern.converters.keys() | ({"date"} if "P<date>" in str(pattern.pattern) else set())
    known = {
        "code": campaign.code,
        "name": "submit",
        "key": "interview",
        "step": "shortlist",
        "version": 1,
        "date": "2026-01-01",
        "pk": uuid.uuid4() if "import" in str(pattern.pattern) else campaign.positions.get().pk,
    }
    return {name: known[name] for name in names}


def every_url(campaign):
    return {
        pattern.name: reverse(pattern.name, kwargs=arguments(pattern, campaign))
        for pattern in urlpatterns
        if "programme" not in pattern.name and pattern.name != "planning-target"
    }


def test_every_page_of_a_campaign_opens_for_the_talent_office(office, filled, programme):
    posts_only = {
        "planning-target", "planning-happened", "planning-announcement-approve", "planning-amendment-publish",
        "planning-positions-remove", "planning-import-confirm", "planning-catalogue-import-confirm",
        "planning-calendar-import", "planning-calendar-remove",
    }  # fmt: skip
    unknown_job = {"planning-import-preview", "planning-catalogue-import-preview", "planning-catalogue"}
    got = {name: office.get(url).status_code for name, url in every_url(filled).items()}
    expected = {name: 405 if name in posts_only else 404 if name in unknown_job else 200 for name in got}
    assert got == expected
    for name in ("planning-programmes", "planning-programme-add"):
        assert office.get(reverse(name)).status_code == 200
    for name in ("planning-programme", "planning-programme-edit"):
        assert office.get(reverse(name, args=["P1"])).status_code == 200


def test_every_page_of_a_campaign_is_missing_for_another_unit(client, filled, staff, make_unit):
    client.force_login(staff(Role.UNIT_HR, Role.TALENT_OFFICE, unit=make_unit("elsewhere")))
    lists = {"planning-campaigns", "planning-campaign-add"}
    codes = {
        name: (client.get(url).status_code, client.post(url).status_code)
        for name, url in every_url(filled).items()
        if name not in lists and "calendar" not in name and "catalogue" not in name
    }
    assert {code for pair in codes.values() for code in pair} <= {404, 405}
    assert {name for name, pair in codes.items() if 404 not in pair} == set()
    assert filled.name not in client.get(reverse("planning-campaigns")).content.decode()


def test_candidates_and_visitors_find_no_office_page(client, filled, candidate_user):
    client.force_login(candidate_user)
    assert {client.get(url).status_code for url in every_url(filled).values()} <= {302, 404, 405, 403}


def test_unit_hr_sees_the_campaign_with_the_positions_of_its_own_unit_only(
    client, filled, add, school, hospital, staff
):
    theirs = add(filled, school, "B01")
    client.force_login(staff(Role.UNIT_HR, unit=hospital))
    page = client.get(reverse("planning-positions", args=["C1"])).content.decode()
    assert ("岗位A01" in page, "岗位B01" in page) == (True, False)
    assert client.get(reverse("planning-position", args=["C1", theirs.pk])).status_code == 404
    for name in ("planning-import", "planning-announcement-edit", "planning-campaign-edit"):
        assert client.get(reverse(name, args=["C1"])).status_code == 404
    assert client.get(reverse("planning-rules-step", args=["C1", "notice"])).status_code == 404
    assert client.get(reverse("planning-act", args=["C1", "submit"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_positions_costs_the_same_queries_for_1_and_30_rows(
    office, make_campaign, hospital, rows, django_assert_num_queries
):
    campaign = make_campaign()
    Position.objects.bulk_create(
        Position(
            campaign=campaign, unit=hospital, code=f"A{n}", name="护士", headcount_planned=1, headcount_effective=1
        )
        for n in range(rows)
    )
    url = reverse("planning-positions", args=["C1"])
    office.get(url)
    with django_assert_num_queries(12):
        assert office.get(url).status_code == 200


def test_the_list_of_positions_is_searched_by_code_position_and_unit(office, filled, add, school):
    add(filled, school, "B01")
    url = reverse("planning-positions", args=["C1"])
    for words, found in (
        ("A01", {"岗位A01"}),
        ("中学", {"岗位B01"}),
        ("岗位", {"岗位A01", "岗位B01"}),
        ("没有", set()),
    ):
        page = office.get(url, {"q": words}).content.decode()
        assert {name for name in ("岗位A01", "岗位B01") if name in page} == found


def test_a_position_shows_its_printed_text_beside_the_conditions_read_from_it(office, filled):
    page = office.get(reverse("planning-position", args=["C1", filled.positions.get().pk])).content.decode()
    assert "35周岁以下" in page
    assert "本科及以上" in page
    assert page.count("<td>") >= 4


def test_a_table_is_previewed_then_taken_and_lands_on_its_result(office, make_campaign, hospital):
    campaign = make_campaign()
    answer = office.post(reverse("planning-import", args=["C1"]), {"file": sheet()})
    preview = Job.objects.get()
    assert answer.url == reverse("planning-import-preview", args=["C1", preview.pk])
    assert Position.objects.count() == 0
    page = office.get(answer.url).content.decode()
    assert [preview.result[key] for key in ("new", "changed", "unchanged", "refused")] == [3, 0, 0, 0]
    assert preview.result["units"] == ["疾控中心"]
    assert "疾控中心" not in page or "1" in page

    answer = office.post(reverse("planning-import-confirm", args=["C1", preview.pk]))
    job = Job.objects.exclude(pk=preview.pk).get()
    assert answer.url == reverse("job", args=[job.pk])
    assert (job.state, job.result["new"]) == ("done", 3)
    assert set(campaign.positions.values_list("code", "unit__name")) == {
        ("A01", "县人民医院"), ("A02", "县人民医院"), ("A03", "疾控中心"),
    }  # fmt: skip
    assert office.get(answer.url).status_code == 200


def test_refused_rows_are_shown_with_their_reasons_and_can_be_downloaded_by_the_uploader_only(
    office, make_campaign, client, staff, county
):
    make_campaign()
    rows = [*ROWS, ["第一中学", "教师", "A01", 1, "", "", ""], ["第一中学", "教师", "B02", "若干", "", "", ""]]
    answer = office.post(reverse("planning-import", args=["C1"]), {"file": sheet(rows)})
    page = office.get(answer.url).content.decode()
    job = Job.objects.get()
    assert (job.result["new"], job.result["refused"]) == (2, 3)
    assert "若干" in page
    url = reverse("private-file", args=[job.error_sheet.pk])
    assert office.get(url).status_code == 200
    client.force_login(staff(Role.TALENT_OFFICE, unit=county))
    assert client.get(url).status_code == 404
    assert client.get(answer.url).status_code == 404


def test_a_file_that_is_no_table_is_refused_at_the_field(office, make_campaign):
    make_campaign()
    page = office.post(
        reverse("planning-import", args=["C1"]), {"file": SimpleUploadedFile("a.xls", b"<html><table></table></html>")}
    )
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert Job.objects.count() == 0


def test_the_whole_way_to_publication_goes_through_the_screens(
    office, client, author, second, filled, permit, hospital
):
    permit(hospital, 2)
    act = lambda name: reverse("planning-act", args=["C1", name])  # noqa: E731
    assert office.post(act("submit")).status_code == 302
    office.post(reverse("planning-announcement-edit", args=["C1"]), {"title": "招聘公告", "body": "正文"})
    assert Announcement.objects.get().drafted_by == author
    office.post(reverse("planning-announcement-approve", args=["C1", 1]))
    assert Announcement.objects.get().state == "draft"

    client.force_login(second)
    client.post(reverse("planning-announcement-approve", args=["C1", 1]))
    domain.confirm_posts(actor=second_office(second), campaign=filled)
    assert client.post(act("approve"), {"document": ""}).status_code == 200
    client.post(act("approve"), {"document": "人社批1号"})
    page = client.get(act("publish")).content.decode()
    assert "2" in page
    client.post(act("publish"))
    assert Campaign.objects.get().state == "published"


def second_office(user):
    """The system account stands in for the establishment office here; its own duty is tested with the verb."""
    from accounts.queries import system_account

    return system_account()


def step_as_shown(office, step):
    url = reverse("planning-rules-step", args=["C1", step])
    return url, sent_back(office.get(url).context["form"])


def test_a_mistake_in_the_rules_is_shown_at_its_field_and_saves_nothing(office, filled):
    before = RuleSetVersion.objects.get().digest
    for step, name, value, at in (
        ("registration", "open_days", "0", "registration.open_days"),
        ("interview", "panel_size", "4", "__all__"),
        ("written", "papers.0.full_mark", "0", "written.papers.0.full_mark"),
    ):
        url, data = step_as_shown(office, step)
        page = office.post(url, {**data, f"{step}.{name}": value, "save": "1"})
        assert set(page.context["form"].errors) == {at}
    assert RuleSetVersion.objects.get().digest == before


def test_a_step_shows_its_effect_before_it_is_saved(office, filled):
    url, data = step_as_shown(office, "total")
    data |= {"total.parts.0.weight": "0.6", "total.parts.1.weight": "0.4"}
    page = office.post(url, data)
    assert [change.name for change in page.context["effect"].clauses] == ["总成绩"]
    assert "笔试成绩 › 权重：由“0.5”改为“0.6”" in page.content.decode()
    assert RuleSetVersion.objects.get().document["total"]["parts"][0]["weight"] == "0.5"
    assert office.post(url, {**data, "save": "1"}).status_code == 302
    assert [part["weight"] for part in RuleSetVersion.objects.get().document["total"]["parts"]] == ["0.6", "0.4"]
    assert "模板：" in office.get(reverse("planning-rules", args=["C1"])).content.decode()


def test_nothing_entered_offers_nothing_to_save(office, filled):
    url, data = step_as_shown(office, "notice")
    page = office.post(url, data).content.decode()
    assert 'name="save"' not in page


def test_published_rules_are_amended_step_by_step_with_a_reason(office, published):
    url, data = step_as_shown(office, "notice")
    page = office.post(url, {**data, "notice.days": "5", "save": "1"})
    assert set(page.context["form"].errors) == {"reason"}
    office.post(url, {**data, "notice.days": "5", "reason": "上级通知", "save": "1"})
    assert list(published.rule_sets.order_by("version").values_list("version", "reason")) == [(1, ""), (2, "上级通知")]
    page = office.get(reverse("planning-rules", args=["C1"])).content.decode()
    assert "公示天数：由“7”改为“5”" in page
    older = office.get(reverse("planning-rules", args=["C1"]), {"version": 1, "against": 2}).content.decode()
    assert "公示天数：由“5”改为“7”" in older


def test_a_step_that_does_not_exist_is_not_found(office, filled):
    assert office.get(reverse("planning-rules-step", args=["C1", "version"])).status_code == 404


def test_the_announcement_is_read_with_the_clauses_of_its_rules(office, published):
    page = office.get(reverse("planning-announcement", args=["C1"])).content.decode()
    assert "公示时间为7个工作日" in page or "7个工作日" in page


def test_chosen_positions_are_removed_only_after_their_list_was_confirmed_with_a_reason(office, filled):
    position = filled.positions.get()
    url = reverse("planning-positions-remove", args=["C1"])
    page = office.post(url, {"position": [position.pk]})
    assert (position.name in page.content.decode(), Position.objects.count()) == (True, 1)
    office.post(url, {"position": [position.pk], "reason": ""})
    assert Position.objects.count() == 1
    office.post(url, {"position": [position.pk], "reason": "计划调整"})
    assert Position.objects.count() == 0


def test_the_home_of_a_campaign_shows_its_rules_its_announcement_and_who_is_next(office, filled, author):
    domain.draft_announcement(actor=author, campaign=filled, title="招聘公告", body="正文第一段")
    page = office.get(reverse("planning-campaign", args=["C1"])).content.decode()
    for words in ("报名与资格初审 › 报名天数", "<dd>7</dd>", "草稿", "下一步：提交计划（", "职测", "拟聘用公示"):
        assert words in page
    page = office.get(reverse("planning-announcement", args=["C1"])).content.decode()
    assert ("正文第一段" in page, "须由人才办另一人核准" in page) == (True, True)


def test_each_waiting_plan_is_on_the_list_of_whoever_may_go_on_with_it(
    filled, author, second, posts_office, permit, hospital
):
    def waiting(user):
        return {str(todo.label): todo.count for todo in plans_that_wait(user) if todo.count}

    domain.draft_announcement(actor=author, campaign=filled, title="公告", body="正文")
    domain.submit_plan(actor=author, campaign=filled)
    assert (waiting(author), waiting(posts_office)) == ({}, {"待确认编制的计划": 1})
    assert waiting(second) == {"待核准的公告": 1}
    permit(hospital, 2)
    domain.confirm_posts(actor=posts_office, campaign=filled)
    assert (waiting(author), waiting(posts_office)) == ({}, {})
    assert waiting(second) == {"待核准的计划": 1, "待核准的公告": 1}


def test_a_day_of_the_calendar_is_set_and_removed(office):
    url = reverse("planning-calendar")
    office.post(url, {"date": "2026-03-12", "is_working": "0", "name": "县庆"})
    day = CalendarDay.objects.get(date=datetime.date(2026, 3, 12))
    assert (day.is_working, day.is_assumed) == (False, False)
    office.post(reverse("planning-calendar-remove", args=["2026-03-12"]), {"reason": "误录"})
    assert not CalendarDay.objects.filter(date=datetime.date(2026, 3, 12)).exists()
