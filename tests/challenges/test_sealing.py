"""Nobody reads a bid before both officers open all of them, with the database and every key of the server in hand."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from foundation.fields import DecryptionError, EncryptedTextField, decrypt
from foundation.messages.models import Message
from recruitment.challenges import domain, sealing
from recruitment.challenges.models import Bid, Challenge, KeyHalf
from recruitment.demo.keys import keep_halves
from tests.bidders import CLOSE

pytestmark = pytest.mark.django_db

PLAN, QUOTE, TEAM, HOME = "以液氮速冻保持叶绿素", "276543", "教授甲与博士乙", "南岭农业大学保鲜所"


def code_of(verb, **arguments):
    with pytest.raises((Refused, NotAllowed)) as refusal:
        verb(**arguments)
    return refusal.value.code


def everything_stored():
    """Every value of every column of every table as text, and each encrypted one also as the server's keys open it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(value) for row in cursor.fetchall() for value in row if value is not None]
    contexts = [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]
    ours = tuple(entry.split(":", 1)[0] + ":" for entry in settings.FIELD_KEYS)
    return [*found, *(text for value in found if value.startswith(ours) for text in opened(value, contexts))]


def opened(value, contexts):
    texts = []
    for context in contexts:
        try:
            texts.append(decrypt(value, context=context))
        except DecryptionError:
            continue
    return texts


def compact(text):
    return re.sub(r"[-\s]", "", text)


@pytest.fixture
def bid(make_bid):
    return make_bid(PLAN, QUOTE, team=TEAM, home_unit=HOME)


def stored_with(needles):
    values = everything_stored()
    # Text as it is, as JSON escapes it, and in the two usual writings of bytes.
    forms = {
        needle: {needle, json.dumps(needle)[1:-1], needle.encode().hex(), repr(needle.encode())[2:-1]}
        for needle in needles
    }
    return {needle for needle, writings in forms.items() if any(form in value for value in values for form in writings)}


def test_before_the_opening_neither_content_nor_a_private_key_is_anywhere_in_the_database(bid, halves, challenge):
    secrets = {secret for _person, secret in halves}
    assert stored_with({PLAN, QUOTE, TEAM, HOME}) == set()
    kept = [compact(value) for value in everything_stored()]
    assert not any(compact(secret) in value for secret in secrets for value in kept)
    raw = {sealing._read(secret).private_bytes_raw().hex() for secret in secrets}
    assert not any(key in value for key in raw for value in kept)


def test_the_search_itself_would_find_content_and_halves(bid, open_all, halves, challenge):
    """The negative control: once opened, the same search finds everything, and no half that was handed in."""
    open_all()
    assert stored_with({PLAN, QUOTE, TEAM, HOME}) == {PLAN, QUOTE, TEAM, HOME}
    kept = [compact(value) for value in everything_stored()]
    assert not any(compact(secret) in value for _person, secret in halves for value in kept)
    KeyHalf.objects.filter(place=1).update(handed_in=halves[0][1])
    assert halves[0][1] in everything_stored()


def test_all_keys_of_the_server_do_not_open_a_box(bid):
    for key_id, key in (entry.split(":", 1) for entry in settings.FIELD_KEYS):
        with pytest.raises(DecryptionError):
            decrypt(f"{key_id}:{bid.sealed.removeprefix('s1:')}", context="challenges.bid.plan")
        with pytest.raises((sealing.BadHalf, sealing.BrokenSeal)):
            sealing.unseal([key, key], bid.sealed, context=bid.number)


def test_one_half_opens_nothing_even_in_both_places(bid, halves):
    (_first, mine), (_second, theirs) = halves
    for pair in ([mine, mine], [theirs, theirs], [theirs, mine], [mine, sealing.new_half().secret]):
        with pytest.raises(sealing.BrokenSeal):
            sealing.unseal(pair, bid.sealed, context=bid.number)
    content = json.loads(sealing.unseal([mine, theirs], bid.sealed, context=bid.number))
    assert (content["plan"], content["quote"]) == (PLAN, QUOTE)


def test_a_box_opens_under_its_own_number_only(bid, halves):
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal([secret for _person, secret in halves], bid.sealed, context="B260300000001")


def test_a_half_survives_printing_and_typing_and_a_slip_is_noticed():
    half = sealing.new_half()
    typed = f"榜1\n密钥半份\n{half.secret.lower().replace('-', ' ')}\n"
    assert sealing.public_of(typed) == half.public
    assert sealing.secret_in(typed) == half.secret
    wrong = half.secret[:-4] + ("A" if half.secret[-4] != "A" else "B") + half.secret[-3:]
    for text in ("", "ZX1", half.secret[:-3], wrong):
        with pytest.raises(sealing.BadHalf):
            sealing.public_of(text)


