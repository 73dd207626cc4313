"""The organisers' pages of the fallback on paper: seats, sheets, two entries."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core import clock as house_clock
from app.exams import service
from app.exams.models import Attempt, Seat
from app.exams.seats import spaced
from app.exams.service.seats import make_seats
from tests.conftest import FrozenClock
from tests.exams.builders import actor, make_sitting
from tests.exams.test_attempt_views import house
from tests.items.bodies import CANARY
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]


@pytest.fixture
def organiser(sign_in: SignIn) -> Browser:
    return sign_in("organiser")


class Room:
    """A running sitting with two seats, and a candidate who wrote on the sheets of the first."""

    def __init__(self, app: Flask, candidate: Browser, **changes: Any) -> None:
        self.app, self.candidate = app, candidate
        with house(app) as session:
            sitting = make_sitting(session, **changes)
            made = make_seats(
                session,
                actor(session, "organiser"),
                sitting.public_id,
                count=2,
                paper_id=None,
                now=house_clock.now(),
            )
            self.sitting_id, self.title = sitting.public_id, sitting.title
            self.codes = [seat.code for seat in made]
            kinds = {item.version.type: item.position for item in made[0].paper.items}
            self.single, self.numeric, self.essay = (
                kinds[one] for one in ("single_choice", "numeric", "essay")
            )
        self.seats = f"/en/sittings/{self.sitting_id}/seats"
        self.seat = f"/en/seats/{self.codes[0]}"

    def enter(self, browser: Browser, **changes: str) -> Page:
        data = {
            "email": self.candidate.email,
            f"{self.single}-answer": "b",
            f"{self.numeric}-answer": "",
            f"{self.essay}-answer": "Ауыл жолын жөндеу",
        }
        return browser.post(self.seat, data | changes)

    def attempt(self) -> tuple[int, UUID] | None:
        with house(self.app) as session:
            found = session.execute(select(Attempt.id, Attempt.public_id)).first()
            return (found[0], found[1]) if found else None


@pytest.fixture
def room(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr("app.exams.service.starting.training.is_finished", lambda *_: True)
    return Room(app, sign_in("candidate"))


def tags(app: Flask) -> list[str]:
    with house(app) as session:
        return list(session.scalars(select(AuditEvent.tag).order_by(AuditEvent.sequence)))


# -- seats ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_of_seats_opens(room: Room, organiser: Browser, language: str) -> None:
    assert organiser.get(room.seats.replace("/en/", f"/{language}/")).status == 200


def test_an_organiser_makes_seats(app: Flask, room: Room, organiser: Browser) -> None:
    page = organiser.post(room.seats, {"count": "3", "paper": ""})

    assert page.status == 303
    listed = organiser.get(page.location)
    with house(app) as session:
        codes = session.scalars(select(Seat.code)).all()
    assert len(codes) == 5
    assert all(spaced(code) in listed.text for code in codes)
    assert tags(app) == ["seats-made"]


@pytest.mark.parametrize(
    "data",
    [
        {"count": "0", "paper": ""},
        {"count": "201", "paper": ""},
        {"count": "x"},
        {},
        {"count": "1", "paper": "x"},
    ],
)
def test_a_number_of_seats_beyond_reason_is_refused(
    room: Room, organiser: Browser, data: dict[str, str]
) -> None:
    assert organiser.post(room.seats, data).status == 422


def test_more_than_two_thousand_seats_are_refused_in_words(
    app: Flask, room: Room, organiser: Browser
) -> None:
    with house(app) as session:
        session.scalars(select(Seat).where(Seat.number == 2)).one().number = 1990
    page = organiser.post(room.seats, {"count": "20", "paper": ""})

    assert page.status == 422
    assert "2,000 seats at most" in page.text


def test_a_code_as_it_was_typed_leads_to_its_seat(room: Room, organiser: Browser) -> None:
    page = organiser.get(f"{room.seats}?code={spaced(room.codes[0]).lower().replace(' ', '+')}")

    assert page.status == 303
    assert page.location == room.seat
    wrong = organiser.get(f"{room.seats}?code=7KMA2RA")
    assert wrong.status == 422
    assert "This is not a code of a seat." in wrong.text


# -- printing -----------------------------------------------------------------------------------------


def test_the_sheets_are_printed_with_the_code_on_every_page(
    app: Flask, room: Room, organiser: Browser
) -> None:
    page = organiser.post(f"{room.seats}/print", {"first": "1", "last": "2"})

    assert page.status == 200
    assert page.html.count('<table class="copy">') == page.html.count("<thead>") == 2
    assert all(f'<span class="copy-code">{spaced(code)}</span>' in page.html for code in room.codes)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert CANARY not in page.html
    with house(app) as session:
        event = session.scalars(select(AuditEvent)).one()
        assert event.tag == "paper-printed"
        assert event.about["seats"] == " ".join(room.codes)


def test_one_seat_is_printed_without_the_others(room: Room, organiser: Browser) -> None:
    page = organiser.post(f"{room.seats}/print", {"first": "2", "last": "2"})

    assert spaced(room.codes[1]) in page.html
    assert spaced(room.codes[0]) not in page.html


@pytest.mark.parametrize(("language", "words"), [("kk", "қазақша"), ("ru", "по-русски")])
def test_the_sheets_speak_the_language_of_the_page(
    room: Room, organiser: Browser, language: str, words: str
) -> None:
    page = organiser.post(f"{room.seats}/print".replace("/en/", f"/{language}/"), {"first": "1", "last": "1"})

    assert f'lang="{language}"' in page.html
    assert words in page.text


def test_printing_asks_for_the_password_of_the_last_five_minutes(
    app: Flask, room: Room, organiser: Browser, clock: FrozenClock
) -> None:
    clock.pass_by(minutes=6)

    assert "Printing asks for your password once more." in organiser.get(room.seats).text
    page = organiser.post(f"{room.seats}/print", {"first": "1", "last": "2"})
    assert page.status == 403
    assert "copy-code" not in page.html
    assert tags(app) == []


def test_nothing_is_printed_too_early_or_too_late(
    app: Flask, sign_in: SignIn, organiser: Browser, clock: FrozenClock
) -> None:
    opens = clock.now + timedelta(minutes=32)
    room = Room(app, sign_in("candidate"), opens_at=opens, closes_at=opens + timedelta(hours=1))
    address = f"{room.seats}/print"
    early = organiser.post(address, {"first": "1", "last": "2"})
    assert early.status == 422
    assert "from 30 minutes before the sitting opens until it closes" in early.text
    assert "copy-code" not in early.html

    clock.pass_by(minutes=3)
    assert organiser.post(address, {"first": "1", "last": "2"}).status == 200


@pytest.mark.parametrize(
    "data", [{"first": "3", "last": "9"}, {"first": "", "last": "9"}, {"first": "0", "last": "1"}]
)
def test_there_must_be_such_seats(room: Room, organiser: Browser, data: dict[str, str]) -> None:
    assert organiser.post(f"{room.seats}/print", data).status == 422


def test_a_candidate_sees_none_of_it(room: Room) -> None:
    assert room.candidate.get(room.seats).status == 403
    assert room.candidate.post(f"{room.seats}/print", {"first": "1", "last": "1"}).status == 403
    assert room.candidate.get(room.seat).status == 403


# -- entering -------------------------------------------------------------------------------------------


def test_two_people_enter_a_seat_and_an_attempt_comes_of_it(
    app: Flask, room: Room, organiser: Browser, sign_in: SignIn
) -> None:
    other = sign_in("organiser")
    first = room.enter(organiser)
    assert (first.status, first.location) == (303, room.seat)
    assert "Now another person enters this seat" in organiser.get(room.seat).text
    blank = other.get(room.seat)
    assert "Ауыл жолын" not in blank.html
    assert room.candidate.email not in blank.html

    assert room.enter(other).status == 303
    done = other.get(room.seat)
    assert "Two people entered the same. The attempt is handed in." in done.text
    attempt = room.attempt()
    assert attempt is not None
    attempt_id, public_id = attempt
    assert f"{public_id.int % 10_000:04d}-2" in done.text
    assert tags(app) == [
        "seat-entered", "seat-read", "seat-read", "seat-settled", "seat-entered", "seat-read",
    ]  # fmt: skip
    receipt = room.candidate.get(f"/en/attempts/{public_id}/receipt")
    assert "Your answers are handed in" in receipt.text
    assert "The time is over." not in receipt.text
    with house(app) as session:
        assert service.answers_of(session, attempt_id)[room.single] == "b"


def test_both_see_where_they_differ_and_not_what_the_other_typed(
    room: Room, organiser: Browser, sign_in: SignIn
) -> None:
    other = sign_in("organiser")
    room.enter(organiser)
    room.enter(other, **{f"{room.essay}-answer": "Ауыл мектебін жөндеу"})

    for browser, own, others in ((organiser, "жолын", "мектебін"), (other, "мектебін", "жолын")):
        page = browser.get(room.seat)
        assert "Your entry and that of another person differ." in page.text
        assert f"Question {room.essay} , from word 2 on" in page.text
        assert own in page.html
        assert others not in page.html
    assert room.attempt() is None


def test_what_was_typed_is_shown_again_where_it_is_refused(room: Room, organiser: Browser) -> None:
    page = room.enter(organiser, **{f"{room.numeric}-answer": "көп"})

    assert page.status == 422
    assert f"Question {room.numeric}: This cannot be read as a number" in page.text
    assert 'value="көп"' in page.html
    assert "Ауыл жолын жөндеу" in page.html
    assert re.search(r'value="b"\s+checked', page.html)
    assert f'value="{room.candidate.email}"' in page.html


def test_an_unknown_address_is_refused_and_nothing_typed_is_lost(room: Room, organiser: Browser) -> None:
    page = room.enter(organiser, email="nobody@mail.example")

    assert page.status == 422
    assert "No candidate has an account with this address." in page.text
    assert "Ауыл жолын жөндеу" in page.html
    assert 'value="nobody@mail.example"' in page.html


def test_what_no_page_of_ours_sends_is_refused(room: Room, organiser: Browser) -> None:
    assert room.enter(organiser, extra="1").status == 400
    assert room.enter(organiser, **{"99-answer": "a"}).status == 404
    assert organiser.post("/en/seats/7KMA2RA", {"email": "x"}).status == 422
    assert organiser.get("/en/seats/7KMA2RA").status == 422
    assert organiser.get("/en/seats/2222222").status in {404, 422}


def test_a_seat_is_not_shown_before_the_sitting_opens(
    app: Flask, sign_in: SignIn, organiser: Browser, clock: FrozenClock
) -> None:
    room = Room(
        app,
        sign_in("candidate"),
        opens_at=clock.now + timedelta(minutes=5),
        closes_at=clock.now + timedelta(hours=1),
    )
    page = organiser.get(room.seat)

    assert "Seats are entered once the sitting has opened." in page.text
    assert f'id="q-{room.single}"' not in page.html
    assert room.enter(organiser).status == 409


def test_a_settled_seat_shows_no_questions_and_takes_no_entry(
    room: Room, organiser: Browser, sign_in: SignIn
) -> None:
    other = sign_in("organiser")
    room.enter(organiser)
    room.enter(other)

    assert f'id="q-{room.single}"' not in organiser.get(room.seat).html
    assert room.enter(organiser, **{f"{room.single}-answer": "a"}).status == 409


def test_answers_of_an_ended_attempt_are_said_to_be_late(
    app: Flask, room: Room, sign_in: SignIn, clock: FrozenClock
) -> None:
    started = room.candidate.post(f"/en/sittings/{room.sitting_id}/start")
    assert started.status == 303
    clock.pass_by(hours=2)
    organiser, other = sign_in("organiser"), sign_in("organiser")
    room.enter(organiser)
    room.enter(other)

    assert "kept as late" in other.get(room.seat).text
    with house(app) as session:
        attempt = session.scalars(select(Attempt)).one()
        assert attempt.finished_by == "deadline"
        assert service.answers_of(session, attempt.id) == {}


def test_there_is_no_seat_of_another_sitting(organiser: Browser) -> None:
    assert organiser.get(f"/en/sittings/{UUID(int=5)}/seats").status == 404
