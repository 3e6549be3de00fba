"""Keyset paging: page 100 costs what page 1 costs, and rows that tie keep their order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

SIZE = 50
KINDS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "decimal": (Decimal, Decimal),
    "uuid": (UUID, UUID),
    "int": (int, int),
    "str": (str, str),
}
Row = TypeVar("Row")
Keys = tuple[str, ...]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; a cursor is None where there is nothing further that way."""

    rows: list[Row]
    next_cursor: str | None = None
    previous_cursor: str | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(
    queryset: "QuerySet[Any, Row]",
    params: Mapping[str, Any],
    *,
    keys: Keys,
    size: int = SIZE,
) -> Page[Row]:
    """The page that `after` or `before` in `params` asks for, in one query; else the first.

    `keys` order the rows ("-at" descending), the last is unique, none may be null. Rows may be
    models (keys may follow relations that are selected) or dictionaries. A cursor that is
    broken, or made for another order, gives the first page.
    """
    is_back = "before" in params
    values = _read(params.get("before") or params.get("after"), keys)
    order = _reversed(keys) if is_back and values else keys
    rows = queryset.order_by(*order)
    if values:
        rows = rows.filter(_beyond(order, values))
    found = list(rows[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if values and is_back:
        return _page(shown[::-1], keys, has_next=True, has_previous=has_more)
    return _page(shown, keys, has_next=has_more, has_previous=bool(values))


def _page(rows: list[Row], keys: Keys, *, has_next: bool, has_previous: bool) -> Page[Row]:
    if not rows:
        return Page([])
    return Page(
        rows,
        _written(rows[-1], keys) if has_next else None,
        _written(rows[0], keys) if has_previous else None,
    )


def _reversed(keys: Keys) -> Keys:
    return tuple(key.removeprefix("-") if key.startswith("-") else f"-{key}" for key in keys)


def _beyond(order: Keys, values: Sequence[Any]) -> Q:
    """Rows after `values`: (a, b) > (x, y), written so that an index on (a, b) serves it."""
    first, *_ = order
    steps = (_step(order[: depth + 1], values) for depth in range(len(order)))
    return Q(**{_lookup(first, or_equal=True): values[0]}) & reduce(Q.__or__, steps)


def _step(keys: Keys, values: Sequence[Any]) -> Q:
    *ties, last = keys
    same = {key.removeprefix("-"): value for key, value in zip(ties, values, strict=False)}
    return Q(**same, **{_lookup(last): values[len(ties)]})


def _lookup(key: str, *, or_equal: bool = False) -> str:
    side = "lt" if key.startswith("-") else "gt"
    return f"{key.removeprefix('-')}__{side}{'e' if or_equal else ''}"


def _written(row: Any, keys: Keys) -> str:
    values = [_value(row, key.removeprefix("-")) for key in keys]
    return _signer(keys).sign_object([[_kind(value), str(value)] for value in values])


def _kind(value: Any) -> str:
    return next(name for name, (kind, _) in KINDS.items() if isinstance(value, kind))


def _read(cursor: object, keys: Keys) -> list[Any]:
    if not isinstance(cursor, str):
        return []
    try:
        typed = _signer(keys).unsign_object(cursor)
    except signing.BadSignature:
        return []
    return [KINDS[name][1](text) for name, text in typed]


def _signer(keys: Keys) -> signing.Signer:
    """Without a time stamp: the same row gives the same address."""
    return signing.Signer(salt=f"interface.paging:{','.join(keys)}")


def _value(row: Any, key: str) -> Any:
    if isinstance(row, Mapping):
        return row[key]
    if not isinstance(row, Model) or hasattr(row, key):
        return getattr(row, key)
    return reduce(getattr, key.split("__"), row)
