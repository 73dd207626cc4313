"""Budgets that several processes share, and what happens when their Redis is gone."""

import socket
from collections.abc import Callable, Iterator
from http import HTTPStatus
from time import perf_counter

import pytest
from flask import Flask
from redis import Redis

from app.core.settings import REDIS_SECONDS
from tests.pages import Browser

pytestmark = pytest.mark.redis
BUDGET = 30
"""Of the page that checks a certificate, in a minute."""
SLACK = 1.5
"""What a busy machine may add; without a time-out of its own a request would wait 5 seconds and more."""


def come(app: Flask, who: str, times: int) -> list[int]:
    client = app.test_client(use_cookies=False)
    return [client.get("/en/check", headers={"Cookie": f"school={who}"}).status_code for _ in range(times)]


@pytest.mark.usefixtures("redis")
def test_two_processes_count_one_caller_together(build: Callable[..., Flask]) -> None:
    one, other = build(), build()

    assert come(one, "aigul", 20) + come(other, "aigul", 10) == [HTTPStatus.OK] * BUDGET
    assert come(one, "aigul", 1) == come(other, "aigul", 1) == [HTTPStatus.TOO_MANY_REQUESTS]
    assert come(other, "erlan", 1) == [HTTPStatus.OK]


def test_nothing_that_redis_holds_names_a_caller(redis: Redis, build: Callable[..., Flask]) -> None:
    come(build(), "a-cookie-as-it-is", 1)

    keys = b" ".join(redis.scan_iter())
    assert b"caller" in keys
    assert b"a-cookie-as-it-is" not in keys
    assert b"127.0.0.1" not in keys


@pytest.fixture
def hung() -> Iterator[int]:
    """The port of a server that lets everybody in and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(128)
        yield server.getsockname()[1]


def test_a_dead_redis_stops_nobody(build: Callable[..., Flask]) -> None:
    with socket.socket() as taken:
        # Bound and not listening: whoever comes is refused.
        taken.bind(("127.0.0.1", 0))
        app = build(f"redis://127.0.0.1:{taken.getsockname()[1]}/15")

        assert come(app, "aigul", BUDGET + 5) == [HTTPStatus.OK] * (BUDGET + 5)


def test_a_hung_redis_makes_a_page_wait_no_longer_than_its_time_out(
    build: Callable[..., Flask], hung: int
) -> None:
    app = build(f"redis://127.0.0.1:{hung}/15")
    come(app, "aigul", 1)

    begun = perf_counter()
    assert come(app, "aigul", 1) == [HTTPStatus.OK]

    assert perf_counter() - begun < REDIS_SECONDS + SLACK


def test_a_hung_redis_does_not_undo_what_was_done(build: Callable[..., Flask], hung: int) -> None:
    app = build(f"redis://127.0.0.1:{hung}/15")
    form = {"email": "a@mail.example", "name": "Мысалова Айгүл", "password": "three-calm-horses"}

    begun = perf_counter()
    answer = Browser(app).post("/en/sign-up", form)

    # It waits once for the count and once for the queue; the letter goes with the next periodic round.
    assert answer.status == HTTPStatus.SEE_OTHER
    assert perf_counter() - begun < 2 * REDIS_SECONDS + SLACK
