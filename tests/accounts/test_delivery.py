"""Letters are claimed, fenced, sent once, and never lost."""

import asyncio
import os
import time
from datetime import timedelta
from mmap import mmap

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.keys import new_id
from accounts.models import Letter
from accounts.outbox import COMPOSERS, EDITION, SECRET, Addressee, Mail, post
from accounts.rules import LetterState
from accounts.services import delivery
from accounts.services.delivery import claim, deliver_batch, fence
from accounts.services.envelopes import build, mailbox, message_id, parsed
from accounts.tasks import give_letters_back
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server(settings) as server, database_role("coterm_worker"):
        yield server


@pytest.fixture
def composed(monkeypatch):
    """A kind of letter for the test, whose composer may be replaced."""
    monkeypatch.setitem(COMPOSERS, "test", lambda letter: Mail("Hello", "Good day\n", "<p>Good day</p>"))
    return lambda composer: monkeypatch.setitem(COMPOSERS, "test", composer)


@pytest.fixture
def letter(server, composed):
    return post_to("alba@larkfield.example")


def post_to(email, **fields):
    return post(None, "test", Addressee(email), **fields)


def state_of(letter):
    letter.refresh_from_db()
    return letter.state


def test_a_letter_goes_out_once_with_its_own_message_id(server, letter):
    assert (deliver_batch(), deliver_batch()) == (1, 0)
    (mail,) = server.mails("alba@larkfield.example")
    assert (mail["Message-ID"], mail["Subject"]) == (message_id(letter), "Hello")
    assert state_of(letter) == "sent"
    assert letter.sent_at


def test_a_batch_goes_over_one_connection(server, composed):
    for number in range(5):
        post_to(f"p{number}@larkfield.example")
    deliver_batch()
    assert (len(server.taken), server.connections) == (5, 1)


def plans_made():
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(custom_plans), 0), current_setting('plan_cache_mode') from pg_prepared_statements"
        )
        return cursor.fetchone()


def test_no_mail_is_planned_for_itself(server, composed):
    before = plans_made()
    for number in range(5):
        post_to(f"p{number}@larkfield.example")
    deliver_batch()
    assert len(server.taken) == 5
    assert plans_made() == before
    assert before[1] == "auto"


def test_a_letter_that_is_not_due_stays(server, composed):
    post_to("alba@larkfield.example", due_at=timezone.now() + timedelta(hours=1))
    assert deliver_batch() == 0


def test_a_claimed_letter_is_nobody_elses_until_its_lease_ends(letter):
    assert len(claim(new_id())) == 1
    assert claim(new_id()) == []
    with database_clock(timezone.now() + timedelta(seconds=61)):
        assert [again.pk for again in claim(new_id())] == [letter.pk]


def test_a_sender_killed_before_composing_leaves_no_doubt(letter):
    claim(new_id())
    with database_clock(timezone.now() + timedelta(seconds=61)):
        (again,) = claim(new_id())
    assert (again.ambiguous, again.attempts) == (False, 2)


def test_a_sender_killed_after_freezing_may_have_sent_and_sends_the_same_bytes_again(server, letter):
    sender = new_id()
    (claimed,) = claim(sender)
    frozen = fence(claimed, sender=sender)
    with database_clock(timezone.now() + timedelta(seconds=61)):
        deliver_batch()
    assert state_of(letter) == "sent"
    assert letter.ambiguous
    assert server.taken[0][1] == frozen.removesuffix(b"\r\n") or server.taken[0][1] == frozen


def test_a_sender_that_lost_its_lease_sends_nothing(letter):
    late, sender = new_id(), new_id()
    (claimed,) = claim(late)
    Letter.objects.filter(pk=letter.pk).update(claimed_by=sender)
    assert fence(claimed, sender=late) is None


def test_a_letter_whose_reason_is_gone_is_cancelled(server, composed, letter):
    composed(lambda letter: None)
    deliver_batch()
    assert state_of(letter) == "cancelled"
    assert server.taken == []


def test_a_poison_letter_hurts_only_itself_and_tells_nobody_what_it_said(server, composed, letter, monkeypatch, caplog):
    def poison(letter):
        raise ValueError(letter.recipient)

    monkeypatch.setitem(COMPOSERS, "poison", poison)
    bad = post(None, "poison", Addressee("bad@larkfield.example"))
    deliver_batch()
    assert (state_of(bad), bad.reason) == ("dead", "The mail could not be written: ValueError")
    assert state_of(letter) == "sent"
    assert f"letter {bad.pk} cannot be written: ValueError" in caplog.text and "in poison" in caplog.text
    assert bad.recipient not in caplog.text


