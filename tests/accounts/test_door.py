"""Sign-in, codes, the second step and the mailed links, all as the web role behind the walls."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Letter, User
from tests.cast import PASSWORD, MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|value="[^"]*"|&quot;[^&]*&quot;')


@pytest.fixture(autouse=True)
def counted_alone(settings):
    """Tries are counted for this test only: tests beside it share the server's cache."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def alba():
    return MembershipFactory(user__email="alba@larkfield.example")


def sign_in(client, email="alba@larkfield.example", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def mailed(pattern):
    with database_role("coterm_owner"):
        letter = Letter.objects.latest("created_at")
    return re.search(pattern, letter.context["text"])[0]


def code_mailed():
    return mailed(r"(?m)^[A-Z0-9-]{6,}$")


def second_step(user):
    with database_role("coterm_owner"):
        secret = totp.TOTP.activate(user, totp.generate_totp_secret()).instance.data["secret"]
    return lambda: totp.format_hotp_value(
        totp.hotp_value(get_adapter().decrypt(secret), next(iter(totp.yield_hotp_counters_from_time())))
    )


def again(client):
    """What guards the sign-in asks for the password once more."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def is_inside(client):
    return client.get(reverse("accounts:settings")).status_code == 200


def test_a_password_opens_the_door(client, alba):
    assert sign_in(client).status_code == 302
    assert is_inside(client)


def test_a_password_that_was_hashed_more_cheaply_is_hashed_anew(client, alba, monkeypatch):
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 2)
    sign_in(client)
    assert is_inside(client)
    with database_role("coterm_owner"):
        assert ["t=1" in alba.user.password, "t=2" in User.objects.get(pk=alba.user_id).password] == [True, True]


def test_without_it_every_page_leads_to_the_door(client):
    answer = client.get(reverse("accounts:settings"))
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_wrong_password_and_an_unknown_address_answer_alike(alba):
    known, unknown = sign_in(Client(), password="no"), sign_in(Client(), email="nobody@example.com", password="no")
    assert known.status_code == unknown.status_code == 200
    assert TOKENS.sub(b"", known.content) == TOKENS.sub(b"", unknown.content)


def test_guessing_is_slowed_down(alba):
    answers = [sign_in(Client(), password="no").content for _ in range(7)]
    assert b"Too many" in answers[-1]
    assert not is_inside((client := Client(), sign_in(client))[0])


def test_the_second_step_is_never_skipped(client, alba):
    code = second_step(alba.user)
    answer = sign_in(client)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_inside(client)
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert not is_inside(client)
    assert client.post(answer["Location"], {"code": code()}).status_code == 302
    assert is_inside(client)


def test_a_mailed_code_opens_the_door(client, alba):
    answer = client.post(reverse("account_request_login_code"), {"email": alba.user.email})
    assert answer["Location"] == reverse("account_confirm_login_code")
    assert not is_inside(client)
    client.post(answer["Location"], {"code": code_mailed()})
    assert is_inside(client)


def test_a_mailed_code_does_not_skip_the_second_step(client, alba):
    code = second_step(alba.user)
    client.post(reverse("account_request_login_code"), {"email": alba.user.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_mailed()})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_inside(client)
    client.post(answer["Location"], {"code": code()})
    assert is_inside(client)


def test_a_code_for_an_unknown_address_answers_alike(alba):
    ask = reverse("account_request_login_code")
    known, unknown = Client(), Client()
    one, two = known.post(ask, {"email": alba.user.email}), unknown.post(ask, {"email": "nobody@example.com"})
    assert (one.status_code, one["Location"]) == (two.status_code, two["Location"])
    pages = [
        c.get(one["Location"]).content.replace(b"nobody@example.com", alba.user.email.encode())
        for c in (known, unknown)
    ]
    assert TOKENS.sub(b"", pages[0]) == TOKENS.sub(b"", pages[1])


def test_a_reset_link_sets_a_new_password_once(client, alba):
    client.post(reverse("account_reset_password"), {"email": alba.user.email})
    link = mailed(r"/accounts/password/reset/key/\S+")
    form = client.get(link, follow=True).redirect_chain[-1][0]
    chosen = {"password1": "another-word-9", "password2": "another-word-9"}
    assert client.post(form, chosen)["Location"] == reverse("account_reset_password_from_key_done")
    sign_in(client, password="another-word-9")
    assert is_inside(client)
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_the_address_changes_by_a_code_sent_to_the_new_one(alba):
    client = Client()
    sign_in(client)
    again(client)
    client.post(reverse("account_email"), {"email": "new@larkfield.example", "action_add": ""})
    client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    with database_role("coterm_owner"):
        assert User.objects.get(pk=alba.user_id).email == "new@larkfield.example"
        assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@larkfield.example", True)]


def test_somebody_elses_address_is_never_taken_over(alba):
    MembershipFactory(user__email="bruno@meridian.example")
    client = Client()
    sign_in(client)
    again(client)
    client.post(reverse("account_email"), {"email": "bruno@meridian.example", "action_add": ""})
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_mailed()})
    assert answer.status_code < 500
    with database_role("coterm_owner"):
        assert User.objects.get(pk=alba.user_id).email == "alba@larkfield.example"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
    ],
)
def test_the_doors_open_in_both_languages(client, name, language):
    client.cookies["django_language"] = language
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "account_logout",
        "account_reauthenticate",
    ],
)
def test_the_pages_of_ones_own_sign_in_open(alba, name):
    client = Client()
    sign_in(client)
    assert client.get(reverse(name)).status_code == 200


def test_the_address_does_not_change_without_the_password_once_more(alba):
    client = Client()
    sign_in(client)
    answer = client.post(reverse("account_email"), {"email": "new@larkfield.example", "action_add": ""})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_the_second_step_is_set_up_and_its_codes_are_shown(alba):
    client = Client()
    sign_in(client)
    again(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert client.post(reverse("mfa_activate_totp"), {"code": code})["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).content.count(b"<code>") == 10
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_signing_in_notes_the_session(alba):
    client = Client()
    sign_in(client)
    assert client.get(reverse("usersessions_list")).context["session_count"] == 1
    assert is_inside(signed_in(alba))


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_the_door(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/team/?after=x"}
    answer = client.get(reverse("accounts:team"), headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/?next=%2Fteam%2F%3Fafter%3Dx")


def tries(client, address, times):
    """Failing sign-ins as visitors behind the proxy, and the last page's words."""
    for number in range(times):
        answer = client.post(
            reverse("account_login"),
            {"login": f"nobody{number}@larkfield.example", "password": "wrong"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.9, {address}",
        )
    return answer.status_code


def test_behind_a_proxy_one_visitor_does_not_lock_out_another(client, settings, alba):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert tries(client, "198.51.100.7", 31) == 429
    assert tries(client, "198.51.100.8", 1) == 200
