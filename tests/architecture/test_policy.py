"""The policy and the running application agree; every route is tried as nobody and as every role."""

import re
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route

from app.accounts import service as accounts
from app.accounts.models import Person
from app.core.access import MACHINE_METHODS, Rule, dump, problems
from app.core.database import READING, unit_of_work
from app.core.permissions import ROLES, Actor
from app.policy import POLICY
from tests.conftest import NOON
from tests.factories import make_person
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
ENTRIES = sorted(POLICY.items())
NAMES = [f"{method} {endpoint}" for (endpoint, method), _ in ENTRIES]
# One value for each kind of variable; a new kind is added here.
VALUES: dict[str, object] = {
    "lang": "kk",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
    "int": 999_999,
    "string": "x",
    "any": None,
}
KEBAB = re.compile(r"/|(/[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|/<[^>]+>(\.[a-z]+)?)*/?")
VARIABLE = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<given>[^)]*)\))?:)?\w+>")
UPPER_CASE = frozenset({"publication.short_check"})
"""Its address stands on paper and in QR codes, whose denser form has capitals only."""
PASSED_ON = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR})


def routes(app: Flask) -> list[Route]:
    return list(app.url_map.iter_rules())


def address(app: Flask, endpoint: str, method: str) -> str:
    """Return an address of the right form that leads to nothing in particular."""
    route = next(
        route for route in routes(app) if route.endpoint == endpoint and method in (route.methods or set())
    )
    return VARIABLE.sub(lambda found: _value(found["kind"], found["given"] or ""), route.rule)


def _value(kind: str, given: str) -> str:
    if kind == "any":
        return given.partition(",")[0].strip()
    if length := re.search(r"length=(\d+)", given):
        return "1" * int(length[1])
    return str(VALUES[kind])


def call(browser: Browser, address: str, method: str) -> Page:
    return browser.get(address) if method in READING else browser.post(address)


def test_policy_and_application_agree(app: Flask) -> None:
    assert problems(app, POLICY) == []


def test_every_route_of_the_address_map_is_tried_below(app: Flask) -> None:
    mapped = {
        (route.endpoint, method)
        for route in routes(app)
        for method in (route.methods or set()) - MACHINE_METHODS
    }

    assert mapped == set(POLICY)


def test_the_dump_names_every_address(app: Flask) -> None:
    entries = dump(app, POLICY)

    assert {(entry["endpoint"], entry["method"]) for entry in entries} == set(POLICY)
    assert {entry["rule"] for entry in entries} == {route.rule for route in routes(app)}
    assert all(set(entry) == {"endpoint", "rule", "method", "permission", "event"} for entry in entries)


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_unsafe_methods_ask_for_a_permission_to_write_and_leave_an_event(
    entry: tuple[str, str], rule: Rule
) -> None:
    _, method = entry
    if method in READING:
        assert rule.needs is None or rule.needs.endswith(":read")
        return
    assert rule.needs is None or not rule.needs.endswith(":read")
    if rule.keeps_nothing:
        assert (rule.needs, rule.event) == (None, None)
        return
    assert rule.event is not None
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.event)


def test_public_pages_ask_for_nobody() -> None:
    assert [entry for entry, rule in ENTRIES if rule.public and (rule.needs or entry[1] != "GET")] == []


def test_only_the_rehearsal_keeps_nothing() -> None:
    stateless = {endpoint for (endpoint, _), rule in ENTRIES if rule.keeps_nothing}

    assert stateless == {
        "exams.echo",
        "exams.rehearsal_answers",
        "exams.rehearsal_events",
        "exams.rehearsal_finish",
    }


def test_only_the_second_factor_and_the_way_out_are_open_before_it() -> None:
    early = {endpoint for (endpoint, _), rule in ENTRIES if rule.before_complete}

    assert early == {"accounts.second_factor", "accounts.set_up_factor", "accounts.sign_out"}


