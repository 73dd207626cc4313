"""The pages on which an answer file is given: by its candidate, and by an organiser."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.exams import service
from app.exams.answer_file import LARGEST_FILE, seal_file
from app.exams.models import AnswerFile, Attempt
from tests.conftest import FrozenClock
from tests.exams.builders import make_attempt, position_of
from tests.exams.test_attempt_views import house
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
DEVICE, PAGE = str(UUID(int=21)), str(UUID(int=31))


class Desk:
    """A candidate whose device could send nothing, with a sealed file of two answers."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        self.app, self.browser = app, browser
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id)
            self.id, self.public_id = attempt.id, attempt.public_id
            self.sitting_id = attempt.sitting.public_id
            self.position = position_of(attempt, "single_choice")
        self.own = f"/en/attempts/{self.public_id}/file"
        self.all = f"/en/sittings/{self.sitting_id}/files"

    def file(self, *answers: str, typed: int = 60, **changes: Any) -> bytes:
        events = [
            {
                "client": PAGE,
                "sequence": sequence,
                "position": self.position,
                "lease": None,
                "fields": {"answer": [answer]},
                "typed": typed,
            }
            for sequence, answer in enumerate(answers or ("a", "b"), start=1)
        ]
        values: dict[str, Any] = {"attempt": self.public_id, "device": DEVICE, "base": None, "since": 7200}
        key = self.app.extensions["keys"].answer_files().public_key()
        return seal_file(key, events=events, **(values | changes))

    def give(self, raw: bytes, browser: Browser | None = None, address: str = "", **more: Any) -> Page:
        data = {"file": (BytesIO(raw), "akim-school-answers.json"), **more}
        who = browser or self.browser
        return who.post(address or self.own, data, content_type="multipart/form-data")

    @property
    def answers(self) -> dict[int, Any]:
        with house(self.app) as session:
            return service.answers_of(session, self.id)

    def kept(self) -> int:
        with house(self.app) as session:
            return len(session.scalars(select(AnswerFile)).all())


@pytest.fixture
def desk(app: Flask, sign_in: SignIn) -> Desk:
    return Desk(app, sign_in("candidate"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_candidates_page_opens(desk: Desk, language: str) -> None:
    page = desk.browser.get(desk.own.replace("/en/", f"/{language}/"))

    assert page.status == 200
    assert 'enctype="multipart/form-data"' in page.html


def test_a_file_that_comes_in_time_counts_and_says_so(desk: Desk) -> None:
    page = desk.give(desk.file())

    assert page.status == 200
    assert "The file is here." in page.text
    assert "all answers were typed before the end" in page.text
    assert "Its answers count as if the device had sent them." in page.text
    assert desk.answers == {desk.position: "b"}


def test_a_file_that_comes_after_the_end_waits_for_two_people(desk: Desk, clock: FrozenClock) -> None:
    clock.pass_by(hours=4)
    page = desk.give(desk.file())

    assert page.status == 200
    assert "count when two organisers have decided so" in page.text
    assert desk.answers == {}
    assert "To the receipt" in page.text


def test_what_speaks_against_a_file_is_said(desk: Desk, clock: FrozenClock) -> None:
    clock.pass_by(hours=4)
    page = desk.give(desk.file(typed=3600))

    assert page.status == 200
    assert "answers were typed after the end of the attempt" in page.text
    assert "kept and do not count by themselves" in page.text


def test_the_same_file_again_is_said_to_be_there(desk: Desk) -> None:
    raw = desk.file()
    desk.give(raw)
    page = desk.give(raw)

    assert page.status == 200
    assert "This very file was here already" in page.text
    assert desk.kept() == 1


def test_the_record_names_the_file_and_who_gave_it(app: Flask, desk: Desk) -> None:
    desk.give(desk.file())
    with house(app) as session:
        event = session.scalars(select(AuditEvent)).one()
        assert (event.tag, event.actor_id) == ("answer-file-given", desk.browser.person_id)
        assert event.about["file"] == session.scalars(select(AnswerFile.sha256)).one()
        assert event.about["attempt_id"] == str(desk.public_id)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"%PDF-1.7", "This is not an answer file of the school"),
        (b"", "This is not an answer file of the school"),
        (b" " * (LARGEST_FILE + 1), "The file is larger than 200 KB"),
    ],
)
def test_another_file_is_refused_in_words(desk: Desk, raw: bytes, words: str) -> None:
    page = desk.give(raw)

    assert page.status == 422
    assert words in page.text
    assert desk.kept() == 0


def test_a_form_without_a_file_or_with_more_is_refused(desk: Desk) -> None:
    page = desk.browser.post(desk.own, content_type="multipart/form-data")

    assert page.status == 422
    assert "Choose the file that the device saved." in page.text
    assert desk.give(desk.file(), more="1").status == 400
    assert desk.kept() == 0


def test_a_body_beyond_all_limits_is_not_read(desk: Desk) -> None:
    assert desk.give(b" " * 300_000).status == 413


def test_nobody_gives_a_file_to_anothers_attempt(desk: Desk, sign_in: SignIn) -> None:
    other = sign_in("candidate")

    assert other.get(desk.own).status == 404
    assert desk.give(desk.file(), other).status == 404


