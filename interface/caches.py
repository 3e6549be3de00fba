"""The cache counts how often somebody asks: in Redis, and in each process by itself while Redis is away."""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

logger = logging.getLogger(__name__)
# How long a request waits for Redis, and how long none asks it again, in seconds.
PATIENCE, PAUSE = 1, 15


def either(name: str) -> Callable[..., Any]:
    """The operation of that name, on Redis or in its place."""

    def operation(self: "SteadyCache", *words: Any, **options: Any) -> Any:
        if not self.is_away():
            try:
                return getattr(RedisCache, name)(self, *words, **options)
            except (ConnectionError, TimeoutError) as problem:
                self.leave(problem)
        return getattr(self.local, name)(*words, **options)

    return operation


class SteadyCache(RedisCache):
    """Losing Redis costs latency: without this, the limits of sign-in would answer 500 as long as it is away.

    Limits still hold then, but for each process by itself.
    """

    back_at: ClassVar[dict[str, float]] = {}  # by server; for all threads, so that one of them waits, and not each

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        wait = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, {**params, "OPTIONS": {**wait, **params.get("OPTIONS", {})}})
        self.server = server
        self.local = LocMemCache("while Redis is away", {})

    def is_away(self) -> bool:
        """Whether it did not answer a moment ago, and is not asked at present."""
        return time.monotonic() < self.back_at.get(self.server, 0)

    def leave(self, problem: Exception) -> None:
        logger.warning("the cache's Redis is away: %s", type(problem).__name__)
        self.back_at[self.server] = time.monotonic() + PAUSE

    add, get, set, touch, delete = (either(name) for name in ("add", "get", "set", "touch", "delete"))
    get_many, has_key, incr = either("get_many"), either("has_key"), either("incr")
    set_many, delete_many, clear = either("set_many"), either("delete_many"), either("clear")
