"""Taking turns at writing to SQLite, which lets one transaction write at a time.

SQLite's own waiting sleeps up to 100 ms between two looks, so that under load some wait a second while others
pass. Here the threads of one process queue at a lock, and processes look again after half a millisecond. Who does
not take part (another program) is still kept off by SQLite itself.
"""

import os
import sys
import time
from pathlib import Path
from sqlite3 import Connection, OperationalError
from threading import Lock

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

WAITS_SECONDS = 10.0
LOOKS_EVERY_SECONDS = 0.0005
SUFFIX = "-turn"


class Turns:
    """The queue of one database file in this process.

    Attributes:
        file: an empty file beside the database that the process whose turn it is holds locked; a process that
            dies lets it go.
    """

    def __init__(self, file: Path, *, waits_seconds: float = WAITS_SECONDS) -> None:
        self.file, self._waits_seconds = file, waits_seconds
        self._lock = Lock()

    def take(self) -> int:
        """Wait for the turn; return what `give` wants.

        Raises:
            OperationalError: it did not come within the time; as SQLite says it.
        """
        ends_at = time.monotonic() + self._waits_seconds
        if not self._lock.acquire(timeout=self._waits_seconds):
            raise _busy()
        try:
            return self._take_file(ends_at)
        except BaseException:
            self._lock.release()
            raise

    def _take_file(self, ends_at: float) -> int:
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        while not _is_locked(descriptor):
            if time.monotonic() >= ends_at:
                os.close(descriptor)
                raise _busy()
            time.sleep(LOOKS_EVERY_SECONDS)
        return descriptor

    def give(self, descriptor: int) -> None:
        """Let the next one write."""
        os.close(descriptor)
        self._lock.release()


def _is_locked(descriptor: int) -> bool:
    if sys.platform == "win32":  # pragma: no cover - there the threads of one process alone take turns
        return True
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> OperationalError:
    return OperationalError("database is locked")


def connection_type(turns: Turns) -> "type[WaitingConnection]":
    """Return the type of connections to one file, for the driver's `factory`."""

    class Waiting(WaitingConnection):
        _turns = turns

    return Waiting


class WaitingConnection(Connection):
    """A connection that writes when it is its turn, and gives the turn on with the end of its transaction."""

    _turns: Turns
    _held: int | None = None

    def begin(self, *, writes: bool) -> None:
        """Begin a transaction; one that writes says so first, or SQLite would refuse it at once under load."""
        if not writes:
            self.execute("BEGIN")
            return
        if self._held is None:
            self._held = self._turns.take()
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit; after a failure the turn is kept until the transaction is rolled back."""
        super().commit()
        self._give()

    def rollback(self) -> None:
        """Roll back."""
        try:
            super().rollback()
        finally:
            self._give()

    def close(self) -> None:
        """Close; SQLite rolls back what was not committed."""
        try:
            super().close()
        finally:
            self._give()

    def _give(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._turns.give(held)
