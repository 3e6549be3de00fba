"""The cautions of a quote in words, each with what can be done about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.rules import Actor, Kind
from interface import dates
from interface.money import money_exact, number, percent
from renewals.rules.cautions import Caution, Matter
from renewals.rules.lines import Kind as LineKind
from renewals.rules.lines import Line
from renewals.services.candidates import MOST_LINES, Candidate
from renewals.services.previews import Preview
from renewals.views.builder import words

MOST_BANDS = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """What is worth saying: `tone` is late, soon or empty, `leave` the ids that a button would leave out."""

    title: str
    text: str = ""
    tone: str = ""
    leave: str = ""
    url: str = ""
    label: str = ""


class Speaker:
    """Puts the cautions of one preview into words."""

    def __init__(self, actor: Actor, found: Preview) -> None:
        self.actor, self.found = actor, found
        self.names = words.Names(found.candidates)
        self.owned: Mapping[UUID, Candidate] = {each.coverage: each for each in found.candidates}
        self.held = {each.coverage: each for each in found.held}

    def notices(self) -> list[Notice]:
        """All of them, most pressing first; of hints at larger bands the few that save most."""
        bands = [each for each in self.found.cautions if each.matter is Matter.CHEAPER_BAND][:MOST_BANDS]
        others = [each for each in self.found.cautions if each.matter is not Matter.CHEAPER_BAND]
        said = [SAID[each.matter](self, each) for each in (*others, *bands)]
        return [*said, *self._of_the_choice()]

    def _of_the_choice(self) -> list[Notice]:
        found = []
        if self.found.is_missing:
            title = gettext("Some of what you chose is not in this quote.")
            found.append(Notice(title, gettext("It is not shared with you: access may have ended meanwhile.")))
        if self.found.is_cut:
            title = gettext("A quote has at most %(count)s lines.") % {"count": number(MOST_LINES)}
            found.append(Notice(title, gettext("These are the ones that expire first.")))
        return found

    def _lines(self, caution: Caution) -> list[Line]:
        plan = self.found.plan
        return [line for line in plan.calculation.lines if line.coverage in caution.coverages] if plan else []

    def _out(self, caution: Caution) -> str:
        return " ".join(str(coverage) for coverage in caution.coverages)

    def unpriced(self, caution: Caution) -> Notice:
        title = gettext("No price is in force for %(names)s.") % {"names": self.names(caution.coverages)}
        text = gettext("There is no total while it is ticked. The programme publishes prices by product and quantity.")
        return Notice(title, text, "late", self._out(caution))

    def too_early(self, caution: Caution) -> Notice:
        title = gettext("%(names)s cannot end so early.") % {"names": self.names(caution.coverages)}
        text = gettext("No cover becomes shorter, and lapsed cover has a minimum. All lines can end on %(date)s.")
        return Notice(title, text % {"date": _day(caution.on)}, "late", self._out(caution))

    def too_late(self, caution: Caution) -> Notice:
        title = gettext("%(names)s cannot be covered so long.") % {"names": self.names(caution.coverages)}
        text = gettext("The last date that all lines can have is %(date)s.") % {"date": _day(caution.on)}
        return Notice(title, text, "late", self._out(caution))

    def nears_recovery(self, caution: Caution) -> Notice:
        names = self.names(caution.coverages)
        title = gettext("From %(date)s the gap of %(names)s can no longer be closed.")
        text = gettext("Accept before. Afterwards only recovery is left, which costs more, and the gap stays for good.")
        return Notice(title % {"date": _day(caution.on), "names": names}, text, "late", self._out(caution))

    def lapsed(self, caution: Caution) -> Notice:
        names, count = self.names(caution.coverages), len(caution.coverages)
        title = ngettext("%(names)s lapsed on %(date)s, %(days)s ago.", "%(names)s have lapsed.", count)
        first = self.owned[caution.coverages[0]].expires_on or self.found.buyer.today
        ago = words.days((self.found.buyer.today - first).days)
        said = title % {"names": names, "date": dates.day(first), "days": ago}
        return Notice(said, self._reinstating(caution), "soon", self._out(caution))

    def _reinstating(self, caution: Caution) -> str:
        lines = self._lines(caution)
        until = gettext("From %(date)s the gap can no longer be closed.") % {"date": _day(caution.on)}
        backs = [line for line in lines if line.back is not None]
        if not backs:
            return until
        fees = [line.amount for line in lines if line.kind is LineKind.REINSTATEMENT_FEE]
        shares = {self.held[line.coverage].policy.fee for line in backs}
        sums = {
            "back": _money([line.back or Decimal(0) for line in backs], backs),
            "fee": _money(fees, backs),
            "share": words.joined([percent(share) for share in sorted(shares)]),
        }
        text = gettext(
            "Reinstating pays for the days without cover, %(back)s, and a fee of %(share)s of that, %(fee)s."
        )
        return f"{text % sums} {until}"

    def gap_stays(self, caution: Caution) -> Notice:
        names, count = self.names(caution.coverages), len(caution.coverages)
        title = ngettext("%(names)s lapsed too long ago to close the gap.", "%(names)s lapsed too long ago.", count)
        factors = {self.held[coverage].policy.factor for coverage in caution.coverages}
        text = gettext(
            "Recovery begins the day after today, and the first year costs %(factor)s times its price."
            " The days before stay without cover."
        ) % {"factor": words.joined([number(factor) for factor in sorted(factors)])}
        return Notice(title % {"names": names}, text, "soon", self._out(caution))

    def raised(self, caution: Caution) -> Notice:
        names = self.names(caution.coverages)
        text = gettext("No cover becomes shorter, and lapsed cover has a minimum term.")
        if caution.on is None or self.found.plan is None or self.found.plan.calculation.ends_on is None:
            return Notice(gettext("Later dates for %(names)s.") % {"names": names}, text, "soon")
        ends_on = self.found.plan.calculation.ends_on
        title = gettext("The date was raised from %(first)s to %(last)s, for %(names)s.")
        said = title % {"first": _day(caution.on), "last": dates.day(ends_on), "names": names}
        return Notice(said, text, "soon", self._out(caution))

    def shortened(self, caution: Caution) -> Notice:
        days = self.found.plan.cost_free.days if self.found.plan and self.found.plan.cost_free else {}
        lost = sum(-days.get(coverage, 0) for coverage in caution.coverages)
        title = gettext("%(names)s: %(days)s less.")
        text = gettext("This date shares out the days that are already paid for. The customer has to consent to it.")
        said = title % {"names": self.names(caution.coverages), "days": words.days(lost)}
        return Notice(said, text, "soon", self._out(caution))

    def left_out(self, caution: Caution) -> Notice:
        title = gettext("%(names)s: lapsed, so without a part in this.") % {"names": self.names(caution.coverages)}
        return Notice(title, gettext("Only days that are still ahead can be shared out."))

    def other_currency(self, caution: Caution) -> Notice:
        title = gettext("%(names)s: in another currency.") % {"names": self.names(caution.coverages)}
        return Notice(title, gettext("Days are shared out within one currency."))

    def cheaper_band(self, caution: Caution) -> Notice:
        if caution.hint is None:
            return Notice("")
        (coverage,) = caution.coverages
        facts = {
            "more": number(caution.hint.quantity),
            "less": number(self.owned[coverage].quantity),
            "names": self.names(caution.coverages),
            "saving": money_exact(caution.saving, caution.currency),
            "amount": money_exact(caution.hint.amount, caution.currency),
        }
        title = gettext("%(more)s of %(names)s cost %(saving)s less than %(less)s.") % facts
        return Notice(title, gettext("Each is cheaper from that quantity on: all of them %(amount)s.") % facts)

    def undated(self, caution: Caution) -> Notice:
        names, count = self.names(caution.coverages), len(caution.coverages)
        title = ngettext("%(names)s has no expiry date.", "%(names)s have no expiry date.", count) % {"names": names}
        said = Notice(title, gettext("It can be quoted once somebody has written down when its cover ends."), "soon")
        if self.actor.kind is not Kind.CUSTOMER:
            return said
        url = reverse("licences:licence", args=[self.owned[caution.coverages[0]].licence])
        return replace(said, url=url, label=gettext("Open the licence"))

    def on_order(self, caution: Caution) -> Notice:
        names, count = self.names(caution.coverages), len(caution.coverages)
        title = ngettext("%(names)s is on order already.", "%(names)s are on order already.", count)
        text = gettext("An accepted quote holds it until its order is fulfilled or cancelled.")
        return Notice(title % {"names": names}, text, url=reverse("renewals:orders"), label=gettext("See the orders"))

    def not_shared(self, caution: Caution) -> Notice:
        title = gettext("You see the dates of %(names)s, not the prices.") % {"names": self.names(caution.coverages)}
        assignment = self.owned[caution.coverages[0]].assignment
        url = reverse("licences:ask", args=[assignment]) if assignment else ""
        return Notice(title, gettext("It is not in this quote."), url=url, label=gettext("Ask for access"))

    def incomplete(self, caution: Caution) -> Notice:
        return Notice(gettext("May be incomplete: you see the licences that were shared."))


SAID: Mapping[Matter, Callable[[Speaker, Caution], Notice]] = {
    Matter.UNPRICED: Speaker.unpriced,
    Matter.TOO_EARLY: Speaker.too_early,
    Matter.TOO_LATE: Speaker.too_late,
    Matter.NEARS_RECOVERY: Speaker.nears_recovery,
    Matter.LAPSED: Speaker.lapsed,
    Matter.GAP_STAYS: Speaker.gap_stays,
    Matter.RAISED: Speaker.raised,
    Matter.SHORTENED: Speaker.shortened,
    Matter.LEFT_OUT: Speaker.left_out,
    Matter.OTHER_CURRENCY: Speaker.other_currency,
    Matter.CHEAPER_BAND: Speaker.cheaper_band,
    Matter.ON_ORDER: Speaker.on_order,
    Matter.UNDATED: Speaker.undated,
    Matter.NOT_SHARED: Speaker.not_shared,
    Matter.INCOMPLETE: Speaker.incomplete,
}


def _day(on: date | None) -> str:
    return dates.day(on) if on else ""


def _money(amounts: list[Decimal], lines: list[Line]) -> str:
    return money_exact(sum(amounts, start=Decimal(0)), lines[0].currency)
