"""A whole paper through a bad line: at the end the server holds what stands in the browser, and nothing twice."""

import os
import random
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import ThreadedWSGIServer

from app.core import clock as house_clock
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import AnswerEvent, Attempt, Outage, RefusedAnswer
from app.exams.service.opening import opened
from app.items.models import Item
from tests.conftest import FrozenClock
from tests.durability.proxy import BAD, GOOD, Fate, Proxy
from tests.exams.builders import blueprint, item_file, make_attempt, make_item, text
from tests.exams.test_attempt_views import house
from tests.journeys.server import wait_for
from tests.pages import Browser

pytestmark = pytest.mark.browser
SEEDS = range(1, 11) if os.environ.get("LONG") else range(1, 2)
"""LONG=1: more bad lines, each another one."""
ITEMS, ESSAYS = 9, 2
AGREES_WITHIN = 60_000
CUT_MINUTES = 10
OPTIONS = "abc"


def make_bank(session: Session) -> None:
    """Add a paper of some length: nine items of one choice, two texts."""
    if session.get(Item, "fun-1"):
        return
    for number in range(1, ITEMS + 1):
        make_item(session, item_file(f"fun-{number}"))
    for number in range(1, ESSAYS + 1):
        make_item(session, item_file(f"case-{number}", "essay", topic="case"))
    slots = [{"count": ITEMS, "topics": ["functions"]}, {"count": ESSAYS, "topics": ["case"]}]
    section = {"key": "functions", "title": text("Функциялар"), "slots": slots}
    file = Blueprint.model_validate(blueprint(sections=[section]))
    service.sync_blueprints(session, {"exam": file}, house_clock.now())


class Room:
    """One candidate's attempt, a line to the server, and browsers at its other end."""

    def __init__(self, app: Flask, browser: Browser, line: Proxy, chromium: Chromium) -> None:
        self.app, self.line, self._browser, self._chromium = app, line, browser, chromium
        self._contexts: list[BrowserContext] = []
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id)
            self.id, self.address = attempt.id, f"{line.url}/en/attempts/{attempt.public_id}"
            kinds = {place: item.type for place, item in opened(session, attempt.paper_id).items()}
        self.choices = [place for place, kind in kinds.items() if kind == "single_choice"]
        self.essays = [place for place, kind in kinds.items() if kind == "essay"]

    def device(self) -> Page:
        """Return a page of a phone of its own, on which the candidate is signed in."""
        context = self._chromium.new_context(viewport={"width": 360, "height": 740})
        self._contexts.append(context)
        cookie = self._browser.client.get_cookie("school")
        assert cookie is not None
        context.add_cookies([{"name": "school", "value": cookie.value, "url": self.line.url}])
        return context.new_page()

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    @property
    def answers(self) -> dict[int, Any]:
        with house(self.app) as session:
            return service.answers_of(session, self.id)

    def rows(self, *conditions: Any) -> list[AnswerEvent]:
        with house(self.app) as session:
            query = select(AnswerEvent).where(AnswerEvent.attempt_id == self.id, *conditions)
            rows = list(session.scalars(query.order_by(AnswerEvent.number)))
            session.expunge_all()
            return rows

    def check_whole(self) -> None:
        """The journal is whole, and nothing in it contradicts anything."""
        with house(self.app) as session:
            assert service.journal_fault(session, session.get_one(Attempt, self.id)) is None
            assert list(service.faults(session)) == []
            assert session.scalar(select(func.count()).select_from(RefusedAnswer)) == 0
        keys = [(row.client, row.client_sequence) for row in self.rows()]
        assert len(keys) == len(set(keys))


@pytest.fixture
def upstream(app: Flask) -> Iterator[int]:
    """Serve the application; return its port."""
    server = ThreadedWSGIServer("127.0.0.1", 0, app)
    # The next test begins with another database: no request of this one may still run then.
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_room(
    app: Flask,
    upstream: int,
    sign_in: Callable[..., Browser],
    chromium: Chromium,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Room]]:
    """Return a function: open_room(BAD, seed=2) gives an attempt behind a bad line."""
    monkeypatch.setattr("tests.exams.builders.make_bank", make_bank)
    lines: list[Proxy] = []
    rooms: list[Room] = []

    def open_one(plan: dict[Fate, int] = GOOD, seed: int = 1) -> Room:
        lines.append(Proxy(upstream, plan=plan, seed=seed).__enter__())
        rooms.append(Room(app, sign_in("candidate"), lines[-1], chromium))
        return rooms[-1]

    yield open_one
    for room in rooms:
        room.close()
    for line in lines:
        line.__exit__()


# -- hands -----------------------------------------------------------------------------------------


def turn_to(page: Page, place: int) -> None:
    page.evaluate("(place) => { location.hash = `#q-${place}`; }", place)
    expect(page.locator(f"#q-{place}")).to_be_visible()


def choose(page: Page, place: int, option: str) -> None:
    turn_to(page, place)
    page.check(f'input[name="{place}-answer"][value="{option}"]')


def write(page: Page, place: int, words: str) -> None:
    turn_to(page, place)
    page.fill(f'textarea[name="{place}-answer"]', words)


def shown(page: Page, room: Room) -> dict[int, str]:
    """Return what stands on the page, by position."""
    chosen = {
        place: page.evaluate(f"""document.querySelector('[name="{place}-answer"]:checked')?.value ?? ''""")
        for place in room.choices
    }
    written = {place: page.input_value(f'textarea[name="{place}-answer"]') for place in room.essays}
    return {place: answer for place, answer in {**chosen, **written}.items() if answer}


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-save-line]")).to_have_class("save-line saved", timeout=AGREES_WITHIN)


