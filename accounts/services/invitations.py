"""Invitations: offered to an address, carried by a token that is kept only as a hash, good once and for 72 hours."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import audit, outbox
from accounts.models import Invitation, Membership, Organisation, User
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import ROLES, Actor, Kind, Power, Role
from accounts.tenancy import acting_as, set_actor

LIFE = timedelta(hours=72)
LETTER = "accounts.invitation"


class InvitationGone(Exception):
    """No open invitation has this token: expired, accepted, withdrawn, replaced, or never made."""


class WrongPerson(Exception):
    """The invitation is addressed to somebody else than who is signed in."""


class AlreadyMember(Exception):
    """The address belongs to a member of the organisation."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A place for an address; `role` must be one of the organisation's kind."""

    email: str
    role: Role
    name: str = ""
    language: str = "en"


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def require_inviter(actor: Actor, organisation: Organisation) -> None:
    """Owners invite to their own organisation, the programme to every one."""
    own = organisation.pk == actor.organisation_id
    require(actor, Power.MANAGE_MEMBERS if own else Power.MANAGE_PROGRAMME)


@transaction.atomic
def invite(actor: Actor, organisation: Organisation, offer: Offer) -> Invitation:
    """Mail a new token; one that is still open for the same address dies. Raises AlreadyMember."""
    require_inviter(actor, organisation)
    if offer.role not in ROLES[Kind(organisation.kind)]:
        raise ValueError(f"A {organisation.kind} has no role {offer.role}")
    email = offer.email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        raise AlreadyMember(email)
    Invitation.objects.open().filter(organisation=organisation, email=email).update(withdrawn_at=database_now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=offer.name,
        role=offer.role.value,
        language=offer.language,
        token_hash=digest(token),
        invited_by_id=actor.user_id,
        expires_at=database_now() + LIFE,
    )
    tell(actor, "person.invited", invitation)
    return post(actor, invitation, token)


def post(actor: Actor, invitation: Invitation, token: str) -> Invitation:
    """The token travels in the letter alone, whose context no tenant can read and which is wiped once sent."""
    invitation.refresh_from_db(fields=["expires_at"])
    to = outbox.Addressee(invitation.email, invitation.language, None, invitation.organisation_id)
    outbox.post(actor, LETTER, to, give_up_at=invitation.expires_at, invitation=str(invitation.pk), token=token)
    return invitation


def tell(actor: Actor, verb: str, invitation: Invitation, **details: Any) -> None:
    audit.record(
        actor,
        verb,
        organisations=[actor.organisation_id, invitation.organisation_id],
        customer_id=invitation.organisation_id if invitation.organisation.kind == Kind.CUSTOMER else None,
        subject_id=invitation.pk,
        role=invitation.role,
        organisation=str(invitation.organisation_id),
        **details,
    )


@transaction.atomic
def resend(actor: Actor, invitation: Invitation) -> Invitation:
    """A new token for the same place; the old one stops working."""
    offer = Offer(
        email=invitation.email, role=Role(invitation.role), name=invitation.name, language=invitation.language
    )
    return invite(actor, invitation.organisation, offer)


@transaction.atomic
def withdraw(actor: Actor, invitation: Invitation) -> None:
    """The token stops working at once; an invitation that is not open any more stays as it is."""
    require_inviter(actor, invitation.organisation)
    if Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=database_now()):
        tell(actor, "person.uninvited", invitation)


@contextmanager
def holding(token: str, *, user_id: UUID | None = None) -> Iterator[Invitation]:
    """What the holder of a token may see: the invitation, its organisation, and the person it is addressed to.

    Raises InvitationGone, the same for a token that is spent and one that never was.
    """
    with acting_as(None, user_id=user_id, token=digest(token)):
        found = (
            Invitation.objects.open()
            .filter(token_hash=digest(token))
            .select_related("organisation")
            .select_for_update(of=("self",))
            .first()
        )
        if found is None:
            raise InvitationGone
        set_actor(user_id=user_id, token=digest(token), sign_in=found.email.lower())
        yield found


def is_known(invitation: Invitation) -> bool:
    """Whether the invited address signs in already; asked inside `holding`."""
    return User.objects.filter(email=invitation.email).exists()


def join(token: str, user: User) -> Membership:
    """A person who is signed in takes the place. Raises InvitationGone, WrongPerson."""
    with holding(token, user_id=user.pk) as invitation:
        if user.email.lower() != invitation.email.lower():
            raise WrongPerson
        return seat(invitation, user, token)


def join_as_new(token: str, *, name: str, password: str) -> Membership:
    """Somebody who never signed in before takes the place; having the token proves the address."""
    with holding(token) as invitation:
        if is_known(invitation):
            raise WrongPerson
        user = User(email=invitation.email, name=name, language=invitation.language)
        user.time_zone = invitation.organisation.time_zone
        user.set_password(password)
        user.save(force_insert=True)
        set_actor(user_id=user.pk, token=digest(token), sign_in=invitation.email)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return seat(invitation, user, token)


def seat(invitation: Invitation, user: User, token: str) -> Membership:
    """The invitation's lock is held: of two who accept at once, the second finds it gone."""
    organisation = invitation.organisation
    membership = Membership(organisation=organisation, user=user, role=invitation.role)
    if known := Membership.objects.filter(organisation=organisation, user=user).first():
        membership = known
    else:
        membership.save(force_insert=True)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=database_now())
    actor = Actor(organisation.pk, Kind(organisation.kind), Role(membership.role), user.pk)
    set_actor(actor, token=digest(token))
    tell(actor, "person.joined", invitation)
    return membership
