"""The part of the oracle's play that concerns leads, certificates, decisions, quotes and orders."""

from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import Visibility
from licences.rules.changes import Stale
from licences.services.leads import name_lead
from renewals.models import Order, Quote
from renewals.rules.choice import Choice
from renewals.rules.decisions import Reason
from renewals.rules.orders import Closed as Over
from renewals.rules.quotes import Closed
from renewals.services import acceptance, certificates, decisions, orders, quotes
from renewals.services.candidates import buyer
from tests.oracle.dealing import Offer
from tests.oracle.errands import Errands
from tests.oracle.verbs import done

ASIDE = (acceptance.OutOfDate, acceptance.ConsentNeeded, acceptance.Taken, certificates.NotInForce)
REFUSALS = (Forbidden, Closed, Over, Stale, quotes.OutOfReach, quotes.Unquotable, *ASIDE)


class Deals(Errands):
    """Whatever is refused for the sake of dates and prices may be; what needs access never goes without."""

    def lead(self, side, firm, chosen):
        owner, pair = self.owners[side].actor, self.pair(side, firm)
        with acting_as(owner):
            named = done(name_lead, owner, coverages=chosen, advisor=self.firms[firm])
        assert named is self.world.lead(*pair, chosen)

    def somebody(self, side, firm):
        """A firm, or without one the customer itself."""
        return self.owners[side] if firm is None else self.advisors[firm]

    def certificate(self, side, firm, coverage):
        who = self.somebody(side, firm)
        with acting_as(who.actor):
            refusals = (Visibility.DoesNotExist, *REFUSALS)
            certified = done(certificates.issue, who.actor, coverage, refusals=refusals)
        assert not certified or self.world.level(coverage, who.home)
        self.world.certified |= {coverage} if certified else set()

    def certificate_of_all(self, side):
        owner = self.owners[side]
        with acting_as(owner.actor):
            if done(certificates.issue_for_all, owner.actor, refusals=REFUSALS):
                self.world.certified_whole.add(owner.home)

    def give_up(self, side, firm, coverage):
        """The customer decides, a firm proposes."""
        who = self.somebody(side, firm)
        with acting_as(who.actor):
            seen = Visibility.objects.visible_to(who.actor).filter(coverage=coverage).first()
            terms = {"quantity": 1, "reason": Reason.OTHER}
            verb = decisions.decide if firm is None else decisions.propose
            said = bool(seen) and done(verb, who.actor, seen=seen, refusals=REFUSALS, **terms)
        assert not said or self.world.level(coverage, who.home) >= 2
        self.world.given_up |= {(coverage, who.home)} if said else set()

    def draft(self, side, firm, chosen):
        who, slug = self.somebody(side, firm), self.houses[side + 1].slug
        choice = Choice.read("&".join([f"customer={slug}", *(f"coverage={each}" for each in sorted(chosen))]))
        with acting_as(who.actor):
            known = buyer(who.actor, slug)
            made = bool(known) and done(quotes.save_draft, who.actor, choice, buyer=known, refusals=REFUSALS)
            rows = Quote.objects.visible_to(who.actor).exclude(pk__in=list(self.world.offers))
            drafted = rows.get() if made else None
        if drafted:
            assert self.world.may_quote(drafted.coverages, who.home)
            self.world.offers[drafted.pk] = Offer(self.owners[side].home, who.home, set(drafted.coverages))
        return made

    def author_of(self, pk):
        home = self.world.offers[pk].author
        return next(each for each in (*self.owners, *self.advisors) if each.home == home)

    def tended(self, who, verb, pk):
        """Whether it was done with the quote; nobody does anything with one that he or she does not see."""
        with acting_as(who.actor):
            row = Quote.objects.visible_to(who.actor).filter(pk=pk).first()
            more = {"version": row.version} if row and verb is quotes.submit else {}
            return bool(row) and done(verb, who.actor, quote=row, refusals=REFUSALS, **more)

    def submit(self, side, pick):
        if found := self.world.at_hand(self.owners[side].home, is_draft=True, is_ordered=False):
            offer = self.world.offers[pk := pick(found)]
            submitted = self.tended(self.author_of(pk), quotes.submit, pk)
            assert not submitted or self.world.is_kept(offer)
            offer.is_draft = offer.is_draft and not submitted

    def discard(self, side, pick):
        if found := self.world.at_hand(self.owners[side].home, is_draft=True, is_ordered=False):
            pk = pick(found)
            gone = self.tended(self.author_of(pk), quotes.discard, pk)
            assert not gone or self.world.is_kept(self.world.offers.pop(pk))

    def withdraw_quote(self, side, pick):
        if found := self.world.at_hand(self.owners[side].home, is_draft=False, is_ordered=False):
            pk = pick(found)
            withdrawn = self.tended(self.author_of(pk), quotes.withdraw, pk)
            assert not withdrawn or self.world.is_kept(self.world.offers[pk])

    def decline_quote(self, side, pick):
        if found := self.world.at_hand(self.owners[side].home, is_draft=False, is_ordered=False):
            self.tended(self.owners[side], quotes.decline, pick(found))

    def accept(self, side, pick):
        """By the customer: what was submitted to it, and its own draft."""
        home = self.owners[side].home
        drafts = self.world.at_hand(home, by=home, is_draft=True, is_ordered=False)
        if found := drafts + self.world.at_hand(home, is_draft=False, is_ordered=False):
            offer = self.world.offers[pk := pick(sorted(found))]
            if self.tended(self.owners[side], acceptance.accept, pk):
                assert self.world.is_kept(offer)
                offer.is_draft, offer.is_ordered = False, True

    def cancel_order(self, side, pick):
        if found := self.world.at_hand(self.owners[side].home, is_ordered=True):
            pk, who = pick(found), self.owners[side].actor
            with acting_as(who):
                order = Order.objects.get(quote=pk)
                cancelled = done(orders.cancel, who, order=order, reason="", refusals=REFUSALS)
            self.world.offers[pk].is_cancelled |= cancelled
