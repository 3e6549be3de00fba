"""What a quote would come to: read, calculated, and written nowhere (7-surface, "POST /quotes/preview")."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from accounts.rules import Actor, Kind
from advisors.models import Firm
from renewals.rules.cautions import Caution, Matter, cautions, in_turn, refused
from renewals.rules.choice import Choice
from renewals.rules.modes import Mode, Plan, compare
from renewals.rules.positions import Basis, Entitlement, Position, positions
from renewals.rules.refusals import NothingToQuote, Refusal, Unpriced
from renewals.services.bases import basis_for
from renewals.services.candidates import MOST_LINES, Buyer, Candidate, candidates, require_quoting


@dataclass(frozen=True, slots=True)
class Preview:
    """A choice priced on the customer's today.

    `candidates` are all lines of the choice, ticked or not; `held` those that are ticked and have a price. Without a
    `plan` there is a `refusal`. `is_missing`: the choice names coverages that the actor does not see, be it that access
    ended or that there never were any. `is_cut`: there are more coverages than a quote has lines.
    """

    buyer: Buyer
    candidates: Sequence[Candidate]
    held: Sequence[Position]
    basis: Basis
    tier: str = ""
    plan: Plan | None = None
    refusal: Refusal | None = None
    ways: Mapping[Mode, Plan | Refusal] = field(default_factory=dict)
    cautions: Sequence[Caution] = ()
    is_missing: bool = False
    is_cut: bool = False


def preview(actor: Actor, choice: Choice, *, buyer: Buyer) -> Preview:
    """The choice's calculation, in a fixed number of statements; raises Forbidden, never Refusal."""
    require_quoting(actor)
    owned = candidates(actor, buyer.id, choice.coverages)
    asked = [each for each in owned if each.coverage not in choice.out]
    entitlements = [found for each in asked if (found := each.entitlement(buyer.currency))]
    tier = tier_of(actor)
    basis = basis_for(entitlements, priced_on=buyer.today, tier=tier)
    held, refusal = _held(entitlements, basis)
    ways = {} if refusal or not held else compare(held, choice.ask)
    plan, refusal = _chosen(ways.get(choice.mode), refusal)
    return Preview(
        buyer=buyer,
        candidates=owned,
        held=held,
        basis=basis,
        tier=tier,
        plan=plan,
        refusal=refusal,
        ways=ways,
        cautions=in_turn((*_standing(owned, choice.out), *cautions(held, plan, basis), *refused(refusal))),
        is_missing=len(owned) < len(choice.coverages),
        is_cut=not choice.coverages and len(owned) == MOST_LINES,
    )


def settled(choice: Choice, found: Preview) -> Choice:
    """The choice as the preview shows it: without what the actor does not see or may not quote, or is on order."""
    seen = {each.coverage for each in found.candidates}
    barred = {each.coverage for each in found.candidates if not each.may_quote or each.on_order}
    return replace(
        choice,
        coverages=tuple(coverage for coverage in choice.coverages if coverage in seen),
        out=choice.out | barred if choice.coverages else choice.out,
    )


def tier_of(actor: Actor) -> str:
    """The tier of the firm that quotes, "" for a customer of its own."""
    if actor.kind is not Kind.ADVISOR:
        return ""
    return Firm.objects.filter(pk=actor.organisation_id).values_list("tier", flat=True).first() or ""


def _held(entitlements: Sequence[Entitlement], basis: Basis) -> tuple[Sequence[Position], Refusal | None]:
    try:
        return positions(entitlements, basis), None
    except Unpriced as unpriced:
        return positions([each for each in entitlements if each.coverage not in unpriced.faults], basis), unpriced


def _chosen(way: Plan | Refusal | None, refusal: Refusal | None) -> tuple[Plan | None, Refusal | None]:
    if isinstance(way, Plan):
        return way, None
    return None, refusal or way or NothingToQuote()


def _standing(owned: Sequence[Candidate], out: Collection[UUID]) -> list[Caution]:
    """What the coverages themselves make worth saying, whatever they cost."""
    asked = [each for each in owned if each.coverage not in out]
    concerned: dict[Matter, list[UUID]] = {
        Matter.NOT_SHARED: [each.coverage for each in owned if not each.may_quote],
        Matter.ON_ORDER: [each.coverage for each in owned if each.may_quote and each.on_order],
        Matter.UNDATED: [each.coverage for each in asked if each.may_quote and each.expires_on is None],
    }
    found = [Caution(matter, tuple(ids)) for matter, ids in concerned.items() if ids]
    # Said whenever anything is shared on its own, so that it tells nothing (1-product, "Access").
    return [*found, Caution(Matter.INCOMPLETE)] if any(each.is_selected for each in asked) else found
