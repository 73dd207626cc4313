"""The candidate's pages: entry, items, plain forms, events, review, finish, receipt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.core import clock as house_clock
from app.core.database import db, unit_of_work
from app.exams import journal, service
from app.exams.models import Attempt, RefusedAnswer
from app.items.types import BY_KEY
from tests.conftest import FrozenClock
from tests.exams.builders import item_file, make_attempt, make_item, make_sitting, position_of
from tests.items.bodies import CANARY
from tests.pages import Browser

SignIn = Callable[..., Browser]
TAB = str(UUID(int=1))


@contextmanager
def house(app: Flask) -> Iterator[Session]:
    with app.app_context():
        with unit_of_work() as session:
            yield session
        db.session.remove()


class Desk:
    """A candidate in front of a running attempt."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        self.app, self.browser = app, browser
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id)
            self.id, self.public_id = attempt.id, attempt.public_id
            self.single, self.numeric = position_of(attempt, "single_choice"), position_of(attempt, "numeric")
            self.essay = position_of(attempt, "essay")
        self.address = f"/en/attempts/{self.public_id}"

    def item(self, position: int) -> str:
        return f"{self.address}/items/{position}"

    def send(self, *events: dict[str, Any]) -> Any:
        return self.browser.post_json(f"{self.address}/events", {"events": list(events)})

    def event(self, sequence: int, answer: str = "a", position: int | None = None) -> dict[str, Any]:
        fields = {"answer": [answer]}
        return {"client": TAB, "sequence": sequence, "position": position or self.single, "fields": fields}

    @property
    def answers(self) -> dict[int, Any]:
        with house(self.app) as session:
            return service.answers_of(session, self.id)

    def state(self) -> tuple[str, str | None]:
        with house(self.app) as session:
            attempt = session.get_one(Attempt, self.id)
            return attempt.state, attempt.finished_by


@pytest.fixture
def desk(app: Flask, sign_in: SignIn) -> Desk:
    return Desk(app, sign_in("candidate"))


# -- entry and start -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("kind", ["exam", "suitability"])
def test_the_entry_opens_without_any_sitting(sign_in: SignIn, kind: str, language: str) -> None:
    assert sign_in("candidate").get(f"/{language}/tests/{kind}").status == 200


def test_there_is_no_entry_of_another_kind(sign_in: SignIn) -> None:
    assert sign_in("candidate").get("/en/tests/driving").status == 404


def test_the_entry_says_what_stands_in_the_way(app: Flask, sign_in: SignIn) -> None:
    with house(app) as session:
        title = make_sitting(session).title
    page = sign_in("candidate").get("/en/tests/exam")

    assert title in page.text
    assert "trial form" in page.text
    assert "Finish all lessons of the course first." in page.text
    assert "Start now" not in page.text


