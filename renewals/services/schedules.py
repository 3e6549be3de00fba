"""Versions of a price schedule: drafted, published for a day, withdrawn before it; the programme's verbs."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.keys import new_id
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from renewals.models import Price, PriceSchedule
from renewals.rules.schedules import Obstacle, ScheduleRefused, Validity, last_day, obstacle_to

BATCH = 2000


@transaction.atomic
def draft_schedule(actor: Actor, *, programme: str, copy_of: UUID | None = None) -> PriceSchedule:
    """A new draft, with the prices of another version if one is named."""
    require(actor, Power.KEEP_PRICES)
    draft = PriceSchedule.objects.create(programme=programme)
    copied = 0
    if copy_of:
        rows = Price.objects.filter(schedule=copy_of).order_by("pk")
        copied = len(Price.objects.bulk_create((_copy(row, draft) for row in rows), batch_size=BATCH))
    told(actor, "prices.drafted", draft, prices=copied)
    return draft


def _copy(row: Price, draft: PriceSchedule) -> Price:
    row.pk, row.schedule = new_id(), draft
    return row


@dataclass(frozen=True, slots=True)
class Publication:
    """From when a version counts, through when if that is known, and what it changes, in a line."""

    valid: Validity
    note: str = ""


@transaction.atomic
def publish_schedule(actor: Actor, schedule: PriceSchedule, publication: Publication, *, today: date) -> PriceSchedule:
    """Puts a draft into force from its first day on, and lets the version before it end on the day before.

    One that began today is replaced by another that begins today: quotes that were made with it keep its prices.
    Raises ScheduleRefused. Of two who publish for the same day to come the second is refused.
    """
    require(actor, Power.KEEP_PRICES)
    draft, published = _locked(schedule)
    valid = publication.valid
    wrong = [each for each in published if each.valid_from == valid.begins_on == today]
    others = [Validity(each.valid_from, each.valid_to) for each in published if each.valid_from and each not in wrong]
    if draft.state != "draft":
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    if obstacle := obstacle_to(valid, others=others, today=today):
        raise ScheduleRefused(obstacle)
    if not Price.objects.filter(schedule=draft).exists():
        raise ScheduleRefused(Obstacle.EMPTY)
    _replace(actor, wrong, draft)
    _end_before(published, valid.begins_on)
    following = min((each.begins_on for each in others if each.begins_on > valid.begins_on), default=None)
    draft.state, draft.published_at = "published", database_now()
    draft.valid_from, draft.planned_to, draft.note = valid.begins_on, valid.ends_on, publication.note
    draft.valid_to = last_day(valid.ends_on, next_begins_on=following)
    _save(draft)
    told(actor, "prices.published", draft, valid_from=valid.begins_on.isoformat())
    return draft


@transaction.atomic
def withdraw_schedule(actor: Actor, schedule: PriceSchedule, *, today: date) -> PriceSchedule:
    """Makes a draft again of a version that has not begun; the one before it lasts as long as it did.

    Raises ScheduleRefused once it has begun.
    """
    require(actor, Power.KEEP_PRICES)
    version, published = _locked(schedule)
    if version.state != "published" or version.valid_from is None:
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    if version.valid_from <= today:
        raise ScheduleRefused(Obstacle.BEGUN)
    begins_on = version.valid_from
    version.state, version.published_at, version.valid_to = "draft", None, None
    _save(version)
    _resume(published, begins_on)
    told(actor, "prices.withdrawn", version, valid_from=begins_on.isoformat())
    return version


@transaction.atomic
def discard_schedule(actor: Actor, schedule: PriceSchedule) -> None:
    """Removes a draft and its prices; raises ScheduleRefused when it is none any more."""
    require(actor, Power.KEEP_PRICES)
    draft, _published = _locked(schedule)
    if draft.state != "draft":
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    told(actor, "prices.discarded", draft)
    draft.delete()


def locked_draft(schedule: PriceSchedule) -> PriceSchedule:
    """The draft, kept from being published while its prices are written; raises ScheduleRefused."""
    found = PriceSchedule.objects.select_for_update().filter(pk=schedule.pk, state="draft").first()
    if found is None:
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    return found


def told(actor: Actor, verb: str, schedule: PriceSchedule, **details: Any) -> None:
    """Into the programme's own chain; prices are no secret, but nobody else acts on them."""
    own = {"programme": schedule.programme, **details}
    audit.record(actor, verb, organisations=[actor.organisation_id], subject_id=schedule.pk, **own)


def _locked(schedule: PriceSchedule) -> tuple[PriceSchedule, list[PriceSchedule]]:
    """The version, and the published others of its programme by their first day; all locked in one order."""
    rows = PriceSchedule.objects.select_for_update().filter(programme=schedule.programme).order_by("pk")
    found = {row.pk: row for row in rows}
    version = found.pop(schedule.pk, None)
    if version is None:
        raise ScheduleRefused(Obstacle.NO_DRAFT)
    published = [row for row in found.values() if row.state == "published"]
    return version, sorted(published, key=lambda row: row.valid_from or date.min)


def _replace(actor: Actor, wrong: list[PriceSchedule], draft: PriceSchedule) -> None:
    """What began today counts no more; it stays readable for the programme, with its days."""
    for version in wrong:
        version.state = "replaced"
        _save(version)
        told(actor, "prices.replaced", version, by=str(draft.pk))


def _end_before(published: list[PriceSchedule], begins_on: date) -> None:
    before = [row for row in published if row.valid_from and row.valid_from < begins_on]
    for row in before[-1:]:
        row.valid_to = last_day(row.valid_to, next_begins_on=begins_on)
        _save(row)


def _resume(published: list[PriceSchedule], withdrawn_on: date) -> None:
    """The version before lasts until its own plan, or until what comes after the withdrawn one."""
    before = [row for row in published if row.valid_from and row.valid_from < withdrawn_on]
    after = [row.valid_from for row in published if row.valid_from and row.valid_from > withdrawn_on]
    for row in before[-1:]:
        row.valid_to = last_day(row.planned_to, next_begins_on=min(after, default=None))
        _save(row)


def _save(schedule: PriceSchedule) -> None:
    """The database has the last word: what overlaps, in spite of the lock, is refused."""
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError as error:
        raise ScheduleRefused(Obstacle.TAKEN) from error
