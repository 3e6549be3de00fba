"""The processes of one start: each in a session of its own, none of them outliving the parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.identity import as_servant
from config.embedded.trouble import Trouble

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
LOG_LIMIT = 5_000_000


@dataclass(frozen=True)
class Command:
    """What to run, and how to end it: the signal that asks it to finish, and the seconds it may take over that."""

    name: str
    words: Sequence[str | Path]
    env: Mapping[str, str]
    folder: Path = Path("/")
    servant: bool = False
    halt: signal.Signals = signal.SIGTERM
    patience: float = 1.0
    pass_fds: Sequence[int] = ()


@dataclass(frozen=True)
class Child:
    command: Command
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Asks, waits, then kills it with all that it started."""
        if self.process.poll() is None:
            self.process.send_signal(self.command.halt)
        try:
            self.process.wait(self.command.patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


class Children:
    """Starts them in order, and stops them in the opposite one."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[Child] = []

    def start(self, command: Command) -> Child:
        log = self.log_of(command)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(word) for word in command.words],
                env=dict(command.env),
                cwd=command.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=command.pass_fds,
                # After the change of user, which would undo it.
                preexec_fn=die_with(os.getpid(), command.halt),
                **(as_servant() if command.servant else {}),
            )
        child = Child(command, process, log)
        self.running.append(child)
        return child

    def log_of(self, command: Command) -> Path:
        """Where its output goes; a log that has grown large makes room first."""
        log = self.logs / f"{command.name}.log"
        log.touch()
        if log.stat().st_size > LOG_LIMIT:
            log.rename(log.with_suffix(".log.1"))
            log.touch()
        return log

    def lines(self, command: Command) -> Iterator[str]:
        """Runs a command to its end; what it prints, as it prints it."""
        seen = self.log_of(command).stat().st_size
        child = self.start(command)
        ended = False
        while not ended:
            ended = child.process.poll() is not None
            fresh = child.log.read_bytes()[seen:]
            whole = len(fresh) if ended else fresh.rfind(b"\n") + 1
            yield from fresh[:whole].decode(errors="replace").splitlines()
            seen += whole
            time.sleep(0.05)
        self.running.remove(child)
        if child.process.returncode:
            raise Trouble(f"{command.name} failed (exit {child.process.returncode}):\n{child.last_words()}")

    def watch(self) -> None:
        """Raises as soon as one of them has ended by itself."""
        for child in self.running:
            if child.process.poll() is not None:
                raise Trouble(
                    f"{child.command.name} has ended by itself (exit {child.process.returncode}); "
                    f"the end of {child.log}:\n{child.last_words()}"
                )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            self.watch()
            if time.monotonic() > deadline:
                raise Trouble(f"{what} did not answer within {seconds:.0f} seconds; see {self.logs}.")
            time.sleep(0.05)

    def stop(self) -> None:
        while self.running:
            self.running.pop().stop()


def die_with(parent: int, halt: signal.Signals) -> Callable[[], None]:
    """Runs in the child before its program: it gets `halt` when the parent dies, however that dies (Linux alone)."""

    def bind() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(halt))
            if os.getppid() != parent:
                os._exit(1)

    return bind