def test_a_start_leads_to_the_first_item_and_is_in_the_record(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exams.service.attempts.training.is_finished", lambda *_: True)
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    browser = sign_in("candidate")
    assert "Start now" in browser.get("/en/tests/exam").text

    first = browser.post(f"/en/sittings/{sitting_id}/start")
    second = browser.post(f"/en/sittings/{sitting_id}/start")
    assert first.status == 303
    assert first.location == second.location
    assert browser.get(browser.get(first.location).location).status == 200
    with house(app) as session:
        tags = session.scalars(select(AuditEvent.about).where(AuditEvent.tag == "attempt-started")).all()
    assert tags[0]["attempt"] in first.location


def test_a_refused_start_says_why(app: Flask, sign_in: SignIn) -> None:
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    page = sign_in("candidate").post(f"/en/sittings/{sitting_id}/start")

    assert page.status == 409
    assert "Finish all lessons of the course first." in page.text


# -- items ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_item_is_shown_in_every_language(desk: Desk, language: str) -> None:
    for position in range(1, 5):
        page = desk.browser.get(f"/{language}/attempts/{desk.public_id}/items/{position}")
        assert page.status == 200
        assert f'data-cell="{position}"' in page.html


def test_an_item_that_the_paper_does_not_have_is_404(desk: Desk) -> None:
    assert desk.browser.get(desk.item(5)).status == 404
    assert desk.browser.get(desk.item(0)).status == 404


def test_the_attempt_leads_to_the_first_item_without_an_answer(desk: Desk) -> None:
    desk.send(desk.event(1, position=1) if desk.single == 1 else desk.event(1, "5", position=1))

    assert desk.browser.get(desk.address).location == desk.item(2)


def test_the_page_holds_no_key_and_no_reason(app: Flask, sign_in: SignIn) -> None:
    hidden = {language: f"{CANARY} {language}" for language in ("kk", "ru", "en")}
    with house(app) as session:
        for key in BY_KEY:
            file = item_file(
                f"fun-{key.replace('_', '')}", key, topic="functions", rests_on=CANARY, note=CANARY,
                reasons={"a": hidden, "key": hidden},
            )  # fmt: skip
            make_item(session, file)
    desk = Desk(app, sign_in("candidate"))

    for position in range(1, 5):
        assert CANARY not in desk.browser.get(desk.item(position)).html


def test_a_foreign_attempt_is_404_everywhere(desk: Desk, sign_in: SignIn) -> None:
    stranger = sign_in("candidate")

    for path in ("", "/items/1", "/review", "/receipt"):
        assert stranger.get(desk.address + path).status == 404
    for path in ("/items/1/answer", "/items/1/flag", "/finish"):
        assert stranger.post(desk.address + path).status == 404
    assert stranger.post_json(f"{desk.address}/events", {"events": [desk.event(1)]}).status_code == 404
    assert desk.answers == {}


# -- plain forms ---------------------------------------------------------------------------------


def test_a_plain_form_saves_and_goes_on(desk: Desk) -> None:
    page = desk.browser.post(f"{desk.item(desk.single)}/answer", {"answer": "b", "shown": "0", "go": "next"})

    assert page.status == 303
    assert page.location == desk.item(desk.single + 1)
    assert desk.answers == {desk.single: "b"}
    again = desk.browser.get(desk.item(desk.single))
    assert "Saved 12:00:00" in again.text
    assert 'name="shown" value="1"' in again.html


@pytest.mark.parametrize(
    ("position", "press", "leads_to"),
    [
        (2, "back", "/items/1"),
        (2, "4", "/items/4"),
        (2, "review", "/review"),
        (4, "next", "/review"),
        (1, "back", "/review"),
        (2, "", "/items/2"),
        (2, "99", "/review"),
        (2, "9" * 30, "/items/2"),
        (2, "elsewhere", "/items/2"),
    ],
)
def test_each_button_leads_somewhere_safe(desk: Desk, position: int, press: str, leads_to: str) -> None:
    page = desk.browser.post(f"{desk.item(position)}/answer", {"go": press})

    assert page.status == 303
    assert page.location == desk.address + leads_to


def test_a_malformed_answer_is_shown_again_with_what_was_typed(desk: Desk) -> None:
    page = desk.browser.post(f"{desk.item(desk.numeric)}/answer", {"answer": "many", "go": "next"})

    assert page.status == 422
    assert 'value="many"' in page.html
    assert desk.answers == {}


@pytest.mark.parametrize(
    "form", [{"other": "1"}, {"shown": "x"}, {"shown": "²"}, {"shown": "9" * 30}, {"go": ["next", "back"]}]
)
def test_fields_that_no_page_of_ours_sends_are_400(desk: Desk, form: dict[str, Any]) -> None:
    assert desk.browser.post(f"{desk.item(1)}/answer", form).status == 400
    assert desk.answers == {}


def test_an_answer_to_an_item_that_is_not_there_is_404(desk: Desk) -> None:
    assert desk.browser.post(f"{desk.item(9)}/answer", {"answer": "a"}).status == 404


def test_a_flag_saves_what_was_typed_and_stays(desk: Desk) -> None:
    page = desk.browser.post(f"{desk.item(desk.numeric)}/flag", {"answer": "3,7", "flagged": "1"})

    assert page.location == desk.item(desk.numeric)
    assert desk.answers == {desk.numeric: "3,7"}
    assert "Take the flag away" in desk.browser.get(desk.item(desk.numeric)).text
    desk.browser.post(f"{desk.item(desk.numeric)}/flag", {"answer": "3,7", "shown": "1", "flagged": "0"})
    assert "Flag to look at again" in desk.browser.get(desk.item(desk.numeric)).text
    assert desk.browser.post(f"{desk.item(desk.numeric)}/flag", {"answer": "many"}).status == 422


# -- events --------------------------------------------------------------------------------------


def test_events_are_acknowledged_by_their_content(desk: Desk) -> None:
    answer = desk.send(desk.event(1, "a"), desk.event(2, "b"))
    said = answer.get_json()

    assert answer.status_code == 200
    assert [reply["outcome"] for reply in said["replies"]] == ["saved", "saved"]
    assert said["replies"][1]["hash"] == journal.digest({"answer": ["b"]})
    assert said["replies"][1]["sequence"] == 2
    assert said["receipt"] == journal.receipt(desk.public_id, 2)
    assert (said["saved_at"], said["seconds_left"], said["running"]) == ("12:00:00", 1800, True)
    assert desk.answers == {desk.single: "b"}


def test_a_contradicting_resend_is_409_and_kept(app: Flask, desk: Desk) -> None:
    desk.send(desk.event(1, "a"))
    answer = desk.send(desk.event(1, "b"))

    assert answer.status_code == 409
    assert answer.get_json()["replies"][0]["outcome"] == "refused"
    assert desk.answers == {desk.single: "a"}
    with house(app) as session:
        kept: list[Any] = list(session.scalars(select(RefusedAnswer.body)))
    assert kept == ["b"]


def test_a_malformed_answer_is_422_with_its_sentence(desk: Desk) -> None:
    answer = desk.send(desk.event(1, "z"))

    assert answer.status_code == 422
    assert "was not saved" in answer.get_json()["replies"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        "x",
        [],
        {},
        {"events": []},
        {"events": "x"},
        {"events": [{}]},
        {"events": [{"client": "form", "sequence": 1, "position": 1, "fields": {}}]},
        {"events": [{"client": TAB, "sequence": 0, "position": 1, "fields": {}}]},
        {"events": [{"client": TAB, "sequence": "1", "position": 1, "fields": {}}]},
        {"events": [{"client": TAB, "sequence": True, "position": 1, "fields": {}}]},
        {"events": [{"client": TAB, "sequence": 2**40, "position": 1, "fields": {}}]},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {"go": ["next"]}}]},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {"answer": "a"}}]},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {"answer": ["\ud800"]}}]},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {}, "more": 1}]},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {}}] * 51},
        {"events": [{"client": TAB, "sequence": 1, "position": 1, "fields": {}}], "more": 1},
    ],
)
def test_what_no_script_of_ours_sends_is_400(desk: Desk, body: object) -> None:
    assert desk.browser.post_json(f"{desk.address}/events", body).status_code == 400
    assert desk.answers == {}


