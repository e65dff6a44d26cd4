import json
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.applications.models import Application
from recruitment.applications.pledge import current_pledge
from recruitment.candidates.domain import kept_answers, register_candidate
from recruitment.candidates.models import Candidate
from rulebook.eligibility import DECLARATIONS
from rulebook.explanation import Explanation
from tests.applicants import CLOSES, id_number, set_knobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, candidate):
    client.force_login(candidate.user)
    return client


@pytest.fixture
def draft(candidate, position):
    return domain.start_application(actor=candidate.user, candidate=candidate, position=position)


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def filled(application, **changes):
    form = {"revision": application.revision, "note": "证书待发", "pledge": current_pledge().version}
    return {**form, **dict.fromkeys(DECLARATIONS, "no"), **changes}


def test_a_candidate_walks_from_a_position_to_the_receipt(page, position):
    assert page.get(url("position", position.pk)).status_code == 200
    answer = page.post(url("start", position.pk))
    application = Application.objects.get()
    assert answer.url == url("apply", application.registration_no)
    assert page.get(answer.url).status_code == 200
    answer = page.post(answer.url, filled(application))
    assert answer.url == url("receipt", application.registration_no)
    receipt = page.get(answer.url).content.decode()
    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.registration_no in receipt
    assert "林知微" in receipt
    assert application.candidate.id_number not in receipt


@pytest.mark.parametrize("changes", [{"pledge": ""}, {"banned": ""}, dict.fromkeys(DECLARATIONS[:1], "yes")])
def test_what_keeps_from_submitting_is_said_at_its_place_and_nothing_typed_is_lost(page, draft, changes):
    changes = {DECLARATIONS[0] if key == "banned" else key: value for key, value in changes.items()}
    answer = page.post(url("apply", draft.registration_no), filled(draft, **changes))
    text = answer.content.decode()
    assert "error-summary" in text
    assert "证书待发" in text
    assert Application.objects.get().state == "draft"


def test_typing_is_kept_and_shown_again(page, draft):
    answer = page.post(
        url("apply", draft.registration_no), {"revision": "0", "note": "一半"}, headers={"X-Autosave": "1"}
    )
    assert answer.json()["revision"] == 1
    assert "一半" in page.get(url("apply", draft.registration_no)).content.decode()


