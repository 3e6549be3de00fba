"""Digests: one letter for what waits for a reader, once the time of day has come (1-product, "Reminders")."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from accounts import audit
from accounts.models import Letter
from renewals.rules.hours import leaves_at
from renewals.services.piles import KIND, Pile, allotted, ready

CAPPED = "capped"

ATTACH = """
update renewals_reminder r set letter_id = t.letter, reason = ''
from unnest(%s::uuid[], %s::uuid[]) as t (waits, letter)
where {} = t.waits and r.state = 'pending' and r.letter_id is null
returning r.organisation_id, r.recipient_id"""
SINGLY, TOGETHER = ATTACH.format("r.id"), ATTACH.format("r.recipient_id")

DEFER = """
update renewals_reminder r set leaves_at = t.leaves, reason = %s
from unnest(%s::uuid[], %s::timestamptz[]) as t (recipient, leaves)
where r.recipient_id = t.recipient and r.state = 'pending' and r.letter_id is null"""


def post_digests(now: datetime, *, today: date | None = None) -> int:
    """Post letters to every reader whose time has come; returns how many. The sweep's transaction and lock.

    Calm rows that come after the day's digest wait for the next Monday; urgent ones go at once, by themselves. What is
    more than an address gets in a day waits for the next, unless `today` lets everything leave at once.
    """
    piles = ready()
    taken = taken_keys(key for pile in piles for key in (pile.key(now), pile.day_key(now)))
    late = {pile.recipient for pile in piles if is_late(pile, now, taken)} if not today else set()
    on_time = [pile for pile in piles if pile.recipient not in late]
    going, over = (on_time, []) if today else allotted(on_time, cap=settings.MAIL_DAILY_CAP)
    defer([pile for pile in piles if pile.recipient in late], now)
    defer(over, now, reason=CAPPED)
    attach([(pile, letter_for(pile, now, taken=taken, today=today)) for pile in going], now)
    return len(going)


def is_late(pile: Pile, now: datetime, taken: set[str]) -> bool:
    """Whether it can wait, and the day's digest has been posted."""
    return not pile.reminder and not pile.urgent and pile.key(now) in taken


def taken_keys(keys: Iterable[str]) -> set[str]:
    """Those of the keys under which a letter has been posted."""
    wanted = list(keys)
    return set(Letter.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()  # type: ignore[arg-type]


def letter_for(pile: Pile, now: datetime, *, taken: set[str], today: date | None) -> Letter:
    """The reader's letter, not yet stored. The key is a second one's only after the day's digest, and for a reminder
    that was held back when its letter was about to leave, and is owed again.
    """
    sole_organisation = pile.organisations[0] if len(pile.organisations) == 1 else None
    sole_customer = pile.customers[0] if len(pile.customers) == 1 else None
    key = pile.key(now)
    return Letter(
        kind=KIND,
        key=f"{key}:{now.isoformat()}" if key in taken else key,
        organisation_id=sole_organisation,
        customer_id=sole_customer,
        recipient=pile.email,
        user_id=pile.user,
        language=pile.language,
        text_only=pile.text_only,
        context={
            "recipient": str(pile.recipient),
            "today": today and today.isoformat(),
            "single": bool(pile.reminder),
        },
        due_at=now,
        give_up_at=datetime.combine(pile.over_on, time(), UTC) + timedelta(days=1),
        created_at=now,
    )


def attach(posted: list[tuple[Pile, Letter]], now: datetime) -> None:
    """Store the letters, tie to each the rows that it speaks of, and tell each organisation how many."""
    if not posted:
        return
    Letter.objects.post([letter for _, letter in posted])
    tied = tie(SINGLY, [(pile.reminder, letter.pk) for pile, letter in posted if pile.reminder])
    tied += tie(TOGETHER, [(pile.recipient, letter.pk) for pile, letter in posted if not pile.reminder])
    readers: dict[UUID, list[UUID]] = {}
    for organisation, reader in tied:
        readers.setdefault(organisation, []).append(reader)
    counts = {key: {"count": len(found), "readers": len(set(found))} for key, found in readers.items()}
    audit.record_each("reminder.posted", counts, at=now)


def tie(statement: str, pairs: list[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Give waiting rows their letters; returns the organisation and the reader of each."""
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*pairs, strict=True)])
        return list(cursor.fetchall())


def defer(piles: list[Pile], now: datetime, *, reason: str = "") -> None:
    """Let calm rows wait for the reader's next Monday; with a reason all of them for the next day."""
    if piles:
        midnights = {pile.recipient: midnight(pile, now) for pile in piles}
        leaving = [leaves_at(urgent=bool(reason), now=then) for then in midnights.values()]
        with connection.cursor() as cursor:
            cursor.execute(DEFER, [reason, list(midnights), leaving])


def midnight(pile: Pile, now: datetime) -> datetime:
    """With which the reader's next day begins."""
    return (now.astimezone(ZoneInfo(pile.time_zone)) + timedelta(days=1)).replace(hour=0)
