from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core import budgets
from app.core.budgets import PER_SOURCE
from tests.conftest import FrozenClock
from tests.conftest import testing_settings as settings_of_tests


@pytest.fixture
def counted(tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The school with its budgets on, in one and the same minute."""
    monkeypatch.setattr(budgets, "time", SimpleNamespace(time=clock.now.timestamp))
    return create_app(settings_of_tests(tmp_path, rate_limits=True), read_clock=clock)


def come(client: FlaskClient, times: int) -> list[int]:
    return [client.get("/kk/sign-in").status_code for _ in range(times)]


def test_one_caller_has_a_budget_of_their_own(counted: Flask) -> None:
    client = counted.test_client()
    client.get("/kk/sign-in")

    answers = come(client, 121)

    assert answers[:119] == [HTTPStatus.OK] * 119
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_people_behind_one_address_do_not_use_up_each_others(counted: Flask) -> None:
    busy, calm = counted.test_client(), counted.test_client()
    for client in (busy, calm):
        client.get("/kk/sign-in")
    # The cookies of people in one room begin alike: same browser, same address.
    assert busy.get_cookie("school").value[:10] == calm.get_cookie("school").value[:10]  # type: ignore[union-attr]

    come(busy, 125)

    assert come(calm, 1) == [HTTPStatus.OK]


def test_a_refusal_by_budget_says_when_to_come_again(counted: Flask) -> None:
    client = counted.test_client()
    client.get("/kk/sign-in")
    come(client, 125)

    answer = client.get("/kk/sign-in")

    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.headers["Retry-After"]


def test_acts_without_a_token_are_counted_too(counted: Flask) -> None:
    client = counted.test_client()

    answers = [client.post("/kk/reset").status_code for _ in range(30 * PER_SOURCE + 1)]

    assert set(answers[:-1]) == {HTTPStatus.BAD_REQUEST}
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_a_head_request_is_counted_as_the_get_it_is(counted: Flask) -> None:
    client = counted.test_client()
    client.get("/kk/sign-in")

    answers = [client.head("/kk/sign-in").status_code for _ in range(121)]

    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS
