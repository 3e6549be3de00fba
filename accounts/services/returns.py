"""What comes back: bounces and complaints, the addresses that get no reminders for them, and their release."""

from collections import Counter

from django.db import connection, transaction

from accounts import audit
from accounts.keys import new_id
from accounts.models import SOFT, Letter, MailEvent, Suppression, User
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Fate, Power, is_gone

SUPPRESS = """
insert into accounts_suppression as s (id, address, why, is_gone, answer, created_at)
select t.id, lower(t.address), t.why, t.gone, t.answer, coterm_now()
from unnest(%s::uuid[], %s::text[], %s::text[], %s::bool[], %s::text[]) as t (id, address, why, gone, answer)
on conflict (address) do update set is_gone = s.is_gone or excluded.is_gone,
    why = case when s.why = 'complained' then s.why else excluded.why end,
    answer = excluded.answer, created_at = excluded.created_at"""
# The worst that was told of a letter counts. Events may overtake the note that it was sent: they wait for a day.
# What is told again changes nothing, also when somebody has let mail go on meanwhile.
APPLY = """
with told as (
    delete from accounts_mailevent e using accounts_letter l
    where l.provider_id = e.provider_id and l.state in ('sent', 'delivered', 'bounced')
    returning l.id, e.state, e.is_gone, e.answer
), worst as (
    select distinct on (id) id, state, is_gone, answer from told
    order by id, array_position(array['complained', 'bounced', 'delivered']::text[], state::text)
)
update accounts_letter l set state = w.state, reason = w.answer
from worst w
where l.id = w.id and l.state <> w.state and not (l.state = 'bounced' and w.state = 'delivered')
returning l.recipient, w.state, w.is_gone, w.answer, l.organisation_id"""
TRY_AGAIN = """
delete from accounts_suppression s
where s.why <> 'complained' and not s.is_gone and s.created_at <= coterm_now() - make_interval(days => %s)
returning array(select m.organisation_id from accounts_user u join accounts_membership m on m.user_id = u.id
                where lower(u.email) = s.address)"""
FORGET = "delete from accounts_mailevent where created_at < coterm_now() - interval '1 day'"


def suppress(letter: Letter, *, answer: str) -> None:
    """The mail server will not have this address."""
    write_down([(letter.recipient, Fate.REFUSED.value, is_gone(answer), answer[:300])])


def write_down(rows: list[tuple[str, str, bool, str]]) -> None:
    """Addresses with why, whether the mailbox is gone, and what was answered; the last word of each counts."""
    latest = {address.lower(): (new_id(), address, *rest) for address, *rest in rows}
    if latest:
        with connection.cursor() as cursor:
            cursor.execute(SUPPRESS, [list(column) for column in zip(*latest.values(), strict=True)])


@transaction.atomic
def apply_events() -> int:
    """Write down what providers have told; returns how many letters that concerned. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(APPLY)
        told = cursor.fetchall()
        cursor.execute(FORGET)
    returned = [row for row in told if row[1] != "delivered"]
    write_down([(address, why, gone, answer) for address, why, gone, answer, _ in returned])
    counts = Counter(organisation for *_, organisation in returned if organisation)
    audit.record_each("letter.returned", {key: {"count": count} for key, count in counts.items()})
    return len(told)


@transaction.atomic
def try_again() -> int:
    """Let mail go on to mailboxes that returned some a fortnight ago; returns how many. Safe to run twice.

    One that still returns it is held back for another fortnight. Neither one that is not there nor whoever complained
    is tried.
    """
    with connection.cursor() as cursor:
        cursor.execute(TRY_AGAIN, [SOFT.days])
        released = [organisations for (organisations,) in cursor.fetchall()]
    counts = Counter(organisation for organisations in released for organisation in organisations)
    audit.record_each("address.tried", {key: {"count": count} for key, count in counts.items()})
    return len(released)


def note_event(provider_id: str, state: str, *, gone: bool, answer: str) -> None:
    """Keep what a provider has told for the worker; nobody is signed in, and nothing is read."""
    event = MailEvent(provider_id=provider_id[:250], state=state, is_gone=gone, answer=answer[:300])
    event.created_at = database_now()
    MailEvent.objects.bulk_create([event])


@transaction.atomic
def lift(actor: Actor, suppression: Suppression) -> bool:
    """Write to the address again: the own, or one of the team that did not complain; False when it is neither."""
    person = User.objects.filter(email__iexact=suppression.address).first()
    rows = Suppression.objects.visible_to(actor).filter(pk=suppression.pk)
    if person is None or person.pk != actor.user_id:
        require(actor, Power.MANAGE_MEMBERS)
        rows = rows.exclude(why=Fate.COMPLAINED.value)
    if not rows.delete()[0]:
        return False
    audit.record(
        actor, "address.released", organisations=(actor.organisation_id,), subject_id=person.pk if person else None
    )
    return True
