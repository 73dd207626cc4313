"""A whole paper through a bad line: at the end the server holds what stands in the browser, and nothing twice."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer

from app.exams.models import AnswerEvent, Attempt, Outage
from tests.conftest import FrozenClock
from tests.durability.proxy import BAD, GOOD, Fate, Proxy
from tests.durability.room import (
    AGREES_WITHIN,
    Room,
    choose,
    expect_saved,
    expect_told,
    expect_waiting,
    make_bank,
    shown,
    turn_to,
    write,
)
from tests.exams.test_attempt_views import house
from tests.journeys.server import wait_for
from tests.pages import Browser

pytestmark = pytest.mark.browser
SEEDS = range(1, 11) if os.environ.get("LONG") else range(1, 2)
"""LONG=1: more bad lines, each another one."""
CUT_MINUTES = 10
OPTIONS = "abc"


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
    with ExitStack() as opened:

        def open_one(plan: dict[Fate, int] = GOOD, seed: int = 1) -> Room:
            line = opened.enter_context(Proxy(upstream, plan=plan, seed=seed))
            room = Room(app, sign_in("candidate"), line, chromium)
            opened.callback(room.close)
            return room

        yield open_one


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
    # Within a second what is typed becomes an answer, and the line on top speaks of it.
    page.wait_for_timeout(1500)
    expect_saved(page)
    room.line.settle()

    wait_for("all answers", lambda: shown(page, room) == typed)
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
    # A page reads what this browser kept after it has loaded.
    wait_for("both answers", lambda: shown(page, room) == {first: "a", second: "b"})
    choose(page, third, "c")
    write(page, room.essays[0], "Жол жөндеу туралы")
    _pass_by(page, clock, minutes=CUT_MINUTES / 2)
    expect_waiting(page)
    assert room.answers == {first: "a"}, "nothing came through"

    room.line.is_cut = False
    page.clock.fast_forward("00:40")
    expect_saved(page)
    typed = {first: "a", second: "b", third: "c", room.essays[0]: "Жол жөндеу туралы"}
    wait_for("all answers", lambda: shown(page, room) == typed)
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
    superseded = [str(row.body) for row in room.rows(AnswerEvent.is_superseded.is_(True))]
    assert superseded == ["Ескі құрылғыда кейін жазылған"]
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