def test_a_composer_that_asks_the_database_nonsense_hurts_no_other(server, composed, letter, monkeypatch):
    monkeypatch.setitem(COMPOSERS, "poison", lambda letter: Letter.objects.raw("select nonsense")[0])
    bad = post(None, "poison", Addressee("bad@larkfield.example"))
    deliver_batch()
    assert (state_of(bad), state_of(letter)) == ("dead", "sent")


def test_when_the_database_is_in_trouble_the_letter_is_not_blamed(server, composed, letter):
    def trouble(letter):
        raise OperationalError("server closed the connection")

    composed(trouble)
    with pytest.raises(OperationalError):
        deliver_batch()
    assert state_of(letter) == "sending"


def test_a_sender_that_is_told_to_stop_gives_back_what_it_has_not_begun(server, composed):
    letters = [post_to(f"p{number}@larkfield.example") for number in range(3)]
    deliver_batch(stopping=lambda: len(server.taken) == 1)
    assert sorted(state_of(letter) for letter in letters) == ["pending", "pending", "sent"]
    assert sorted(letter.attempts for letter in letters) == [0, 0, 1]
    assert deliver_batch() == 2


def test_a_kind_without_a_composer_is_a_poison_letter_too(server):
    bad = post(None, "unknown", Addressee("bad@larkfield.example"))
    deliver_batch()
    assert state_of(bad) == "dead"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("450 4.2.0 greylisted", "pending"),
        ("550 5.1.1 no such person", "dead"),
        ("550 unknown", "dead"),
        ("554 5.7.1 relaying denied", "pending"),
        ("552 5.2.2 mailbox full", "pending"),
    ],
)
def test_what_the_server_says_of_an_address_decides(server, letter, answer, state):
    server.at_rcpt["alba@larkfield.example"] = answer
    deliver_batch()
    assert (state_of(letter), letter.reason, letter.ambiguous) == (state, answer, False)


def test_a_refused_message_is_dead(server, letter):
    server.at_data["alba@larkfield.example"] = "554 5.6.0 content refused"
    deliver_batch()
    assert state_of(letter) == "dead"


def test_one_refused_address_does_not_hold_up_the_next(server, composed, letter):
    server.at_rcpt["alba@larkfield.example"] = "451 later"
    other = post_to("owen@larkfield.example")
    deliver_batch()
    assert (state_of(letter), state_of(other)) == ("pending", "sent")


def test_a_failed_letter_waits_longer_each_time_and_then_dies(server, letter):
    server.at_rcpt["alba@larkfield.example"] = "451 later"
    now = letter_created = timezone.now()
    for _ in range(4):
        with database_clock(now):
            deliver_batch()
        letter.refresh_from_db()
        assert letter.due_at > now
        now = letter.due_at + timedelta(seconds=1)
    assert now - letter_created > timedelta(minutes=15)
    with database_clock(letter_created + timedelta(days=8)):
        deliver_batch()
    assert state_of(letter) == "dead"


def test_a_lost_acknowledgement_is_said_to_be_ambiguous(server, letter):
    server.drop_after_data.add("alba@larkfield.example")
    deliver_batch()
    assert (state_of(letter), letter.ambiguous) == ("pending", True)
    server.drop_after_data.clear()
    with database_clock(timezone.now() + timedelta(minutes=2)):
        deliver_batch()
    first, second = server.taken
    assert first == second


def test_bytes_are_made_anew_when_the_mail_must_show_less(server, composed, letter):
    composed(lambda letter: Mail("Both", "a b", headers={EDITION: "ab"}))
    server.at_rcpt["alba@larkfield.example"] = "451 later"
    deliver_batch()
    server.at_rcpt.clear()
    composed(lambda letter: Mail("One", "a", headers={EDITION: "a"}))
    with database_clock(timezone.now() + timedelta(minutes=2)):
        deliver_batch()
    (mail,) = server.mails()
    assert (mail["Subject"], mail["Message-ID"]) == ("One", message_id(letter))


def test_an_unreachable_server_puts_the_whole_batch_off(settings, server, composed):
    settings.EMAIL_PORT = 1
    letters = [post_to(f"p{number}@larkfield.example") for number in range(3)]
    deliver_batch()
    assert {state_of(letter) for letter in letters} == {"pending"}
    assert letters[0].reason.startswith("The mail server cannot be reached")
    assert not letters[0].ambiguous


@pytest.mark.parametrize(("limit", "timeout"), [(5, 0.2), (0.2, 5)])
def test_a_server_that_is_silent_or_drips_is_hung_up_on(settings, server, letter, limit, timeout):
    settings.MAIL_LIMIT_SECONDS, settings.EMAIL_TIMEOUT = limit, timeout

    async def silence(*arguments):
        await asyncio.sleep(60)

    server.handle_MAIL = silence
    began = time.monotonic()
    deliver_batch()
    assert time.monotonic() - began < 60
    assert (state_of(letter), letter.ambiguous) == ("pending", True)


