"""The notice of an award: corrected like any list of the press, and open to objections while it runs."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from foundation.ui.office import todos_of
from recruitment.challenges import domain
from recruitment.challenges.ledger import bid_ledger
from recruitment.challenges.lists import correct_award, prepare_award
from recruitment.challenges.models import AwardObjection, Bid, Challenge
from recruitment.challenges.queries import is_result_public, told_challenge_state
from recruitment.publications.domain import discard, release, withdraw
from recruitment.publications.domain import review as review_list
from recruitment.publications.models import Publication
from tests.bidders import RULES
from tests.challenges.test_domain import agreement, code_of
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def awarded(challenge, make_bid, open_all, review, office):
    first, second_bid = make_bid(), make_bid()
    open_all()
    review({first: ("80", "84"), second_bid: ("90", "87")})
    return domain.award_challenge(actor=office, challenge=challenge, decision="纪要3号")


@pytest.fixture
def notice(awarded, challenge, office, second):
    return out(prepare_award(actor=office, challenge=challenge), second)


def out(publication, person):
    review_list(actor=person, publication=publication)
    return release(actor=person, publication=publication)


def now_of(challenge):
    return Challenge.objects.select_related("notice", "campaign").get(pk=challenge.pk)


def test_a_notice_that_is_out_stands_until_its_correction_is_released(notice, challenge, office, second, time_machine):
    time_machine.move_to(notice.released_at + timedelta(days=2), tick=False)
    draft = correct_award(actor=office, challenge=challenge, decision="纪要4号")
    assert now_of(challenge).notice == notice
    assert is_result_public(now_of(challenge))
    assert "纪要4号" in draft.intro
    draft = out(draft, second)
    assert now_of(challenge).notice == draft
    notice.refresh_from_db()
    assert (notice.state, draft.supersedes_id) == ("withdrawn", notice.pk)
    assert draft.notice_ends_at > notice.notice_ends_at
    assert Message.objects.filter(kind="bid.decided").count() == 4


def test_the_rules_may_keep_the_period_of_the_first_notice(request, challenge, office, second, time_machine):
    kept = RULES.notice.model_copy(update={"restart_on_change": False})
    set_rules(challenge.campaign, RULES.model_copy(update={"notice": kept}))
    notice = request.getfixturevalue("notice")
    time_machine.move_to(notice.released_at + timedelta(days=2), tick=False)
    draft = out(correct_award(actor=office, challenge=challenge), second)
    assert draft.notice_ends_at == notice.notice_ends_at


def test_the_press_room_itself_corrects_an_award(notice, challenge, office, client):
    client.force_login(office)
    client.post(f"/admin/press/{notice.pk}/correct/")
    assert Publication.objects.get(supersedes=notice).state == "draft"
    assert code_of(correct_award, actor=office, challenge=challenge) == "correction_waits"


def test_a_withdrawn_notice_is_replaced_by_one_that_cites_it(notice, challenge, office, second):
    withdraw(actor=second, publication=notice, reason="有误")
    assert not is_result_public(now_of(challenge))
    draft = prepare_award(actor=office, challenge=challenge)
    assert (draft.supersedes_id, now_of(challenge).notice_id) == (notice.pk, notice.pk)
    out(draft, second)
    assert is_result_public(now_of(challenge))


def test_no_agreement_is_signed_over_a_waiting_correction(notice, awarded, challenge, office, time_machine):
    draft = correct_award(actor=office, challenge=challenge)
    time_machine.move_to(notice.notice_ends_at, tick=False)
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement()) == "correction_waits"
    discard(actor=office, publication=draft, reason="不需要")
    domain.sign_engagement(actor=office, bid=awarded, **agreement())
    assert code_of(correct_award, actor=office, challenge=challenge) == "signed"


def test_before_any_notice_there_is_nothing_to_correct(awarded, challenge, office):
    assert code_of(correct_award, actor=office, challenge=challenge) == "no_notice"
    prepare_award(actor=office, challenge=challenge)
    assert code_of(correct_award, actor=office, challenge=challenge) == "no_notice"


@pytest.mark.parametrize(("after", "is_taken"), [(timedelta(seconds=-1), True), (timedelta(), False)])
def test_objections_are_taken_while_the_notice_runs(notice, challenge, office, time_machine, after, is_taken):
    time_machine.move_to(notice.notice_ends_at + after, tick=False)
    if is_taken:
        assert domain.object_to_award(actor=office, challenge=challenge, summary="成果不属实").decided_at is None
    else:
        assert code_of(domain.object_to_award, actor=office, challenge=challenge, summary="成果") == "not_in_notice"


def test_before_the_release_no_objection_is_taken(awarded, challenge, office):
    prepare_award(actor=office, challenge=challenge)
    assert code_of(domain.object_to_award, actor=office, challenge=challenge, summary="成果") == "not_in_notice"


def test_the_agreement_waits_for_the_decision_of_an_objection(notice, awarded, challenge, office, time_machine):
    objection = domain.object_to_award(actor=office, challenge=challenge, summary="成果不属实")
    assert ("待处理的中榜异议", 1) in [(str(item.label), item.count) for item in todos_of(office)]
    time_machine.move_to(notice.notice_ends_at, tick=False)
    assert code_of(domain.sign_engagement, actor=office, bid=awarded, **agreement()) == "objection"
    domain.decide_award_objection(actor=office, objection=objection, is_upheld=False, decision="查无实据")
    domain.sign_engagement(actor=office, bid=awarded, **agreement())
    told = {"actor": office, "objection": objection, "is_upheld": True, "decision": "再议"}
    assert code_of(domain.decide_award_objection, **told) == "decided"


def test_an_upheld_objection_ends_the_board_without_an_award(notice, awarded, challenge, office):
    objection = domain.object_to_award(actor=office, challenge=challenge, summary="成果不属实")
    domain.decide_award_objection(actor=office, objection=objection, is_upheld=True, decision="成果系他人所有")
    challenge = now_of(challenge)
    assert (challenge.state, challenge.decision) == ("failed", "成果系他人所有")
    assert told_challenge_state(challenge) == "failed"
    assert challenge.notice.state == "withdrawn"
    assert set(Bid.objects.values_list("state", flat=True)) == {"not_awarded"}
    assert Message.objects.filter(kind="bid.failed").count() == 2
    assert AuditEntry.objects.filter(action="challenges.annul_award").count() == 1


def test_a_correction_of_a_void_award_does_not_go_out(notice, challenge, office, second):
    draft = correct_award(actor=office, challenge=challenge)
    review_list(actor=second, publication=draft)
    objection = domain.object_to_award(actor=office, challenge=challenge, summary="成果不属实")
    domain.decide_award_objection(actor=office, objection=objection, is_upheld=True, decision="成果系他人所有")
    with pytest.raises(Refused) as refusal:
        release(actor=second, publication=draft)
    assert refusal.value.code == "wrong_state"
    draft.refresh_from_db()
    assert draft.sequence is None


@pytest.mark.parametrize("told", [{"summary": " "}, {}])
def test_who_may_not_and_what_lacks_is_refused(notice, challenge, office, unit_hr, told):
    if told:
        assert code_of(domain.object_to_award, actor=office, challenge=challenge, **told) == "summary"
    else:
        with pytest.raises(NotAllowed):
            domain.object_to_award(actor=unit_hr, challenge=challenge, summary="成果")
    assert not AwardObjection.objects.exists()


def test_correction_and_objection_go_by_their_pages_and_the_unit_reads_no_objection(
    notice, challenge, office, second, unit_hr, client
):
    page = "/admin/challenges/榜1/"
    client.force_login(office)
    names = {act.name for act in client.get(page).context["acts"]}
    assert names == {"correct-notice", "objection"}
    for name, told in (("objection", {"summary": "成果不属实"}), ("correct-notice", {"decision": "纪要4号"})):
        assert client.get(f"{page}{name}/").status_code == 200
        assert client.post(f"{page}{name}/", told).status_code == 302
    objection = AwardObjection.objects.get()
    text = client.get(f"{page}decide/").content.decode()
    assert "成果不属实" in text
    assert client.post(f"{page}decide/", {"objection": objection.pk}).status_code == 422
    told = {"objection": objection.pk, "outcome": "cleared", "decision": "查无实据"}
    assert client.post(f"{page}decide/", told).status_code == 302
    assert "查无实据" in client.get(page).content.decode()
    client.logout()
    client.force_login(unit_hr)
    assert "成果不属实" not in client.get(page).content.decode()


def test_an_auditor_reads_objections_and_decides_none(notice, challenge, office, staff, client):
    objection = domain.object_to_award(actor=office, challenge=challenge, summary="成果不属实")
    auditor = staff(Role.AUDITOR)
    client.force_login(auditor)
    assert "成果不属实" in client.get("/admin/challenges/榜1/").content.decode()
    with pytest.raises(NotAllowed):
        domain.decide_award_objection(actor=auditor, objection=objection, is_upheld=False, decision="无")


def test_office_and_bidder_read_the_same_steps_of_score_and_place(awarded, challenge, office, second, client):
    other = challenge.bids.exclude(pk=awarded.pk).get()
    client.force_login(office)
    page = client.get(f"/admin/challenges/{challenge.code}/bids/{awarded.number}/")
    steps = page.context["score_steps"]
    assert steps[0].startswith(f"{awarded.score:.2f} = ")
    assert steps[1] == f"成绩{awarded.score:.2f}，第1名"
    assert len(steps) == 3
    assert bid_ledger(Bid.objects.get(pk=other.pk)) == []
    out(prepare_award(actor=office, challenge=challenge), second)
    for bid, last in ((awarded, steps[2]), (other, "，第2名")):
        client.force_login(bid.candidate.user)
        told = client.get(f"/my/bids/{bid.number}/").context["ledger"]
        assert told[0].steps[-1].endswith(last)
    client.force_login(awarded.candidate.user)
    assert client.get(f"/my/bids/{awarded.number}/").context["ledger"][0].steps == steps
