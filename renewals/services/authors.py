"""Who writes: what a firm keeps for itself names the person."""

from uuid import UUID

from accounts.permissions import Forbidden
from accounts.rules import Actor


def author_of(actor: Actor) -> UUID:
    """The person who acts. Raises Forbidden for the schedule and the operator's commands."""
    if actor.user_id is None:
        raise Forbidden("needs a person")
    return actor.user_id
