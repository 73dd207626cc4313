"""The rehearsal: echo, and what the page tells of a device and a line, in a real browser."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect
from sqlalchemy import event
from werkzeug.serving import make_server

from app.core.database import db
from app.exams.views.rehearsal import LARGEST_ECHO
from tests.pages import Browser

SignIn = Callable[..., Browser]
ECHO = "/kk/rehearsal/echo"
SCRIPT = Path(__file__).parents[2] / "app/core/static/rehearsal.js"
MOST_BYTES_OF_THE_SCRIPT = 4 * 1024
LETTERS = "ӘҒҚҢӨҰҮҺІ"

# -- the echo ------------------------------------------------------------------------------------


def test_the_echo_sends_back_what_it_was_sent(app: Flask) -> None:
    answer = app.test_client().post(ECHO, data="Сәлем <b>", content_type="text/plain")

    assert answer.get_json() == {"sent": "Сәлем <b>"}
    assert answer.mimetype == "application/json"


def test_the_echo_knows_nobody_and_leaves_no_trace(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("candidate").client
    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    answer = client.post(ECHO, data="x", content_type="text/plain")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert seen == []


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"x" * LARGEST_ECHO, "text/plain", 200),
        (b"x" * (LARGEST_ECHO + 1), "text/plain", 413),
        (b"\xff", "text/plain", 400),
        (b"x", "text/html", 400),
        (b"a=b", "application/x-www-form-urlencoded", 400),
    ],
)
def test_the_echo_takes_short_plain_text_alone(app: Flask, data: bytes, kind: str, status: int) -> None:
    assert app.test_client().post(ECHO, data=data, content_type=kind).status_code == status


def test_another_site_cannot_use_the_echo(app: Flask) -> None:
    answer = app.test_client().post(
        ECHO, data="x", content_type="text/plain", headers={"Origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 400


# -- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anyone_reads_what_to_see_to_without_scripts(visitor: Browser, language: str) -> None:
    page = visitor.get(f"/{language}/rehearsal")

    assert page.status == 200
    assert " ".join(LETTERS) in page.text
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize("address", ["/kk/practice", "/kk/about/help"])
def test_the_rehearsal_is_found_from_open_pages(visitor: Browser, address: str) -> None:
    assert "/kk/rehearsal" in visitor.get(address).html


def test_the_rehearsal_is_found_from_the_entry_of_a_test(sign_in: SignIn) -> None:
    assert "/en/rehearsal" in sign_in("candidate").get("/en/tests/suitability").html


def test_the_script_is_light() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < MOST_BYTES_OF_THE_SCRIPT


# -- in a browser --------------------------------------------------------------------------------


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
def page(chromium: Chromium, site: str) -> Iterator[Page]:
    """A phone with the page open, whose tries follow each other without a pause."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    page = context.new_page()
    page.goto("/en/rehearsal")
    page.evaluate("document.querySelector('[data-rehearsal]').dataset.pause = 0")
    yield page
    context.close()


def run(page: Page) -> None:
    page.click("[data-start]")
    expect(page.locator("[data-result]")).to_be_visible(timeout=30_000)


def state(page: Page, point: str) -> str | None:
    return page.locator(f"[data-point={point}]").get_attribute("data-found")


def said(page: Page, point: str) -> str:
    return page.locator(f"[data-point={point}]").inner_text()


@pytest.mark.browser
def test_a_good_phone_on_a_good_line_is_ready(page: Page) -> None:
    run(page)

    points = ("loss", "delay", "speed", "storage", "cookies", "worker", "letters", "screen", "clock")
    assert {point: state(page, point) for point in points} == dict.fromkeys(points, "ok")
    assert "Lost: 0 / 20" in said(page, "loss")
    expect(page.locator("[data-whole=ok]")).to_be_visible()
    expect(page.locator("[data-progress]")).to_be_hidden()
    assert page.evaluate("indexedDB.databases()") == []
    assert page.context.cookies() == []


