"""A real Redis: one of its databases, emptied for each test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from redis import Redis
from redis.exceptions import RedisError

from app import create_app
from app.core.database import db
from app.core.settings import Environment
from tests.conftest import FrozenClock
from tests.conftest import testing_settings as settings_of_tests
from tests.services import need

SERVER = os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379/15")
ABSENT = (
    f"no Redis at {SERVER}: start one (on Debian: apt install redis-server), or name another in TEST_REDIS"
)
LOCK = "akim-school-tests"


def _is_there() -> bool:
    try:
        with Redis.from_url(SERVER, socket_connect_timeout=3) as client:
            client.ping()
    except RedisError:
        return False
    return True


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The server's database for tests, empty, and nobody else's meanwhile."""
    need(there=_is_there(), absent=ABSENT)
    with Redis.from_url(SERVER) as client, client.lock(LOCK, timeout=120):
        for key in client.scan_iter():
            if key != LOCK.encode():
                client.delete(key)
        yield client


@pytest.fixture
def build(tmp_path: Path, clock: FrozenClock) -> Iterator[Callable[..., Flask]]:
    """Return a function that builds the application as one of several processes: same database, same Redis."""
    apps: list[Flask] = []

    def make(redis_url: str = SERVER) -> Flask:
        settings = settings_of_tests(
            tmp_path, environment=Environment.DEVELOPMENT, redis_url=redis_url, rate_limits=True
        )
        app = create_app(settings, read_clock=clock)
        if not apps:
            with app.app_context():
                upgrade()
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["queue"].storage.pool.disconnect()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
