"""Items to learn from: the reason is shown after an answer, and the answer then stays as it is."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import Attempt
from app.items.files import StimulusFile
from app.results.service.computing import item_scores
from tests.exams.builders import blueprint, item_file, make_attempt, make_item, make_paper, make_sitting, text
from tests.exams.test_attempt_views import house
from tests.items.test_bank import stimulus
from tests.pages import Browser

SignIn = Callable[..., Browser]
TAB = str(UUID(int=7))
REASON = {"kk": "Ереженің 3-тармағы", "ru": "Пункт 3 правила", "en": "Point 3 of the rule"}
RULE = StimulusFile.model_validate(stimulus(id="rule", kind="rule"))


def _make_set(session: Session) -> None:
    for number, stage in enumerate(("learn", "learn", "apply", "apply")):
        file = item_file(
            f"lea-{number}",
            topic="learn-apply",
            stage=stage,
            stimulus="rule",
            reasons=dict.fromkeys("abc", REASON),
        )
        make_item(session, file, RULE)
    section = {
        "key": "learning",
        "title": text("Үйрену"),
        "slots": [{"count": 4, "topics": ["learn-apply"], "case": True}],
    }
    rule = {"kind": "thresholds", "total": "60", "sections": {}}
    plan = Blueprint.model_validate(blueprint(sections=[section], pass_rule=rule))
    service.sync_blueprints(session, {"exam": plan}, clock.now())


class Desk:
    """A candidate in front of two items to learn from and two to apply."""

    def __init__(self, app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.browser = app, browser
        monkeypatch.setattr("tests.exams.builders.make_bank", _make_set)
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id, make_sitting(session, make_paper(session)))
            self.id, public_id = attempt.id, attempt.public_id
        self.address = f"/en/attempts/{public_id}"

    def item(self, position: int) -> str:
        return f"{self.address}/items/{position}"

    def ask(self, position: int, answer: str = "") -> Any:
        return self.browser.post(f"{self.item(position)}/reason", {"answer": answer, "shown": "0"})

    def answers(self) -> dict[int, Any]:
        with house(self.app) as session:
            return service.answers_of(session, self.id)


@pytest.fixture
def desk(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(app, sign_in("candidate"), monkeypatch)


def test_what_is_learnt_comes_first_and_only_it_offers_the_reason(desk: Desk) -> None:
    offers = ["Answer and see why" in desk.browser.get(desk.item(position)).text for position in (1, 2, 3, 4)]
    assert offers == [True, True, False, False]


def test_the_reason_is_shown_after_an_answer_and_not_before(desk: Desk) -> None:
    assert "Point 3" not in desk.browser.get(desk.item(1)).text
    assert desk.ask(1, "a").location == desk.item(1)
    page = desk.browser.get(desk.item(1))
    assert "What is right, and why" in page.text
    assert "Point 3 of the rule" in page.text
    assert "<fieldset disabled>" in page.html


def test_no_reason_without_an_answer(desk: Desk) -> None:
    refused = desk.ask(1)
    assert refused.status == 422
    assert "Answer the question first" in refused.text
    assert "Point 3" not in desk.browser.get(desk.item(1)).text


def test_an_item_to_apply_never_shows_its_reason(desk: Desk) -> None:
    assert desk.ask(3, "a").status == 404
    assert "Point 3" not in desk.browser.get(desk.item(3)).text


def test_after_the_reason_the_answer_stays_whatever_is_sent(desk: Desk) -> None:
    desk.ask(1, "a")
    desk.browser.post(f"{desk.item(1)}/answer", {"answer": "b", "shown": "0", "go": "next"})
    desk.browser.post(f"{desk.item(1)}/answer", {"shown": "1", "go": "next"})
    sent = {"client": TAB, "sequence": 1, "position": 1, "fields": {"answer": ["c"]}}
    reply = desk.browser.post_json(f"{desk.address}/events", {"events": [sent]}).get_json()
    assert reply["replies"][0]["outcome"] == "stale"
    assert desk.answers() == {1: "a"}


def test_before_the_reason_an_answer_may_change(desk: Desk) -> None:
    for answer in "abc":
        desk.browser.post(f"{desk.item(1)}/answer", {"answer": answer, "shown": "0", "go": "next"})
    assert desk.answers() == {1: "c"}


def test_asking_twice_is_asking_once(desk: Desk) -> None:
    desk.ask(1, "a")
    assert desk.ask(1, "b").location == desk.item(1)
    assert desk.answers() == {1: "a"}


def test_the_journal_holds_what_came_after_the_reason(desk: Desk) -> None:
    desk.ask(1, "a")
    desk.browser.post(f"{desk.item(1)}/answer", {"answer": "b", "shown": "0", "go": "next"})
    with house(desk.app) as session:
        attempt = session.get_one(Attempt, desk.id)
        assert attempt.event_count == 2
        assert service.journal_fault(session, attempt) is None


def test_nobody_asks_in_the_attempt_of_another(desk: Desk, sign_in: SignIn) -> None:
    stranger = sign_in("candidate")
    assert stranger.post(f"{desk.item(1)}/reason", {"answer": "a", "shown": "0"}).status == 404


def test_what_is_applied_weighs_double(desk: Desk) -> None:
    with house(desk.app) as session:
        scores = item_scores(session, session.get_one(Attempt, desk.id))
        assert scores is not None
        assert [score.most for score in scores] == [1, 1, 2, 2]
