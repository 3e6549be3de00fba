"""How long one exchange with a mail server may take, however long it keeps each single read within the timeout."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread


class Patience:
    """Calls `cut` when an exchange takes longer than `seconds`. One thread watches over all that follow one another.

    It is never woken by an exchange: none that begins while it sleeps can have to be cut before it wakes.
    """

    def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
        self.seconds, self.cut = seconds, cut
        self.until: float | None = None
        self.lock, self.over = Lock(), Event()
        self.watch: Thread | None = None

    @contextmanager
    def limited(self) -> Iterator[None]:
        """One exchange."""
        self.until = time.monotonic() + self.seconds
        self.begin()
        try:
            yield
        finally:
            with self.lock:
                self.until = None

    def begin(self) -> None:
        if self.watch is None:
            self.watch = Thread(target=self.run, name="patience", daemon=True)
            self.watch.start()

    def end(self) -> None:
        """Nothing is watched any more."""
        self.over.set()

    def run(self) -> None:
        while not self.over.wait(self.left()):
            with self.lock:
                if self.until is not None and time.monotonic() >= self.until:
                    self.until = None
                    self.cut()

    def left(self) -> float:
        """Until the exchange in hand, or any that may begin from now on, has to be cut."""
        until = self.until
        return self.seconds if until is None else max(until - time.monotonic(), 0.0)
