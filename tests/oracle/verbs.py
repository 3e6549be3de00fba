"""Whatever happens happens twice: in the database by the product's services, and in the model."""

from datetime import timedelta

from django.db.transaction import atomic

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from advisors.models import Firm
from licences.models import AccessRequest, Assignment, Coverage, Selection, SupportAccess
from licences.rules import Scope
from licences.rules.access import Refused, Terms, Ticks, Wish
from licences.services.assignments import change_access, revoke
from licences.services.drafts import activate, begin_assignment, choose_access, choose_contact, choose_licences
from licences.services.licences import Cover, change_coverage
from licences.services.pauses import resume, suspend
from licences.services.requests import ask, decline, grant
from licences.services.resignations import resign
from licences.services.shares import preview_changes, set_access
from licences.services.support import change_support, end_support, give_support
from tests.hats import database_role
from tests.oracle.model import Asked, Grant, Support
from tests.oracle.stage import Stage


def done(verb, *args, refusals=(Refused,), **kwargs):
    """Whether the product did it, or refused what nobody can have."""
    try:
        with atomic():
            verb(*args, **kwargs)
    except refusals:
        return False
    return True


class Life(Stage):
    """The life of licences and of assignments. A side is a customer, 0 or 1; so is a firm."""

    def drop_coverage(self, side, pick):
        if len(own := self.own(side)) > 1:
            gone = pick(own)
            with acting_as(self.owners[side].actor):
                rows = Coverage.objects.filter(pk=gone)
                rows._raw_delete(rows.db)
            self.world.forget(gone)

    def renew(self, side, pick, *, days=365):
        """The date moves, to later or to earlier; who sees it does not."""
        owner, pk = self.owners[side].actor, pick(self.own(side))
        until = self.world.expires_on[pk] + timedelta(days)
        with acting_as(owner):
            row = Coverage.objects.get(pk=pk)
            cover = Cover(quantity=row.quantity, starts_on=row.starts_on, expires_on=until)
            change_coverage(owner, coverage=row, cover=cover, version=row.version)
        self.world.expires_on[pk] = until

    def assign(self, side, firm, chosen, *, level=2, days=40, everything=False):
        """Found, contact, licences, level, confirmed; a draft that cannot be confirmed waits for the next time."""
        owner, ends_on = self.owners[side].actor, self.today(side) + timedelta(days)
        scope = Scope.ALL if everything else Scope.SELECTED
        with acting_as(owner):
            draft = begin_assignment(owner, advisor=self.firms[firm])
            choose_contact(owner, assignment=draft, contact=self.contacts[firm])
            choose_licences(
                owner, assignment=draft, ticks=Ticks(frozenset(chosen), frozenset(self.own(side)) - frozenset(chosen))
            )
            choose_access(owner, assignment=draft, terms=Terms(scope, AccessLevel(level), ends_on))
            version = Assignment.objects.get(pk=draft.pk).version
            active = done(activate, owner, assignment=draft, version=version)
        named = set() if everything else set(chosen)
        wanted = Grant(*self.pair(side, firm), everything, named, level, ends_on)
        assert self.world.assign(draft.pk, wanted) is active
        self.world.drafted(draft.pk, set(chosen))

    def change(self, side, firm, pick, *, add=(), remove=(), level=2, days=40, everything=False):
        if not (held := self.world.standing(*self.pair(side, firm), "active")):
            return
        pk, owner, ends_on = pick(held), self.owners[side].actor, self.today(side) + timedelta(days)
        wanted = self.world.changed(pk, everything=everything, add=set(add), remove=set(remove))
        terms = Terms(Scope.ALL if everything else Scope.SELECTED, AccessLevel(level), ends_on)
        with acting_as(owner):
            row = Assignment.objects.get(pk=pk)
            ticks = Ticks(frozenset(add), frozenset(remove))
            changed = done(change_access, owner, assignment=row, version=row.version, terms=terms, ticks=ticks)
        assert changed is (wanted is not None)
        if wanted is not None:
            self.world.change(pk, everything, wanted, level, ends_on)

    def set_cells(self, side, firm, chosen, *, level=2, days=40, follow=False):
        pair, ends_on, owner = self.pair(side, firm), self.today(side) + timedelta(days), self.owners[side].actor
        if not self.world.held(*pair) or not chosen:
            return
        follow = follow and self.world.has_all(*pair)
        wish = Wish(frozenset(chosen), AccessLevel(0 if follow else level), ends_on, follow)
        with acting_as(owner):
            stamp = preview_changes(owner, advisor=self.firms[firm], wish=wish, today=self.today(side)).stamp
            changed = {c.coverage for c in set_access(owner, advisor=self.firms[firm], wish=wish, stamp=stamp)}
            ticks = Selection.objects.filter(assignment__advisor=self.firms[firm], assignment__status="active")
            target = ticks.filter(coverage__in=changed).values_list("assignment", flat=True).first()
        self.world.set_cells(*pair, changed, wish, target)
        if not follow:
            assert {self.world.level(coverage, pair[1]) for coverage in chosen} == {level}

    def at_version(self, who, verb, pk):
        with acting_as(who):
            row = Assignment.objects.get(pk=pk)
            return done(verb, who, assignment=row, version=row.version)

    def end(self, side, firm, pick):
        if found := self.world.standing(*self.pair(side, firm), "active", "suspended"):
            pk = pick(found)
            assert self.at_version(self.owners[side].actor, revoke, pk)
            self.world.end(pk, "revoked")

    def pause(self, side, firm, pick):
        if found := self.world.standing(*self.pair(side, firm), "active"):
            pk = pick(found)
            assert self.at_version(self.owners[side].actor, suspend, pk)
            self.world.pause(pk, by="customer")

    def resume(self, side, firm, pick):
        found = self.world.standing(*self.pair(side, firm), "suspended")
        if own := [pk for pk in found if self.world.grants[pk].paused_by == "customer"]:
            pk = pick(own)
            assert self.at_version(self.owners[side].actor, resume, pk) is self.world.resume(pk, by="customer")

    def resign(self, side, firm, pick):
        """A firm that sees nothing of a customer does not know it, and has nothing to give up."""
        found = self.world.standing(*self.pair(side, firm), "active", "suspended")
        if found and self.world.held(*self.pair(side, firm)):
            pk = pick(found)
            assert self.at_version(self.advisors[firm].actor, resign, pk)
            self.world.end(pk, "resigned")

    def agreement(self, firm, *, active):
        """The programme ends it or renews it."""
        with database_role("coterm_owner"):
            Firm.objects.filter(pk=self.firms[firm].pk).update(agreement_active=active)
        change = self.world.without_agreement.discard if active else self.world.without_agreement.add
        change(self.firms[firm].pk)
        self.review()

    def ask(self, side, firm, pick, *, level=3, days=60):
        """A firm asks for more than it has been given."""
        if not (held := self.world.standing(*self.pair(side, firm), "active")):
            return
        pk, who, ends_on = pick(held), self.advisors[firm].actor, self.today(side) + timedelta(days)
        with acting_as(who):
            row = Assignment.objects.get(pk=pk)
            asked = done(ask, who, assignment=row, level=AccessLevel(level), ends_on=ends_on)
            waiting = AccessRequest.objects.visible_to(who).filter(assignment=row, answer="waiting").first()
        assert asked is self.world.may_ask(pk, level, ends_on)
        if asked:
            self.world.asked[waiting.pk] = Asked(pk, level, ends_on, self.world.now)

    def answer(self, side, firm, pick, *, yes):
        held = self.world.standing(*self.pair(side, firm), "active")
        if not (waiting := sorted(pk for each in held for pk in self.world.waiting(each))):
            return
        pk, owner = pick(waiting), self.owners[side].actor
        with acting_as(owner):
            asked = AccessRequest.objects.select_related("assignment").get(pk=pk)
            if yes:
                grant(owner, request=asked, version=asked.assignment.version)
            else:
                decline(owner, request=asked)
        self.world.answer(pk, "granted" if yes else "declined")

    def support(self, side, *, days=14):
        """The customer lets the programme look, or looks again at what it has given: another end."""
        owner, ends_on = self.owners[side].actor, self.today(side) + timedelta(days)
        looking = self.world.looking(owner.organisation_id)
        with acting_as(owner):
            if looking:
                row = SupportAccess.objects.get(pk=looking[0])
                change_support(owner, support=row, version=row.version, reason="Case 7", ends_on=ends_on)
            else:
                row = give_support(owner, reason="Case 7", ends_on=ends_on)
        self.world.support[row.pk] = Support(owner.organisation_id, self.houses[8].pk, ends_on)

    def end_support(self, side):
        owner = self.owners[side].actor
        for pk in self.world.looking(owner.organisation_id):
            with acting_as(owner):
                row = SupportAccess.objects.get(pk=pk)
                end_support(owner, support=row, version=row.version)
            self.world.support[pk].ended = True
