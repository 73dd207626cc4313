"""The pictures of what was measured, for docs/bench.md."""

from collections.abc import Sequence
from pathlib import Path

from bench import plots, saves
from bench.crowd import MOST_P95, Step
from bench.lines import load, machine
from bench.saves import CLIENTS, Measured

NAMES = {saves.OURS: "ours", saves.USUAL: "bare view", saves.DRIVER: "driver alone"}


def throughput(folder: Path, database: str, measured: Measured) -> None:
    """Draw saves a second by the number of clients."""
    series = {
        name: [(clients, measured[server, clients].per_second) for clients in CLIENTS]
        for server, name in NAMES.items()
    }
    picture = plots.chart(
        f"Saved answers, {database}",
        series,
        across="clients, each sending one request after the other",
        upwards="a second",
        remark=_remark(),
    )
    plots.write(folder / f"saves-{database.lower()}.svg", picture)


def sitters(folder: Path, steps: Sequence[Step]) -> None:
    """Draw how long a save takes by the number of sitters."""
    series = {
        "p99": [(step.sitters, step.p99) for step in steps],
        "p95": [(step.sitters, step.p95) for step in steps],
        "p50": [(step.sitters, step.p50) for step in steps],
    }
    # A machine that is full makes everybody wait for seconds: the picture ends soon above the limit.
    most = MOST_P95 * 2
    shown = {name: [(x, min(y, most)) for x, y in points] for name, points in series.items()}
    picture = plots.chart(
        "Time of a save, PostgreSQL",
        shown,
        across="people who sit an exam, an answer each 45 s",
        upwards=f"milliseconds (more than {most:.0f} drawn as {most:.0f})",
        remark=_remark(),
        limit=("p95 at most", MOST_P95),
    )
    plots.write(folder / "sitters.svg", picture)


def _remark() -> str:
    return f"{machine()}, two workers of four threads, generator on the same cores; {load()}"
