import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection

from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.applications.models import Application, EligibilityReview, Transition
from recruitment.applications.pledge import current_pledge
from recruitment.candidates.domain import save_profile
from rulebook.eligibility import DECLARATIONS
from tests.applicants import CLOSES, NOTHING_APPLIES, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(candidate, position):
    return domain.start_application(actor=candidate.user, candidate=candidate, position=position)


def test_submitting_freezes_what_was_said_and_sends_a_receipt(draft, submit):
    application = submit(draft, form={"note": "证书待发"})
    document = json.loads(application.snapshot)
    assert document["profile"]["name"] == "林知微"
    assert document["form"] == {"note": "证书待发"}
    assert application.snapshot_digest == hashlib.sha256(application.snapshot.encode()).hexdigest()
    assert (application.state, application.submitted_at) == ("submitted", NOW)
    assert (application.pledge_version, application.pledge_digest) == (
        current_pledge().version,
        current_pledge().digest,
    )
    assert EligibilityReview.objects.get().verdict == "pending"
    message = Message.objects.get()
    assert (message.kind, message.address) == ("application.submitted", draft.candidate.user.email)
    assert application.registration_no in message.body


def test_the_snapshot_stays_when_the_profile_changes(draft, submit):
    application = submit(draft)
    save_profile(actor=draft.candidate.user, candidate=draft.candidate, answers={"household": "云岫县"})
    application.refresh_from_db()
    assert json.loads(application.snapshot)["profile"]["household"] == ""


def test_snapshot_and_draft_are_encrypted_in_the_table(draft, submit):
    submit(draft, form={"note": "只有本人知道"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot, draft FROM applications_application")
        stored = str(cursor.fetchone())
    assert "林知微" not in stored
    assert "只有本人知道" not in stored


def test_a_double_click_submits_once(draft, submit):
    submit(draft)
    again = submit(draft)
    assert again.state == "submitted"
    assert Transition.objects.filter(move="submit").count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("moment", "goes"), [(CLOSES - timedelta(seconds=1), True), (CLOSES, False)])
def test_submitting_ends_at_the_moment_of_closing(draft, submit, time_machine, moment, goes):
    time_machine.move_to(moment, tick=False)
    if goes:
        assert submit(draft).submitted_at == moment
        return
    with pytest.raises(Refused) as refusal:
        submit(draft)
    assert refusal.value.code == "closed"
    draft.refresh_from_db()
    assert (draft.state, draft.snapshot) == ("draft", "")


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_every_declaration_of_the_negative_list_bars_submission(draft, submit, declaration):
    with pytest.raises(Refused) as refusal:
        submit(draft, declarations={**NOTHING_APPLIES, declaration: True})
    assert refusal.value.code == "barred"
    assert Application.objects.get().state == "draft"


def test_an_open_declaration_blocks_submission(draft, submit):
    with pytest.raises(Refused) as refusal:
        submit(draft, declarations={})
    assert refusal.value.code == "declarations_open"


def test_an_older_pledge_must_be_read_again(draft, submit):
    with pytest.raises(Refused) as refusal:
        submit(draft, pledge_version="2001-1")
    assert refusal.value.code == "pledge_changed"


def test_an_incomplete_profile_is_named_field_by_field(draft, submit):
    save_profile(actor=draft.candidate.user, candidate=draft.candidate, answers={"political_status": ""})
    with pytest.raises(Refused) as refusal:
        submit(draft)
    assert refusal.value.code == "incomplete"


def test_a_stale_window_is_told_and_overwrites_nothing(draft, candidate):
    first = domain.save_draft(actor=candidate.user, application=draft, form={"note": "第一个窗口"}, revision=0)
    with pytest.raises(Refused) as refusal:
        domain.save_draft(actor=candidate.user, application=draft, form={"note": "第二个窗口"}, revision=0)
    assert refusal.value.code == "stale_revision"
    draft.refresh_from_db()
    assert json.loads(draft.draft) == {"note": "第一个窗口"}
    domain.save_draft(actor=candidate.user, application=draft, form={"note": "第二个窗口"}, revision=first)
    assert json.loads(draft.draft) == {"note": "第二个窗口"}


def test_what_is_submitted_takes_no_more_drafts(submitted):
    with pytest.raises(Refused) as refusal:
        domain.save_draft(actor=submitted.candidate.user, application=submitted, form={}, revision=submitted.revision)
    assert refusal.value.code == "wrong_state"


def test_others_can_neither_write_nor_submit(draft, submit, make_candidate, reviewer):
    for other in (make_candidate().user, reviewer):
        with pytest.raises(NotAllowed):
            domain.save_draft(actor=other, application=draft, form={}, revision=0)
        with pytest.raises(NotAllowed):
            submit(draft, actor=other)


def test_a_submitted_one_may_be_taken_back_until_someone_reviewed_it(submitted, submit, reviewer):
    draft = domain.recall_application(actor=submitted.candidate.user, application=submitted)
    assert draft.state == "draft"
    domain.pass_review(actor=reviewer, application=submit(draft))
    with pytest.raises(Refused):
        domain.recall_application(actor=submitted.candidate.user, application=submitted)


def test_a_returned_one_comes_back_until_the_window_closes_and_not_after(submitted, submit, reviewer, time_machine):
    domain.return_application(
        actor=reviewer, application=submitted, reason_code="entry_unclear", reason="请写清毕业时间"
    )
    time_machine.move_to(CLOSES, tick=False)
    with pytest.raises(Refused) as refusal:
        submit(submitted)
    assert refusal.value.code == "closed"
    time_machine.move_to(CLOSES - timedelta(seconds=1), tick=False)
    assert submit(submitted).state == "submitted"
    assert EligibilityReview.objects.get().verdict == "pending"


def test_withdrawing_is_for_oneself_or_recorded_by_staff_with_words(submitted, reviewer, make_candidate):
    with pytest.raises(NotAllowed):
        domain.withdraw_application(actor=make_candidate().user, application=submitted)
    with pytest.raises(Refused):
        domain.withdraw_application(actor=reviewer, application=submitted)
    gone = domain.withdraw_application(actor=reviewer, application=submitted, reason="3月20日来电，书面确认")
    assert gone.state == "withdrawn"
