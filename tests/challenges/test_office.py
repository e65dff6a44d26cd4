"""The office of challenges: who finds what, each act by its page, and what stays hidden while bids are sealed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from foundation.ui.office import todos_of
from recruitment.challenges import domain
from recruitment.challenges.models import Bid, Challenge, Engagement, KeyHalf
from recruitment.publications.domain import release
from recruitment.publications.domain import review as review_list
from recruitment.publications.models import Publication
from tests.bidders import CLOSE, rules_with
from tests.panelists import judges, set_rules

pytestmark = pytest.mark.django_db


def act_url(name, code="榜1"):
    return reverse("challenges-act", args=[code, name])


PAGE = reverse("challenges-challenge", args=["榜1"])


@pytest.fixture
def enter(client):
    """`enter(person)` → the test client, signed in as that person."""

    def sign_in(person):
        client.logout()  # a session that was idle too long would end the new one
        client.force_login(person)
        return client

    return sign_in


def text_of(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_a_challenge_goes_from_need_to_agreement_by_its_pages(
    enter, board_campaign, hospital, unit_hr, office, second, make_candidate, make_offer, staff, time_machine
):
    told = {
        "campaign": board_campaign.code, "unit": hospital.code, "code": "榜1", "title": "高山茶保鲜",
        "problem": "采后变色", "indicators": "不高于5%", "budget": "300000", "days_per_year": "60",
        "ends_on": "2027-12-31",
    }  # fmt: skip
    assert enter(unit_hr).post(reverse("challenges-new"), told).url == PAGE
    assert enter(office).post(act_url("confirm")).url == PAGE
    secrets = {}
    for person in (office, second):
        page = text_of(enter(person).post(act_url("key"), {"as": "page"}))
        secrets[person] = page.split('id="half">')[1].split("<")[0]
    assert "高山茶保鲜" in text_of(enter(office).get(act_url("publish")))
    enter(office).post(act_url("publish"))
    challenge = Challenge.objects.get()
    bids = []
    for _number in range(2):
        lead = make_candidate()
        bids.append(domain.submit_bid(actor=lead.user, challenge=challenge, candidate=lead, offer=make_offer()))
    time_machine.move_to(CLOSE, tick=False)
    for person, secret in secrets.items():
        assert enter(person).post(act_url("hand-in"), {"secret": secret}).url == PAGE
    assert all(bid.number in text_of(enter(office).get(act_url("open"))) for bid in bids)
    enter(office).post(act_url("open"))
    for bid in bids:
        enter(office).post(reverse("challenges-bid", args=["榜1", bid.number]), {"act": "accept"})
    experts = judges(staff, 2)
    told = {"experts": [expert.pk for expert in experts], "chair": experts[1].pk}
    enter(office).post(act_url("review"), told)
    challenge.refresh_from_db()
    assert challenge.panel.members.get(is_chair=True).user == experts[1]
    _mark(challenge.panel, {bids[0]: "80", bids[1]: "90"}, office)
    assert "90.00" in text_of(enter(office).get(act_url("award")))
    enter(office).post(act_url("award"), {"decision": "纪要3号"})
    enter(office).post(act_url("notice"))
    publication = Publication.objects.get()
    review_list(actor=second, publication=publication)
    publication = release(actor=second, publication=publication)
    time_machine.move_to(publication.notice_ends_at, tick=False)
    told = {
        "number": "柔1", "starts_on": "2026-06-01", "ends_on": "2027-12-31", "days_per_year": "60", "amount": "280000",
    }  # fmt: skip
    enter(office).post(act_url("sign"), told)
    for name, more in (("begin", {}), ("accept", {"document": "验1"})):
        assert enter(office).post(act_url(name), more).url == PAGE
    assert Engagement.objects.values_list("bid", "state").get() == (bids[1].pk, "accepted")
    steps = enter(office).get(PAGE).context["steps"]
    assert {step.state for step in steps} == {"done"}
    assert steps[-1].what == "已验收"


def _mark(panel, marks, office):
    from recruitment.panels.domain import lock_panel
    from tests.panelists import give

    for member in panel.members.select_related("user"):
        for bid, mark in marks.items():
            give(member.user, panel.subjects.get(bid=bid), technical=mark, team=mark, terms=mark)
    lock_panel(actor=office, panel=panel)


def test_people_of_another_unit_do_not_know_of_a_challenge(enter, challenge, staff, make_unit, make_bid):
    bid = make_bid()
    stranger = staff(Role.UNIT_HR, unit=make_unit("X9"))
    urls = [PAGE, reverse("challenges-bid", args=["榜1", bid.number]), *map(act_url, ("publish", "open", "fail"))]
    assert {enter(stranger).get(url).status_code for url in urls} == {404}
    assert {enter(stranger).post(url).status_code for url in urls} <= {404, 405}
    assert "榜1" not in text_of(enter(stranger).get(reverse("challenges-office")))


@pytest.mark.parametrize("role", [Role.UNIT_HR, Role.DEPARTMENT, Role.LEADER, Role.AUDITOR])
def test_readers_see_the_challenge_and_are_refused_its_acts_with_the_reason(enter, challenge, staff, hospital, role):
    reader = staff(role, unit=hospital)
    page = text_of(enter(reader).get(PAGE))
    assert "/fail/" not in page
    for answer in (
        enter(reader).get(act_url("fail"), follow=True),
        enter(reader).post(act_url("fail"), {"reason": "x"}, follow=True),
    ):
        assert answer.redirect_chain == [(PAGE, 302)]
        assert "此操作需要在相关单位担任以下角色" in answer.content.decode()
    assert Challenge.objects.get().state == "published"


def test_while_sealed_the_office_reads_numbers_and_times_only(enter, make_bid, office, unit_hr):
    bid = make_bid("气调保鲜方案", "276543", home_unit="南岭农业大学")
    page = text_of(enter(office).get(PAGE))
    assert bid.number in page
    assert bid.candidate.name not in page
    url = reverse("challenges-bid", args=["榜1", bid.number])
    for answer in (enter(office).get(url, follow=True), enter(office).post(url, {"act": "accept"}, follow=True)):
        assert answer.redirect_chain == [(PAGE, 302)]
        assert not {"气调保鲜方案", "276543", "276,543", "南岭农业大学"} & set(answer.content.decode().split())
    assert bid.number not in text_of(enter(unit_hr).get(PAGE))


def test_once_open_the_office_reads_a_bid_and_the_unit_still_does_not(enter, make_bid, open_all, office, unit_hr):
    bid = make_bid("气调保鲜方案", "276543")
    open_all()
    url = reverse("challenges-bid", args=["榜1", bid.number])
    page = text_of(enter(office).get(url))
    assert all(word in page for word in ("气调保鲜方案", "276,543", "南岭农业大学", bid.candidate.name))
    assert enter(unit_hr).get(url).status_code == 404


def test_a_half_is_shown_once_and_never_on_a_later_page(enter, need, office):
    domain.confirm_need(actor=office, challenge=need)
    client = enter(office)
    assert "ZX1-" not in text_of(client.get(act_url("key")))
    answer = client.post(act_url("key"), {"as": "file"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    secret = next(line for line in answer.content.decode().splitlines() if line.startswith("ZX1-"))
    for url in (PAGE, act_url("key"), reverse("challenges-office")):
        assert secret not in text_of(client.get(url))
    assert KeyHalf.objects.get().handed_in == ""


def test_the_kept_file_itself_can_be_handed_in(enter, challenge, halves, tmp_path, time_machine):
    person, secret = halves[0]
    kept = tmp_path / "half.txt"
    kept.write_text(f"榜1 密钥分片\n\n{secret}\n", encoding="utf-8")
    time_machine.move_to(CLOSE, tick=False)
    with kept.open("rb") as file:
        assert enter(person).post(act_url("hand-in"), {"secret": "", "file": file}).url == PAGE
    assert KeyHalf.objects.exclude(handed_in_at=None).get().holder == person


def test_a_wrong_half_is_said_at_the_form_and_not_shown_again(enter, challenge, halves, time_machine):
    person, _secret = halves[0]
    time_machine.move_to(CLOSE, tick=False)
    page = text_of(enter(person).post(act_url("hand-in"), {"secret": halves[1][1]}), 422)
    assert "error-summary" in page
    assert halves[1][1] not in page


def test_an_act_that_is_not_the_step_leads_back_and_says_so(enter, challenge, office):
    for name in ("confirm", "key", "publish", "hand-in", "open", "extend", "review", "award", "notice", "sign"):
        answer = enter(office).get(act_url(name), follow=True)
        assert answer.redirect_chain[-1][0] == PAGE
    assert enter(office).get(act_url("nonsense")).status_code == 404


def test_a_refused_act_keeps_the_form_and_changes_nothing(enter, challenge, make_bid, office):
    make_bid()
    page = text_of(enter(office).post(act_url("open")), 422)
    assert "error-summary" in page
    assert Challenge.objects.get().opened_at is None
    assert "error-summary" in text_of(enter(office).post(act_url("fail"), {"reason": ""}), 422)


def test_a_bid_is_returned_once_by_its_page_and_refused_when_late(enter, make_bid, open_all, office, time_machine):
    bid = make_bid()
    open_all()
    url, client = reverse("challenges-bid", args=["榜1", bid.number]), enter(office)
    due = timezone.localtime(timezone.now() + timedelta(days=2))
    client.post(url, {"act": "return", "reason": "缺同意书", "complete_by": f"{due:%Y-%m-%dT%H:%M}"})
    assert Bid.objects.values_list("state", "complete_by").get() == ("returned", due)
    assert 'value="refuse"' not in text_of(client.get(url))
    time_machine.move_to(due, tick=False)
    client = enter(office)
    assert 'value="refuse"' in text_of(client.get(url))
    client.post(url, {"act": "refuse", "reason": "逾期"})
    assert Bid.objects.values_list("state", "reason").get() == ("refused", "逾期")


def test_a_failed_board_is_described_anew_from_its_own_text(enter, challenge, office):
    domain.fail_challenge(actor=office, challenge=challenge, reason="密钥遗失")
    page = text_of(enter(office).get(reverse("challenges-new"), {"from": "榜1"}))
    assert "采后变色" in page
    assert "密钥遗失" in text_of(enter(office).get(PAGE))


def test_the_window_is_extended_by_its_page_where_the_rules_say_so(enter, challenge, make_bid, office, time_machine):
    make_bid()
    set_rules(challenge.campaign, rules_with(single_bid="extend", min_bids=2))
    time_machine.move_to(CLOSE, tick=False)
    assert act_url("extend") in text_of(enter(office).get(PAGE))
    enter(office).post(act_url("extend"), {"reason": "只有一份"})
    assert Challenge.objects.get().bids_close_at == CLOSE + timedelta(days=20)


def test_the_place_of_a_half_is_freed_with_a_reason(enter, need, halves, office):
    url = reverse("challenges-free-half", args=["榜1", 2])
    enter(office).post(url, {"reason": ""})
    assert KeyHalf.objects.count() == 2
    enter(office).post(url, {"reason": "调离"})
    assert KeyHalf.objects.get().place == 1


def test_what_waits_is_on_the_home_page_of_who_must_do_it(need, office, second, unit_hr, make_candidate, make_offer,
                                                         time_machine):  # fmt: skip
    def waits(person):
        return {str(todo.label): (todo.count, todo.due) for todo in todos_of(person)}

    assert waits(office) == {"待确认的需求": (1, None)}
    assert waits(unit_hr) == {}
    domain.confirm_need(actor=office, challenge=need)
    secret = domain.make_key_half(actor=office, challenge=need)
    assert (waits(office), waits(second)) == ({}, {"待生成的密钥分片": (1, None)})
    other = domain.make_key_half(actor=second, challenge=need)
    domain.publish_challenge(actor=office, challenge=need)
    lead = make_candidate()
    domain.submit_bid(actor=lead.user, challenge=need, candidate=lead, offer=make_offer())
    time_machine.move_to(CLOSE, tick=False)
    assert waits(office) == waits(second) == {"待交回的密钥分片": (1, CLOSE)}
    domain.hand_in_key_half(actor=office, challenge=need, secret=secret)
    domain.hand_in_key_half(actor=second, challenge=need, secret=other)
    assert waits(office) == {"待开封的榜单": (1, None)}
    domain.open_bids(actor=office, challenge=need)
    assert waits(office) == {"待形式审查的揭榜": (1, None)}


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    enter, need, office, board_campaign, hospital, unit_hr, make_need, count, django_assert_num_queries
):
    for number in range(2, count + 1):
        domain.describe_need(
            actor=unit_hr, campaign=board_campaign, unit=hospital, code=f"榜{number}", need=make_need()
        )
    client = enter(office)
    client.get(reverse("challenges-office"))
    with django_assert_num_queries(LIST_QUERIES):
        page = text_of(client.get(reverse("challenges-office")))
    assert page.count("高山茶保鲜") == count


LIST_QUERIES = 11


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_challenge_costs_the_same_for_one_and_for_thirty_bids(
    enter, office, make_bid, open_all, count, django_assert_num_queries
):
    for _number in range(count):
        make_bid()
    open_all()
    client = enter(office)
    client.get(PAGE)
    with django_assert_num_queries(PAGE_QUERIES):
        text_of(client.get(PAGE))


PAGE_QUERIES = 17


def test_the_list_is_searched_and_filtered(enter, challenge, office):
    client, url = enter(office), reverse("challenges-office")
    for query, found in (("?q=高山", True), ("?q=没有", False), ("?state=published", True), ("?state=draft", False)):
        assert ("榜1" in text_of(client.get(url + query))) is found
