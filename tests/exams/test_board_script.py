"""The script of the live board, in a real browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer

from app.core import clock as house_clock
from app.exams.models import Attempt
from tests.exams.builders import make_attempt, make_sitting
from tests.exams.test_attempt_views import house
from tests.pages import Browser

pytestmark = pytest.mark.browser
FRESH, OLD = "Updated at", "No contact with the server since"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the application; return its address."""
    server = ThreadedWSGIServer("127.0.0.1", 0, app)
    # The next test begins with another database: no request of this one may still run then.
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def asked() -> list[int]:
    """The statuses of the updates that the page asked for."""
    return []


@pytest.fixture
def page(
    app: Flask, site: str, chromium: Chromium, sign_in: Callable[..., Browser], asked: list[int]
) -> Iterator[Page]:
    """A board with two people on it, after its first update; its time stands still."""
    with house(app) as session:
        sitting = make_sitting(session)
        for _ in range(2):
            make_attempt(session, sitting=sitting)
        address = f"/en/sittings/{sitting.public_id}"
    cookie = sign_in("organiser").client.get_cookie("school")
    assert cookie is not None
    context = chromium.new_context(base_url=site)
    context.add_cookies([{"name": "school", "value": cookie.value, "url": site}])
    page = context.new_page()
    page.on("response", lambda answer: asked.append(answer.status) if "/board" in answer.url else None)
    page.clock.install()
    with page.expect_response("**/board"):
        page.goto(address)
    expect(page.locator("[data-updated]")).to_contain_text(FRESH)
    asked.clear()
    yield page
    context.close()


def passes(page: Page, seconds: int) -> None:
    page.clock.run_for(seconds * 1000)


def test_the_board_shows_what_has_changed_by_itself(app: Flask, page: Page, asked: list[int]) -> None:
    waits = page.locator("[data-board] tbody tr", has_text="Waits for the network")
    expect(waits).to_have_count(0)
    with house(app) as session:
        session.scalars(select(Attempt).limit(1)).one().waiting = 5
    with page.expect_response("**/board"):
        passes(page, 11)

    expect(waits).to_have_count(1)
    assert asked == [200]


def test_what_has_not_changed_is_not_sent_again(page: Page, asked: list[int]) -> None:
    with page.expect_response("**/board"):
        passes(page, 11)

    expect(page.locator("[data-board] tbody tr")).to_have_count(2)
    assert asked == [304]


def test_whoever_goes_through_the_board_by_keyboard_keeps_the_place(app: Flask, page: Page) -> None:
    second = page.locator("[data-board] tbody a").nth(1)
    second.focus()
    with house(app) as session:
        session.scalars(select(Attempt).limit(1)).one().last_seen_at = house_clock.now() - timedelta(
            minutes=9
        )
    with page.expect_response("**/board"):
        passes(page, 11)

    expect(page.get_by_text("9 min ago")).to_be_visible()
    expect(page.locator("[data-board] tbody a").nth(1)).to_be_focused()


def test_without_contact_the_page_says_since_when_and_asks_less_often(page: Page) -> None:
    tries: list[str] = []

    def cut(route: Route) -> None:
        tries.append(route.request.url)
        route.abort()

    page.route("**/board", cut)
    passes(page, 11)
    expect(page.locator("[data-updated]")).to_contain_text(OLD)
    expect(page.locator("[data-board] tbody tr")).to_have_count(2)
    for _ in range(20):
        passes(page, 10)
        page.wait_for_timeout(20)
    assert 2 < len(tries) < 6

    page.unroute("**/board")
    line = page.locator("[data-updated]")
    for _ in range(40):
        passes(page, 10)
        page.wait_for_timeout(20)
        if FRESH in (line.text_content() or ""):
            break
    expect(line).to_contain_text(FRESH)


def test_a_page_that_is_no_board_is_not_shown_as_one(page: Page) -> None:
    page.route("**/board", lambda route: route.fulfill(body="<h1>Welcome to the portal</h1>"))
    passes(page, 11)

    expect(page.locator("[data-updated]")).to_contain_text(OLD)
    expect(page.locator("[data-board] tbody tr")).to_have_count(2)


def test_a_board_that_nobody_sees_asks_nothing(page: Page, asked: list[int]) -> None:
    page.evaluate("() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); }")
    passes(page, 300)
    assert asked == []
    with page.expect_response("**/board"):
        page.evaluate(
            "() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }"
        )
