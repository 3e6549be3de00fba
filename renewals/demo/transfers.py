"""What Larkfield Foods has handed over to the distributor Nortegate, and what Meridian proposes to hand over next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import AuditEntry, Distributor, Organisation, User
from licences.models import Coverage, Transfer, TransferItem, TransferSnapshot
from licences.rules.transfers import LIFE, PRESET, TEXT_VERSION, Frame, Plan, State, digest, sealed, snapshot
from licences.services.snapshots import licence_facts
from renewals.demo.customers import BRUNO, MERIDIAN
from renewals.demo.draws import demo_id, number
from renewals.demo.people import Known
from renewals.demo.rows import add

LARKFIELD, NORTEGATE = "larkfield", "nortegate"
ALBA, FARID = "alba@larkfield.example", "farid@nortegate.example"
CERTIFIED_FOR, LASTS = timedelta(days=400), timedelta(days=180)
CONSENTED, RECEIVED, PROPOSED = timedelta(days=20), timedelta(days=18), timedelta(days=1)
HANDED_OVER = (1, 2, 3)
MAY_RENEW = (7,)


@dataclass(frozen=True)
class Stage:
    """Everybody and everything that the transfers name, counted from `now`."""

    now: datetime
    known: Known

    @cached_property
    def customer(self) -> Organisation:
        return Organisation.objects.get(pk=self.known.organisations[LARKFIELD])

    @cached_property
    def distributor(self) -> Organisation:
        return Organisation.objects.get(pk=self.known.organisations[NORTEGATE])

    def coverages(self, numbers: Sequence[int]) -> list[Coverage]:
        ids = [self.known.coverages[LARKFIELD, each] for each in numbers]
        return list(Coverage.objects.filter(pk__in=ids).select_related("licence__product").order_by("expires_on", "id"))

    def common(self, asked_at: datetime) -> dict[str, Any]:
        """What both transfers have."""
        return {
            "customer": self.customer,
            "distributor": self.distributor,
            "company_fields": PRESET.company_names,
            "licence_fields": PRESET.licence_names,
            "created_at": asked_at,
        }


def load_transfers(now: datetime, known: Known) -> None:
    """A certified distributor, a transfer that it has received, and a proposal that waits for an answer."""
    stage = Stage(now, known)
    until = (now + CERTIFIED_FOR).date()
    add(Distributor, [Distributor(organisation=stage.distributor, certified_until=until)])
    if not Transfer.objects.filter(pk=demo_id("transfer", "received")).exists():
        _add_received(stage)
        _add_proposed(stage)


def _add_received(stage: Stage) -> None:
    pk, coverages = demo_id("transfer", "received"), stage.coverages(HANDED_OVER)
    plan = Plan(PRESET, "Offer for renewing on one date", (stage.now + LASTS).date())
    frame = Frame(str(pk), stage.distributor.name, plan)
    content = snapshot(frame, _company(stage), [licence_facts(each) for each in coverages])
    content = sealed(content, nonce=f"{number(1 << 62, 'nonce'):032x}")
    at, received_at = stage.now - CONSENTED, stage.now - RECEIVED
    transfer = Transfer(
        id=pk,
        state=State.RECEIPTED.value,
        purpose=plan.purpose,
        ends_on=plan.ends_on,
        count=len(coverages),
        contact_id=stage.known.users[ALBA],
        created_by_id=stage.known.users[ALBA],
        lapses_at=at + LIFE,
        sender=stage.customer.name,
        consented_by_id=stage.known.users[ALBA],
        consented_at=at,
        text_version=TEXT_VERSION,
        language="en",
        sha256=digest(content),
        valid_until=datetime.combine(plan.ends_on + timedelta(1), time(), ZoneInfo(stage.customer.time_zone)),
        receipted_by_id=stage.known.users[FARID],
        receipted_at=received_at,
        told_at=received_at,
        **stage.common(at),
    )
    add(Transfer, [transfer])
    add(TransferSnapshot, [TransferSnapshot(transfer=transfer, customer=stage.customer, content=content)])
    add(AuditEntry, _entries(stage, transfer, "transfer.delivered", at, by=(LARKFIELD, ALBA)))
    add(AuditEntry, _entries(stage, transfer, "transfer.receipted", received_at, by=(NORTEGATE, FARID)))


def _company(stage: Stage) -> dict[Any, Any]:
    alba = User.objects.get(pk=stage.known.users[ALBA])
    facts = {"name": stage.customer.name, "country": stage.customer.country}
    return facts | {"contact_name": alba.name, "contact_email": alba.email}


def _add_proposed(stage: Stage) -> None:
    at, coverages = stage.now - PROPOSED, stage.coverages(MAY_RENEW)
    transfer = Transfer(
        id=demo_id("transfer", "proposed", order=1),
        purpose="Price for the warranty together with the maintenance",
        ends_on=(stage.now + LASTS).date(),
        count=len(coverages),
        advisor_id=stage.known.organisations[MERIDIAN],
        created_by_id=stage.known.users[BRUNO],
        lapses_at=at + LIFE,
        **stage.common(at),
    )
    add(Transfer, [transfer])
    items = (TransferItem(customer=stage.customer, transfer=transfer, coverage=each) for each in coverages)
    add(TransferItem, items)
    add(AuditEntry, _entries(stage, transfer, "transfer.proposed", at, by=(MERIDIAN, BRUNO)))


def _entries(stage: Stage, transfer: Transfer, verb: str, at: datetime, *, by: tuple[str, str]) -> Iterator[AuditEntry]:
    """One entry for each side that knows of it."""
    firm, person = by
    details: dict[str, Any] = {"distributor": str(transfer.distributor_id), "count": transfer.count}
    if transfer.sha256:
        details["hash"] = transfer.sha256
    for organisation in _sides(transfer):
        yield AuditEntry(
            id=demo_id(verb, transfer.pk, organisation, at=at),
            event_id=demo_id("event", verb, transfer.pk),
            organisation_id=organisation,
            at=at,
            verb=verb,
            actor_user_id=stage.known.users[person],
            actor_organisation_id=stage.known.organisations[firm],
            customer_id=transfer.customer_id,
            subject_id=transfer.pk,
            details=details,
        )


def _sides(transfer: Transfer) -> list[UUID]:
    other = transfer.distributor_id if transfer.sha256 else transfer.advisor_id
    return [each for each in (transfer.customer_id, other) if each]
