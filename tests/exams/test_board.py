"""The live board of a sitting."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import service
from app.exams.contact import Contact, contact, minutes_since
from app.exams.models import Outage
from app.exams.service import board as boards
from app.exams.service.board import Lost
from app.exams.service.incidents import code_of
from tests.conftest import FrozenClock
from tests.exams.builders import make_attempt, make_sitting
from tests.exams.deciding import answer
from tests.exams.test_attempt_views import house, queries
from tests.pages import Browser

SignIn = Callable[..., Browser]
NOW = datetime(2026, 12, 12, 10, tzinfo=UTC)
MOST_BYTES = 3 * 1024
MOST_BYTES_OF_THE_SCRIPT = 1536


@pytest.mark.parametrize(
    ("silent_for", "waiting", "shown"),
    [
        (0, 0, Contact.WRITING),
        (60, 0, Contact.WRITING),
        (60, 3, Contact.WAITING),
        (61, 3, Contact.CUT),
        (120, 0, Contact.CUT),
        (121, 0, Contact.SILENT),
    ],
)
def test_a_row_says_who_needs_a_look(silent_for: int, waiting: int, shown: Contact) -> None:
    heard_at = NOW - timedelta(seconds=silent_for)

    assert contact(finished_by=None, waiting=waiting, heard_at=heard_at, now=NOW) is shown
    assert minutes_since(heard_at, NOW) == silent_for // 60


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        ("candidate", Contact.HANDED_IN),
        ("paper", Contact.HANDED_IN),
        ("deadline", Contact.BY_CLOCK),
    ],
)
def test_whoever_has_handed_in_needs_no_look(by: str, shown: Contact) -> None:
    long_ago = NOW - timedelta(days=1)

    assert contact(finished_by=by, waiting=5, heard_at=long_ago, now=NOW) is shown


def test_the_board_counts(session: Session) -> None:
    now, sitting = clock.now(), make_sitting(session)
    well, waits, cut, silent, done = (make_attempt(session, sitting=sitting) for _ in range(5))
    make_attempt(session)
    answer(session, well, "a", sequence=1, now=now)
    answer(session, well, "b", sequence=2, now=now)
    waits.waiting = 4
    cut.last_seen_at = now - timedelta(seconds=90)
    silent.last_seen_at, silent.waiting = now - timedelta(minutes=7), 2
    session.add_all(
        Outage(attempt_id=cut.id, began_at=now, ended_at=now, seconds=lost, given_seconds=given)
        for lost, given in ((100, 100), (50, 20))
    )
    service.finish(session, done, now=now)
    board = boards.board(session, sitting, now=now)

    figures = board.figures
    assert (figures.running, figures.cut, figures.silent) == (4, 2, 1)
    assert (figures.waiting, figures.finished) == (6, 1)
    assert [line.attempt for line in board.lines] == [
        one.public_id for one in (well, waits, cut, silent, done)
    ]
    first, third, fourth = board.lines[0], board.lines[2], board.lines[3]
    assert (first.code, first.answered, first.count, first.saves) == (code_of(well), 1, 4, 2)
    assert (third.lost, first.lost) == (Lost(2, 150, 120), Lost())
    assert (fourth.minutes, fourth.waiting, fourth.contact) == (7, 2, Contact.SILENT)
    assert not board.has_more


def test_those_come_first_who_need_a_look(session: Session) -> None:
    now, sitting = clock.now(), make_sitting(session)
    done, well, waits, cut, silent = (make_attempt(session, sitting=sitting) for _ in range(5))
    service.finish(session, done, now=now)
    waits.waiting = 1
    cut.last_seen_at = now - timedelta(seconds=90)
    silent.last_seen_at = now - timedelta(minutes=3)
    lines = boards.board(session, sitting, now=now, by_need=True).lines

    assert [line.attempt for line in lines] == [one.public_id for one in (silent, cut, waits, well, done)]


def test_a_page_of_the_board_has_fifty_rows(session: Session) -> None:
    sitting = make_sitting(session)
    for _ in range(52):
        make_attempt(session, sitting=sitting)
    first = boards.board(session, sitting, now=clock.now())
    second = boards.board(session, sitting, now=clock.now(), start=50)

    assert (len(first.lines), first.has_more) == (50, True)
    assert (len(second.lines), second.has_more) == (2, False)
    assert first.figures.running == second.figures.running == 52


@pytest.fixture
def organiser(sign_in: SignIn) -> Browser:
    return sign_in("organiser")


def full_room(app: Flask) -> str:
    """Return the address of a sitting in which 50 people write, each as it comes."""
    with house(app) as session:
        sitting, now = make_sitting(session), clock.now()
        for number in range(50):
            attempt = make_attempt(session, sitting=sitting)
            answer(session, attempt, "abc"[number % 3], sequence=1, now=now)
            attempt.waiting, attempt.extra_seconds = number % 4, number * 7 % 50
            attempt.last_seen_at = now - timedelta(seconds=number * 3)
            lost = {"began_at": now, "ended_at": now, "seconds": 30 + number, "given_seconds": number}
            session.add(Outage(attempt_id=attempt.id, **lost))
        return f"/en/sittings/{sitting.public_id}"


def test_an_update_of_a_full_room_is_small(app: Flask, organiser: Browser) -> None:
    address = full_room(app)
    for encoding in ("gzip", "br"):
        answer_ = organiser.client.get(f"{address}/board", headers={"Accept-Encoding": encoding})
        assert answer_.headers["Content-Encoding"] == encoding
        assert len(answer_.get_data()) < MOST_BYTES


def test_the_script_of_the_board_is_small() -> None:
    script = Path(__file__).parents[2] / "app/core/static/board.js"

    assert len(gzip.compress(script.read_bytes(), 9)) < MOST_BYTES_OF_THE_SCRIPT


def test_nothing_is_sent_when_nothing_has_changed(app: Flask, organiser: Browser, clock: FrozenClock) -> None:
    with house(app) as session:
        attempt = make_attempt(session)
        address, attempt_id = f"/en/sittings/{attempt.sitting.public_id}/board", attempt.id

    def asked(tag: str) -> tuple[int, str]:
        headers = {"If-None-Match": tag, "Accept-Encoding": "gzip"}
        given = organiser.client.get(address, headers=headers)
        assert given.headers["X-Board"] == "1"
        return given.status_code, given.headers["ETag"]

    status, tag = asked("")
    clock.pass_by(seconds=20)
    assert (status, asked(tag)) == (200, (304, tag))
    clock.pass_by(seconds=50)
    status, later = asked(tag)
    assert (status, later != tag) == (200, True)
    with house(app) as session:
        session.get_one(type(attempt), attempt_id).waiting = 2
    assert asked(later)[0] == 200


def test_an_update_is_the_part_of_the_page_that_changes(app: Flask, organiser: Browser) -> None:
    address = full_room(app)
    page = organiser.get(address).html
    part = organiser.client.get(f"{address}/board").get_data(as_text=True)

    assert "<html" not in part
    assert part.strip() in page
    assert f'data-board="{address}/board"' in page
    sorted_page = organiser.get(f"{address}?sort=need")
    assert f'data-board="{address}/board?sort=need"' in sorted_page.html


def test_the_board_names_nobody(app: Flask, organiser: Browser, sign_in: SignIn) -> None:
    candidate = sign_in("candidate", name="Құпия Есім")
    with house(app) as session:
        attempt = make_attempt(session, candidate.person_id)
        sitting, code = f"/en/sittings/{attempt.sitting.public_id}", code_of(attempt)
        record = f"{sitting}/attempts/{attempt.public_id}"
    for address in (sitting, f"{sitting}/board", record):
        page = organiser.client.get(address).get_data(as_text=True)
        assert code in page
        assert "Құпия" not in page
        assert candidate.email not in page


def test_an_update_asks_no_more_when_there_is_more(app: Flask, organiser: Browser) -> None:
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    asked = []
    for more in (1, 4):
        with house(app) as session:
            sitting = service.get_sitting(session, sitting_id)
            for _ in range(more):
                make_attempt(session, sitting=sitting)
        asked.append(queries(app, partial(organiser.client.get, f"/en/sittings/{sitting_id}/board")))

    assert asked[0] == asked[1]


def test_the_record_of_an_attempt_shows_its_ledger_and_what_was_decided(
    app: Flask, organiser: Browser
) -> None:
    with house(app) as session:
        attempt, now = make_attempt(session), clock.now()
        lost = {"began_at": now, "ended_at": now, "seconds": 755, "given_seconds": 600}
        session.add(Outage(attempt_id=attempt.id, **lost))
        service.grant(session, attempt, 600, cause="outage", now=now)
        address = f"/en/sittings/{attempt.sitting.public_id}/attempts/{attempt.public_id}"
        elsewhere = f"/en/sittings/{make_sitting(session).public_id}/attempts/{attempt.public_id}"
    page = organiser.get(address).text

    assert "12:35" in page
    assert "+10:00" in page
    assert "Propose more time" in page
    assert organiser.get(elsewhere).status == 404
