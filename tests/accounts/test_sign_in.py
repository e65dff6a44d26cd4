import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts import domain
from accounts.enums import Role, SignInResult, TextKind
from accounts.models import Acceptance, LoginEvent, User
from accounts.privacy import current_notice
from foundation.messages.models import Message

pytestmark = pytest.mark.django_db
PASSWORD = "one-long-Password-7"
LOGIN, CODE_LOGIN, SIGN_UP = "/account/login/", "/account/login/code/", "/account/signup/"


@pytest.fixture(autouse=True)
def _entrance(settings):
    settings.LOGIN_REDIRECT_URL = "/privacy/"
    settings.SECOND_FACTOR_REQUIRED = True


def code_sent_to(address):
    message = next(message for message in Message.objects.order_by("-pk") if message.address == address)
    return re.search(r"\b\d{6}\b", message.body).group()


def sign_up(client, contact, **changes):
    return client.post(SIGN_UP, {"contact": contact, "accept": "on", "notice": current_notice().version, **changes})


@pytest.fixture
def clerk(staff):
    user = staff(Role.TALENT_OFFICE, username="wang")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def clerk_with_factor(clerk, console):
    User.objects.filter(pk=clerk.pk).update(is_demo=True)
    [(_name, _password, secret)] = domain.reset_demo_passwords(actor=console)
    clerk.set_password(PASSWORD)
    clerk.save()
    clerk.secret = secret
    return clerk


def totp(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("typed", ["13800138001", "+8613800138001", "138 0013-8001", "１３８００１３８００１"])
def test_a_candidate_signs_up_with_a_phone_and_its_code(client, typed):
    assert sign_up(client, typed).url == reverse("account_verify_phone")
    assert "_auth_user_id" not in client.session
    client.post(reverse("account_verify_phone"), {"code": code_sent_to("+8613800138001")})
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert (user.kind, user.phone, user.phone_verified_at is not None) == ("candidate", "+8613800138001", True)
    assert not user.has_usable_password()
    assert "138" not in user.username


def test_a_candidate_signs_up_with_an_e_mail_and_its_code(client):
    sign_up(client, "Lin@Example.com")
    assert "_auth_user_id" not in client.session
    client.post(reverse("account_email_verification_sent"), {"code": code_sent_to("lin@example.com")})
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert EmailAddress.objects.get(user=user).verified
    assert "lin" not in user.username


@pytest.mark.parametrize("contact", ["13800138001", "lin@example.com"])
@pytest.mark.parametrize("door", [SIGN_UP, CODE_LOGIN])
def test_the_page_that_asks_for_the_code_says_where_it_was_sent(client, door, contact):
    values = {"contact": contact, "accept": "on", "notice": current_notice().version}
    page = client.post(door, values, follow=True)
    shown = "13800138001" if contact[0] == "1" else contact
    assert (page.status_code, shown in page.content.decode()) == (200, True)


def test_no_account_without_the_privacy_notice_of_today(client):
    sign_up(client, "13800138001", accept="")
    answer = sign_up(client, "13800138001", notice="2020-01-01")
    assert current_notice().version in answer.content.decode()
    assert not User.objects.filter(kind="candidate").exists()
    sign_up(client, "13800138001")
    accepted = Acceptance.objects.get()
    assert (accepted.kind, accepted.version, accepted.digest) == (
        TextKind.PRIVACY_NOTICE,
        current_notice().version,
        current_notice().digest,
    )


@pytest.mark.parametrize("contact", ["12345", "1380013800", "a@", "+86 23800138001", "x"])
def test_what_is_neither_phone_nor_e_mail_is_refused_in_words(client, contact):
    answer = sign_up(client, contact)
    assert answer.status_code == 200
    assert answer.context["form"].errors["contact"]


def test_signing_up_twice_looks_the_same_and_makes_one_account(client, client_again, time_machine):
    first = sign_up(client, "13800138001")
    client.post(reverse("account_verify_phone"), {"code": code_sent_to("+8613800138001")})
    assert sign_up(client_again, "13800138001").status_code == 429
    time_machine.move_to(time.time() + 31)
    second = sign_up(client_again, "13800138001")
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert User.objects.filter(kind="candidate").count() == 1
    assert not re.search(r"\b\d{6}\b", Message.objects.order_by("-pk").first().body)


@pytest.fixture
def client_again():
    return Client()


@pytest.mark.parametrize("contact", ["13800138001", "lin@example.com"])
def test_a_candidate_comes_back_with_a_code(client, contact):
    user = domain.create_candidate_user(username="c1", email="lin@example.com", phone="13800138001")
    answer = client.post(CODE_LOGIN, {"contact": contact})
    assert answer.url == reverse("account_confirm_login_code")
    address = contact if "@" in contact else "+8613800138001"
    answer = client.post(answer.url, {"code": code_sent_to(address)})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert LoginEvent.objects.values_list("result", "method", "user").get() == (SignInResult.SUCCESS, "code", user.pk)


def test_an_unknown_contact_gets_the_same_answer_and_no_code(client):
    known = domain.create_candidate_user(username="c1", phone="13800138001")
    answers = [client.post(CODE_LOGIN, {"contact": contact}) for contact in ("13800138001", "13900139002")]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, reverse("account_confirm_login_code"))}
    coded = [message.recipient for message in Message.objects.all() if re.search(r"\b\d{6}\b", message.body)]
    assert coded == [known]


