"""The mail sink takes mail over real SMTP, and keeps each as a file."""

import smtplib
import time
from email.message import EmailMessage

import pytest

from config.embedded.children import Children
from config.embedded.places import Places
from config.embedded.servers import start_sink


@pytest.fixture
def sink(tmp_path):
    children = Children(tmp_path)
    url = start_sink(Places(tmp_path, tmp_path, tmp_path), children)
    yield int(url.rsplit(":", 1)[1])
    children.stop()


def test_a_mail_is_kept_with_its_envelope(sink, tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Su cobertura caduca en 30 días"
    mail.set_content("Buenos días.")
    with connected(sink) as smtp:
        smtp.send_message(mail, "coterm@localhost", ["alba@larkfield.example"])
    [kept] = (tmp_path / "mail").iterdir()
    assert kept.suffix == ".eml"
    assert kept.read_bytes().startswith(b"Return-Path: <coterm@localhost>\r\nDelivered-To: alba@larkfield.example\r\n")


def connected(port: int) -> smtplib.SMTP:
    """The port is bound before the sink answers on it, so the first greeting may take a moment."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
