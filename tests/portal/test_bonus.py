"""Claiming bonus in the portal: the form, what is told of a decision, and what nobody else finds."""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.files.models import PrivateFile, private_storage
from recruitment.examinations import domain
from recruitment.examinations.models import BonusClaim, BonusReason
from tests.applicants import SHANGHAI
from tests.bonuses import GROUND, picture, set_bonus

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, claimant):
    client.force_login(claimant.user)
    return client


def url(claimant, name="bonus", *more):
    return reverse(f"portal:{name}", args=[claimant.application.registration_no, *more])


def body(answer):
    return answer.content.decode()


def form(claimant, **changes):
    return {"ground": GROUND, "years": 2, "months": 11, "document": str(claimant.proof.pk), **changes}


def stored():
    return {str(path) for path in walk(private_storage())}


def walk(storage, folder=""):
    folders, files = storage.listdir(folder)
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from walk(storage, f"{folder}{name}/")


def test_a_claim_with_a_document_that_is_there(page, claimant):
    assert url(claimant) in body(page.get(url(claimant, "application")))
    answer = page.post(url(claimant), form(claimant), follow=True)
    claim = BonusClaim.objects.get()
    assert (claim.ground, claim.months, claim.document) == (GROUND, 35, claimant.proof)
    text = body(answer)
    assert "加分申请已提交" in text
    assert "2年零11个月" in text
    assert "待审核" in text


def test_a_claim_with_a_new_document_keeps_both(page, claimant):
    page.post(url(claimant), form(claimant, document="", file=SimpleUploadedFile("服务证明.jpg", picture())))
    claim = BonusClaim.objects.get()
    assert (claim.document.kind, claim.document.file.name) == ("bonus", "服务证明.jpg")
    assert claim.document.candidate == claimant.candidate


@pytest.mark.parametrize("changes", [{"years": 0}, {"years": ""}, {"document": ""}, {"ground": "x"}, {"document": "9"}])
def test_what_is_missing_is_said_and_nothing_is_kept(page, claimant, changes):
    answer = page.post(url(claimant), form(claimant, **changes))
    assert answer.status_code == 409
    assert "error-summary" in body(answer)
    assert not BonusClaim.objects.exists()


def test_a_refused_claim_leaves_no_document_behind(page, claimant):
    before, files = PrivateFile.objects.count(), stored()
    page.post(url(claimant), form(claimant, document="", years=0, file=SimpleUploadedFile("a.jpg", picture())))
    assert PrivateFile.objects.count() == before
    assert stored() == files
    assert claimant.candidate.documents.get() == claimant.proof


def test_a_decision_is_read_with_its_reason_or_its_points(page, exam, claimant, campaign):
    set_bonus(campaign, items=[{"kind": GROUND, "per_year": 2}, {"kind": "退役大学生士兵", "fixed": 4}])
    first, second = claimant.claim(months=50), claimant.claim(ground="退役大学生士兵")
    domain.reject_claim(
        actor=exam.office, claim=second, reason_code=BonusReason.UNREADABLE, reason="退役证看不清，请重拍。"
    )
    domain.accept_claim(actor=exam.office, claim=first)
    text = body(page.get(url(claimant)))
    for words in (
        str(BonusReason.UNREADABLE.label),
        "退役证看不清，请重拍。",
        str(BonusReason.UNREADABLE.label),
        "8.00",
        "可加8.00分，按上限加6.00分",
        "准予加分",
        "不予加分",
    ):
        assert words in text, words
    card = body(page.get(url(claimant, "application")))
    assert "准予加分" in card
    assert "不予加分" in card


def test_a_claim_is_withdrawn_until_it_is_decided(page, exam, claimant):
    claim = claimant.claim()
    address = url(claimant, "bonus-withdraw", claim.pk)
    assert address in body(page.get(url(claimant)))
    assert page.get(address).status_code == 405
    domain.accept_claim(actor=exam.office, claim=claim)
    assert address not in body(page.get(url(claimant)))
    assert "准予加分" in body(page.post(address, follow=True))
    domain.reopen_claim(actor=exam.office, claim=claim, reason="重新审核证明")
    page.post(address)
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_nobody_else_finds_the_page_or_the_claim(client, exam, claimant, make_claimant):
    claim, other = claimant.claim(), make_claimant()
    client.force_login(other.user)
    assert client.get(url(claimant)).status_code == 404
    assert client.post(url(claimant), form(claimant)).status_code == 404
    assert client.post(url(claimant, "bonus-withdraw", claim.pk)).status_code == 404
    assert client.post(url(other, "bonus-withdraw", claim.pk)).status_code == 404
    client.post(url(other), form(claimant))
    assert list(BonusClaim.objects.values_list("pk", "state")) == [(claim.pk, "open")]


def test_an_announcement_without_bonus_has_no_such_page(page, claimant, campaign):
    set_bonus(campaign, items=[])
    assert page.get(url(claimant)).status_code == 404
    assert url(claimant) not in body(page.get(url(claimant, "application")))


def test_the_timeline_names_the_last_day_until_it_is_over(page, claimant, campaign, time_machine):
    words = "申请加分截止日"
    assert words not in body(page.get(url(claimant, "application")))
    set_bonus(campaign, deadline=date(2026, 4, 10))
    text = body(page.get(url(claimant, "application")))
    assert words in text
    assert "2026年4月10日" in text
    time_machine.move_to(datetime(2026, 4, 11, tzinfo=SHANGHAI), tick=False)
    page.force_login(claimant.user)
    assert words not in body(page.get(url(claimant, "application")))
    late = page.post(url(claimant), form(claimant))
    assert late.status_code == 409
    assert "4月10日" in body(late)
    assert not BonusClaim.objects.exists()


def test_the_page_says_what_the_announcement_says(page, claimant):
    text = body(page.get(url(claimant)))
    assert "服务基层项目每服务满一年加2分。" in text
    assert "加分最高不超过6分。" in text
    client_words = page.get(url(claimant), headers={"accept-language": "en"})
    assert client_words.status_code == 200


def test_the_page_costs_the_same_for_one_claim_and_for_many(page, claimant, campaign, django_assert_num_queries):
    set_bonus(campaign, items=[{"kind": GROUND, "per_year": 2}, *({"kind": f"项目{n}", "fixed": 1} for n in range(8))])
    claimant.claim()
    page.get(url(claimant))
    with django_assert_num_queries(12):
        page.get(url(claimant))
    for number in range(8):
        claimant.claim(ground=f"项目{number}")
    with django_assert_num_queries(12):
        page.get(url(claimant))
