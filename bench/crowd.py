"""A national exam day on this machine: thousands who sit one paper, and nothing of theirs is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from flask import Flask
from sqlalchemy import select, tuple_

from app.core.database import db, unit_of_work
from app.core.settings import Settings
from app.exams.models import AnswerEvent
from bench import load, seats, serving
from bench.lines import Line
from bench.load import Outcome, Shot
from bench.seats import Seat

SITTERS = 2400
AIM = 10_000
ANSWERS_EVERY = 45.0
BEATS_AFTER = 30.0
"""An idle page says that it is there (`BEAT` in attempt.js)."""
STARTS_WITHIN = 300.0
"""All press the button within five minutes after the doors open."""
RECONNECTING = 0.02
"""So many of them open their page anew in any one minute."""
LINES = 200
"""What a proxy in front keeps open towards the site."""
MOST_P95, MOST_P99 = 300.0, 800.0
STEP, LARGEST = 1.5, 40_000
STEP_SECONDS = 15.0
CHUNK = 500


@dataclass(frozen=True)
class Plan:
    """Requests, and which answer each save brings: client and sequence by place."""

    shots: Sequence[Shot]
    sent: dict[int, tuple[str, int]]

    def places(self, kind: str) -> list[int]:
        return [place for place, shot in enumerate(self.shots) if shot.kind == kind]


@dataclass(frozen=True)
class Step:
    """What so many sitters at once measured."""

    sitters: int
    p50: float
    p95: float
    p99: float
    errors: int
    per_second: float


def plan(
    sitting: Sequence[Seat],
    *,
    seconds: float,
    chance: Random,
    waiting: Sequence[Seat] = (),
    which: UUID | None = None,
) -> Plan:
    """Return what these people send within so many seconds.

    Args:
        sitting: who answers, each every 45 seconds from a moment of their own.
        seconds: how long.
        chance: chooses the moments.
        waiting: who starts meanwhile, at the pace at which everybody starts within five minutes.
        which: the sitting they start in.
    """
    shots: list[Shot] = []
    sent: dict[int, tuple[str, int]] = {}
    for seat in sitting:
        at = chance.uniform(-BEATS_AFTER, ANSWERS_EVERY)
        while at < seconds:
            if at >= 0:
                shots.append(seat.save(at))
                sent[len(shots) - 1] = (seat.client, seat.sequence)
            if 0 <= at + BEATS_AFTER < seconds:
                shots.append(seat.beat(at + BEATS_AFTER))
            at += ANSWERS_EVERY
    back = round(len(sitting) * RECONNECTING * seconds / 60)
    shots += [seat.page(chance.uniform(0, seconds)) for seat in chance.sample(sitting, back)]
    if which is not None:
        pace = len(waiting) / seconds
        shots += [seat.start(which, number / pace) for number, seat in enumerate(waiting)]
    return Plan(shots, sent)


def missing(app: Flask, planned: Plan, outcome: Outcome) -> int:
    """Return how many acknowledged answers are not in the database."""
    acknowledged = [
        planned.sent[hit.place] for hit in outcome.hits if hit.is_good and hit.place in planned.sent
    ]
    found: set[tuple[str, int]] = set()
    with app.app_context():
        with unit_of_work(writes=False) as session:
            key = (AnswerEvent.client, AnswerEvent.client_sequence)
            for first in range(0, len(acknowledged), CHUNK):
                wanted = acknowledged[first : first + CHUNK]
                rows = session.execute(select(*key).where(tuple_(*key).in_(wanted)))
                found.update((client, sequence) for client, sequence in rows)
        db.session.remove()
    return len(set(acknowledged) - found)


def sit(app: Flask, settings: Settings, *, seconds: float) -> Iterator[Line]:
    """Let 2,400 people sit, some of them coming back, others starting."""
    chance = Random(1)  # noqa: S311 - moments, no secrets
    starting = round(SITTERS / STARTS_WITHIN * seconds)
    sitting = seats.take_seats(app, SITTERS)
    planned = plan(
        sitting,
        seconds=seconds,
        chance=chance,
        waiting=seats.take_seats(app, starting, started=False),
        which=seats.sitting_of(app),
    )
    with serving.ours(settings) as server:
        _warm(server.port, sitting)
        outcome = load.open_loop(server.port, planned.shots, lines=LINES)
        memory = server.megabytes()
    saves = planned.places("save")
    said = f"{SITTERS} sitters, {len(planned.shots) / seconds:.0f} requests a second for {seconds:.0f} s"
    yield Line("crowd: save, p95", outcome.percentile(95, saves), MOST_P95, "ms", said)
    yield Line("crowd: save, p99", outcome.percentile(99, saves), MOST_P99, "ms", _others(planned, outcome))
    yield Line("crowd: errors", outcome.errors, 0, "", f"of {len(outcome.hits)} requests")
    lost = missing(app, planned, outcome)
    yield Line("crowd: acknowledged answers lost", lost, 0, "", f"of {len(planned.sent)} sent")
    each = " + ".join(f"{one:.0f}" for one in memory)
    yield Line("crowd: memory of the workers, PSS", sum(memory), 400, "MB", f"{each} MB")


def _others(planned: Plan, outcome: Outcome) -> str:
    parts = []
    for kind, name in (("page", "whole page"), ("start", "start and page"), ("beat", "idle page")):
        p95 = outcome.percentile(95, planned.places(kind))
        parts.append(f"{name} {p95:.0f} ms")
    return f"p95: {', '.join(parts)}; generator {outcome.cpu_seconds / outcome.seconds:.0%} of a core"


def _warm(port: int, sitting: Sequence[Seat]) -> None:
    """Let every worker open the paper before anything is measured."""
    load.closed(port, [seat.page() for seat in sitting[:40]], clients=8, seconds=20)


def carry(app: Flask, settings: Settings) -> list[Step]:
    """Raise the number of sitters by half, again and again, until the slowest twentieth waits too long."""
    chance, steps, count = Random(2), list[Step](), SITTERS  # noqa: S311 - moments, no secrets
    sitting: list[Seat] = []
    with serving.ours(settings) as server:
        while count <= LARGEST:
            sitting += seats.take_seats(app, count - len(sitting))
            _warm(server.port, sitting)
            planned = plan(sitting, seconds=STEP_SECONDS, chance=chance)
            outcome = load.open_loop(server.port, planned.shots, lines=LINES)
            saves = planned.places("save")
            p50, p95, p99 = (outcome.percentile(percent, saves) for percent in (50, 95, 99))
            steps.append(Step(count, p50, p95, p99, outcome.errors, outcome.per_second))
            if p95 > MOST_P95 or outcome.errors:
                break
            count = round(count * STEP)
    return steps


def carried(steps: Sequence[Step]) -> int:
    """Return the largest number of sitters tried whose slowest twentieth waited less than the limit."""
    well = [step for step in steps if step.p95 <= MOST_P95 and not step.errors]
    return max((step.sitters for step in well), default=0)
