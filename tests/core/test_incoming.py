from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO

import pytest
from flask import Flask

from tests.pages import Browser


@pytest.mark.parametrize(
    "query", ["q=a%00b", "q=a&q=%00", "%00=a"], ids=["a value", "a second value", "a name"]
)
def test_a_null_character_in_a_query_is_not_understood(visitor: Browser, query: str) -> None:
    assert visitor.get(f"/en/places?{query}").status == HTTPStatus.BAD_REQUEST


def test_a_null_character_in_an_address_leads_to_nothing(visitor: Browser) -> None:
    page = visitor.get("/", environ_overrides={"PATH_INFO": "/en/places/99100\0000"})

    assert page.status == HTTPStatus.NOT_FOUND
    assert "There is nothing at this address" in page.text


def test_a_part_of_a_form_without_a_name_is_not_understood(visitor: Browser) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    answer = visitor.client.post("/en/sign-in", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_json_that_is_nested_too_deep_is_malformed_and_no_fault_of_ours(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("candidate")
    address = "/en/attempts/00000000-0000-0000-0000-000000000001/events"
    answer = browser.client.post(
        address, data=b"[" * 100_000, content_type="application/json", headers={"X-CSRFToken": browser.csrf}
    )

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    with pytest.raises(ValueError, match="too deep"):
        app.json.loads("[" * 100_000)


def test_a_form_is_never_read_from_json(visitor: Browser) -> None:
    sent = {"email": "aigul@mail.example"}
    answer = visitor.post_json("/en/reset", sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_file_that_the_form_does_not_know_is_refused(visitor: Browser) -> None:
    page = visitor.post("/en/reset", {"email": "aigul@mail.example", "file": (BytesIO(b"x"), "x.txt")})

    assert page.status == HTTPStatus.BAD_REQUEST
