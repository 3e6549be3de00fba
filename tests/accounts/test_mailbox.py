"""The demo's mailbox: there for those who try Coterm out, and nowhere else."""

import pytest
from django.urls import reverse

from accounts.keys import new_id
from accounts.models import Letter
from accounts.outbox import Mail
from accounts.services.envelopes import build

pytestmark = pytest.mark.django_db
HTML = "<html><head><title>x</title></head><body><a href='/x'>Open</a><script>alert(1)</script></body></html>"


@pytest.fixture
def demo(settings, tmp_path):
    settings.COTERM_DEMO, settings.VAR_DIR = True, tmp_path
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


def keep(folder, name, recipient="alba@larkfield.example", subject="Hello", html=HTML):
    letter = Letter(pk=new_id(), recipient=recipient)
    (folder / name).write_bytes(build(letter, Mail(subject, "See https://coterm.example/x", html)))


def test_without_the_demo_there_is_no_mailbox(client, demo, settings):
    settings.COTERM_DEMO = False
    keep(demo, "1.eml")
    for path in ("/mailbox/", "/mailbox/1.eml/", "/mailbox/1.eml/html/"):
        assert client.get(path).status_code == 404


def test_mails_are_listed_newest_first_and_found_by_recipient(client, demo):
    keep(demo, "20261122T1.eml", subject="Older")
    keep(demo, "20261122T2.eml", subject="Newer")
    keep(demo, "20261122T3.eml", recipient="bruno@meridian.example", subject="His")
    mails = client.get("/mailbox/", {"to": "ALBA"}).context["mails"]
    assert [mail.subject for mail in mails] == ["Newer", "Older"]


def test_older_mails_are_a_page_away(client, demo):
    for number in range(55):
        keep(demo, f"2026-{number:02}.eml")
    older = client.get("/mailbox/").context["older"]
    assert len(client.get("/mailbox/", {"older": older}).context["mails"]) == 5


def test_a_mail_shows_its_text_with_links(client, demo):
    keep(demo, "1.eml")
    text = client.get(reverse("accounts:mail", args=["1.eml"])).content.decode()
    assert '<a href="https://coterm.example/x"' in text
    assert 'sandbox="allow-top-navigation-by-user-activation allow-popups"' in text


def test_its_html_stands_in_a_frame_of_its_own_policy(client, demo):
    keep(demo, "1.eml")
    answer = client.get("/mailbox/1.eml/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in answer.content.decode()


@pytest.mark.parametrize("name", ["absent.eml", "..%2Fembedded.env", "1.txt", ".eml"])
def test_no_other_file_is_shown(client, demo, name):
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_a_mail_without_html_has_no_frame(client, demo):
    keep(demo, "1.eml", html="")
    assert "iframe" not in client.get("/mailbox/1.eml/").content.decode()
    assert client.get("/mailbox/1.eml/html/").status_code == 404


def test_an_empty_mailbox_says_so(client, demo):
    assert "No mail yet" in client.get("/mailbox/").content.decode()


def test_a_mail_with_a_broken_date_is_listed_without_one(client, demo):
    (demo / "1.eml").write_bytes(b"Subject: Odd\r\nTo: a@b.example\r\nDate: someday\r\n\r\nx")
    (mail,) = client.get("/mailbox/").context["mails"]
    assert (mail.subject, mail.sent_at) == ("Odd", None)