def test_a_file_of_another_attempt_is_refused(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    other = Desk(app, sign_in("candidate"))
    page = desk.give(other.file())

    assert page.status == 422
    assert "belongs to another attempt" in page.text


def test_a_day_after_the_end_no_file_is_taken(desk: Desk, clock: FrozenClock) -> None:
    clock.pass_by(days=2)
    page = desk.give(desk.file())

    assert page.status == 422
    assert "more than 24 hours ago" in page.text
    with house(desk.app) as session:
        # A refusal keeps nothing, not even the end that was due: the clock's own job writes that.
        assert session.get_one(Attempt, desk.id).state == "open"


# -- the organiser's page -----------------------------------------------------------------------------


def test_an_organiser_gives_a_file_that_came_by_messenger(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    organiser = sign_in("organiser")
    assert "No file yet" in organiser.get(desk.all).text
    page = desk.give(desk.file(), organiser, desk.all)

    assert page.status == 200
    assert "Its answers count as if the device had sent them." in page.text
    assert desk.answers == {desk.position: "b"}
    listed = organiser.get(desk.all)
    assert f"{desk.public_id.int % 10_000:04d}" in listed.text
    assert "Chain and times fit." in listed.text
    with house(app) as session:
        event = session.scalars(select(AuditEvent)).one()
        assert event.tag == "answer-file-brought"
        assert event.about["attempt"] == str(desk.public_id)


def test_the_organisers_list_has_no_names(desk: Desk, sign_in: SignIn) -> None:
    organiser = sign_in("organiser")
    desk.give(desk.file(), organiser, desk.all)

    assert desk.browser.email not in organiser.get(desk.all).html
    assert "Мысалова" not in organiser.get(desk.all).text


def test_a_file_of_another_sitting_is_refused(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    other, organiser = Desk(app, sign_in("candidate")), sign_in("organiser")
    page = desk.give(other.file(), organiser, desk.all)

    assert page.status == 422
    assert "belongs to another attempt" in page.text
    assert desk.give(b"x", organiser, desk.all).status == 422
    assert organiser.post(desk.all, content_type="multipart/form-data").status == 422


# -- two people let it count ------------------------------------------------------------------------------


@pytest.fixture
def late(desk: Desk, clock: FrozenClock, sign_in: SignIn) -> tuple[Browser, str]:
    """An organiser, and the page of a sound file that came after the end."""
    clock.pass_by(hours=4)
    desk.give(desk.file())
    organiser = sign_in("organiser")
    with house(desk.app) as session:
        return organiser, f"/en/answer-files/{session.scalars(select(AnswerFile.public_id)).one()}"


def hash_on(page: Page) -> str:
    found = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page.html)
    assert found, page.text
    return found[1]


def test_two_organisers_let_a_file_count(
    desk: Desk, late: tuple[Browser, str], sign_in: SignIn, clock: FrozenClock
) -> None:
    organiser, address = late
    assert "Propose that it counts" in organiser.get(address).text
    proposed = organiser.post(address, {"reason": "Желі болмады, файл флешкамен келді."})
    assert proposed.status == 303
    assert "Somebody else must approve it." in organiser.get(address).text
    assert desk.answers == {}

    other = sign_in("organiser")
    content_hash = hash_on(other.get(proposed.location))
    mine = organiser.post(f"{proposed.location}/approve", {"content_hash": content_hash})
    assert mine.status == 403
    approved = other.post(f"{proposed.location}/approve", {"content_hash": content_hash})
    assert approved.status == 303
    assert desk.answers == {desk.position: "b"}
    done = other.get(address)
    assert "Two organisers decided that its answers count." in done.text
    assert "Propose that it counts" not in done.text


def test_a_proposal_says_why(late: tuple[Browser, str]) -> None:
    organiser, address = late

    assert organiser.post(address, {"reason": " "}).status == 422
    assert "Somebody else must approve it." not in organiser.get(address).text


def test_a_file_with_a_fault_cannot_be_proposed(
    app: Flask, desk: Desk, clock: FrozenClock, sign_in: SignIn
) -> None:
    clock.pass_by(hours=4)
    desk.give(desk.file(typed=3600))
    organiser = sign_in("organiser")
    with house(app) as session:
        address = f"/en/answer-files/{session.scalars(select(AnswerFile.public_id)).one()}"

    assert "Propose that it counts" not in organiser.get(address).text
    page = organiser.post(address, {"reason": "Желі болмады."})
    assert page.status == 422
    assert "Something speaks against this file." in page.text
    assert desk.answers == {}


def test_a_file_that_counts_already_cannot_be_proposed(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    desk.give(desk.file())
    organiser = sign_in("organiser")
    with house(app) as session:
        address = f"/en/answer-files/{session.scalars(select(AnswerFile.public_id)).one()}"

    assert "Propose that it counts" not in organiser.get(address).text
    assert organiser.post(address, {"reason": "Желі болмады."}).status == 422


def test_there_is_no_file_of_another_name(sign_in: SignIn) -> None:
    assert sign_in("organiser").get(f"/en/answer-files/{UUID(int=5)}").status == 404


def test_the_page_of_a_file_is_not_for_candidates(late: tuple[Browser, str], desk: Desk) -> None:
    assert desk.browser.get(late[1]).status == 403
