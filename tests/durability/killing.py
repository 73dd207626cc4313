"""Kill -9 at random under writers, until so many answers are acknowledged and so many kills are done."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.durability.cluster import Cluster, binaries, own_cluster
from tests.durability.school import School, school_with
from tests.durability.verdict import Verdict, judge
from tests.durability.writers import MOST_IN_ONE, PATIENCE_SECONDS, Tally, Writer
from tests.journeys.server import Installation, wait_for
from tests.services import miss

WRITERS = 12
BACK_WITHIN_SECONDS = 30
"""Every part comes back by itself within this time (security.md 12.5)."""
CALM_SECONDS = (0.1, 1.2)
"""Between the first acknowledgement after a kill and the next kill."""
TWICE_RUNNING = 0.15
"""How often the next kill does not wait for the recovery from the one before."""
Kill = Callable[[], object]


@dataclass
class Report:
    """What one run did and found.

    Attributes:
        kills: by kind.
        back: the longest time in seconds until an answer was acknowledged again, by kind.
    """

    database: str
    verdict: Verdict
    acknowledged: int
    seconds: float
    kills: Mapping[str, int]
    back: Mapping[str, float]
    statuses: Mapping[int, int] = field(default_factory=dict)


def run(database: str, *, acknowledged: int, kills: int, seed: int) -> Report:
    """Kill a school on `database` (sqlite or postgresql) so often, and judge what is left."""
    chance, begun = random.Random(seed), time.monotonic()
    with _school(database) as (school, cluster):
        installation = school.installation
        installation.start()
        tally = Tally(acknowledged)
        writers = [
            Writer(desk, installation.port, tally, seed=seed + number)
            for number, desk in enumerate(school.desks)
        ]
        for writer in writers:
            writer.thread.start()
        murder = _Murder(_kinds(installation, cluster, chance), tally, chance)
        murder.go_on(kills)
        _let_finish(writers, tally)
        installation.stop()
        verdict = judge(school.app, writers)
    held = sum(len(writer.acknowledged) for writer in writers)
    return Report(
        database, verdict, held, time.monotonic() - begun, murder.kills, murder.back, dict(tally.statuses)
    )


@contextmanager
def _school(database: str) -> Iterator[tuple[School, Cluster | None]]:
    with TemporaryDirectory(prefix="akim-kill-") as folder:
        if database == "sqlite":
            with school_with(Path(folder), candidates=WRITERS) as school:
                yield school, None
            return
        bin_folder = binaries() or miss("no PostgreSQL binaries: on Debian, apt install postgresql")
        with (
            own_cluster(bin_folder) as cluster,
            school_with(Path(folder), candidates=WRITERS, database_url=cluster.url) as school,
        ):
            yield school, cluster


def _let_finish(writers: Sequence[Writer], tally: Tally) -> None:
    """Wait until enough is acknowledged and nothing waits any more with anybody."""
    while tally.acknowledged < tally.wanted:
        tally.wait_for_more(WRITERS)
    tally.is_over.set()
    for writer in writers:
        writer.thread.join(PATIENCE_SECONDS)
        if writer.thread.is_alive():
            writer.strange.append("could not deliver to the end")


# -- the kinds of kill -------------------------------------------------------------------------


def _kinds(installation: Installation, cluster: Cluster | None, chance: random.Random) -> Mapping[str, Kill]:
    """Return what can be killed, by its name in the report."""

    def everything() -> None:
        installation.kill9()
        installation.start()

    found: dict[str, Kill] = {
        "one worker": lambda: _kill(_worker(installation, chance)),
        "the master": lambda: _kill(_master(installation)),
    }
    if cluster is not None:

        def database() -> None:
            cluster.kill9()
            cluster.start()

        found["the database"] = database
        found["one backend"] = lambda: cluster.kill9_backend(chance)
    return found | {"everything": everything}


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _master(installation: Installation) -> int:
    """Return the process of the web server that the supervisor runs at this moment."""
    found: list[int] = []

    def look() -> bool:
        found[:] = [pid for pid in _children(installation.supervisor) if b"gunicorn" in _title(pid)]
        return bool(found)

    wait_for("a master", look)
    return found[0]


def _worker(installation: Installation, chance: random.Random) -> int:
    found: list[int] = []

    def look() -> bool:
        found[:] = _children(_master(installation))
        return bool(found)

    wait_for("a worker", look)
    return chance.choice(found)


def _title(pid: int) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class _Murder:
    """Kills one thing after the other, each in its turn, and measures how soon answers are acknowledged again."""

    def __init__(self, kinds: Mapping[str, Kill], tally: Tally, chance: random.Random) -> None:
        self._kinds, self._tally, self._chance = kinds, tally, chance
        self.kills = dict.fromkeys(kinds, 0)
        self.back = dict.fromkeys(kinds, 0.0)

    def go_on(self, kills: int) -> None:
        # As many of each kind, but of the last, which takes longest, half as many; in what order is chance.
        *parts, last = self._kinds
        turn = [*parts, *parts, last]
        order = [turn[number % len(turn)] for number in range(kills)]
        self._chance.shuffle(order)
        pace = self._tally.wanted / kills
        self._tally.wait_for_more(WRITERS)
        for number, kind in enumerate(order, start=1):
            # Over the whole run: the last kills must find writers at work.
            while self._tally.acknowledged < pace * (number - 1) * 0.9:
                self._tally.wait_for_more(WRITERS)
            begun = time.monotonic()
            self._kinds[kind]()
            self.kills[kind] += 1
            if self._chance.random() >= TWICE_RUNNING:
                # More than all writers can have had on the way when the blow fell.
                self._tally.wait_for_more(WRITERS * MOST_IN_ONE)
                self.back[kind] = max(self.back[kind], time.monotonic() - begun)
                time.sleep(self._chance.uniform(*CALM_SECONDS))
