"""The candidate's pages: entry, the whole paper, plain forms, events, review, finish, receipt."""

import re
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
from app.exams import dealing, journal, service
from app.exams.blueprints import Blueprint
from app.exams.models import Attempt, RefusedAnswer
from app.items.files import StimulusFile
from app.items.types import BY_KEY
from tests.conftest import FrozenClock
from tests.exams.builders import (
    actor,
    blueprint,
    item_file,
    make_attempt,
    make_bank,
    make_item,
    make_sitting,
    position_of,
    text,
)
from tests.items.bodies import CANARY
from tests.items.test_bank import stimulus
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
TAB = str(UUID(int=1))


def named(fields: dict[str, object]) -> dict[str, object]:
    return {re.sub(r"^p(?=\d)", "", name).replace("_", "-"): value for name, value in fields.items()}


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

    def at(self, position: int) -> str:
        """Return the address of a question on the page."""
        return f"{self.address}#q-{position}"

    def save(self, **fields: object) -> Page:
        """Press a button of the plain form; names of fields with their position: p3_answer_a is 3-answer-a."""
        return self.browser.post(f"{self.address}/answers", named(fields))

    def paper(self) -> Page:
        return self.browser.get(self.address)

    def leaf(self, position: int) -> str:
        """Return the HTML of one question."""
        found = re.search(
            rf'<section class="leaf" id="q-{position}".*?</section>', self.paper().html, re.DOTALL
        )
        assert found is not None
        return found[0]

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
    monkeypatch.setattr("app.exams.service.starting.training.is_finished", lambda *_: True)
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    browser = sign_in("candidate")
    assert "Start now" in browser.get("/en/tests/exam").text

    first = browser.post(f"/en/sittings/{sitting_id}/start")
    second = browser.post(f"/en/sittings/{sitting_id}/start")
    assert first.status == 303
    assert first.location == second.location
    assert browser.get(first.location).status == 200
    with house(app) as session:
        tags = session.scalars(select(AuditEvent.about).where(AuditEvent.tag == "attempt-started")).all()
    assert tags[0]["attempt"] in first.location


def test_a_refused_start_says_why(app: Flask, sign_in: SignIn) -> None:
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    page = sign_in("candidate").post(f"/en/sittings/{sitting_id}/start")

    assert page.status == 409
    assert "Finish all lessons of the course first." in page.text


# -- the paper -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_item_is_on_the_one_page_in_every_language(desk: Desk, language: str) -> None:
    page = desk.browser.get(f"/{language}/attempts/{desk.public_id}")

    assert page.status == 200
    assert page.html.count('class="leaf"') == 4
    assert [f'id="q-{position}"' in page.html for position in range(1, 6)] == [True] * 4 + [False]


def test_no_two_fields_of_the_page_have_one_id(desk: Desk) -> None:
    ids = re.findall(r' id="([^"]+)"', desk.paper().html)

    assert len(ids) == len(set(ids))


def test_options_stand_in_the_order_of_the_attempt_whoever_looked_before(
    app: Flask, desk: Desk, sign_in: SignIn
) -> None:
    others = [Desk(app, sign_in("candidate")) for _ in range(4)]
    orders = set()
    for one in [desk, *others, desk]:
        with house(app) as session:
            seed = session.get_one(Attempt, one.id).shuffle_seed
        order = dealing.option_order(["a", "b", "c", "d"], seed=seed, position=one.single)
        shown = re.findall(r'value="([a-d])"', one.leaf(one.single))
        assert shown == [option for option in order if option in shown]
        orders.add(tuple(shown))
    assert len(orders) > 1


