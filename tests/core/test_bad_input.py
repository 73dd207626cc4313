"""Every route of the running application, as somebody who may use it, with what nobody means well by.

Whatever comes: an answer in words, never a fault of ours, and a refusal changes nothing.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from app.core.forms import CSRF_FIELD, Form
from app.policy import CREDENTIALS, POLICY
from tests.conftest import NOON, FrozenClock
from tests.core import garbage
from tests.core.world import World, play
from tests.pages import Page

ROUTES = sorted(POLICY)
SENT = [route for route in ROUTES if route[1] == "POST"]
WITH_TOKEN = [route for route in SENT if not POLICY[route].keeps_nothing]
NAMES, SENT_NAMES = (["-".join(route) for route in routes] for routes in (ROUTES, SENT))
FORM = "application/x-www-form-urlencoded"
PARAMETERS = (
    "q", "number", "page", "start", "before", "parts", "until", "use", "topic", "type", "competency", "role", "next",
    "done", "entry", "name", "kato", "since", "actor", "tag", "refused", "rural", "sent", "district",
)  # fmt: skip
PLAUSIBLE = {
    "name": "Мысалова Айгүл",
    "email": "aigul@mail.example",
    "language": "kk",
    "password": "three-calm-horses",
    "content_hash": "0" * 64,
    "reason": "Қайта қарауды сұраймын. " * 5,
    "comment": "Негізгі талаптар орындалған.",
    "opens_at": "2026-12-02T09:00",
    "closes_at": "2026-12-02T12:00",
    "until": "2027-01-15",
    "role": "candidate",
    "answer": "a",
}
VARIABLE = re.compile(r"<(?:[^:>]+:)?(\w+)>")
TRACES = ("Traceback", "sqlalchemy", 'File "/')
SHORTEST_WORDS = 10
MOST_FIELDS = 6
BY_HAND = {"exams.answers": ["1-answer", "1-shown", "12-answer-a", "go"]}
"""Fields that a view reads without a form."""


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock) -> World:
    clock.now = NOON
    return play(tmp_path_factory.mktemp("world"), clock)


@pytest.fixture
def world(whole: World, clock: FrozenClock) -> World:
    clock.now = NOON
    whole.restore()
    return whole


class Route:
    """One address of the map, and the browser of somebody who may use it."""

    def __init__(self, world: World, watch: sqlite3.Connection, endpoint: str, method: str) -> None:
        self.world, self.watch, self.endpoint, self.method = world, watch, endpoint, method
        rules = [rule for rule in world.app.url_map.iter_rules(endpoint) if method in (rule.methods or ())]
        self.parts = VARIABLE.split(rules[0].rule.replace("<lang:language>", "kk"))
        self.names = set(self.parts[1::2])
        self.browser = world.browser(endpoint, method)
        # A wrong password is counted, and a resend that contradicts is kept aside: both on purpose.
        self.may_keep = POLICY[endpoint, method].budget == CREDENTIALS or endpoint == "exams.events"

    def address(self, **instead: bytes) -> bytes:
        """Return the address with real values, but for `instead`."""
        real = self.world.values(self.endpoint, self.names)
        values = {name: value.encode() for name, value in real.items()} | instead
        parts = (values[part] if place % 2 else part.encode() for place, part in enumerate(self.parts))
        return b"".join(parts)

    def send(self, address: bytes = b"", query: bytes = b"", **options: Any) -> int:
        """Send exactly these bytes, check the answer, and return its status."""
        before = self._version()
        exact = {
            "PATH_INFO": (address or self.address()).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
        }
        answer = self.browser.client.open("/", method=self.method, environ_overrides=exact, **options)
        check(answer)
        if answer.status_code >= HTTPStatus.BAD_REQUEST and not self.may_keep:
            assert self._version() == before, "a refused request changed the database"
        return answer.status_code

    def _version(self) -> int:
        # Moves when another connection has committed a change.
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def send_form(self, fields: Mapping[str, str | bytes | list[str]]) -> int:
        """Send a form with its token."""
        filled = {CSRF_FIELD: self.browser.csrf, **fields}
        return self.send(data=urlencode(filled, doseq=True), content_type=FORM)

    def fields(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Return the fields of the form that the route reads, as an empty one shows them."""
        seen: list[str] = []
        before = Form.submitted

        def submitted(form: Form) -> bool:
            seen.extend(form._fields)
            return before(form)

        with monkeypatch.context() as patch:
            patch.setattr(Form, "submitted", submitted)
            self.send_form({})
        return [name for name in dict.fromkeys(seen) if name != CSRF_FIELD] or BY_HAND.get(self.endpoint, [])


