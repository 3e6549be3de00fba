"""Named questions about firms and their contacts: the directory, open to everybody who is signed in."""

from typing import TypeVar

from django.db.models import Model, Q

from accounts.querysets import TenantQuerySet
from accounts.rules import Actor

M = TypeVar("M", bound=Model, covariant=True)


class DirectoryQuerySet(TenantQuerySet[M]):
    def seen_by(self, actor: Actor) -> Q:
        return Q()
