"""The model's part about transfers to a distributor: written from 1-product ("Distributor transfer")."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

WAITS = timedelta(days=15)


@dataclass
class Transfer:
    """`named` are its licences' coverages; a proposer is a firm, or None where the customer prepared it."""

    customer: UUID
    distributor: UUID
    proposer: UUID | None
    named: set[UUID]
    ends_on: date
    at: datetime
    state: str = "requested"
    consented: bool = False


@dataclass
class Handing:
    """What was asked for, consented to, delivered, received, and taken back."""

    transfers: dict[UUID, Transfer] = field(default_factory=dict, kw_only=True)

    def open(self, transfer: Transfer) -> bool:
        """Whether its time is not over: 15 days to answer it, and its own last day, where the customer is."""
        if transfer.state in ("requested", "delivered") and transfer.at + WAITS <= self.now:
            return False
        return not transfer.consented or self.today(transfer.customer) <= transfer.ends_on

    def in_hand(self, customer: UUID, *states: str) -> list[UUID]:
        """The customer's transfers in these states whose time is not over."""
        return sorted(
            pk
            for pk, each in self.transfers.items()
            if each.customer == customer and each.state in states and self.open(each)
        )

    def consent(self, pk: UUID) -> bool:
        """Sealed and delivered; False without licences, or with a last day that is past."""
        transfer = self.transfers[pk]
        if not transfer.named or self.today(transfer.customer) > transfer.ends_on:
            return False
        transfer.state, transfer.consented, transfer.at = "delivered", True, self.now
        return True

    def lapse_transfers(self) -> None:
        for transfer in self.transfers.values():
            if transfer.state in ("requested", "delivered") and not self.open(transfer):
                transfer.state = "lapsed"

    def covers(self, distributor: UUID) -> set[UUID]:
        """The transfers of which a distributor reads the cover: what waits for it, and what it refused or received."""
        return {
            pk
            for pk, each in self.transfers.items()
            if each.distributor == distributor
            and each.consented
            and each.state in ("delivered", "declined", "receipted")
            and self.open(each)
        }

    def contents(self, distributor: UUID) -> set[UUID]:
        """The snapshots that a distributor reads: those it has given a receipt for."""
        return {pk for pk in self.covers(distributor) if self.transfers[pk].state == "receipted"}