def check(answer: TestResponse) -> None:
    """Whatever was sent, the answer is ours, in words, and tells nothing of the inside."""
    what = (answer.request.method, answer.request.path[:90], answer.status)
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, what
    page = Page(answer)
    assert not any(trace in page.html for trace in TRACES), what
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        words = answer.get_json()["message"] if answer.is_json else page.text
        assert answer.is_json or answer.mimetype == "text/html", what
        assert len(words) > SHORTEST_WORDS, what
    answer.close()


@pytest.fixture
def route(world: World, request: pytest.FixtureRequest) -> Iterator[Route]:
    """The route of the test's parameters, on the played database."""
    endpoint, method = request.param
    with closing(sqlite3.connect(world.database)) as watch:
        yield Route(world, watch, endpoint, method)


@pytest.mark.parametrize("route", ROUTES, indirect=True, ids=NAMES)
def test_an_address_with_strange_parts_is_answered_in_words(route: Route) -> None:
    for name in route.names:
        for part in garbage.ADDRESS_PARTS:
            route.send(route.address(**{name: part}), headers={"X-CSRFToken": route.browser.csrf})


@pytest.mark.parametrize("route", ROUTES, indirect=True, ids=NAMES)
def test_strange_queries_are_answered_in_words(route: Route) -> None:
    for value in garbage.QUERIES:
        one = b"&".join(name.encode() + b"=" + value for name in PARAMETERS)
        for query in (one + b"&" + one, b"=" + value + b"&&=&"):
            route.send(query=query)


@pytest.mark.parametrize("route", WITH_TOKEN, indirect=True, ids=["-".join(route) for route in WITH_TOKEN])
def test_a_form_without_its_token_is_refused(route: Route) -> None:
    for token in ({}, {CSRF_FIELD: ""}, {CSRF_FIELD: "x" * 90}, {CSRF_FIELD: [route.browser.csrf[:-2]]}):
        assert route.send(data=urlencode(token, doseq=True), content_type=FORM) == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("route", SENT, indirect=True, ids=SENT_NAMES)
def test_strange_forms_are_answered_in_words(route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    names = route.fields(monkeypatch)
    sound = {name: PLAUSIBLE.get(name, "1") for name in names}
    route.send_form(sound | {"nobody-knows-this": "1"})
    # Fields that differ by their number alone are read alike, and so are those of a long list.
    for name in [*{name.rstrip("0123456789"): name for name in names}.values()][:MOST_FIELDS]:
        route.send_form(sound | {name: [sound[name], "other"]})
        for value in garbage.VALUES:
            route.send_form(sound | {name: value})
    for value in garbage.VALUES:
        route.send_form(dict.fromkeys(names, value))


@pytest.mark.parametrize("route", SENT, indirect=True, ids=SENT_NAMES)
def test_strange_bodies_are_answered_in_words(route: Route) -> None:
    for number, (kind, body) in enumerate(garbage.BODIES):
        accept = ("text/html", "application/json")[number % 2]
        route.send(
            data=body, content_type=kind, headers={"X-CSRFToken": route.browser.csrf, "Accept": accept}
        )


@pytest.mark.parametrize("route", SENT, indirect=True, ids=SENT_NAMES)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(route: Route) -> None:
    headers = {"X-CSRFToken": route.browser.csrf}
    kinds = (FORM, "application/json") if route.endpoint == "exams.events" else (FORM,)
    for kind in kinds:
        status = route.send(data=garbage.TOO_MUCH, content_type=kind, headers=headers)
        assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