def test_half_an_answer_is_no_answer_however_good_it_looks(settings, server, letter):
    settings.MAIL_LIMIT_SECONDS = 0.4

    async def drip(smtp, *arguments):
        while True:
            smtp.transport.write(b"2")
            await asyncio.sleep(0.05)

    server.handle_DATA = drip
    deliver_batch()
    assert (state_of(letter), letter.ambiguous) == ("pending", True)


def test_a_refused_sender_is_the_operators_fault_and_tried_again(server, letter):
    async def refuse(*arguments):
        return "553 5.1.8 who are you"

    server.handle_MAIL = refuse
    deliver_batch()
    assert (state_of(letter), letter.reason, letter.ambiguous) == ("pending", "553 5.1.8 who are you", False)


def test_a_connection_that_cannot_even_be_closed_is_forgotten(server, letter, monkeypatch):
    def broken(backend):
        raise OSError("already gone")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.close", broken)
    deliver_batch()
    assert state_of(letter) == "sent"


def test_the_fence_waits_for_the_disk_and_the_result_does_not(server, letter):
    sender = new_id()
    (claimed,) = claim(sender)
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = on")
        fence(claimed, sender=sender)
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone() == ("on",)
        delivery.write_down(claimed, sender=sender)
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone() == ("off",)


@pytest.mark.django_db(transaction=True)
def test_only_the_result_goes_on_before_the_disk_has_it():
    with database_role("coterm_worker"), connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = on")
        delivery.write_down(Letter(pk=new_id()), sender=new_id())
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("reset synchronous_commit")


def test_secrets_are_wiped_once_sent(server, composed, monkeypatch):
    monkeypatch.setattr(delivery, "SECRET", SECRET | {"test"})
    letter = post(None, "test", Addressee("alba@larkfield.example"), token="very secret")
    deliver_batch()
    assert (state_of(letter), letter.context, letter.frozen) == ("sent", {}, None)


def test_a_line_break_in_a_subject_is_refused(server, composed, letter):
    composed(lambda letter: Mail("Hello\r\nBcc: all@example.com", "x"))
    deliver_batch()
    assert (state_of(letter), server.taken) == ("dead", [])


def test_a_letter_needs_a_transaction(monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        post_to("alba@larkfield.example")


def test_states_are_known_to_the_model(letter):
    assert {state.value for state in LetterState} == {value for value, _ in Letter._meta.get_field("state").choices}


def test_frozen_bytes_carry_both_bodies(server, letter):
    deliver_batch()
    letter.refresh_from_db()
    message = parsed(bytes(letter.frozen))
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize("text", ["Good day\n", "Año ✓\n.\nlast\n", "long " * 400 + "ñ=\n", "a\r\nb\rc\n"])
def test_whatever_is_said_arrives(letter, text):
    raw = build(
        letter, Mail("Añadir “✓” " * 20, text, f"<p>{text}</p>\n", {"List-Unsubscribe": "<https://x.example/ñ>"})
    )
    message, told = parsed(raw), text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    assert message.get_body(("plain",)).get_content() == told
    assert message.get_body(("html",)).get_content() == f"<p>{told}</p>\r\n"
    assert (message["Subject"].split(), message["To"]) == (["Añadir", "“✓”"] * 20, letter.recipient)
    assert max(map(len, raw.split(b"\r\n"))) <= 998 and b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("recipient", ["a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example", "nobody", ""])
def test_what_is_not_one_address_gets_no_mail(letter, recipient):
    letter.recipient = recipient
    with pytest.raises(ValueError):
        build(letter, Mail("Hello", "x"))


def test_addresses_are_written_in_ascii(letter, settings):
    settings.DEFAULT_FROM_EMAIL, letter.recipient = "Añil <us@coterm.example>", "ana@españa.example"
    message = parsed(build(letter, Mail("Hello", "x")))
    assert message["To"] == "ana@xn--espaa-rta.example"
    assert (message["From"].addresses[0].display_name, mailbox("a@x.example")) == ("Añil", "a@x.example")


def test_a_worker_that_is_asked_to_end_gives_its_letters_back(server, composed, monkeypatch):
    for number in range(3):
        post_to(f"p{number}@larkfield.example")
    monkeypatch.setattr(delivery, "STOPPING", bytearray(1))
    composed(lambda letter: give_letters_back() or Mail("Hello", "Good day\n"))
    assert delivery.deliver_for(timedelta(seconds=5)) == 3
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["pending", "pending", "sent"]


def test_a_forked_process_hears_that_it_must_end(monkeypatch):
    monkeypatch.setattr(delivery, "STOPPING", mmap(-1, 1))
    if not (child := os.fork()):
        while not delivery.is_stopping():
            time.sleep(0.01)
        os._exit(7)
    delivery.stop()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
