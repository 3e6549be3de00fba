"""Who may accept a quote of this amount, said to whoever may not, and how far the reader's own right goes."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_LABELS, ApprovalLimit, Membership
from accounts.rules import Actor, Role
from interface.money import money_exact
from renewals.rules.quotes import Hindrance, hindrance
from renewals.services.acceptance import hindered

HINDERED = {
    Hindrance.APPROVERS_DECIDE: _(
        "A renewals manager accepts only while there is no approver, and your organisation has one."
    ),
    Hindrance.OVER_LIMIT: _("This is more than you may accept."),
}
DECIDING = (Role.OWNER.value, Role.APPROVER.value)


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody of the customer who may accept it; `upto` is an approver's limit in the quote's currencies."""

    name: str
    role: str | Promise
    upto: list[str]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Why the reader may not accept, if so; the own limits, for an approver; and who may, at least the owners."""

    why: str | Promise
    is_approver: bool
    own: list[str]
    people: list[Decider]


def deciding(actor: Actor, totals: dict[str, Decimal]) -> Deciding:
    """Of a customer's own people, in a fixed number of queries."""
    why = hindered(actor, totals)
    team = Membership.objects.filter(organisation=actor.organisation_id, user__is_active=True, role__in=DECIDING)
    limits = limits_of(actor)
    rows = sorted(team.select_related("user"), key=lambda each: (DECIDING.index(each.role), each.user.name))
    able = [each for each in rows if is_able(each, totals, limits[each.user_id])]
    return Deciding(
        why=HINDERED[why] if why else "",
        is_approver=actor.role is Role.APPROVER,
        own=said(limits[actor.user_id], totals),
        people=[decider(each, totals, limits[each.user_id]) for each in able],
    )


def limits_of(actor: Actor) -> defaultdict[object, dict[str, Decimal]]:
    """Each approver's limits by currency; one query."""
    found: defaultdict[object, dict[str, Decimal]] = defaultdict(dict)
    rows = ApprovalLimit.objects.visible_to(actor).values_list("membership__user", "currency", "amount")
    for user, currency, amount in rows:
        found[user][currency] = amount
    return found


def is_able(member: Membership, totals: dict[str, Decimal], limits: dict[str, Decimal]) -> bool:
    return hindrance(Role(member.role), totals, has_approver=True, limits=limits) is None


def decider(member: Membership, totals: dict[str, Decimal], limits: dict[str, Decimal]) -> Decider:
    upto = said(limits, totals) if member.role == Role.APPROVER.value else []
    return Decider(member.user.name, ROLE_LABELS[member.role], upto)


def said(limits: dict[str, Decimal], totals: dict[str, Decimal]) -> list[str]:
    """The limits in the quote's currencies."""
    return [money_exact(limits[currency], currency) for currency in sorted(totals) if currency in limits]
