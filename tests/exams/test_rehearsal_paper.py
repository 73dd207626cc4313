"""The practice paper on the screen of an attempt: the same page, the same protocol, and nothing kept."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from sqlalchemy import event, func, select

from app.core.database import Base, db
from app.core.kept import Kept
from app.exams import journal, service
from app.exams.rehearsal import Candidate, choose
from tests.conftest import NOON, FrozenClock
from tests.exams.builders import item_file, make_bank, make_item
from tests.exams.test_attempt_views import house
from tests.exams.test_rehearsal import site  # noqa: F401 - a fixture
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
PAPER = "/en/rehearsal/paper"
UNTIL = int(NOON.timestamp()) + 15 * 60
TYPES = ("single_choice", "numeric", "essay")
CHOICE, NUMBER, TEXT = 1, 2, 3


@pytest.fixture(autouse=True)
def _bank(app: Flask) -> None:
    with house(app) as session:
        make_bank(session)
        for number, type_key in enumerate(TYPES):
            make_item(session, item_file(f"pra-{number}", type_key, topic="state", use="practice"))


def sent(position: int, *values: str, sequence: int = 1) -> dict[str, object]:
    fields = {"answer": list(values)} if values else {}
    return {
        "client": str(uuid4()),
        "sequence": sequence,
        "position": position,
        "lease": None,
        "fields": fields,
    }


def batch(*events: dict[str, object], **more: object) -> dict[str, object]:
    who = {"client": str(uuid4()), "device": str(uuid4()), "lease": None, "take": False}
    return {**who, "waiting": 0, "outage": None, "events": list(events), **more}


def post(app: Flask, body: object, until: int = UNTIL) -> Any:
    answer = app.test_client().post(f"{PAPER}/{until}/events", json=body)
    assert answer.status_code == 200
    return answer.get_json()


# -- which items ---------------------------------------------------------------------------------


def test_every_type_comes_once_and_one_item_with_a_case_last() -> None:
    pool = [
        Candidate("c", "essay", has_case=False),
        Candidate("b", "single_choice", has_case=False),
        Candidate("a", "single_choice", has_case=True),
        Candidate("d", "single_choice", has_case=False),
        Candidate("e", "numeric", has_case=True),
        Candidate("f", "nobody-knows", has_case=False),
    ]
    assert choose(pool) == choose(reversed(pool)) == ["b", "c", "a"]
    assert choose([]) == []


# -- the page ------------------------------------------------------------------------------------


@pytest.fixture
def opened(visitor: Browser) -> Page:
    return visitor.get(visitor.get(PAPER).location)


def test_it_runs_a_quarter_of_an_hour_from_its_opening(visitor: Browser, clock: FrozenClock) -> None:
    assert visitor.get(PAPER).location == f"{PAPER}/{UNTIL}"
    clock.pass_by(minutes=14)
    assert "Ends at 12:15" in visitor.get(f"{PAPER}/{UNTIL}").text
    clock.pass_by(minutes=1)
    assert visitor.get(f"{PAPER}/{UNTIL}").location == PAPER


def test_nobody_opens_one_that_runs_for_ever(visitor: Browser) -> None:
    assert visitor.get(f"{PAPER}/{UNTIL + 1}").location == PAPER


def test_it_is_the_page_of_an_attempt_and_says_what_it_is(opened: Page) -> None:
    assert opened.text.count("Question 1 of 3") == 1
    assert "Rehearsal: nothing counts, nothing is kept." in opened.text
    assert f'data-page="{PAPER}/{UNTIL}"' in opened.html
    assert f'action="{PAPER}/{UNTIL}/answers"' in opened.html
    assert f'action="{PAPER}/{UNTIL}/finish"' in opened.html
    assert "/attempts/" not in opened.html
    assert "Set-Cookie" not in opened.response.headers
    assert opened.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_it_speaks_all_languages(visitor: Browser, language: str) -> None:
    assert visitor.get(f"/{language}/rehearsal/paper/{UNTIL}").status == 200


def test_without_scripts_the_page_gives_back_what_was_typed(app: Flask, opened: Page) -> None:
    fields = {f"{CHOICE}-answer": "b", f"{NUMBER}-answer": "12x", f"{TEXT}-answer": "Сәлем", "go": "2"}

    page = Page(app.test_client().post(f"{PAPER}/{UNTIL}/answers", data=fields))

    assert page.status == 422
    assert 'value="b" checked' in page.html
    assert 'value="12x"' in page.html
    assert "Сәлем" in page.text
    assert "Answered: 2 / 3" in page.text
    assert "Question 2: This cannot be read as a number" in page.text


def test_what_one_person_typed_is_not_on_anothers_page(app: Flask, visitor: Browser) -> None:
    app.test_client().post(
        f"{PAPER}/{UNTIL}/answers", data={f"{TEXT}-answer": "Сәлем", f"{CHOICE}-answer": "b"}
    )

    page = visitor.get(f"{PAPER}/{UNTIL}")

    assert "Сәлем" not in page.text
    assert " checked" not in page.html


def test_what_is_typed_stays_in_no_memory(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []

    def note(_self: Kept[Any], key: object, make: Callable[[], Any]) -> object:
        kept.append(key)
        return make()

    monkeypatch.setattr(Kept, "get", note)

    app.test_client().post(f"{PAPER}/{UNTIL}/answers", data={f"{NUMBER}-answer": "4321"})

    assert kept
    assert "4321" not in str(kept)


def test_a_flag_that_a_script_sets_is_taken(app: Flask) -> None:
    answer = app.test_client().post(f"{PAPER}/{UNTIL}/answers", data={"flag": "2", "csrf_token": "x"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAPER}/{UNTIL}")


@pytest.mark.parametrize(("way", "fields"), [("answers", {"go": "review"}), ("finish", {})])
def test_its_end_says_how_the_real_one_would_look(
    app: Flask, visitor: Browser, way: str, fields: dict[str, str]
) -> None:
    where = app.test_client().post(f"{PAPER}/{UNTIL}/{way}", data=fields).headers["Location"]

    page = visitor.get(where)

    assert where == f"{PAPER}/{UNTIL}/receipt"
    assert "Here nothing was kept." in page.text


# -- the protocol --------------------------------------------------------------------------------


def test_answers_are_acknowledged_by_their_very_words(app: Flask) -> None:
    event_ = sent(CHOICE, "b", sequence=7)

    body = post(app, batch(event_, take=True))

    assert body["replies"] == [
        {
            "client": event_["client"],
            "sequence": 7,
            "position": CHOICE,
            "hash": journal.digest({"answer": ["b"]}),
            "outcome": "saved",
            "empty": False,
            "message": "",
        }
    ]
    assert (body["running"], body["seconds_left"], body["ends_at"]) == (True, 900, "12:15")
    assert body["lease"] == {"number": UNTIL + 1, "since": UNTIL + 1, "is_yours": True}
    assert body["saved_at"] == "12:00:00"


def test_its_receipt_is_signed_by_nobody(app: Flask) -> None:
    receipt = post(app, batch(sent(CHOICE, "b", sequence=7)))["receipt"]

    assert receipt["number"] == "0000-7"
    assert receipt["signature"] == ""


def test_what_is_no_answer_or_cleared_is_told_as_in_the_test(app: Flask) -> None:
    body = post(app, batch(sent(NUMBER, "12x"), sent(CHOICE), sent(99, "a")))

    assert [reply["outcome"] for reply in body["replies"]] == ["malformed", "saved", "malformed"]
    assert body["replies"][0]["message"].startswith("This cannot be read as a number")
    assert body["replies"][1]["empty"]


def test_an_idle_page_is_answered_without_a_receipt(app: Flask) -> None:
    body = post(app, batch(lease=3))

    assert (body["replies"], body["receipt"], body["saved_at"]) == ([], None, "")


@pytest.mark.parametrize("until", [UNTIL - 900, UNTIL + 1, 0, 10**30])
def test_when_its_time_is_over_the_page_is_told(app: Flask, until: int) -> None:
    assert not post(app, batch(), until)["running"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 200),
        (b"{", "application/json", 400),
        (b'{"events": 1}', "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 400),
        (b" " * 65_536 + b"{}", "application/json", 413),
    ],
)
def test_only_small_batches_of_the_protocol_are_read(app: Flask, body: bytes, kind: str, status: int) -> None:
    answer = app.test_client().post(f"{PAPER}/{UNTIL}/events", data=body, content_type=kind)

    assert answer.status_code == status


def test_nothing_is_written_and_nobody_is_asked_for(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("candidate").client
    with app.app_context():
        engine = db.engine
        tables = Base.metadata.sorted_tables
        before = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
        db.session.remove()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answers = [
            client.post(f"{PAPER}/{UNTIL}/events", json=batch(sent(CHOICE, "b"), take=True)),
            client.post(f"{PAPER}/{UNTIL}/answers", data={"flag": "1"}),
            client.post(f"{PAPER}/{UNTIL}/finish"),
        ]
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert all(answer.status_code < 400 and "Set-Cookie" not in answer.headers for answer in answers)
    assert [statement for statement in seen if "login_sessions" in statement or "people" in statement] == []
    assert {statement.split()[0] for statement in seen} == {"SELECT"}
    with app.app_context():
        assert [db.session.scalar(select(func.count()).select_from(table)) for table in tables] == before
        db.session.remove()


def test_it_needs_no_turn_to_write(app: Flask) -> None:
    with app.app_context():
        database = str(db.engine.url.database)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert post(app, batch(sent(CHOICE, "b")))["replies"]


# -- in a browser --------------------------------------------------------------------------------


@pytest.fixture
def tab(chromium: Chromium, site: str) -> Iterator[Tab]:  # noqa: F811 - pytest's way
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    page = context.new_page()
    page.goto(PAPER)
    yield page
    context.close()


@pytest.mark.browser
def test_the_screen_of_the_test_works_as_in_the_test(tab: Tab) -> None:
    tab.check("input[value=b]")

    expect(tab.locator("[data-save-title]")).to_have_text("Saved 12:00:00")
    expect(tab.locator("[data-save-note]")).to_have_text("receipt 0000-1")
    expect(tab.locator("[data-navigator] summary")).to_have_text("Answered: 1 / 3")
    assert tab.context.cookies() == []


@pytest.mark.browser
def test_the_network_may_be_switched_off_to_see_what_happens(tab: Tab) -> None:
    expect(tab.locator("[data-save-line]")).to_be_visible()
    tab.context.set_offline(True)
    tab.check("input[value=b]")
    expect(tab.locator("[data-save-line]")).to_have_class("save-line waiting")

    tab.context.set_offline(False)
    expect(tab.locator("[data-save-line]")).to_have_class("save-line saved", timeout=40_000)


@pytest.mark.browser
def test_a_reload_brings_the_answers_back_and_the_next_rehearsal_does_not(
    tab: Tab, clock: FrozenClock
) -> None:
    tab.check("input[value=b]")
    expect(tab.locator("[data-save-line]")).to_have_class("save-line saved")
    tab.reload()
    expect(tab.locator("input[value=b]")).to_be_checked()

    clock.pass_by(seconds=20)
    tab.goto(PAPER)
    expect(tab.locator("[data-moves]")).to_be_visible()
    expect(tab.locator("input[value=b]")).not_to_be_checked()


@pytest.mark.browser
def test_the_page_opens_again_without_a_network(tab: Tab) -> None:
    tab.check("input[value=b]")
    expect(tab.locator("[data-save-line]")).to_have_class("save-line saved")
    tab.wait_for_function("navigator.serviceWorker.controller")
    box = f"akim-{service.REHEARSAL}"
    tab.wait_for_function(f"caches.open('{box}').then((box) => box.keys()).then((all) => all.length > 4)")
    tab.context.set_offline(True)
    tab.reload()

    expect(tab.locator("input[value=b]")).to_be_checked()
    expect(tab.locator("[data-save-line]")).to_have_class("save-line waiting")


@pytest.mark.browser
def test_after_the_end_nothing_stays_in_the_browser(tab: Tab) -> None:
    tab.check("input[value=b]")
    tab.click("[data-flag]")
    expect(tab.locator("[data-save-line]")).to_have_class("save-line saved")
    tab.goto(f"{tab.url.partition('#')[0]}#review")
    tab.click("[data-finish] button")

    expect(tab.locator("h1")).to_have_text("End of the rehearsal")
    tab.wait_for_function("caches.keys().then((found) => found.length === 0)")
    tab.wait_for_function(
        "indexedDB.databases().then((found) => !found.some((one) => one.name.startsWith('akim-')))"
    )
