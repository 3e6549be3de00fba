"""How often somebody may ask."""

import time
from uuid import UUID

from django.core.cache import cache


def spent(action: str, person: UUID | str, *, limit: int, seconds: int = 60) -> bool:
    """Count one more `action` of the person; True when it is beyond `limit` in this stretch of `seconds`."""
    key = f"rate:{action}:{person}:{int(time.time()) // seconds}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # the key has run out in between
        return False
