"""What must happen after an act: an outbox row in the act's own transaction, and the queue that empties it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Flask, current_app, has_request_context
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer
from psycopg import OperationalError
from redis import ConnectionPool
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.database import Base, Json, after_commit, db, unit_of_work
from app.core.settings import REDIS_SECONDS, Environment, Settings

Handler = Callable[[Json], None]
Periodic = Callable[[Session, datetime], object]
BATCH = 50
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
logger = logging.getLogger(__name__)


class OutboxItem(Base):
    """One thing that must happen, written by the act that asks for it. Handlers may run twice."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


def put(session: Session, kind: str, payload: Json) -> None:
    """Ask for `kind` to happen once this transaction is durable."""
    if kind not in current_app.extensions["handlers"]:
        raise KeyError(kind)
    moment = clock.now()
    session.add(OutboxItem(kind=kind, payload=payload, created_at=moment, due_at=moment))
    if has_request_context():
        after_commit(_nudge)


def _nudge() -> None:
    # The periodic round finds the row anyway; a queue that is down must not break the act.
    try:
        current_app.extensions["drain"]()
    except Exception:
        logger.exception("the queue cannot be reached")


def drain() -> int:
    """Do what is due, each row in a transaction of its own, also what that asks for; return how many were done."""
    done, last = 0, 0
    while waiting := _due(after=last):
        for item_id in waiting:
            done += _do(item_id)
        last = waiting[-1]
    return done


def _due(*, after: int) -> list[int]:
    with unit_of_work() as session:
        return list(
            session.scalars(
                select(OutboxItem.id)
                .where(OutboxItem.id > after, OutboxItem.done_at.is_(None), OutboxItem.due_at <= clock.now())
                .order_by(OutboxItem.id)
                .limit(BATCH)
            )
        )


def _do(item_id: int) -> bool:
    handlers: Mapping[str, Handler] = current_app.extensions["handlers"]
    with unit_of_work() as session:
        item = session.scalar(
            select(OutboxItem)
            .where(OutboxItem.id == item_id, OutboxItem.done_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if item is None:
            return False
        item.tries += 1
        try:
            with session.begin_nested():
                handlers[item.kind](item.payload)
        except Exception as error:
            logger.exception("outbox %s: %s failed", item.id, item.kind)
            item.last_error = type(error).__name__
            item.due_at = clock.now() + min(FIRST_RETRY * 2 ** min(item.tries, 12), LONGEST_RETRY)
            return False
        item.done_at = clock.now()
        return True


def run_periodic() -> None:
    """Do each of the tidying acts, in a transaction of its own; one that fails does not stop the others."""
    for name, act in current_app.extensions["periodic"].items():
        try:
            with unit_of_work() as session:
                act(session, clock.now())
        except Exception:
            logger.exception("periodic %s failed", name)


def init_app(
    app: Flask, settings: Settings, handlers: Mapping[str, Handler], periodic: Mapping[str, Periodic]
) -> None:
    """Give the application its queue, the handlers by kind of outbox row, and the acts of every minute."""
    app.extensions["handlers"] = handlers
    app.extensions["periodic"] = periodic
    queue = _queue(settings)
    app.extensions["queue"] = queue

    @queue.task()  # type: ignore[untyped-decorator]  # huey ships no types
    def drain_outbox() -> None:
        _inside(app, drain)

    @queue.periodic_task(crontab())  # type: ignore[untyped-decorator]  # the same
    def every_minute() -> None:
        _inside(app, run_periodic)
        _inside(app, drain)

    app.extensions["drain"] = drain_outbox


def _inside(app: Flask, act: Callable[[], object]) -> None:
    if has_request_context():
        act()
        return
    with app.app_context():
        try:
            act()
        finally:
            db.session.remove()


def _queue(settings: Settings) -> Huey:
    # Pickled by default: whoever could write to the queue could run code. Signed, and ids only.
    serializer = SignedSerializer(secret=settings.secret_key, salt="jobs")
    if settings.environment is Environment.TESTING:
        return MemoryHuey(immediate=True)
    if settings.redis_url:
        pool = ConnectionPool.from_url(
            settings.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        # The consumer looks again and again: waiting inside Redis would need a longer time-out, also for requests.
        return RedisHuey("akim-school", connection_pool=pool, blocking=False, serializer=serializer)
    if settings.database.startswith("sqlite"):
        # A file of its own: the queue must not fight with answers for the one write lock.
        return SqliteHuey(
            "akim-school", filename=str(settings.instance / "jobs.sqlite"), fsync=True, serializer=serializer
        )
    dsn = settings.database.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        return PostgresHuey("akim-school", dsn=dsn, serializer=serializer)
    except OperationalError:
        # After a power cut the database may come up later than we do; its tables are there since `prepare`.
        return PostgresHuey("akim-school", dsn=dsn, serializer=serializer, create_tables=False)
