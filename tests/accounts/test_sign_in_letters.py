"""What allauth wants to send goes through the outbox, and leaves no token behind."""

import re

import pytest
from django.urls import reverse

from accounts.models import Letter
from accounts.services.delivery import deliver_batch
from tests.cast import UserFactory
from tests.hats import database_role
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


def reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def delivered(settings):
    with mail_server(settings) as server, database_role("coterm_worker"):
        deliver_batch()
        return server.mails(), Letter.objects.get()


def test_a_reset_link_is_mailed_in_the_readers_language_and_then_forgotten(client, settings):
    UserFactory(email="alba@larkfield.example", language="es")
    reset(client, "alba@larkfield.example")
    (mail,), letter = delivered(settings)
    assert re.search(r"/accounts/password/reset/key/\S+", mail.get_body(("plain",)).get_content())
    assert (letter.state, letter.context, letter.frozen, letter.language) == ("sent", {}, None, "es")


def test_a_reset_link_leads_home_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    UserFactory(email="alba@larkfield.example")
    client.post(reverse("account_reset_password"), {"email": "alba@larkfield.example"}, HTTP_HOST="evil.example")
    (mail,), _ = delivered(settings)
    text = mail.get_body(("plain",)).get_content()
    assert f"{settings.BASE_URL}/accounts/password/reset/key/" in text and "evil.example" not in text


def test_an_unknown_address_is_told_that_nobody_signs_in_with_it(client, settings):
    reset(client, "nobody@larkfield.example")
    (mail,), _ = delivered(settings)
    assert mail["To"] == "nobody@larkfield.example"
    assert "nobody signs in" in mail.get_body(("plain",)).get_content()
