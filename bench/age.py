"""The same save after ten years: a million old attempts in the database, and every look still goes by an index."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from statistics import median

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import Engine, event, text

from app import create_app
from app.core.database import db, unit_of_work
from app.core.settings import Settings
from bench import load, seats, serving
from bench.lines import Line
from bench.load import Outcome
from bench.seats import Seat
from tests.postgresql import server

PEOPLE, SITTINGS = 2000, 500
EVENTS_EACH = 2
ROUNDS, SECONDS, CLIENTS = 8, 1.5, 4
MOST_TIMES_THE_YOUNG = 1.2
LARGE = ("attempts", "answer_events")

# The newest sitting lends its papers; nothing of the old ones is open.
_OLD = (
    """INSERT INTO people (public_id, email, name, language, password_hash, created_at)
       SELECT gen_random_uuid(), 'old-' || n || '@mail.example', 'Мысалов ' || n, 'kk', '-', now() - interval '9 years'
       FROM generate_series(1, :people) n""",
    """INSERT INTO sittings (public_id, kind, title, opens_at, closes_at, created_by_id, created_at)
       SELECT gen_random_uuid(), 'exam', 'old-' || n, now() - n * interval '7 days' - interval '1 day',
              now() - n * interval '7 days', (SELECT min(id) FROM people), now() - n * interval '8 days'
       FROM generate_series(1, :sittings) n""",
    """INSERT INTO attempts (public_id, person_id, sitting_id, paper_id, state, started_at, length_seconds, closes_at,
              extra_seconds, deadline, finished_at, finished_by, event_count, head_hash, shuffle_seed, lease_number,
              lease_since, waiting)
       SELECT gen_random_uuid(), p.id, s.id, (SELECT min(id) FROM papers), 'finished', s.opens_at, 7200, s.closes_at,
              0, s.closes_at, s.closes_at, 'candidate', :events, md5(p.id || '-' || s.id) || md5(s.id::text),
              md5(s.id::text), 1, 1, 0
       FROM people p CROSS JOIN sittings s
       WHERE p.email LIKE 'old-%' AND s.title LIKE 'old-%'""",
    """INSERT INTO answer_events (attempt_id, number, client, client_sequence, position, body, body_hash, received_at,
              is_late, is_stale, is_superseded, lease, chain_hash)
       SELECT a.id, n, a.public_id::text, n, n, '{"choice": "a"}', a.head_hash, a.started_at, false, false, false, 1,
              a.head_hash
       FROM attempts a CROSS JOIN generate_series(1, :events) n
       WHERE a.state = 'finished' AND a.event_count = :events""",
)


@contextmanager
def aged(young: Settings) -> Iterator[Settings]:
    """Give a copy of the database that has grown old; nobody may be connected to the young one meanwhile."""
    address, _, name = young.database.rpartition("/")
    old = f"{name}_old"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(old), sql.Identifier(name))
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old))
    with psycopg.connect(server.SERVER, autocommit=True) as connection:
        connection.execute(copy)
        try:
            settings = replace(young, database_url=f"{address}/{old}")
            _grow(settings)
            yield settings
        finally:
            connection.execute(drop)


def _grow(settings: Settings) -> None:
    app = create_app(settings)
    numbers = {"people": PEOPLE, "sittings": SITTINGS, "events": EVENTS_EACH}
    with app.app_context():
        with unit_of_work() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            # What refers to what is known here; asking for each of three million rows takes minutes.
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in _OLD:
                session.execute(text(statement), numbers)
        with unit_of_work() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("ANALYZE"))
        db.session.remove()
        db.engine.dispose()


def lines(young: Settings) -> Iterator[Line]:
    """Compare saves on the young database with those on an old copy of it, in turns."""
    with aged(young) as old, ExitStack() as servers:
        sitting = {settings: seats.take_seats(create_app(settings), 200) for settings in (young, old)}
        ports = {settings: servers.enter_context(serving.ours(settings)).port for settings in sitting}
        found: dict[Settings, list[Outcome]] = {young: [], old: []}
        for settings, port in ports.items():
            load.closed(port, [seat.page() for seat in sitting[settings][:20]], clients=8, seconds=20)
        turns = count()
        for _ in range(ROUNDS):
            for settings, port in ports.items():
                shots = [_next(sitting[settings], turns).save() for _ in range(1500)]
                found[settings].append(load.closed(port, shots, clients=CLIENTS, seconds=SECONDS))
        p95 = {settings: median(one.percentile(95) for one in rounds) for settings, rounds in found.items()}
        attempts = PEOPLE * SITTINGS
        yield Line(
            "save with a million old attempts, p95",
            p95[old] / p95[young],
            MOST_TIMES_THE_YOUNG,
            "times",
            f"{p95[old]:.1f} / {p95[young]:.1f} ms; {attempts:,} attempts, {attempts * EVENTS_EACH:,} answers",
        )
        scans = whole_reads(create_app(old), sitting[old][0])
        yield Line("statements that read a large table whole", len(scans), 0, "", "; ".join(scans))


def _next(sitting: Sequence[Seat], turns: "count[int]") -> Seat:
    return sitting[next(turns) % len(sitting)]


def whole_reads(app: Flask, seat: Seat) -> list[str]:
    """Return which statements of a page, a save and the board read a large table from its first row to its last."""
    asked: dict[str, object] = {}
    organiser = seats.take_seats(app, 1, started=False, role="organiser")[0]
    board = f"/kk/sittings/{seats.sitting_of(app)}/board"
    with app.app_context():
        engine = db.engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, said, given, *_: asked.setdefault(said, given)
    )
    client, desk = app.test_client(), app.test_client()
    client.set_cookie("school", seat.cookie)
    desk.set_cookie("school", organiser.cookie)
    headers = {"X-CSRFToken": seat.csrf}
    pages = [client.get(f"/kk/attempts/{seat.attempt}"), desk.get(board)]
    saves = [
        client.post(f"/kk/attempts/{seat.attempt}/events", json=seat.body(), headers=headers)
        for _ in range(2)
    ]
    for answer in (*pages, *saves):
        assert answer.status_code == 200, (answer.request.path, answer.status)
    return [found for said, given in dict(asked).items() for found in _scans(engine, said, given)]


def _scans(engine: Engine, statement: str, given: object) -> Iterator[str]:
    if not statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "WITH", "DELETE")):
        return
    with engine.connect() as connection:
        planned = connection.exec_driver_sql(f"EXPLAIN {statement}", given).scalars().all()  # type: ignore[arg-type]
        connection.rollback()
    for row in planned:
        found = re.search(r"Seq Scan on (\w+)", row)
        if found and found[1] in LARGE:
            yield f"{found[1]}: {' '.join(statement.split())[:80]}"