def test_each_attempt_shows_its_own_answers(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    other = Desk(app, sign_in("candidate"))
    desk.send(desk.event(1, "b"))
    other.send(other.event(1, "c"))

    assert 'value="b" checked' in desk.leaf(desk.single)
    assert 'value="c" checked' in other.leaf(other.single)
    assert desk.leaf(desk.single).count("checked") == 1


def test_the_page_holds_no_key_no_reason_and_no_name_of_the_bank(app: Flask, sign_in: SignIn) -> None:
    hidden = {language: f"{CANARY} {language}" for language in ("kk", "ru", "en")}
    with house(app) as session:
        for key in BY_KEY:
            file = item_file(
                f"fun-{key.replace('_', '')}", key, topic="functions", rests_on=CANARY, note=CANARY,
                reasons={"a": hidden, "key": hidden}, stem=text("Қандай?"),
            )  # fmt: skip
            make_item(session, file)
    desk = Desk(app, sign_in("candidate"))
    html = desk.paper().html

    assert CANARY not in html
    assert not re.search(r"\b(fun|num|case)-[0-9a-z]+\b", re.sub(r"<h2.*?</h2>", "", html, flags=re.DOTALL))


def test_what_several_items_share_stands_once_before_the_first(app: Flask, sign_in: SignIn) -> None:
    case = StimulusFile.model_validate(stimulus(id="case"))
    candidate = sign_in("candidate")
    with house(app) as session:
        for number in range(1, 4):
            make_item(session, item_file(f"cas-00{number}", topic="shared", stimulus="case"), case)
        slots = [{"count": 3, "topics": ["shared"], "case": True}]
        plan = blueprint(
            id="cases", sections=[{"key": "cases", "title": text("Жағдай"), "slots": slots}],
            pass_rule={"kind": "thresholds", "total": "60", "sections": {}},
        )  # fmt: skip
        service.sync_blueprints(session, {"cases": Blueprint.model_validate(plan)}, house_clock.now())
        one, other = actor(session, "organiser"), actor(session, "organiser")
        paper = service.draw(session, one, "cases", now=house_clock.now())
        service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=house_clock.now())
        service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=house_clock.now())
        attempt = make_attempt(session, candidate.person_id, make_sitting(session, paper))
        address = f"/en/attempts/{attempt.public_id}"
    html = candidate.get(address).html

    assert html.count(case.title["en"]) == 1
    assert html.count('data-case="1"') == 3
    assert html.index('id="c-1"') < html.index('id="q-1"')


def test_a_foreign_attempt_is_404_everywhere(desk: Desk, sign_in: SignIn) -> None:
    stranger = sign_in("candidate")

    for path in ("", "/review", "/receipt"):
        assert stranger.get(desk.address + path).status == 404
    assert stranger.post(f"{desk.address}/answers", {f"{desk.single}-answer": "b"}).status == 404
    assert stranger.post(f"{desk.address}/finish").status == 404
    assert stranger.post_json(f"{desk.address}/events", {"events": [desk.event(1)]}).status_code == 404
    assert desk.answers == {}


@pytest.mark.parametrize("has_one", [True, False])
def test_the_calculator_is_there_where_the_blueprint_says_so(
    app: Flask, sign_in: SignIn, has_one: bool
) -> None:
    with house(app) as session:
        make_bank(session)
        plan = Blueprint.model_validate(blueprint(calculator=has_one))
        service.sync_blueprints(session, {"exam": plan}, house_clock.now())
    assert ("data-calculator" in Desk(app, sign_in("candidate")).paper().html) is has_one