def expect_waiting(page: Page) -> None:
    expect(page.locator("[data-save-line]")).to_have_class("save-line waiting", timeout=AGREES_WITHIN)


def expect_told(page: Page) -> None:
    expect(page.locator("[data-note=elsewhere]")).to_be_visible(timeout=AGREES_WITHIN)


# -- the whole paper -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_paper_over_a_bad_line(open_room: Callable[..., Room], seed: int) -> None:
    room, chance = open_room(BAD, seed), random.Random(seed)
    page = room.device()
    page.goto(room.address)
    typed: dict[int, str] = {}
    for place in [*room.choices, *room.choices[::3], *room.choices[::2]]:
        typed[place] = chance.choice(OPTIONS)
        choose(page, place, typed[place])
        # Some stay long enough for a request of their own, some do not.
        page.wait_for_timeout(chance.choice([0, 200, 1200]))
    for place in [*room.essays, *room.essays]:
        typed[place] = f"Құрметті тұрғындар, {chance.randint(1, 10**9)}"
        write(page, place, typed[place])
        page.wait_for_timeout(600)
    expect_saved(page)
    room.line.settle()

    assert shown(page, room) == typed
    assert room.answers == typed
    assert len(room.line.met) > 3, f"the line was not bad: {room.line.met}"
    room.check_whole()

    page.evaluate("location.hash = '#review'")
    page.locator("[data-finish] button").click()
    page.wait_for_url("**/receipt", timeout=AGREES_WITHIN)
    room.line.settle()
    with house(room.app) as session:
        assert session.get_one(Attempt, room.id).finished_by == "candidate"
    assert room.answers == typed
    assert not [row for row in room.rows() if row.is_late]
    room.check_whole()


def test_ten_minutes_without_a_line_and_a_reload_in_the_middle(
    open_room: Callable[..., Room], clock: FrozenClock
) -> None:
    room = open_room()
    page = room.device()
    page.clock.install()
    page.goto(room.address)
    first, second, third, *_ = room.choices
    choose(page, first, "a")
    expect_saved(page)
    page.wait_for_function("navigator.serviceWorker.controller")

    room.line.is_cut = True
    choose(page, second, "b")
    expect_waiting(page)
    _pass_by(page, clock, minutes=CUT_MINUTES / 2)
    page.reload()
    assert shown(page, room) == {first: "a", second: "b"}
    choose(page, third, "c")
    write(page, room.essays[0], "Жол жөндеу туралы")
    _pass_by(page, clock, minutes=CUT_MINUTES / 2)
    expect_waiting(page)
    assert room.answers == {first: "a"}, "nothing came through"

    room.line.is_cut = False
    page.clock.fast_forward("00:40")
    expect_saved(page)
    typed = {first: "a", second: "b", third: "c", room.essays[0]: "Жол жөндеу туралы"}
    assert shown(page, room) == typed
    assert room.answers == typed
    room.check_whole()
    with house(room.app) as session:
        (seconds,) = session.scalars(select(Outage.seconds))
        # What the ledger lists is what the server's own clock bears out.
        assert (CUT_MINUTES - 1) * 60 <= seconds <= CUT_MINUTES * 60
        assert session.get_one(Attempt, room.id).extra_seconds == seconds


def _pass_by(page: Page, clock: FrozenClock, *, minutes: float) -> None:
    """Let time go by in the browser and on the server."""
    clock.pass_by(minutes=minutes)
    page.clock.fast_forward(int(minutes * 60_000))


# -- two pages, and the end ------------------------------------------------------------------------


def test_the_newer_page_takes_over_and_what_was_typed_in_the_older_is_kept_and_shown(
    open_room: Callable[..., Room],
) -> None:
    room = open_room()
    essay, choice = room.essays[0], room.choices[0]
    older, newer = room.device(), room.device()
    older.goto(room.address)
    write(older, essay, "Ескі құрылғыдағы мәтін")
    expect_saved(older)
    newer.goto(room.address)
    choose(newer, choice, "b")
    write(newer, essay, "Жаңа құрылғыдағы мәтін")
    expect_saved(newer)

    write(older, essay, "Ескі құрылғыда кейін жазылған")
    expect_told(older)

    assert room.answers == {choice: "b", essay: "Жаңа құрылғыдағы мәтін"}
    superseded = room.rows(AnswerEvent.is_superseded)
    assert [row.body for row in superseded] == ["Ескі құрылғыда кейін жазылған"]
    assert older.input_value(f'textarea[name="{essay}-answer"]') == "Ескі құрылғыда кейін жазылған"
    assert older.locator(f'textarea[name="{essay}-answer"]').is_disabled()
    room.check_whole()

    older.click("[data-take]")
    wait_for("the new page", lambda: shown(older, room).get(essay) == "Жаңа құрылғыдағы мәтін")
    newer.evaluate("dispatchEvent(new Event('online'))")
    expect_told(newer)
    assert shown(older, room) == room.answers


def test_what_stands_on_the_screen_when_the_time_ends_counts(
    open_room: Callable[..., Room], clock: FrozenClock
) -> None:
    room = open_room()
    page = room.device()
    page.clock.install()
    page.goto(room.address)
    choose(page, room.choices[0], "a")
    expect_saved(page)
    essay = room.essays[0]
    turn_to(page, essay)
    # No event tells the script of it: only its look at the end can find it.
    page.locator(f'textarea[name="{essay}-answer"]').evaluate("(text) => { text.value = 'Соңғы сөз'; }")
    assert essay not in room.answers

    _pass_by(page, clock, minutes=30)

    page.wait_for_url("**/receipt", timeout=AGREES_WITHIN)
    assert room.answers == {room.choices[0]: "a", essay: "Соңғы сөз"}
    assert not [row for row in room.rows() if row.is_late]
    room.check_whole()