def test_three_wrong_codes_end_the_try_and_leave_events(client):
    user = domain.create_candidate_user(username="c1", phone="13800138001")
    client.post(CODE_LOGIN, {"contact": "13800138001"})
    right = code_sent_to("+8613800138001")
    for _try in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "000000" if right != "000000" else "111111"})
    client.post(reverse("account_confirm_login_code"), {"code": right})
    assert "_auth_user_id" not in client.session
    assert list(LoginEvent.objects.values_list("result", "user")) == [(SignInResult.FAILURE, user.pk)] * 3


def test_a_code_is_too_old_after_five_minutes(client, time_machine):
    domain.create_candidate_user(username="c1", phone="13800138001")
    client.post(CODE_LOGIN, {"contact": "13800138001"})
    time_machine.move_to(time.time() + 301)
    client.post(reverse("account_confirm_login_code"), {"code": code_sent_to("+8613800138001")})
    assert "_auth_user_id" not in client.session


def test_codes_to_one_contact_are_limited_whoever_asks():
    domain.create_candidate_user(username="c1", phone="13800138001")
    answers = [
        Client().post(CODE_LOGIN, {"contact": "13800138001"}, REMOTE_ADDR=f"10.0.{n}.1").status_code for n in range(4)
    ]
    assert answers == [302, 302, 302, 200]
    assert Message.objects.count() == 3


@pytest.mark.parametrize("contact", ["wang@example.com", "13700137000"])
def test_staff_get_no_code(client, clerk, contact):
    EmailAddress.objects.create(user=clerk, email="wang@example.com", verified=True, primary=True)
    domain.change_phone(user=clerk, phone="13700137000", verified=True)
    answer = client.post(CODE_LOGIN, {"contact": contact})
    assert answer.url == reverse("account_confirm_login_code")
    assert not [message for message in Message.objects.all() if re.search(r"\b\d{6}\b", message.body)]


