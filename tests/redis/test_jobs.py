"""Jobs through Redis: asked for by the web's process, done by the consumer's."""

from collections.abc import Callable

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app.core.database import db
from app.core.jobs import OutboxItem
from tests.pages import Browser

pytestmark = pytest.mark.redis
FORM = {"email": "a@mail.example", "name": "Мысалова Айгүл", "password": "three-calm-horses"}


def waiting(app: Flask) -> list[str]:
    with app.app_context():
        query = select(OutboxItem.kind).where(OutboxItem.done_at.is_(None))
        found = list(db.session.scalars(query))
        db.session.remove()
    return found


def consume(app: Flask) -> int:
    """Do what lies in the queue, as the consumer does; return how many tasks there were."""
    queue, done = app.extensions["queue"], 0
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
        done += 1
    return done


@pytest.mark.usefixtures("redis")
def test_what_a_request_asked_for_is_done_by_another_process(build: Callable[..., Flask]) -> None:
    web, consumer = build(), build()
    assert Browser(web).post("/en/sign-up", FORM).status == 303
    assert waiting(web) == ["mail"]

    assert consume(consumer) == 1
    assert waiting(consumer) == []
    letters = list((web.extensions["settings"].instance / "mail").glob("*.eml"))
    assert len(letters) == 1


@pytest.mark.usefixtures("redis")
def test_a_task_that_comes_twice_is_done_once(build: Callable[..., Flask]) -> None:
    app = build()
    Browser(app).post("/en/sign-up", FORM)
    app.extensions["drain"]()

    assert consume(app) == 2
    assert len(list((app.extensions["settings"].instance / "mail").glob("*.eml"))) == 1


def test_the_queue_holds_no_word_of_the_letter(redis: Redis, build: Callable[..., Flask]) -> None:
    app = build()
    Browser(app).post("/en/sign-up", FORM)

    (message,) = redis.lrange(app.extensions["queue"].storage.queue_key, 0, -1)
    assert b"mail.example" not in message


def test_a_message_that_was_not_signed_here_is_not_done(redis: Redis, build: Callable[..., Flask]) -> None:
    app = build()
    Browser(app).post("/en/sign-up", FORM)
    key = app.extensions["queue"].storage.queue_key
    message = redis.lpop(key)
    assert isinstance(message, bytes)
    redis.rpush(key, message[:-1] + bytes([message[-1] ^ 1]))

    with pytest.raises(ValueError, match="Signature"):
        consume(app)
    assert waiting(app) == ["mail"]
