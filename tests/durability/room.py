"""One candidate's attempt behind a line that can be bad: its browsers, its journal, the hands on its pages."""

from typing import Any

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import AnswerEvent, Attempt, RefusedAnswer
from app.exams.service.opening import opened
from app.items.models import Item
from tests.durability.proxy import Proxy
from tests.exams.builders import blueprint, item_file, make_attempt, make_item, text
from tests.exams.test_attempt_views import house
from tests.pages import Browser

ITEMS, ESSAYS = 9, 2
AGREES_WITHIN = 60_000


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
    service.sync_blueprints(session, {"exam": file}, clock.now())


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

    def rows(self, *conditions: ColumnElement[bool]) -> list[AnswerEvent]:
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
