"""A saved answer, served for real: how many a second and how long, ours beside a bare view in turns."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from statistics import median

from app.core.settings import Settings
from bench import load, serving
from bench.lines import Line
from bench.load import Outcome, Shot
from bench.seats import Seat, cookie_of_floor

CLIENTS = (2, 8, 32)
COMPARED = (8, 32)
ROUNDS = 7
SECONDS = 1.2
LEAST_SHARE_OF_THE_FLOOR = 0.6
MOST_TIMES_ITS_P99 = 2.0
ENOUGH_SHOTS = 2000
"""More than one round can send."""
OURS, USUAL, DRIVER = "ours", "usual", "driver"


@dataclass(frozen=True)
class Rounds:
    """What the rounds of one server with one number of clients measured.

    Attributes:
        cpu_seconds: of the server's workers, by round; the database's own time is not in it.
    """

    outcomes: Sequence[Outcome]
    cpu_seconds: Sequence[float]

    @property
    def per_second(self) -> float:
        return median(one.per_second for one in self.outcomes)

    @property
    def p99(self) -> float:
        return median(one.percentile(99) for one in self.outcomes)

    @property
    def p50(self) -> float:
        return median(one.percentile(50) for one in self.outcomes)

    @property
    def errors(self) -> int:
        return sum(one.errors for one in self.outcomes)

    @property
    def cpu_ms(self) -> float:
        """Processor time of one answer."""
        return 1000 * sum(self.cpu_seconds) / sum(len(one.hits) for one in self.outcomes)

    @property
    def generator(self) -> float:
        """Share of one core that the generator itself took."""
        return sum(one.cpu_seconds for one in self.outcomes) / sum(one.seconds for one in self.outcomes)


Measured = dict[tuple[str, int], Rounds]
"""By server and number of clients."""


def measure(settings: Settings, seats: Sequence[Seat], *, rounds: int = ROUNDS) -> Measured:
    """Let floor and ours take turns, so that what else the machine does falls on all alike."""
    found: dict[tuple[str, int], list[tuple[Outcome, float]]] = {}
    with ExitStack() as running:
        servers = {
            OURS: running.enter_context(serving.ours(settings)),
            USUAL: running.enter_context(serving.bare("with_extension", settings.database)),
            DRIVER: running.enter_context(serving.bare("with_driver", settings.database)),
        }
        turns = count()
        floor_cookie = cookie_of_floor(seats[0].token)
        for name, server in servers.items():
            load.closed(server.port, _shots(name, seats, turns, floor_cookie, 300), clients=8, seconds=2)
        for _ in range(rounds):
            for clients in CLIENTS:
                for name, server in servers.items():
                    shots = _shots(name, seats, turns, floor_cookie, ENOUGH_SHOTS)
                    before = server.cpu_seconds()
                    done = load.closed(server.port, shots, clients=clients, seconds=SECONDS)
                    found.setdefault((name, clients), []).append((done, server.cpu_seconds() - before))
    return {
        key: Rounds([done for done, _ in rounds], [spent for _, spent in rounds])
        for key, rounds in found.items()
    }


def _shots(name: str, seats: Sequence[Seat], turns: "count[int]", cookie: str, most: int) -> list[Shot]:
    chosen = [seats[next(turns) % len(seats)] for _ in range(most)]
    return [seat.save() if name == OURS else seat.to_floor(cookie) for seat in chosen]


def lines(measured: Measured) -> Iterator[Line]:
    """Compare: throughput and the slowest hundredth, as ratios of one run."""
    for clients in COMPARED:
        ours, usual, driver = (measured[name, clients] for name in (OURS, USUAL, DRIVER))
        # Round by round: those that followed each other met the same machine.
        pairs = list(zip(ours.outcomes, usual.outcomes, strict=True))
        share = median(one.per_second / other.per_second for one, other in pairs)
        p99 = median(one.percentile(99) / other.percentile(99) for one, other in pairs)
        yield Line(
            f"saves with {clients} clients, ours / bare view",
            share,
            LEAST_SHARE_OF_THE_FLOOR,
            "times",
            f"{ours.per_second:.0f} / {usual.per_second:.0f} a second; with the driver alone {driver.per_second:.0f}, "
            f"{ours.per_second / driver.per_second:.2f} times; CPU {ours.cpu_ms:.1f} / {usual.cpu_ms:.1f} ms; "
            f"generator {ours.generator:.0%} of a core",
            is_least=True,
        )
        yield Line(
            f"saves with {clients} clients, p99, ours / bare view",
            p99,
            MOST_TIMES_ITS_P99,
            "times",
            f"{ours.p99:.1f} / {usual.p99:.1f} ms, with the driver alone {driver.p99:.1f} ms; "
            f"p50 {ours.p50:.1f} / {usual.p50:.1f} ms",
        )
        yield Line(f"saves with {clients} clients, errors", ours.errors, 0, "")