def test_a_blueprint_of_an_older_release_says_nothing_of_a_calculator(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {key: value for key, value in blueprint().items() if key != "calculator"}
    monkeypatch.setattr("app.exams.service.sheets.plan_of", lambda *_: ("exam", older))

    assert "data-calculator" not in desk.paper().html


def test_the_worker_is_a_script_for_attempts_alone(app: Flask) -> None:
    answer = app.test_client().get("/kk/attempts/worker.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_the_page_itself_is_kept_by_nobody(desk: Desk) -> None:
    assert desk.paper().response.headers["Cache-Control"] == "no-store"


# -- plain forms ---------------------------------------------------------------------------------


def test_a_plain_form_saves_everything_that_changed_and_stays(desk: Desk) -> None:
    page = desk.save(
        **{f"p{desk.single}_answer": "b", f"p{desk.numeric}_answer": "3,7", "go": str(desk.single)}
    )

    assert page.status == 303
    assert page.location == desk.at(desk.single)
    assert desk.answers == {desk.single: "b", desk.numeric: "3,7"}
    again = desk.paper()
    assert "Saved 12:00:00" in again.text
    assert f'name="{desk.single}-shown" value="' in again.html


def test_a_page_opened_earlier_puts_nothing_old_over_a_newer_answer(desk: Desk) -> None:
    desk.send(desk.event(1, "a"))
    old = {f"p{desk.single}_answer": "a", f"p{desk.single}_shown": "1"}
    desk.send(desk.event(2, "c"))
    desk.save(**old, **{f"p{desk.numeric}_answer": "5"})

    assert desk.answers == {desk.single: "c", desk.numeric: "5"}


@pytest.mark.parametrize(
    ("press", "leads_to"),
    [
        ({"go": "4"}, "#q-4"),
        ({"go": "review"}, "/review"),
        ({"go": ""}, ""),
        ({"go": "elsewhere"}, ""),
        ({"go": "²"}, ""),
        ({"go": "9" * 30}, ""),
        ({}, ""),
        ({"flag": "2"}, "#q-2"),
        ({"unflag": "2"}, "#q-2"),
    ],
)
def test_each_button_leads_somewhere_safe(desk: Desk, press: dict[str, object], leads_to: str) -> None:
    page = desk.save(**press)

    assert page.status == 303
    assert page.location == desk.address + leads_to


def test_a_malformed_answer_is_shown_again_with_what_was_typed_and_the_others_are_kept(desk: Desk) -> None:
    page = desk.save(**{f"p{desk.numeric}_answer": "many", f"p{desk.single}_answer": "b", "go": "review"})

    assert page.status == 422
    assert 'value="many"' in page.html
    assert f'<a href="#q-{desk.numeric}">Question {desk.numeric}: ' in page.html
    assert desk.answers == {desk.single: "b"}


@pytest.mark.parametrize(
    "form",
    [
        {"other": "1"},
        {"answer": "b"},
        {"0-answer": "b"},
        {"01-answer": "b"},
        {"1000-answer": "b"},
        {"1-answer-": "b"},
        {"1-answer-A": "b"},
        {"1-other": "b"},
        {"1-shown": "x"},
        {"1-shown": "²"},
        {"1-shown": "9" * 30},
        {"1-shown": ["1", "2"]},
        {"go": ["1", "2"]},
        {"go": "1", "flag": "1"},
        {f"1-answer-a{number}": "1" for number in range(60)},
    ],
)
def test_fields_that_no_page_of_ours_sends_are_400(desk: Desk, form: dict[str, Any]) -> None:
    assert desk.browser.post(f"{desk.address}/answers", form).status == 400
    assert desk.answers == {}


def test_what_is_not_on_the_paper_is_404(desk: Desk) -> None:
    assert desk.save(p9_answer="a", **{f"p{desk.single}_answer": "b"}).status == 404
    for name in ("flag", "unflag", "reason"):
        assert desk.save(**{name: "9"}).status == 404
        assert desk.save(**{name: "x"}).status == 404
    assert desk.answers == {}


def test_a_flag_saves_what_was_typed_and_stays(desk: Desk) -> None:
    page = desk.save(**{f"p{desk.numeric}_answer": "3,7", "flag": str(desk.numeric)})

    assert page.location == desk.at(desk.numeric)
    assert desk.answers == {desk.numeric: "3,7"}
    assert "Take the flag away" in desk.leaf(desk.numeric)
    for _ in range(2):
        desk.save(unflag=str(desk.numeric))
        assert "Flag to look at again" in desk.leaf(desk.numeric)


def test_a_button_alone_is_not_pressed_after_the_end(desk: Desk, clock: FrozenClock) -> None:
    clock.pass_by(minutes=31)
    assert desk.save(flag="1").location == f"{desk.address}/receipt"


# -- events --------------------------------------------------------------------------------------


def test_events_are_acknowledged_by_their_content(desk: Desk) -> None:
    answer = desk.send(desk.event(1, "a"), desk.event(2, "b"))
    said = answer.get_json()

    assert answer.status_code == 200
    assert [reply["outcome"] for reply in said["replies"]] == ["saved", "saved"]
    assert said["replies"][1]["hash"] == journal.digest({"answer": ["b"]})
    assert said["replies"][1]["sequence"] == 2
    assert said["receipt"]["number"] == journal.receipt(desk.public_id, 2)
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
    desk.save(flag=str(desk.single))
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
    for path in ("", "/review"):
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
    page = desk.save(**{f"p{desk.single}_answer": "b", "go": "2"})

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
    assert desk.paper().location == f"{desk.address}/receipt"
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
    page = other.get(desk.address)

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


def test_the_page_asks_little_however_much_is_answered(app: Flask, desk: Desk) -> None:
    desk.paper()
    asked = queries(app, desk.paper)
    desk.send(desk.event(1), desk.event(2, "5", desk.numeric))

    assert asked <= 18
    assert queries(app, desk.paper) == asked
    assert queries(app, lambda: desk.send(desk.event(3, "c"))) <= 16
