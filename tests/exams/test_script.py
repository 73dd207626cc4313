"""The script of an attempt's page, in a real browser."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from app.exams.models import AnswerEvent
from tests.exams.test_attempt_views import Desk, house
from tests.pages import Browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
LIE = '{"replies":[{"client":"x","sequence":1,"hash":"y","outcome":"saved"}],"seconds_left":9,"running":true}'


@pytest.fixture
def desk(app: Flask, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(app, sign_in("candidate"))


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the application; return its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(chromium: Chromium, site: str, desk: Desk) -> Iterator[BrowserContext]:
    """A phone on which the candidate of `desk` is signed in."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    cookie = desk.browser.client.get_cookie("school")
    assert cookie is not None
    context.add_cookies([{"name": "school", "value": cookie.value, "url": site}])
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, desk: Desk) -> Page:
    page = phone.new_page()
    page.goto(desk.item(desk.single))
    return page


def held(page: Page) -> int:
    found: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('akim-')).length")
    return found


def test_an_answer_is_saved_without_pressing_anything(page: Page, desk: Desk) -> None:
    page.check("input[value=b]")

    expect(page.locator("[data-save-title]")).to_have_text("Saved 12:00:00")
    expect(page.locator(f"[data-cell='{desk.single}']")).to_have_class("cell here answered")
    expect(page.locator("[data-count]")).to_have_text("Answered: 1 / 4")
    assert desk.answers == {desk.single: "b"}
    assert held(page) == 0


def test_typing_is_saved_within_two_seconds(page: Page, desk: Desk) -> None:
    page.goto(desk.item(desk.essay))
    page.type("textarea", 'Құрметті тұрғындар,\n«су» \\ "жол"')

    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=2000)
    expect(page.locator("[data-words-count]")).to_have_text("5")
    page.locator("textarea").press("End")
    page.goto(f"{desk.address}/review")
    assert desk.answers == {desk.essay: 'Құрметті тұрғындар,\n«су» \\ "жол"'}


def test_without_a_network_answers_wait_and_go_by_themselves(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    phone.set_offline(True)
    page.check("input[value=b]")
    expect(page.locator("[data-save-note]")).to_have_text("Answers on this device: 1")
    expect(page.locator("[data-waiting-note]")).to_be_visible()
    page.click(".move [value=next], .move [value=review]")
    page.check("input[value=c]")
    assert page.url.endswith(desk.item(desk.single))
    assert desk.answers == {}

    phone.set_offline(False)
    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=15000)
    assert desk.answers == {desk.single: "c"}


def test_an_answer_survives_a_crash_before_it_was_sent(phone: BrowserContext, page: Page, desk: Desk) -> None:
    phone.set_offline(True)
    page.check("input[value=b]")
    expect(page.locator("[data-save-line]")).to_have_class("save-line waiting")
    page.close()
    phone.set_offline(False)

    again = phone.new_page()
    again.goto(desk.item(desk.single))
    expect(again.locator("input[value=b]")).to_be_checked()
    expect(again.locator("[data-save-line]")).to_have_class("save-line saved")
    assert desk.answers == {desk.single: "b"}


@pytest.mark.parametrize("reply", ["<html>Pay for Wi-Fi</html>", LIE])
def test_a_reply_that_does_not_name_the_answer_is_not_believed(page: Page, desk: Desk, reply: str) -> None:
    def lie(route: Route) -> None:
        route.fulfill(status=200, body=reply, content_type="application/json")

    page.route("**/events", lie)
    page.check("input[value=b]")
    expect(page.locator("[data-save-line]")).to_have_class("save-line waiting")
    assert held(page) == 1

    page.unroute("**/events", lie)
    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=15000)
    assert desk.answers == {desk.single: "b"}


def test_a_lost_reply_is_asked_for_again_and_counts_once(app: Flask, page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/events", lose, times=1)
    page.check("input[value=b]")

    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=15000)
    with house(app) as session:
        assert len(session.scalars(select(AnswerEvent)).all()) == 1


def test_what_is_no_answer_is_told_and_the_page_stays(page: Page, desk: Desk) -> None:
    page.goto(desk.item(desk.numeric))
    page.fill("input[name=answer]", "12x")
    expect(page.locator("[data-save-title]")).to_have_text("Not saved")
    page.press("input[name=answer]", "Enter")
    assert page.url.endswith(desk.item(desk.numeric))

    page.fill("input[name=answer]", "12,5")
    page.press("input[name=answer]", "Enter")
    page.wait_for_url(f"**/items/{desk.numeric + 1}")
    assert desk.answers == {desk.numeric: "12,5"}


def test_a_flag_takes_the_answer_along(page: Page, desk: Desk) -> None:
    page.check("input[value=b]")
    page.get_by_role("button", name="Flag to look at again").click()

    expect(page.get_by_role("button", name="Take the flag away")).to_be_visible()
    expect(page.locator("input[value=b]")).to_be_checked()
    assert desk.answers == {desk.single: "b"}


def test_nothing_stays_in_the_browser_after_the_end(phone: BrowserContext, page: Page, desk: Desk) -> None:
    phone.set_offline(True)
    page.check("input[value=b]")
    expect(page.locator("[data-save-line]")).to_have_class("save-line waiting")
    page.close()
    desk.browser.post(f"{desk.address}/finish")
    phone.set_offline(False)

    again = phone.new_page()
    again.goto(f"{desk.address}/receipt")
    expect(again.get_by_text("1 answer came after the end.")).to_be_visible()
    assert held(again) == 0
    assert desk.answers == {}


def test_the_review_ends_the_attempt(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/review")
    page.get_by_role("button", name="Finish the exam").click()

    expect(page.get_by_role("heading", name="Your answers are handed in")).to_be_visible()
    assert desk.state() == ("finished", "candidate")


def test_it_works_without_scripts(chromium: Chromium, phone: BrowserContext, site: str, desk: Desk) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": site} for one in phone.cookies()]
    )
    page = context.new_page()
    page.goto(desk.item(desk.single))
    page.check("input[value=b]")
    page.click(f"[data-cell='{desk.essay}']")

    assert page.url.endswith(desk.item(desk.essay))
    page.fill("textarea", "Құрметті тұрғындар")
    page.click("aside [value=review]")
    assert page.url.endswith("/review")
    assert desk.answers == {desk.single: "b", desk.essay: "Құрметті тұрғындар"}
    context.close()