def test_events_without_json_or_token_are_refused(desk: Desk) -> None:
    address = f"{desk.address}/events"

    assert desk.browser.post(address, {"events": "x"}).status == 415
    assert desk.browser.client.post(address, json={"events": [desk.event(1)]}).status_code == 400
    broken = desk.browser.client.post(
        address, data="{", content_type="application/json", headers={"X-CSRFToken": desk.browser.csrf}
    )
    assert broken.status_code == 400
    assert desk.answers == {}


def test_saving_leaves_the_record_alone_and_the_journal_whole(app: Flask, desk: Desk) -> None:
    desk.send(desk.event(1))
    with house(app) as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.tag == "answer-saved")).all() == []
        assert service.journal_fault(session, session.get_one(Attempt, desk.id)) is None


# -- the end -------------------------------------------------------------------------------------


def test_the_review_shows_what_needs_a_look_first(desk: Desk) -> None:
    desk.send(desk.event(1))
    desk.browser.post(f"{desk.item(desk.single)}/flag", {"answer": "a", "shown": "1", "flagged": "1"})
    page = desk.browser.get(f"{desk.address}/review")

    assert "Look at 4 questions" in page.text
    assert "Answered: 1 / 4" in page.text
    assert "Finish the exam" in page.text


def test_a_finish_gives_a_receipt_and_shuts_the_items(
    app: Flask, desk: Desk, handed_in: list[dict[str, Any]]
) -> None:
    desk.send(desk.event(1))
    page = desk.browser.post(f"{desk.address}/finish")

    assert page.location == f"{desk.address}/receipt"
    receipt = desk.browser.get(page.location)
    assert journal.receipt(desk.public_id, 1) in receipt.text
    assert "1 / 4" in receipt.text
    assert "data-ended" in receipt.html
    assert desk.state() == ("finished", "candidate")
    assert handed_in == [{"attempt": desk.id}]
    for path in ("", "/items/1", "/review"):
        assert desk.browser.get(desk.address + path).location == f"{desk.address}/receipt"
    with house(app) as session:
        about = session.scalars(select(AuditEvent.about).where(AuditEvent.tag == "attempt-finished")).one()
        assert about["head"] == session.get_one(Attempt, desk.id).head_hash


