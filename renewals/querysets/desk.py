"""Named questions about an advisor's notes and saved views."""

from typing import TypeVar

from django.db.models import Model

from accounts.querysets import OwnQuerySet

M = TypeVar("M", bound=Model, covariant=True)


class NoteQuerySet(OwnQuerySet[M]):
    pass


class ViewQuerySet(OwnQuerySet[M]):
    pass