def test_staff_without_a_second_factor_see_only_its_set_up(client, clerk):
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    assert client.get("/admin/").url == reverse("mfa_index")
    assert client.get("/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_switch_for_development_lets_staff_in_without_a_second_factor(client, clerk, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_staff_sign_in_with_password_and_second_factor(client, clerk_with_factor):
    answer = client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    answer = client.post(reverse("mfa_authenticate"), {"code": totp(clerk_with_factor.secret)})
    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert list(LoginEvent.objects.order_by("pk").values_list("result", "method")) == [
        (SignInResult.FAILURE, "mfa"),
        (SignInResult.SUCCESS, "password+mfa"),
    ]


def test_a_one_time_password_must_be_replaced_first(client, clerk_with_factor, console):
    password = domain.issue_password(actor=console, user=clerk_with_factor, reason="忘记密码")
    client.post(LOGIN, {"login": "wang", "password": password})
    client.post(reverse("mfa_authenticate"), {"code": totp(clerk_with_factor.secret)})
    assert client.get("/admin/").url == reverse("account_change_password")
    new = "another-Long-password-8"
    client.post(reverse("account_change_password"), {"oldpassword": password, "password1": new, "password2": new})
    assert client.get("/admin/").status_code == 200


def test_the_last_second_factor_of_staff_stays(client, clerk_with_factor):
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": totp(clerk_with_factor.secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=clerk_with_factor).count() == 1


def test_five_wrong_passwords_lock_the_name_for_a_while_from_anywhere(client, clerk, time_machine):
    for n in range(5):
        client.post(LOGIN, {"login": "wang", "password": "wrong"}, REMOTE_ADDR=f"10.0.{n}.1")
    client.post(LOGIN, {"login": "wang", "password": PASSWORD}, REMOTE_ADDR="10.9.9.9")
    assert "_auth_user_id" not in client.session
    assert list(LoginEvent.objects.order_by("pk").values_list("result", "user", "origin")) == [
        *((SignInResult.FAILURE, clerk.pk, event.origin) for event in LoginEvent.objects.order_by("pk")[:5]),
        (SignInResult.LOCKED, clerk.pk, LoginEvent.objects.latest("pk").origin),
    ]
    time_machine.move_to(time.time() + 301)
    client.post(LOGIN, {"login": "wang", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_nothing_personal_goes_into_the_log(client, caplog):
    with caplog.at_level(0):
        sign_up(client, "13800138001")
        client.post(CODE_LOGIN, {"contact": "lin@example.com"})
        client.post(LOGIN, {"login": "13800138001", "password": PASSWORD})
    ours = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert not re.search(r"13800138001|lin@example|one-long", ours)
    assert "13800138001" not in str(list(LoginEvent.objects.values()))


def test_candidates_find_nothing_in_the_back_office(client, candidate_user):
    client.force_login(candidate_user)
    assert {client.get(url).status_code for url in ("/admin/", "/admin/pages/", "/admin/x/", "/account/2fa/")} == {404}


def test_visitors_of_the_back_office_are_led_to_the_one_door(client):
    for url in ("/admin/", "/admin/pages/"):
        assert client.get(url).url.startswith(LOGIN)
    assert client.get("/admin/login/", follow=True).redirect_chain[-1][0].startswith(LOGIN)
    assert client.get("/admin/password_reset/").status_code in (302, 404)


def test_a_superuser_flag_opens_nothing(client, candidate_user, staff, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    nobody = staff(username="nobody", is_superuser=True, is_staff=True)
    client.force_login(nobody)
    assert client.get("/admin/").status_code == 403
    User.objects.filter(pk=candidate_user.pk).update(is_superuser=True, is_staff=True)
    client.force_login(candidate_user)
    assert client.get("/admin/").status_code == 404


def test_only_system_administrators_edit_pages(client, staff, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    for role, expected in ((Role.SYSTEM_ADMINISTRATOR, True), (Role.TALENT_OFFICE, False)):
        user = staff(role)
        client.force_login(user)
        user = User.objects.get(pk=user.pk)
        assert user.has_perm("wagtailadmin.access_admin")
        assert PagePermissionPolicy().user_has_any_permission(user, {"change"}) is expected


def test_an_ended_role_takes_the_page_rights_away(console, staff, client):
    user = staff(Role.SYSTEM_ADMINISTRATOR)
    client.force_login(user)
    domain.end_role(actor=console, staff_role=user.staff_roles.get(), reason="调离")
    assert not user.groups.exists()


def test_an_idle_session_of_staff_ends(client, clerk, settings, time_machine):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(clerk)
    start = time.time()
    assert client.get("/admin/").status_code == 200
    for minutes, expected in ((29, 200), (58, 200), (89, 302)):
        time_machine.move_to(start + minutes * 60)
        assert client.get("/admin/").status_code == expected
    assert "_auth_user_id" not in client.session


def test_the_second_factor_is_stored_encrypted(clerk_with_factor):
    stored = Authenticator.objects.get(user=clerk_with_factor).data["secret"]
    assert stored.startswith("v1:")
    assert clerk_with_factor.secret not in stored


def test_a_letter_for_a_forgotten_password_goes_to_staff_only(client, clerk, candidate_user):
    EmailAddress.objects.create(user=clerk, email="wang@example.com", verified=True, primary=True)
    for email in ("wang@example.com", candidate_user.email):
        client.post(reverse("account_reset_password"), {"email": email})
    links = [message.address for message in Message.objects.all() if "/password/reset/key/" in message.body]
    assert links == ["wang@example.com"]
