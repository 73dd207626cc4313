"""Speed and weight, on SQLite and on PostgreSQL; a saved answer as a ratio to a floor of the same run.

    make bench
    make bench PLOTS=1      also draws docs/pictures/bench

Exit status 1 when a limit is passed. Times of a busy machine say little: the load is printed beside them.
"""

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.settings import Environment, Settings
from bench import age, crowd, drawing, lines, looking, pages, saves, stage
from bench.lines import Line
from tests.postgresql import server

SECONDS = float(os.environ.get("CROWD_SECONDS", "60"))
"""300 is the whole five minutes."""
DRAWS = os.environ.get("PLOTS", "0") == "1"
PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "bench"


def _settings(folder: str, database_url: str) -> Settings:
    return Settings(
        environment=Environment.DEVELOPMENT,
        instance=Path(folder),
        database_url=database_url,
        demo=True,
        staff_second_factor=False,
    )


def _small(name: str, scene: stage.Stage) -> Iterator[Line]:
    """Measure what both databases carry."""
    measured = saves.measure(scene.settings, scene.seats)
    yield from saves.lines(measured)
    if DRAWS:
        drawing.throughput(PICTURES, name, measured)
    yield from pages.paper(scene)
    yield from pages.weights(scene)
    yield from looking.search(scene)


def _large(scene: stage.Stage) -> Iterator[Line]:
    """Measure what an exam day of the whole country asks."""
    yield from pages.slow_line(scene)
    yield from crowd.sit(scene.app, scene.settings, seconds=SECONDS)
    steps = crowd.carry(scene.app, scene.settings)
    for step in steps:
        print(f"    {step}", flush=True)
    yield Line(
        "sitters that this machine carries",
        crowd.carried(steps),
        crowd.SITTERS,
        "",
        _aim(steps),
        is_least=True,
    )
    if DRAWS:
        drawing.sitters(PICTURES, steps)
    scene.let_go()
    yield from age.lines(scene.settings)


def _aim(steps: Sequence[crowd.Step]) -> str:
    return (
        f"aim {crowd.AIM:,}; {steps[-1].sitters:,} had p95 {steps[-1].p95:.0f} ms, {steps[-1].errors} errors"
    )


def _measure(name: str, database_url: str) -> bool:
    """Print every line for one database; tell whether all limits were kept."""
    with TemporaryDirectory(prefix="akim-bench-") as folder:
        print(f"\n{name}: preparing", flush=True)
        scene = stage.make(_settings(folder, database_url))
        print(f"{name}: {lines.machine()}, {lines.load()}")
        kept = _told(_small(name, scene))
        if database_url:
            kept = _told(_large(scene)) and kept
        print(f"{name}: {lines.load()}")
        scene.let_go()
        return kept


def _told(measured: Iterable[Line]) -> bool:
    kept = True
    for line in measured:
        print(line, flush=True)
        kept = kept and line.is_kept
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