@pytest.mark.browser
@pytest.mark.parametrize(("every", "expected"), [(8, "wait"), (5, "danger")])
def test_a_line_that_loses_requests_is_told_so(page: Page, every: int, expected: str) -> None:
    seen = []

    def lose(route: Route) -> None:
        seen.append(route)
        if len(seen) % every == 0:
            route.abort()
        else:
            route.continue_()

    page.route("**/echo", lose)
    run(page)

    assert state(page, "loss") == expected
    assert f"Lost: {20 // every} / 20" in said(page, "loss")
    expect(page.locator(f"[data-whole={expected}]")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": "<html>Pay for Wi-Fi</html>"},
        {"status": 200, "body": '{"sent":"x"}', "content_type": "application/json"},
        {"status": 302, "headers": {"Location": "http://wifi.example/"}},
    ],
)
def test_an_answer_that_is_not_the_servers_is_no_success(page: Page, answer: dict[str, object]) -> None:
    page.route("**/echo", lambda route: route.fulfill(**answer))
    run(page)

    assert state(page, "loss") == "danger"
    assert "Another machine answered" in said(page, "loss")
    assert state(page, "delay") == state(page, "speed") == state(page, "clock") == "none"


@pytest.mark.browser
def test_a_server_with_too_much_to_do_says_nothing_of_the_line(page: Page) -> None:
    page.route("**/echo", lambda route: route.fulfill(status=429, body="{}"))
    run(page)

    assert state(page, "loss") == "none"


@pytest.mark.browser
def test_it_can_be_stopped_and_tells_what_it_knows(page: Page) -> None:
    page.evaluate("document.querySelector('[data-rehearsal]').dataset.pause = 60")
    page.click("[data-start]")
    expect(page.locator("[data-tries-line]")).to_have_text("Requests: 1 / 20")

    page.click("[data-stop]")

    expect(page.locator("[data-result]")).to_be_visible()
    assert state(page, "loss") == "none"
    assert state(page, "storage") == "ok"


@pytest.mark.browser
def test_a_letter_without_a_drawing_is_named(page: Page) -> None:
    page.evaluate("""() => {
      const draw = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        return draw.call(this, text === "Ң" ? "\\u0379" : text, ...place);
      };
    }""")
    run(page)

    assert state(page, "letters") == "danger"
    assert page.locator("[data-point=letters] [data-value]").inner_text() == "Ң"


@pytest.mark.browser
def test_boxes_with_numbers_in_them_are_no_letters(page: Page) -> None:
    page.evaluate("""() => {
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        this.fillRect(x, y - 24, 18, 24);
        this.clearRect(x + 3, y - 20, 12, 16);
        this.fillRect(x + 4 + text.charCodeAt(0) % 9, y - 16, 2, 8);
      };
    }""")
    run(page)

    assert state(page, "letters") == "danger"


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_is_told_so(page: Page) -> None:
    page.evaluate("() => { indexedDB.open = () => { throw new DOMException('private'); }; }")
    run(page)

    assert state(page, "storage") == "danger"
    assert "not a private window" in said(page, "storage")


@pytest.mark.browser
@pytest.mark.parametrize(("room", "expected"), [(1e6, "danger"), (5e7, "wait"), (1e9, "ok")])
def test_little_room_is_told(page: Page, room: float, expected: str) -> None:
    page.evaluate(f"() => {{ navigator.storage.estimate = async () => ({{ quota: {room} }}); }}")
    run(page)

    assert state(page, "storage") == expected


@pytest.mark.browser
@pytest.mark.parametrize(("seconds", "expected"), [(60, "ok"), (-600, "wait"), (200_000, "danger")])
def test_a_clock_that_is_wrong_is_told(page: Page, seconds: int, expected: str) -> None:
    page.evaluate(f"(() => {{ const now = Date.now; Date.now = () => now() + {seconds * 1000}; }})()")
    run(page)

    assert state(page, "clock") == expected


@pytest.mark.browser
def test_nothing_else_than_echoes_leaves_the_page(page: Page) -> None:
    sent = []
    page.on("request", lambda request: sent.append((request.method, request.url)))
    run(page)

    assert {(method, address.rpartition("/")[2]) for method, address in sent} == {("POST", "echo")}