def test_addresses_are_kebab_case_and_every_variable_has_a_type(app: Flask) -> None:
    for route in routes(app):
        if route.endpoint not in UPPER_CASE:
            assert KEBAB.fullmatch(route.rule), f"{route.rule}: lower case, words joined by hyphens"
        for found in VARIABLE.finditer(route.rule):
            assert found["kind"], f"{route.rule}: say what kind of variable it is, as <uuid:paper_id>"
            assert found["kind"] in VALUES, f"{route.rule}: give VALUES an example of {found['kind']}"


# -- the role matrix -----------------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_nobody_gets_what_the_table_says(
    app: Flask, visitor: Browser, entry: tuple[str, str], rule: Rule
) -> None:
    endpoint, method = entry

    answer = call(visitor, address(app, endpoint, method), method)

    if rule.needs is None:
        assert answer.status not in PASSED_ON
    elif method in READING:
        assert answer.status == HTTPStatus.SEE_OTHER
        assert "/sign-in?next=" in answer.location
    else:
        assert answer.status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_every_role_gets_what_the_table_says(
    app: Flask, sign_in: SignIn, entry: tuple[str, str], rule: Rule
) -> None:
    endpoint, method = entry
    for role in ROLES:
        may = rule.needs is None or Actor(id=1, roles=frozenset({role.key})).may(rule.needs)

        answer = call(sign_in(role.key), address(app, endpoint, method), method)

        if may:
            assert answer.status not in PASSED_ON, (role.key, answer.text)
        else:
            assert answer.status == HTTPStatus.FORBIDDEN, (role.key, answer.text)


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_who_has_no_role_reaches_only_their_own_account(
    app: Flask, sign_in: SignIn, entry: tuple[str, str], rule: Rule
) -> None:
    endpoint, method = entry

    answer = call(sign_in(), address(app, endpoint, method), method)

    if rule.needs is None or rule.needs.startswith("account:"):
        assert answer.status not in PASSED_ON
    else:
        assert answer.status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_staff_without_their_second_factor_reach_nothing_else(
    app: Flask, entry: tuple[str, str], rule: Rule
) -> None:
    endpoint, method = entry
    with app.app_context(), unit_of_work() as session:
        person, _ = make_person(session, "organiser")
        half_in = Browser(app, token=accounts.open_session(session, person, device="", now=NOON))

    answer = call(half_in, address(app, endpoint, method), method)

    if rule.needs is None or rule.before_complete:
        assert answer.status not in PASSED_ON
    else:
        assert answer.status == HTTPStatus.SEE_OTHER
        assert answer.location == "/kk/second-factor"


@pytest.mark.parametrize(("entry", "rule"), ENTRIES, ids=NAMES)
def test_a_shut_account_with_a_live_cookie_is_nobody(
    app: Flask, sign_in: SignIn, entry: tuple[str, str], rule: Rule
) -> None:
    endpoint, method = entry
    browser = sign_in("administrator")
    with app.app_context(), unit_of_work() as session:
        session.get_one(Person, browser.person_id).disabled_at = NOON

    answer = call(browser, address(app, endpoint, method), method)

    if rule.needs is not None:
        assert answer.status == (HTTPStatus.SEE_OTHER if method in READING else HTTPStatus.UNAUTHORIZED)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_do_not_exist(app: Flask, sign_in: SignIn, method: str) -> None:
    browser = sign_in("administrator")

    for route in routes(app):
        where = address(app, route.endpoint, next(iter((route.methods or set()) - MACHINE_METHODS)))
        answer = browser.client.open(where, method=method, headers={"X-CSRFToken": browser.csrf})
        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED, (method, where)


def test_no_header_makes_a_post_of_a_get(sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    answer = browser.get("/kk/sign-out", headers={"X-HTTP-Method-Override": "POST"})

    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert browser.get("/kk/account").status == HTTPStatus.OK