def test_each_officer_makes_one_half_and_a_third_none(need, office, second, staff):
    from accounts.enums import Role

    assert code_of(domain.make_key_half, actor=office, challenge=need) == "wrong_state"
    domain.confirm_need(actor=office, challenge=need)
    domain.make_key_half(actor=office, challenge=need)
    assert code_of(domain.publish_challenge, actor=office, challenge=need) == "no_key"
    domain.make_key_half(actor=office, challenge=need)
    assert KeyHalf.objects.values_list("place", "holder__username").get() == (1, "talent")
    assert code_of(domain.publish_challenge, actor=office, challenge=need) == "no_key"
    domain.make_key_half(actor=second, challenge=need)
    third = staff(Role.TALENT_OFFICE, username="third")
    assert code_of(domain.make_key_half, actor=third, challenge=need) == "two_holders"
    assert code_of(domain.make_key_half, actor=staff(Role.LEADER), challenge=need) == "not_allowed"
    domain.publish_challenge(actor=office, challenge=need)
    assert code_of(domain.make_key_half, actor=office, challenge=need) == "wrong_state"
    assert set(KeyHalf.objects.values_list("place", "holder__username")) == {(1, "talent"), (2, "talent2")}


def test_the_place_of_an_officer_who_leaves_is_freed_before_publication_only(need, halves, office, staff):
    from accounts.enums import Role

    leaver, third = KeyHalf.objects.get(place=2), staff(Role.TALENT_OFFICE, username="third")
    assert code_of(domain.discard_key_half, actor=office, half=leaver, reason=" ") == "reason_required"
    domain.discard_key_half(actor=office, half=leaver, reason="调离")
    domain.make_key_half(actor=third, challenge=need)
    domain.publish_challenge(actor=office, challenge=need)
    assert code_of(domain.discard_key_half, actor=office, half=KeyHalf.objects.get(place=1), reason="x") == (
        "wrong_state"
    )
    assert set(KeyHalf.objects.values_list("place", "holder__username")) == {(1, "talent"), (2, "third")}


def test_halves_are_handed_in_from_the_close_on(bid, halves, challenge, time_machine):
    person, secret = halves[0]
    arguments = {"actor": person, "challenge": challenge, "secret": secret}
    time_machine.move_to(CLOSE - timedelta(seconds=1), tick=False)
    assert code_of(domain.hand_in_key_half, **arguments) == "not_closed"
    assert not KeyHalf.objects.exclude(handed_in_at=None).exists()
    time_machine.move_to(CLOSE, tick=False)
    domain.hand_in_key_half(**arguments)
    assert KeyHalf.objects.exclude(handed_in_at=None).get().holder == person


def test_a_wrong_half_a_colleagues_half_and_a_person_without_one_are_refused(
    bid, halves, challenge, staff, time_machine
):
    from accounts.enums import Role

    (first, mine), (_second, theirs) = halves
    time_machine.move_to(CLOSE, tick=False)
    assert code_of(domain.hand_in_key_half, actor=first, challenge=challenge, secret="忘了") == "bad_half"
    strange = sealing.new_half().secret
    assert code_of(domain.hand_in_key_half, actor=first, challenge=challenge, secret=strange) == "wrong_half"
    assert code_of(domain.hand_in_key_half, actor=first, challenge=challenge, secret=theirs) == "wrong_half"
    third = staff(Role.TALENT_OFFICE, username="third")
    assert code_of(domain.hand_in_key_half, actor=third, challenge=challenge, secret=mine) == "no_holder"
    assert not KeyHalf.objects.exclude(handed_in_at=None).exists()


def test_the_same_officer_twice_is_one_half(bid, halves, challenge, office, time_machine):
    person, secret = halves[0]
    time_machine.move_to(CLOSE, tick=False)
    for _time in range(2):
        domain.hand_in_key_half(actor=person, challenge=challenge, secret=secret)
    assert code_of(domain.open_bids, actor=office, challenge=challenge) == "halves_missing"
    assert AuditEntry.objects.filter(action="challenges.hand_in_key_half").count() == 1
    assert Bid.objects.get().plan == ""