def test_a_second_finish_changes_nothing(desk: Desk, handed_in: list[dict[str, Any]]) -> None:
    for _ in range(2):
        assert desk.browser.post(f"{desk.address}/finish").status == 303
    assert len(handed_in) == 1


def test_a_form_sent_after_the_end_is_kept_and_leads_to_the_receipt(desk: Desk) -> None:
    desk.browser.post(f"{desk.address}/finish")
    page = desk.browser.post(f"{desk.item(desk.single)}/answer", {"answer": "b", "go": "next"})

    assert page.location == f"{desk.address}/receipt"
    assert "1 answer came after the end" in desk.browser.get(page.location).text
    assert desk.answers == {}


def test_a_running_attempt_has_no_receipt_yet(desk: Desk) -> None:
    assert desk.browser.get(f"{desk.address}/receipt").location == desk.address


def test_looking_at_an_attempt_whose_time_is_over_closes_it(
    desk: Desk, clock: FrozenClock, handed_in: list[dict[str, Any]]
) -> None:
    desk.send(desk.event(1))
    clock.pass_by(minutes=30)
    assert desk.browser.get(desk.item(1)).location == f"{desk.address}/receipt"
    assert desk.browser.get(f"{desk.address}/receipt").status == 200
    assert desk.state() == ("open", None)
    clock.pass_by(seconds=6)
    page = desk.browser.get(f"{desk.address}/receipt")

    assert "The time is over." in page.text
    assert desk.state() == ("finished", "deadline")
    assert desk.answers == {desk.single: "a"}
    assert len(handed_in) <= 1


def test_events_after_the_grace_are_late(desk: Desk, clock: FrozenClock) -> None:
    clock.pass_by(minutes=30, seconds=6)
    said = desk.send(desk.event(1)).get_json()

    assert said["replies"][0]["outcome"] == "late"
    assert said["running"] is False
    assert desk.answers == {}
    clock.pass_by(days=1)
    assert desk.send(desk.event(2)).status_code == 409


def test_an_attempt_survives_a_change_of_device(app: Flask, desk: Desk) -> None:
    desk.send(desk.event(1, "b"))
    other = Browser(app, token=new_session(app, desk.browser.person_id))
    page = other.get(desk.item(desk.single))

    assert 'value="b" checked' in " ".join(page.html.split())


def new_session(app: Flask, person_id: int) -> str:
    with house(app) as session:
        person = session.get_one(Person, person_id)
        return accounts.open_session(session, person, device="other", now=house_clock.now())


# -- who, and how much ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["team-member", "examiner", "organiser", "auditor", "administrator"])
def test_only_candidates_take_tests(sign_in: SignIn, role: str) -> None:
    browser = sign_in(role)

    assert browser.get("/en/tests/exam").status == 403
    assert browser.post(f"/en/sittings/{uuid4()}/start").status == 403


def test_a_visitor_is_asked_to_sign_in(visitor: Browser) -> None:
    assert "/sign-in" in visitor.get("/en/tests/exam").location


def queries(app: Flask, act: Callable[[], object]) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_the_entry_asks_no_more_when_there_are_more_sittings(app: Flask, sign_in: SignIn) -> None:
    browser, asked = sign_in("candidate"), []
    for more in (1, 6):
        with house(app) as session:
            paper = make_sitting(session).papers[0].paper
            for _ in range(more):
                make_sitting(session, paper)
        asked.append(queries(app, lambda: browser.get("/en/tests/exam")))

    assert asked[0] == asked[1]


def test_an_item_page_asks_little(app: Flask, desk: Desk) -> None:
    desk.send(desk.event(1), desk.event(2, "5", desk.numeric))

    assert queries(app, lambda: desk.browser.get(desk.item(1))) <= 16
    assert queries(app, lambda: desk.send(desk.event(3, "c"))) <= 16
