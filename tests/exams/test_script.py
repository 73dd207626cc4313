"""The script of an attempt's page, in a real browser."""

import gzip
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Error, Page, Route, expect
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer

from app.core.assets import SOURCE, lean
from app.core.keys import Keys
from app.exams import journal
from app.exams.models import AnswerEvent, Attempt, Outage
from tests.conftest import FrozenClock
from tests.exams.test_attempt_views import Desk, house
from tests.journeys.server import wait_for
from tests.pages import Browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
LIE = json.dumps(
    {
        "replies": [{"client": "x", "sequence": 1, "hash": "y", "outcome": "saved"}],
        "lease": {"number": 1, "since": 1, "is_yours": True},
        "seconds_left": 1500,
        "ends_at": "12:25",
        "running": True,
    }
)
MOST_BYTES_OF_THE_SCRIPT = 8192
TOOLS = (
    "<div data-scripted hidden><div data-calculator></div></div><button data-size><b data-size-now></b></button>"
    '<button data-contrast></button><script type="module" src="/tools.js"></script>'
)


@pytest.fixture
def desk(app: Flask, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(app, sign_in("candidate"))


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
def phone(chromium: Chromium, site: str, desk: Desk) -> Iterator[BrowserContext]:
    """A phone on which the candidate of `desk` is signed in."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    cookie = desk.browser.client.get_cookie("school")
    assert cookie is not None
    context.add_cookies([{"name": "school", "value": cookie.value, "url": site}])
    yield context
    context.close()


def opened(page: Page, address: str) -> Page:
    """Open the paper, and wait until its page has taken the attempt."""
    with page.expect_response("**/events"):
        page.goto(address)
    return page


@pytest.fixture
def page(phone: BrowserContext, desk: Desk) -> Page:
    page = phone.new_page()
    opened(page, desk.at(desk.single))
    return page


KEPT = """async (name) => {
  if (!(await indexedDB.databases()).some((one) => one.name === name)) return null;
  const box = await new Promise((done) => { indexedDB.open(name).onsuccess = (event) => done(event.target.result); });
  const keys = await new Promise((done) => {
    box.transaction("kept").objectStore("kept").getAllKeys().onsuccess = (event) => done(event.target.result);
  });
  box.close();
  return keys;
}"""


def held(page: Page, desk: Desk) -> list[str] | None:
    """Return the keys of what the browser keeps of the attempt; None where it keeps nothing."""
    keys: list[str] | None = page.evaluate(KEPT, f"akim-{desk.public_id}")
    return keys


def waiting(page: Page, desk: Desk) -> int:
    """Return how many answers the browser keeps for the server."""
    return sum(key.startswith("event ") for key in held(page, desk) or [])


def leaf(page: Page, position: int) -> Any:
    return page.locator(f"#q-{position}")


def choose(page: Page, option: str) -> None:
    page.check(f".leaf:not([hidden]) input[value={option}]")


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=20_000)


def expect_waiting(page: Page) -> None:
    expect(page.locator("[data-save-line]")).to_have_class("save-line waiting")


def test_the_script_is_small() -> None:
    source = (SOURCE / "attempt.js").read_bytes()
    assert len(gzip.compress(lean(source), 9)) < MOST_BYTES_OF_THE_SCRIPT


def test_one_question_is_seen_at_a_time(page: Page, desk: Desk) -> None:
    assert page.locator(".leaf:visible").count() == 1
    expect(leaf(page, desk.single)).to_be_visible()
    page.click("[data-count]")
    page.click(f".navigator a[href='#q-{desk.essay}']")
    expect(leaf(page, desk.essay)).to_be_visible()
    expect(leaf(page, desk.single)).to_be_hidden()
    page.go_back()
    expect(leaf(page, desk.single)).to_be_visible()


def test_the_paper_is_walked_by_its_buttons_up_to_the_review(page: Page, desk: Desk) -> None:
    page.goto(desk.at(1))
    expect(page.locator("[data-step='-1']")).to_be_disabled()
    for position in range(1, 5):
        expect(leaf(page, position)).to_be_visible()
        page.click("[data-step='1']")
    expect(page.locator("#review")).to_be_visible()
    assert page.locator(".leaf:visible").count() == 0


def test_the_next_stop_of_the_tab_key_is_the_question(page: Page, desk: Desk) -> None:
    page.goto(desk.at(desk.numeric))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == f"{desk.numeric}-answer"


def test_an_answer_is_saved_without_pressing_anything(page: Page, desk: Desk) -> None:
    choose(page, "b")

    expect(page.locator("[data-save-title]")).to_have_text("Saved 12:00:00")
    expect(page.locator("[data-save-note]")).to_have_text(f"receipt {journal.receipt(desk.public_id, 1)}")
    expect(page.locator(f".navigator a[href='#q-{desk.single}']")).to_have_class("cell here answered")
    expect(page.locator("[data-count]")).to_have_text("Answered: 1 / 4")
    assert desk.answers == {desk.single: "b"}
    assert waiting(page, desk) == 0


def test_typing_is_saved_within_two_seconds(page: Page, desk: Desk) -> None:
    page.goto(desk.at(desk.essay))
    page.type("textarea", 'Құрметті тұрғындар,\n«су» \\ "жол"')

    expect_saved(page)
    expect(page.locator("[data-words-count]")).to_have_text("5")
    assert desk.answers == {desk.essay: 'Құрметті тұрғындар,\n«су» \\ "жол"'}


def test_half_a_letter_stops_nothing(page: Page, desk: Desk) -> None:
    page.goto(desk.at(desk.essay))
    page.evaluate(
        "const text = document.querySelector('textarea'); text.value = 'су\\ud800\\0';"
        "text.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    expect_saved(page)
    assert desk.answers == {desk.essay: "су\ufffd"}


def test_without_a_network_answers_wait_and_go_by_themselves(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    phone.set_offline(True)
    choose(page, "b")
    expect(page.locator("[data-save-note]")).to_have_text("Answers on this device: 1")
    expect(page.locator("[data-note=waiting]")).to_be_visible()
    assert waiting(page, desk) == 1
    page.goto(desk.at(desk.numeric))
    page.fill(f"[name='{desk.numeric}-answer']", "7")
    expect(page.locator("[data-save-note]")).to_have_text("Answers on this device: 2")
    assert desk.answers == {}

    phone.set_offline(False)
    expect_saved(page)
    assert desk.answers == {desk.single: "b", desk.numeric: "7"}
    assert waiting(page, desk) == 0


def test_the_newest_receipt_stays_in_sight_without_a_network(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    choose(page, "b")
    expect_saved(page)
    phone.set_offline(True)
    choose(page, "c")

    number = journal.receipt(desk.public_id, 1)
    expect(page.locator("[data-save-last]")).to_have_text(f"Saved 12:00:00, receipt {number}")


def test_an_answer_survives_a_crash_before_it_was_sent(phone: BrowserContext, page: Page, desk: Desk) -> None:
    phone.set_offline(True)
    choose(page, "b")
    expect_waiting(page)
    page.close()
    phone.set_offline(False)

    again = opened(phone.new_page(), desk.at(desk.single))
    expect(leaf(again, desk.single).locator("input[value=b]")).to_be_checked()
    expect_saved(again)
    assert desk.answers == {desk.single: "b"}


def test_a_reload_without_network_shows_the_paper_as_it_was_left(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    choose(page, "b")
    expect_saved(page)
    page.wait_for_function("navigator.serviceWorker.controller")
    page.wait_for_function(
        f"caches.open('akim-{desk.public_id}').then((box) => box.keys()).then((all) => all.length > 4)"
    )
    page.goto(desk.at(desk.numeric))
    phone.set_offline(True)
    page.fill(f"[name='{desk.numeric}-answer']", "7")
    expect_waiting(page)
    page.reload()

    expect(leaf(page, desk.numeric)).to_be_visible()
    expect(page.locator(f"[name='{desk.numeric}-answer']")).to_have_value("7")
    expect(page.locator(f"#q-{desk.single} input[value=b]")).to_be_checked()
    expect_waiting(page)
    phone.set_offline(False)
    expect_saved(page)
    assert desk.answers == {desk.single: "b", desk.numeric: "7"}


def test_no_other_page_is_kept_for_a_reload(phone: BrowserContext, page: Page, desk: Desk) -> None:
    page.wait_for_function("navigator.serviceWorker.controller")
    page.goto(f"{desk.address}/review")
    phone.set_offline(True)
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.reload()


@pytest.mark.parametrize("reply", ["<html>Pay for Wi-Fi</html>", "{}", LIE])
def test_a_reply_that_does_not_name_the_answer_is_not_believed(page: Page, desk: Desk, reply: str) -> None:
    def lie(route: Route) -> None:
        route.fulfill(status=200, body=reply, content_type="application/json")

    page.route("**/events", lie)
    choose(page, "b")
    expect_waiting(page)
    assert waiting(page, desk) == 1

    page.unroute("**/events", lie)
    expect_saved(page)
    assert desk.answers == {desk.single: "b"}


def test_a_lost_reply_is_asked_for_again_and_counts_once(app: Flask, page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/events", lose, times=1)
    choose(page, "b")

    expect_waiting(page)
    expect_saved(page)
    with house(app) as session:
        assert len(session.scalars(select(AnswerEvent)).all()) == 1


def test_what_is_no_answer_is_told_and_nothing_is_finished(page: Page, desk: Desk) -> None:
    page.goto(desk.at(desk.numeric))
    page.fill(f"[name='{desk.numeric}-answer']", "12x")
    expect(page.locator("[data-save-title]")).to_have_text("Not saved")
    page.goto(f"{desk.address}#review")
    page.get_by_role("button", name="Finish the exam").click()
    expect(leaf(page, desk.numeric)).to_be_visible()
    assert desk.state() == ("open", None)

    page.fill(f"[name='{desk.numeric}-answer']", "12,5")
    page.press(f"[name='{desk.numeric}-answer']", "Enter")
    expect_saved(page)
    expect(leaf(page, desk.numeric)).to_be_hidden()
    assert desk.answers == {desk.numeric: "12,5"}


def test_a_flag_stands_at_once_and_goes_when_the_network_is_back(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    phone.set_offline(True)
    page.get_by_role("button", name="Flag to look at again").click()
    expect(page.get_by_role("button", name="Take the flag away")).to_be_visible()
    expect(page.locator(f".navigator a[href='#q-{desk.single}']")).to_have_class("cell here flagged")
    assert 'name="unflag"' not in desk.paper().html

    phone.set_offline(False)
    until(lambda: 'name="unflag"' in desk.paper().html)
    page.get_by_role("button", name="Take the flag away").click()
    until(lambda: 'name="unflag"' not in desk.paper().html)


def until(holds: Callable[[], bool]) -> None:
    wait_for("what the page sends", holds)


# -- one page writes --------------------------------------------------------------------------------


def test_a_page_that_was_taken_over_says_so_and_keeps_what_was_typed(
    app: Flask, phone: BrowserContext, page: Page, desk: Desk
) -> None:
    newer = opened(phone.new_page(), desk.at(desk.single))
    choose(page, "a")

    expect(page.get_by_text("This exam is open in another window or on another device.")).to_be_visible()
    expect(page.locator(f"#q-{desk.single} input").first).to_be_disabled()
    assert desk.answers == {}
    with house(app) as session:
        assert session.scalars(select(AnswerEvent)).one().is_superseded
    choose(newer, "c")
    expect_saved(newer)

    with page.expect_navigation():
        page.get_by_role("button", name="Go on here").click()
    expect(leaf(page, desk.single).locator("input[value=c]")).to_be_checked()
    choose(page, "b")
    expect_saved(page)
    assert desk.answers == {desk.single: "b"}


def test_what_is_old_on_one_device_does_not_go_over_what_is_newer_on_another(
    app: Flask, chromium: Chromium, phone: BrowserContext, page: Page, site: str, desk: Desk
) -> None:
    phone.set_offline(True)
    choose(page, "a")
    expect_waiting(page)
    page.close()
    laptop = chromium.new_context(base_url=site)
    laptop.add_cookies([{"name": one["name"], "value": one["value"], "url": site} for one in phone.cookies()])
    other = opened(laptop.new_page(), desk.at(desk.single))
    choose(other, "c")
    expect_saved(other)
    phone.set_offline(False)

    again = opened(phone.new_page(), desk.at(desk.single))
    until(lambda: waiting(again, desk) == 0)
    assert desk.answers == {desk.single: "c"}
    laptop.close()


# -- lost time ----------------------------------------------------------------------------------------


def test_time_without_network_is_counted_and_given_back(
    app: Flask, phone: BrowserContext, page: Page, desk: Desk, clock: FrozenClock
) -> None:
    phone.set_offline(True)
    choose(page, "b")
    expect_waiting(page)
    clock.pass_by(minutes=2)
    page.evaluate("const was = performance.now.bind(performance); performance.now = () => was() + 120000")
    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")

    expect_saved(page)
    expect(page.locator("[data-given]")).to_have_text("given back: 2 min")
    with house(app) as session:
        lost = session.scalars(select(Outage)).one()
        assert lost.given_seconds == lost.seconds == 120
    assert not [key for key in held(page, desk) or [] if key == "outage"]


def test_what_is_on_the_screen_when_the_time_is_over_is_sent(page: Page, desk: Desk) -> None:
    page.goto(desk.at(desk.numeric))
    page.type(f"[name='{desk.numeric}-answer']", "7")
    page.evaluate("const was = performance.now.bind(performance); performance.now = () => was() + 1800000")

    until(lambda: desk.answers == {desk.numeric: "7"})


# -- the end --------------------------------------------------------------------------------------------


def test_the_review_is_made_without_network_and_finishing_waits_for_it(
    phone: BrowserContext, page: Page, desk: Desk
) -> None:
    phone.set_offline(True)
    choose(page, "b")
    page.get_by_role("button", name="Flag to look at again").click()
    page.goto(f"{desk.address}#review")
    expect(page.locator("[data-look] li")).to_have_count(4)
    expect(page.locator("[data-look]")).to_contain_text(f"Question {desk.single} Flagged")
    expect(page.locator("[data-look-count]")).to_have_text("Answered: 1 / 4")
    page.get_by_role("button", name="Finish the exam").click()
    expect(page.get_by_text("Finishing waits until all answers are on the server.")).to_be_visible()
    assert desk.state() == ("open", None)

    phone.set_offline(False)
    expect(page.get_by_role("heading", name="Your answers are handed in")).to_be_visible()
    assert desk.state() == ("finished", "candidate")
    assert desk.answers == {desk.single: "b"}


def test_who_turns_back_to_a_question_has_not_finished(phone: BrowserContext, page: Page, desk: Desk) -> None:
    phone.set_offline(True)
    choose(page, "b")
    page.goto(f"{desk.address}#review")
    page.get_by_role("button", name="Finish the exam").click()
    page.goto(desk.at(desk.numeric))
    phone.set_offline(False)
    page.fill(f"[name='{desk.numeric}-answer']", "7")

    until(lambda: desk.answers == {desk.single: "b", desk.numeric: "7"})
    expect_saved(page)
    assert desk.state() == ("open", None)


def test_nothing_stays_in_the_browser_after_the_end(phone: BrowserContext, page: Page, desk: Desk) -> None:
    page.wait_for_function("navigator.serviceWorker.controller")
    phone.set_offline(True)
    choose(page, "b")
    expect_waiting(page)
    desk.browser.post(f"{desk.address}/finish")
    page.close()
    phone.set_offline(False)

    again = phone.new_page()
    again.goto(f"{desk.address}/receipt")
    expect(again.get_by_text("1 answer came after the end.")).to_be_visible()
    again.wait_for_load_state("networkidle")
    until(lambda: held(again, desk) is None)
    assert again.evaluate("caches.keys()") == []
    assert again.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert desk.answers == {}


# -- the answer file ------------------------------------------------------------------------------------


def test_answers_that_cannot_go_are_saved_to_a_file_that_only_the_server_reads(
    app: Flask, phone: BrowserContext, page: Page, desk: Desk, tmp_path: Path
) -> None:
    choose(page, "a")
    expect_saved(page)
    phone.set_offline(True)
    choose(page, "b")
    expect_waiting(page)
    expect(page.locator("[data-file]")).to_be_hidden()
    page.evaluate("const was = performance.now.bind(performance); performance.now = () => was() + 61000")
    with page.expect_download() as coming:
        page.click("[data-file]")
    assert coming.value.suggested_filename == f"akim-answers-{str(desk.public_id)[:8]}.json"
    coming.value.save_as(tmp_path / "file")
    sealed = json.loads((tmp_path / "file").read_text())
    said = json.loads(unsealed(app, sealed))

    assert (sealed["v"], sealed["attempt"]) == (1, str(desk.public_id))
    assert b"answer" not in b64decode(sealed["data"])
    assert said["attempt"] == str(desk.public_id)
    assert [event["fields"] for event in said["events"]] == [{"answer": ["b"]}]
    assert said["since"] >= 61
    with house(app) as session:
        assert said["base"]["head"] == session.get_one(Attempt, desk.id).head_hash
    head = journal.digest({"attempt": said["attempt"], "base": said["base"]["head"]})
    for event in said["events"]:
        chain = event.pop("chain")
        assert set(event) == {"client", "sequence", "position", "lease", "fields", "typed"}
        head = sha256(f"{head}\n{journal.canonical(event)}".encode()).hexdigest()
        assert chain == head
    assert said["head"] == head


def unsealed(app: Flask, sealed: dict[str, Any]) -> bytes:
    keys: Keys = app.extensions["keys"]
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b64decode(sealed["ephemeral"]))
    shared = keys.answer_files().exchange(ECDH(), point)
    key = sha256(shared + b"akim-school answer file 1").digest()
    return AESGCM(key).decrypt(b64decode(sealed["iv"]), b64decode(sealed["data"]), None)


# -- where the browser is poor ----------------------------------------------------------------------------


def test_a_browser_that_keeps_nothing_says_so_and_saves_all_the_same(
    phone: BrowserContext, desk: Desk
) -> None:
    page = phone.new_page()
    page.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined})"
    )
    opened(page, desk.at(desk.single))
    expect(page.get_by_text("This browser cannot keep answers on the device.")).to_be_visible()
    choose(page, "b")
    expect_saved(page)
    assert desk.answers == {desk.single: "b"}


def test_it_works_without_scripts(chromium: Chromium, phone: BrowserContext, site: str, desk: Desk) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": site} for one in phone.cookies()]
    )
    page = context.new_page()
    page.goto(desk.address)
    assert page.locator(".leaf:visible").count() == 4
    page.check(f"#q-{desk.single} input[value=b]")
    page.fill("textarea", "Құрметті тұрғындар")
    page.click(f"#q-{desk.essay} [name=go]")
    assert page.url.endswith(desk.at(desk.essay))
    page.click("[name=go][value=review]")
    assert page.url.endswith("/review")
    assert desk.answers == {desk.single: "b", desk.essay: "Құрметті тұрғындар"}
    context.close()


def test_the_text_grows_and_the_choice_is_kept(page: Page, desk: Desk) -> None:
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    page.get_by_text("Size of the text, contrast").click()
    page.click("[data-size]")
    page.click("[data-contrast]")
    assert page.evaluate(size) > before
    page.reload()
    assert page.evaluate(size) > before
    assert page.evaluate("document.documentElement.classList.contains('contrast')")


@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        ("12,5×4=", "50"),
        ("1+2×3=", "9"),
        ("0,1+0,2=", "0,3"),
        ("200+10%=", "220"),
        ("7÷0=", "–"),
        ("5−8=", "−3"),
        ("2+3C4=", "4"),
    ],
)
def test_the_calculator_reckons(chromium: Chromium, keys: str, shows: str) -> None:
    def serve(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=(SOURCE / "tools.js").read_text(), content_type="text/javascript")
        else:
            route.fulfill(body=TOOLS, content_type="text/html; charset=utf-8")

    page = chromium.new_page()
    page.route("**/*", serve)
    page.goto("http://school.test/")
    for key in keys:
        page.click(f"[data-calculator] button >> text='{key}'")
    expect(page.locator("[data-calculator] output")).to_have_text(shows)
    page.close()