def test_a_half_handed_in_waits_encrypted_and_both_are_forgotten_after_the_opening(
    bid, halves, challenge, office, open_all, time_machine
):
    person, secret = halves[0]
    time_machine.move_to(CLOSE, tick=False)
    domain.hand_in_key_half(actor=person, challenge=challenge, secret=secret)
    raw = KeyHalf.objects.extra(select={"raw": "handed_in"}).values_list("raw", flat=True).get(place=1)
    assert raw
    assert secret not in raw
    open_all()
    assert set(KeyHalf.objects.values_list("handed_in", flat=True)) == {""}


def test_all_bids_are_opened_at_once_with_one_entry_and_a_second_opening_changes_nothing(
    make_bid, open_all, challenge, office
):
    bids = [make_bid(f"方案{number}", str(1000 + number)) for number in range(3)]
    open_all()
    assert set(Bid.objects.values_list("number", "plan", "quote", "opened_at")) == {
        (bid.number, f"方案{number}", str(1000 + number), CLOSE) for number, bid in enumerate(bids)
    }
    domain.open_bids(actor=office, challenge=challenge)
    entry = AuditEntry.objects.get(action="challenges.open_bids")
    assert entry.after["bids"] == 3
    assert Message.objects.filter(kind="bid.opened").count() == 3
    raw = list(Bid.objects.extra(select={"p": "plan", "q": "quote"}).values_list("p", "q"))
    assert not any("方案" in value or value in {"1000", "1001", "1002"} for row in raw for value in row)


@pytest.mark.parametrize("tamper", ["flip", "swap", "replace", "digest"])
def test_a_changed_box_is_named_and_then_no_bid_is_opened(make_bid, halves, challenge, open_all, tamper):
    good, bad = make_bid(), make_bid(PLAN)
    publics = list(challenge.key_halves.order_by("place").values_list("public_key", flat=True))
    sealed = {
        "flip": bad.sealed[:60] + ("A" if bad.sealed[60] != "A" else "B") + bad.sealed[61:],
        "swap": good.sealed,
        "replace": sealing.seal(publics, b'{"plan": "x"}', context=bad.number),
        "digest": bad.sealed,
    }[tamper]
    digest = "0" * 64 if tamper == "digest" else bad.digest
    Bid.objects.filter(pk=bad.pk).update(sealed=sealed, digest=digest)
    with pytest.raises(Refused) as refusal:
        open_all()
    assert refusal.value.code == "broken_seal"
    assert bad.number in refusal.value.message
    assert good.number not in refusal.value.message
    assert set(Bid.objects.values_list("plan", "opened_at")) == {("", None)}
    assert Challenge.objects.get().opened_at is None


def test_without_any_bid_there_is_nothing_to_open_and_the_board_fails(challenge, open_all, office):
    with pytest.raises(Refused) as refusal:
        open_all()
    assert refusal.value.code == "no_bids"
    domain.fail_challenge(actor=office, challenge=challenge, reason="无人揭榜")
    assert Challenge.objects.get().state == "failed"


def test_with_a_half_lost_the_board_fails_unread_and_its_leads_are_told(bid, challenge, office, time_machine):
    time_machine.move_to(CLOSE, tick=False)
    domain.fail_challenge(actor=office, challenge=challenge, reason="密钥遗失，重新发榜")
    assert Bid.objects.values_list("state", "plan").get() == ("not_awarded", "")
    assert "密钥遗失" in Message.objects.get(kind="bid.failed").body


def test_the_database_itself_refuses_an_open_plan_in_a_sealed_bid(bid):
    from django.db import IntegrityError, transaction

    for values in ({"plan": PLAN}, {"quote": QUOTE}, {"team": TEAM}, {"home_unit": HOME}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bid.objects.filter(pk=bid.pk).update(**values)


def test_equal_bids_look_different_and_their_digest_gives_nothing_to_guess_from(make_bid):
    first, other = make_bid(PLAN, QUOTE), make_bid(PLAN, QUOTE)
    assert first.sealed != other.sealed
    assert first.digest != other.digest


def test_the_demo_leaves_each_half_with_its_officer(tmp_path, settings):
    settings.DATA_DIR = str(tmp_path)
    folder = keep_halves({"CH2-1": {"talent": "ZX1-AAAA", "talent2": "ZX1-BBBB"}})
    kept = {str(file.relative_to(folder)): file for file in folder.rglob("*.txt")}
    assert {name: file.read_text(encoding="utf-8") for name, file in kept.items()} == {
        "talent/CH2-1.txt": "CH2-1\nZX1-AAAA\n",
        "talent2/CH2-1.txt": "CH2-1\nZX1-BBBB\n",
    }
    assert {file.stat().st_mode & 0o777 for file in kept.values()} == {0o600}
