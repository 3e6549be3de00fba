"""People: what they change about themselves, and what owners change about members."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import audit, outbox
from accounts.models import ApprovalLimit, Membership, Organisation, User
from accounts.permissions import require
from accounts.rules import ROLES, Actor, Kind, Power, Role

LETTER = "accounts.membership"


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A person's own name, language, time zone, and how mail is wanted: as text alone, each reminder singly."""

    name: str
    language: str
    time_zone: str
    text_only: bool = False
    single_mails: bool = False


class LastOwner(Exception):
    """Nobody would be left who may invite people."""


@transaction.atomic
def change_language(user: User, language: str) -> None:
    """The language of a person's pages and mails."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def change_profile(user: User, profile: Profile) -> None:
    """What a person sets for itself; nobody else may."""
    User.objects.filter(pk=user.pk).update(**asdict(profile))


@transaction.atomic
def renew_hash(user: User, password: str) -> None:
    """The password that the person has just shown to be theirs, hashed as it is done today."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def change_role(actor: Actor, membership: Membership, role: Role) -> None:
    """Give a member another role of the organisation's kind; an approver's limits end with it. Raises LastOwner."""
    require(actor, Power.MANAGE_MEMBERS)
    if role not in ROLES[actor.kind]:
        raise ValueError(f"A {actor.kind} has no role {role}")
    keep_an_owner(actor, membership, becomes=role)
    before = membership.role
    if before == role or not own(actor).filter(pk=membership.pk).update(role=role.value):
        return
    membership.role = role.value
    ApprovalLimit.objects.visible_to(actor).filter(membership=membership).delete()
    tell(actor, "person.role_changed", membership, role=role.value, before=before)


@transaction.atomic
def remove_member(actor: Actor, membership: Membership) -> None:
    """The person acts for the organisation no more, from the next request on. Raises LastOwner."""
    require(actor, Power.MANAGE_MEMBERS)
    keep_an_owner(actor, membership, becomes=None)
    if own(actor).filter(pk=membership.pk).delete()[0]:
        tell(actor, "person.removed", membership, role=membership.role)


@transaction.atomic
def set_limit(actor: Actor, membership: Membership, *, currency: str, amount: Decimal | None) -> None:
    """Up to which amount, inclusive, an approver accepts quotes in a currency; None: not at all."""
    require(actor, Power.MANAGE_MEMBERS)
    limits = ApprovalLimit.objects.visible_to(actor).filter(membership=membership, currency=currency)
    limits.delete()
    if amount is not None:
        organisation = actor.organisation_id
        ApprovalLimit.objects.create(
            organisation_id=organisation, membership=membership, currency=currency, amount=amount
        )
    audit.record(
        actor,
        "person.limit_set",
        organisations=[actor.organisation_id],
        customer_id=actor.organisation_id,
        subject_id=membership.user_id,
        currency=currency,
        amount=None if amount is None else str(amount),
    )


def own(actor: Actor) -> Any:
    return Membership.objects.filter(organisation=actor.organisation_id)


def keep_an_owner(actor: Actor, membership: Membership, *, becomes: Role | None) -> None:
    """Of two owners who remove each other at once, the second is refused: the organisation's lock makes them queue."""
    chief = ROLES[actor.kind][0]
    Organisation.objects.select_for_update().get(pk=actor.organisation_id)
    others = own(actor).filter(role=chief.value).exclude(pk=membership.pk)
    if membership.role == chief and becomes != chief and not others.exists():
        raise LastOwner


def tell(actor: Actor, verb: str, membership: Membership, **details: Any) -> None:
    """Both the books of the organisation and the person concerned."""
    customer_id = actor.organisation_id if actor.kind is Kind.CUSTOMER else None
    audit.record(
        actor,
        verb,
        organisations=[actor.organisation_id],
        customer_id=customer_id,
        subject_id=membership.user_id,
        **details,
    )
    to = outbox.Addressee.person(membership.user, actor.organisation_id)
    outbox.post(actor, LETTER, to, change=verb, organisation=str(actor.organisation_id), **details)
