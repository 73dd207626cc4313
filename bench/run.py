"""Speed and weight, on SQLite and on PostgreSQL; a saved answer as a ratio to a floor of the same run.

    make bench

Exit status 1 when a limit is passed. Times of a busy machine say little: the load is printed beside them.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.settings import Environment, Settings
from bench import floor, stage
from bench.stage import Stage
from tests.core.weight import first_visit
from tests.postgresql import server

ROUNDS, TIMES = 15, 20
"""Things compared take turns, round by round: what else the machine does falls on all alike."""
MOST_TIMES_THE_FLOOR = 2.5
MOST_CPU_MS = 30.0
MOST_KB = 60.0
MOST_SEARCH_MS = 50.0
SEARCHES = ("а", "ауыл", "кызыл", "Қызылту", "kyzyltu", "село Кызылту Акмолинская область", "жоқжерайтылмас")
Act = Callable[[], None]


@dataclass(frozen=True)
class Line:
    """One measured thing beside its limit."""

    name: str
    value: float
    limit: float
    unit: str
    remark: str = ""

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.limit else "TOO MUCH"
        measured = f"  {self.name:<34}{self.value:8.2f} {self.unit:<6}"
        return f"{measured}limit {self.limit:g}  {verdict:<9}{self.remark}"


def medians(acts: list[Act], *, rounds: int = ROUNDS, times: int = TIMES) -> list[float]:
    """Return the median milliseconds of each act."""
    spans: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for act, kept in zip(acts, spans, strict=True):
            for _ in range(times):
                begun = time.perf_counter()
                act()
                kept.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(kept) for kept in spans]


# -- what is measured --------------------------------------------------------------------------


def saved_answer(scene: Stage) -> Iterator[Line]:
    """Compare a saved answer with the floors, each through its own WSGI application in this process."""
    save = _save(scene)
    plain = _save_floor(scene, floor.with_extension(scene.database))
    bare = _save_floor(scene, floor.with_driver(scene.database))
    medians([save, plain, bare], rounds=2)
    ours, usual, driver = medians([save, plain, bare])
    yield Line(
        "saved answer / bare Flask view",
        ours / usual,
        MOST_TIMES_THE_FLOOR,
        "times",
        f"{ours:.2f} ms / {usual:.2f} ms; with the driver alone {driver:.2f} ms, {ours / driver:.2f} times",
    )


def _save(scene: Stage) -> Act:
    numbers = count()

    def act() -> None:
        number = next(numbers)
        sitter = scene.sitters[number % len(scene.sitters)]
        sent = sitter.answer(number // len(scene.sitters))
        answer = sitter.browser.post_json(f"/kk/attempts/{sitter.attempt}/events", sent)
        assert answer.get_json()["replies"][0]["outcome"] == "saved", answer.get_data(as_text=True)

    return act


def _save_floor(scene: Stage, app: floor.Flask) -> Act:
    sitter = scene.sitters[0]
    client, numbers = stage.signed_in(app, sitter.token), count()

    def act() -> None:
        answer = client.post("/save", json=sitter.answer(next(numbers)), headers={"X-CSRFToken": "x" * 90})
        assert answer.status_code == 200, answer.get_data(as_text=True)

    return act


def item_page(scene: Stage) -> Iterator[Line]:
    """Measure the CPU of the pages of an attempt, whatever else the machine does."""
    kept: dict[int, list[float]] = {}
    turns = count()
    for _ in range(ROUNDS):
        for position in range(1, scene.items + 1):
            sitter = scene.sitters[next(turns) % len(scene.sitters)]
            begun = time.process_time()
            page = sitter.browser.client.get(scene.item(sitter, position))
            kept.setdefault(position, []).append((time.process_time() - begun) * 1000)
            assert page.status_code == 200, page.status
    each = [statistics.median(spans) for spans in kept.values()]
    remark = f"the heaviest of {len(each)} items {max(each):.2f} ms"
    yield Line("page of an item, CPU", statistics.median(each), MOST_CPU_MS, "ms", remark)


def weights(scene: Stage) -> Iterator[Line]:
    """Weigh first visits; of lessons and items the heaviest."""
    sitter = scene.sitters[-1]
    places = range(1, scene.items + 1)
    for name, addresses in (
        ("first visit, start", ["/kk/"]),
        ("first visit, heaviest lesson", scene.lessons),
        ("first visit, heaviest item", [scene.item(sitter, place) for place in places]),
    ):
        visits = [first_visit(sitter.browser.client, one) for one in addresses]
        heaviest = max(visits, key=lambda visit: sum(visit.values()))
        page, *_ = heaviest.values()
        remark = f"the page itself {page / 1024:.1f} KB, {len(heaviest) - 1} files"
        yield Line(name, sum(heaviest.values()) / 1024, MOST_KB, "KB", remark)


def search(scene: Stage) -> Iterator[Line]:
    """Measure the search of places, the slowest of several spellings."""
    client, numbers = scene.app.test_client(), count()

    def look(words: str) -> Act:
        def act() -> None:
            number = next(numbers)
            found = client.get(
                "/kk/places/search",
                query_string={"q": words},
                environ_overrides={"REMOTE_ADDR": f"198.51.{number // 250 % 250}.{number % 250}"},
            )
            assert found.status_code == 200, found.status

        return act

    each = medians([look(words) for words in SEARCHES], rounds=5, times=5)
    slowest = max(range(len(each)), key=each.__getitem__)
    yield Line("search of places, slowest", each[slowest], MOST_SEARCH_MS, "ms", f"“{SEARCHES[slowest]}”")


# -- the run -----------------------------------------------------------------------------------


def _load() -> str:
    return f"load {' '.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} cores"


def _measure(name: str, database_url: str) -> bool:
    """Print every line for one database; tell whether all limits were kept."""
    with TemporaryDirectory(prefix="akim-bench-") as folder:
        settings = Settings(
            environment=Environment.DEVELOPMENT,
            instance=Path(folder),
            database_url=database_url,
            demo=True,
            staff_second_factor=False,
        )
        print(f"\n{name}: preparing", flush=True)
        scene = stage.make(settings)
        print(f"{name}: {_load()}")
        kept = True
        for measure in (saved_answer, item_page, weights, search):
            for line in measure(scene):
                print(line, flush=True)
                kept = kept and line.value <= line.limit
        print(f"{name}: {_load()}")
        with scene.app.app_context():
            stage.db.engine.dispose()
        return kept


@contextmanager
def _databases() -> Iterator[list[tuple[str, str]]]:
    if not server.is_there():
        print(f"*** PostgreSQL is NOT measured: {server.ABSENT} ***")
        yield [("SQLite", "")]
        return
    with server.fresh_database() as url:
        yield [("SQLite", ""), ("PostgreSQL", url)]


def main() -> int:
    """Measure everything; return the exit status."""
    logging.disable(logging.WARNING)
    with _databases() as databases:
        kept = [_measure(name, url) for name, url in databases]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
