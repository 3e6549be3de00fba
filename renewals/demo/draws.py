"""Choices that look random and are the same on every machine, Python and day."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")
TABLES = Path(__file__).with_name("tables")
BORN_AT = datetime(2026, 1, 1, tzinfo=UTC)


def number(below: int, *key: object) -> int:
    """A number from 0 to below it, always the same for the same key."""
    return int.from_bytes(_digest(key)[:8], "big") % below


def pick(options: Sequence[T], *key: object) -> T:
    """One of the options, always the same for the same key."""
    return options[number(len(options), *key)]


def digits(pattern: str, *key: object) -> str:
    """The pattern with a digit for every #."""
    return "".join(str(number(10, *key, i)) if c == "#" else c for i, c in enumerate(pattern))


def demo_id(*key: object, order: int = 0, at: datetime = BORN_AT) -> UUID:
    """An id of version 7 that loading the demo again finds; ids sort by `at`, then by `order`."""
    millisecond = int(at.timestamp() * 1000) + order
    tail = int.from_bytes(_digest(key)[:10], "big")
    high = millisecond << 16 | 0x7000 | tail >> 64 & 0xFFF
    low = 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=high << 64 | low)


def table(name: str) -> dict[str, Any]:
    """One of the tables of the world."""
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


def _digest(key: tuple[object, ...]) -> bytes:
    return blake2b("\x1f".join(map(str, key)).encode(), digest_size=16).digest()
