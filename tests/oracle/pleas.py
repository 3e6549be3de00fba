"""The part of the oracle's play in which a firm asks a customer, without knowing whether there is one."""

from datetime import timedelta

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Approach, Assignment
from licences.rules import Scope
from licences.rules.access import Refused, Terms, Ticks
from licences.rules.approaches import Plea, Target, TooOften, Way
from licences.rules.changes import Stale
from licences.services.approaches import approach, withdraw_approach
from licences.services.approvals import approve, turn_down
from licences.services.introductions import introduce_firms
from tests.hats import database_role
from tests.oracle import model
from tests.oracle.deals import Deals
from tests.oracle.verbs import done


class Play(Deals):
    """Everything that may happen."""

    def introduce(self):
        with database_role("coterm_worker"):
            introduce_firms()
        self.world.take_back()

    def approach(self, side, firm, *, level=2, everything=False):
        """By the customer's code; the schedule passes it on."""
        who, customer = self.advisors[firm], self.owners[side].home
        plea = Plea(AccessLevel(level), Scope.ALL if everything else Scope.SELECTED)
        possible, asked = self.world.may_approach(who.home), self.world.is_asked(customer, who.home)
        with acting_as(who.actor):
            target = Target(Way.CODE, self.codes[side])
            assert done(approach, who.actor, target=target, plea=plea, refusals=(Refused, TooOften)) is possible
        if possible:
            with acting_as(who.actor):
                pk = Approach.objects.exclude(pk__in=list(self.world.approaches)).get().pk
            self.world.approaches[pk] = model.Approach(who.home, self.world.now)
            self.introduce()
            self.keep_request(side, pk, asked=asked)

    def keep_request(self, side, approach, *, asked):
        """Takes over into the model what has reached the customer."""
        with acting_as(self.owners[side].actor):
            row = Assignment.objects.filter(approach=approach).first()
        assert asked is bool(row)
        if row:
            terms = (row.scope == "all", set(), row.level, row.ends_on, "requested")
            grant = model.Grant(row.customer_id, row.advisor_id, *terms, approach=approach)
            self.world.grants[row.pk] = grant

    def requested(self, side, firm):
        pair = self.pair(side, firm)
        return [pk for pk, g in self.world.grants.items() if (g.customer, g.firm) == pair and g.status == "requested"]

    def approve(self, side, firm, chosen, *, level=1, days=40, everything=False):
        """Narrowed as the customer likes."""
        owner, ends_on = self.owners[side].actor, self.today(side) + timedelta(days)
        for pk in self.requested(side, firm):
            named = set() if everything else set(chosen)
            wanted = model.Grant(*self.pair(side, firm), everything, named, level, ends_on)
            terms = Terms(Scope.ALL if everything else Scope.SELECTED, AccessLevel(level), ends_on)
            with acting_as(owner):
                row = Assignment.objects.get(pk=pk)
                given = {"terms": terms, "ticks": Ticks(frozenset(chosen))}
                assert done(approve, owner, assignment=row, version=row.version, **given) is self.world.approve(
                    pk, wanted
                )

    def turn_down(self, side, firm, *, reply):
        """Without a word the firm learns nothing."""
        for pk in self.requested(side, firm):
            with acting_as(self.owners[side].actor):
                row = Assignment.objects.get(pk=pk)
                turn_down(self.owners[side].actor, assignment=row, reply="Not now" if reply else "")
            self.world.grants[pk].status, self.world.grants[pk].reply = "declined", reply

    def take_words_back(self, firm, pick):
        """Whatever a customer has done meanwhile, unless the firm was told."""
        who, wait = self.advisors[firm], model.REQUESTS_WAIT
        own = [
            pk
            for pk, each in self.world.approaches.items()
            if each.firm == who.home and not each.withdrawn and each.at + wait > self.world.now
        ]
        if own:
            pk = pick(sorted(own))
            with acting_as(who.actor):
                row = Approach.objects.get(pk=pk)
                taken = done(withdraw_approach, who.actor, approach=row, refusals=(Stale,))
            assert taken is not self.world.answered(pk)
            self.world.approaches[pk].withdrawn = taken
            self.introduce()
