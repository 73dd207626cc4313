import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest

from app import create_app
from app.core.settings import Environment, Settings
from tests.conftest import FrozenClock
from tests.pages import Browser

SignIn = Callable[..., Browser]


@pytest.mark.parametrize("path", ["/kk/sign-in", "/kk/nothing-here", "/healthz", "/kk/places", "/kk/account"])
def test_every_answer_has_the_headers(visitor: Browser, path: str) -> None:
    headers = visitor.get(path).response.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_each_answer_has_its_own_nonce(visitor: Browser) -> None:
    policies = {visitor.get("/kk/sign-in").response.headers["Content-Security-Policy"] for _ in range(3)}

    assert len({re.search(r"'nonce-([\w-]{22})'", policy)[1] for policy in policies}) == 3  # type: ignore[index]


def test_pages_of_the_signed_in_are_kept_nowhere(sign_in: SignIn) -> None:
    assert sign_in("candidate").get("/kk/account").response.headers["Cache-Control"] == "no-store"


def test_only_https_promises_https(visitor: Browser, tmp_path: Path, clock: FrozenClock) -> None:
    settings = Settings(
        environment=Environment.PRODUCTION,
        secret_key="s" * 40,
        instance=tmp_path,
        base_url="https://school.example",
    )
    production = create_app(settings, read_clock=clock).test_client()

    answer = production.get("/healthz", base_url="https://school.example")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in visitor.get("/healthz").response.headers
    assert production.get("/healthz", base_url="http://127.0.0.1:8000").status_code == HTTPStatus.OK
    assert production.get("/healthz", base_url="https://evil.example").status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, HTTPStatus.SEE_OTHER),
        ({"Origin": "http://localhost"}, HTTPStatus.SEE_OTHER),
        ({"Origin": "http://school.test"}, HTTPStatus.SEE_OTHER),
        ({"Sec-Fetch-Site": "same-origin"}, HTTPStatus.SEE_OTHER),
        ({"Origin": "https://evil.example"}, HTTPStatus.BAD_REQUEST),
        ({"Origin": "null"}, HTTPStatus.BAD_REQUEST),
        ({"Origin": "http://localhost.evil.example"}, HTTPStatus.BAD_REQUEST),
        ({"Sec-Fetch-Site": "cross-site"}, HTTPStatus.BAD_REQUEST),
    ],
)
def test_acts_that_another_site_sends_are_refused(
    sign_in: SignIn, headers: dict[str, str], status: HTTPStatus
) -> None:
    assert sign_in("candidate").post("/kk/sign-out", headers=headers).status == status


def test_looking_from_another_site_is_welcome(visitor: Browser) -> None:
    answer = visitor.get(
        "/kk/sign-in", headers={"Origin": "https://news.example", "Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status == HTTPStatus.OK