def test_a_second_window_is_told_and_keeps_what_was_typed_in_it(page, draft, candidate):
    domain.save_draft(actor=candidate.user, application=draft, form={"note": "另一个窗口"}, revision=0)
    answer = page.post(url("apply", draft.registration_no), filled(draft, revision=0), headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    answer = page.post(url("apply", draft.registration_no), filled(draft, revision=0))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "另一个窗口" in text
    assert "证书待发" in text
    revision = re.search(r'name="revision" value="(\d+)"', text)[1]
    page.post(url("apply", draft.registration_no), filled(draft, revision=revision))
    assert json.loads(Application.objects.get().snapshot)["form"] == {"note": "证书待发"}


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(client, draft):
    address = url("apply", draft.registration_no)
    answer = client.post(address, filled(draft, note="会话已过期"))
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(draft.candidate.user)
    assert "会话已过期" in client.get(address).content.decode()
    assert "会话已过期" not in client.get(address).content.decode()


def test_a_number_of_someone_else_is_as_unknown_as_one_never_given(page, make_candidate, position):
    other = make_candidate()
    theirs = domain.start_application(actor=other.user, candidate=other, position=position)
    for number in (theirs.registration_no, "260000000000"):
        for name in ("application", "apply", "receipt", "withdraw"):
            assert page.get(url(name, number)).status_code == 404
        for name in ("apply", "withdraw", "recall"):
            assert page.post(url(name, number)).status_code == 404
        assert page.post(url("change", position.pk, number)).status_code == 404
    assert Application.objects.get(pk=theirs.pk).state == "draft"


def test_a_second_position_is_refused_with_the_way_out(page, draft, make_position):
    answer = page.post(url("start", make_position("0102").pk))
    assert answer.status_code == 409
    assert draft.registration_no in answer.content.decode()


def test_the_position_can_be_changed_and_the_form_goes_on(page, draft, make_position):
    other = make_position("0102")
    assert "0102" in page.get(url("position", other.pk)).content.decode()
    assert page.post(url("change", other.pk, draft.registration_no)).url == url("apply", draft.registration_no)
    assert Application.objects.get().position == other


def test_a_rejection_shows_its_reason_and_how_to_object(page, submitted, reviewer):
    domain.reject_application(actor=reviewer, application=submitted, reason_code="major", reason="新闻学不在目录内")
    text = page.get(url("application", submitted.registration_no)).content.decode()
    assert "新闻学不在目录内" in text
    assert "第一次" in text or "县" in text


def test_what_is_not_published_or_was_cancelled_has_no_page(page, make_position, make_campaign):
    for row in (
        make_position("0102", state="draft"),
        make_position("0103", state="cancelled"),
        make_position("0201", campaign=make_campaign("C2", published_at=None, state="approved")),
    ):
        assert page.get(url("position", row.pk)).status_code == 404
        assert page.post(url("start", row.pk)).status_code == 404


def test_after_closing_the_position_has_no_button_and_the_post_is_refused(page, position, time_machine):
    time_machine.move_to(CLOSES, tick=False)
    page.force_login(Candidate.objects.get().user)
    assert url("start", position.pk) not in page.get(url("position", position.pk)).content.decode()
    assert page.post(url("start", position.pk)).status_code == 409


@pytest.mark.parametrize("count", [1, 30])
def test_my_applications_cost_the_same_for_one_and_for_thirty(
    page, candidate, make_campaign, make_position, django_assert_num_queries, count
):
    shared = make_campaign("S")
    for number in range(count):
        position = make_position(f"{number:04d}", campaign=shared)
        application = domain.start_application(actor=candidate.user, candidate=candidate, position=position)
        domain.withdraw_application(actor=candidate.user, application=application)
    page.get(url("home"))
    with django_assert_num_queries(13):
        page.get(url("home"))


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_positions_costs_the_same_for_one_and_for_thirty(
    page, make_position, django_assert_num_queries, count
):
    for number in range(count):
        make_position(f"{number:04d}", conditions={})
    page.get(url("positions"))
    with django_assert_num_queries(10):
        page.get(url("positions"))


def test_positions_are_listed_by_verdict(page, make_position):
    sex = {"kind": "sex", "source": {"column": "性别", "text": "限男性"}, "sex": "male"}
    unclear = [{"column": "其他", "text": "能吃苦"}]
    make_position("0001")
    make_position("0002", conditions={"version": 1, "conditions": [sex]})
    make_position("0003", conditions={"version": 1, "not_understood": unclear})
    candidate_sex = Candidate.objects.get().sex
    assert candidate_sex in ("male", "female")

    def codes(verdict):
        text = page.get(url("positions"), {"verdict": verdict}).content.decode()
        return set(re.findall(r'<span class="mono">(\d{4})</span>', text))

    listed = {verdict: codes(verdict) for verdict in ("met", "needs_person", "not_met")}
    assert listed["needs_person"] == {"0003"}
    assert listed["met"] | listed["not_met"] == {"0001", "0002"}
    assert ("0002" in listed["met"]) == (candidate_sex == "male")


@pytest.fixture
def newcomer(client, db):
    user = User.objects.create(username="new", email="new@example.org", kind="candidate")
    client.force_login(user)
    return client


def test_a_newcomer_is_led_through_the_profile(newcomer):
    assert url("profile-step", "identity") in newcomer.get(url("home")).content.decode()
    answer = newcomer.post(url("profile-step", "identity"), {"name": "沈砚秋", "id_number": id_number(77)})
    assert answer.url == url("profile-step", "background")
    answer = newcomer.post(answer.url, {"political_status": "league_member", "household": "云岫县"})
    assert answer.url == url("profile-step", "education")
    fields = {
        "level": "master", "degree": "master", "school": "湘屏大学", "major": "学科教学（物理）",
        "kind": "regular", "is_full_time": "on", "graduated_on": "2026-06-30",
    }  # fmt: skip
    assert newcomer.post(answer.url, fields).status_code == 302
    newcomer.post(url("profile-step", "situation"), {"graduate_kind": "final_year"})
    newcomer.post(url("profile-step", "certificates"), {"certificates": "教师资格证\n普通话二级甲等\n"})
    candidate = Candidate.objects.get()
    assert (candidate.name, candidate.household, candidate.graduate_kind) == ("沈砚秋", "云岫县", "final_year")
    assert candidate.certificates == ["教师资格证", "普通话二级甲等"]
    assert candidate.educations.get().level == "master"
    text = newcomer.get(url("profile")).content.decode()
    assert "99999**********" in text
    assert candidate.id_number not in text


def test_a_wrong_id_number_is_said_beside_its_field_and_kept_nowhere(newcomer):
    answer = newcomer.post(url("profile-step", "identity"), {"name": "沈砚秋", "id_number": "34052419801001001X"})
    assert "error-summary" in answer.content.decode()
    candidate = Candidate.objects.get()
    assert (candidate.id_number, candidate.unsaved_answers) == ("", "")


def test_half_typed_answers_wait_but_never_an_id_number(newcomer):
    typed = {"name": "沈", "id_number": "3405"}
    newcomer.post(url("profile-step", "identity"), typed, headers={"X-Autosave": "1"})
    assert kept_answers(Candidate.objects.get()) == {"identity": {"name": "沈"}}
    assert 'value="沈"' in newcomer.get(url("profile-step", "identity")).content.decode()


def test_entries_of_someone_else_are_not_found(page, make_candidate):
    row = make_candidate().educations.get()
    assert page.get(url("profile-step", "education") + f"?entry={row.pk}").status_code == 404
    assert page.post(url("profile-remove", "education", row.pk)).status_code == 404


def test_one_of_ones_own_entries_is_changed_and_removed(page, candidate):
    row = candidate.educations.get()
    address = url("profile-step", "education") + f"?entry={row.pk}"
    assert "湘屏大学" in page.get(address).content.decode()
    page.post(url("profile-remove", "education", row.pk))
    assert candidate.educations.count() == 0


def test_withdrawing_asks_first(page, draft):
    assert page.get(url("withdraw", draft.registration_no)).status_code == 200
    assert Application.objects.get().state == "draft"
    page.post(url("withdraw", draft.registration_no))
    assert Application.objects.get().state == "withdrawn"


def test_a_submitted_application_is_taken_back_to_the_form(page, submitted):
    assert page.post(url("recall", submitted.registration_no)).url == url("apply", submitted.registration_no)


def test_messages_are_ones_own(page, submitted, make_candidate):
    Message.objects.create(
        recipient=make_candidate().user, channel="email", address="x@example.org", kind="application.x", body="别人的"
    )
    text = page.get(url("messages")).content.decode()
    assert submitted.registration_no in text
    assert "别人的" not in text


def test_staff_are_sent_to_their_own_side_and_strangers_to_the_door(client, staff):
    assert client.get(url("home")).url.startswith(reverse("account_login"))
    client.force_login(staff(Role.UNIT_HR))
    assert client.get(url("home")).status_code in (302, 403)
    assert not Candidate.objects.exists()


def test_an_account_becomes_a_candidate_on_the_first_visit(newcomer):
    newcomer.get(url("home"))
    user = User.objects.get(username="new")
    assert register_candidate(user=user) == Candidate.objects.get()


def test_a_candidate_leaves_from_the_own_pages(page, draft):
    home = reverse("portal:home")
    text = page.get(home).content.decode()
    assert f'action="{reverse("account_logout")}"' in text
    assert "退出登录" in text
    page.post(reverse("account_logout"))
    assert page.get(home).status_code == 302


@pytest.mark.parametrize("one_post", [True, False])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_second_position_shows_the_rule_or_the_way_to_apply(page, draft, make_position, one_post, language):
    set_knobs(draft.campaign, registration={"one_post": one_post})
    other = make_position("0102")
    page.cookies["django_language"] = language
    shown = page.get(reverse("portal:position", args=[other.pk])).content.decode()
    rule = Explanation("registration.one_post", {"number": draft.registration_no})
    assert (rule.text("en" if language == "en" else "zh") in shown) is one_post
    assert (reverse("portal:change", args=[other.pk, draft.registration_no]) in shown) is one_post
    assert (reverse("portal:start", args=[other.pk]) in shown) is not one_post
