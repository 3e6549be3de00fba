"""Named questions about certificates."""

from typing import Self, TypeVar

from django.db.models import Case, Model, Value, When

from accounts.querysets import database_now
from licences.querysets import SharedQuerySet
from renewals.rules.certificates import Standing, token

M = TypeVar("M", bound=Model, covariant=True)


class CertificateQuerySet(SharedQuerySet[M]):
    """An advisor sees those of single coverages that are shared with it; those of everything are the customer's."""

    coverage_column = "coverage"

    def current(self) -> Self:
        """Not superseded by other terms."""
        return self.filter(superseded_at=None)

    def checked(self, number: str) -> Self:
        """The certificate of this number, for somebody who has nothing but the number."""
        return self.filter(token_hash=token(number))

    def with_standing(self) -> Self:
        """`standing`: valid until its last day has passed or other terms have taken its place."""
        valid = When(superseded_at=None, valid_until__gt=database_now(), then=Value(Standing.VALID.value))
        return self.annotate(standing=Case(valid, default=Value(Standing.ENDED.value)))
