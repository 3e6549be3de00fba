"""Adds rows in bulk, those that are missing, and finds what is there by its natural key."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

M = TypeVar("M", bound=Model)
BATCH = 2000


def add(model: type[M], rows: Iterable[M]) -> None:
    """Insert the rows that are not there yet, in batches."""
    model._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def ids_by(model: type[M], field: str, **filters: Any) -> dict[Any, UUID]:
    """The key of every row by the value of a unique field."""
    return dict(model._default_manager.filter(**filters).values_list(field, "pk"))
