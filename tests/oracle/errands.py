"""The part of the oracle's play that concerns transfers to a distributor."""

from datetime import timedelta

from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import Transfer
from licences.rules.transfers import PRESET, Plan, Refused
from licences.services import handovers, transfers
from licences.services.snapshots import preview_of
from licences.services.transfer_requests import Wish, prepare_transfer, propose_transfer
from tests.licences.handing import token_of
from tests.oracle.handing import Transfer as Handed
from tests.oracle.verbs import Life, done

REFUSALS = (Refused, Forbidden)


class Errands(Life):
    """The life of transfers."""

    def wish(self, side, taker, chosen, days):
        plan = Plan(PRESET, "Renewal offer", self.today(side) + timedelta(days))
        return Wish(distributor=self.distributors[taker], plan=plan, coverages=frozenset(chosen))

    def stored(self, who, verb, pk, **more):
        """Whether the product does it with the transfer as this actor sees it."""
        with acting_as(who.actor):
            row = Transfer.objects.visible_to(who.actor).select_related("distributor").get(pk=pk)
            if verb is transfers.consent:
                more = {"version": row.version, "stamp": preview_of(who.actor, row).stamp}
            return done(verb, who.actor, transfer=row, refusals=REFUSALS, **more)

    def keep(self, side, taker, proposer, wish, named):
        """Takes over into the model what has been begun."""
        customer, ends_on = self.owners[side].home, wish.plan.ends_on
        with acting_as(self.owners[side].actor):
            pk = Transfer.objects.exclude(pk__in=list(self.world.transfers)).get().pk
        distributor = self.distributors[taker].pk
        self.world.transfers[pk] = Handed(customer, distributor, proposer, set(named), ends_on, self.world.now)

    def prepare(self, side, taker, chosen, *, days=30):
        wish, who = self.wish(side, taker, chosen, days), self.owners[side].actor
        with acting_as(who):
            assert done(prepare_transfer, who, wish, refusals=REFUSALS) is bool(chosen)
        if chosen:
            self.keep(side, taker, None, wish, chosen)

    def propose(self, side, firm, taker, chosen, *, days=30):
        """By a firm, of those licences that it may renew; one that waits must be taken back first."""
        who, customer = self.advisors[firm], self.owners[side].home
        wish = self.wish(side, taker, chosen, days)
        named = {coverage for coverage in chosen if self.world.level(coverage, who.home) == 3}
        waiting = [
            each
            for each in self.world.transfers.values()
            if (each.customer, each.distributor, each.proposer, each.state)
            == (customer, self.distributors[taker].pk, who.home, "requested")
        ]
        with acting_as(who.actor):
            begun = done(propose_transfer, who.actor, self.houses[side + 1], wish, refusals=REFUSALS)
        assert begun is (bool(named) and not waiting)
        if begun:
            self.keep(side, taker, who.home, wish, named)

    def consent(self, side, pick):
        if found := self.world.in_hand(self.owners[side].home, "requested"):
            pk = pick(found)
            assert self.stored(self.owners[side], transfers.consent, pk) is self.world.consent(pk)

    def withdraw(self, side, pick):
        if found := self.world.in_hand(self.owners[side].home, "requested", "delivered", "receipted"):
            pk = pick(found)
            assert self.stored(self.owners[side], transfers.withdraw, pk)
            self.world.transfers[pk].state = "withdrawn"

    def decline(self, side, pick):
        if found := self.world.in_hand(self.owners[side].home, "requested"):
            pk = pick(found)
            assert self.stored(self.owners[side], transfers.decline, pk)
            self.world.transfers[pk].state = "declined"

    def take_back(self, side, firm, pick):
        """A firm withdraws what it has proposed, while it helps the customer."""
        found = self.world.in_hand(self.owners[side].home, "requested")
        own = [pk for pk in found if self.world.transfers[pk].proposer == self.advisors[firm].home]
        if own and self.world.held(*self.pair(side, firm)):
            pk = pick(own)
            assert self.stored(self.advisors[firm], transfers.withdraw, pk)
            self.world.transfers[pk].state = "withdrawn"

    def take(self, side, pick, *, receipt=True):
        """The distributor opens the link that was mailed: it gives a receipt, or refuses."""
        if found := self.world.in_hand(self.owners[side].home, "delivered"):
            row = self.world.transfers[pk := pick(found)]
            who = next(each.actor for each in self.takers if each.home == row.distributor)
            token = token_of(Transfer(pk=pk))
            with acting_as(who):
                (handovers.receipt if receipt else handovers.refuse)(who, token=token)
            row.state = "receipted" if receipt else "declined"

    def take_copy(self, side, pick):
        found = self.world.in_hand(self.owners[side].home, "receipted")
        if found := [pk for pk in found if self.world.open(self.world.transfers[pk])]:
            pk = pick(found)
            who = next(each for each in self.takers if each.home == self.world.transfers[pk].distributor)
            assert self.stored(who, handovers.take_copy, pk)
