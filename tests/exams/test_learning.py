"""Items to learn from: the reason is shown after an answer, and the answer then stays as it is."""

import re
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


def make_set(session: Session) -> None:
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
        monkeypatch.setattr("tests.exams.builders.make_bank", make_set)
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id, make_sitting(session, make_paper(session)))
            self.id, public_id = attempt.id, attempt.public_id
        self.address = f"/en/attempts/{public_id}"

    def leaf(self, position: int) -> str:
        """Return the HTML of one question."""
        html = self.browser.get(self.address).html
        found = re.search(rf'<section class="leaf" id="q-{position}".*?</section>', html, re.DOTALL)
        assert found is not None
        return found[0]

    def save(self, position: int, answer: str, shown: int = 0) -> Any:
        form = {f"{position}-answer": answer, f"{position}-shown": str(shown), "go": str(position)}
        return self.browser.post(f"{self.address}/answers", form)

    def ask(self, position: int, answer: str = "") -> Any:
        form = {f"{position}-answer": answer} if answer else {}
        return self.browser.post(f"{self.address}/answers", {**form, "reason": str(position)})

    def answers(self) -> dict[int, Any]:
        with house(self.app) as session:
            return service.answers_of(session, self.id)


@pytest.fixture
def desk(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(app, sign_in("candidate"), monkeypatch)


def test_what_is_learnt_comes_first_and_only_it_offers_the_reason(desk: Desk) -> None:
    offers = ["Answer and see why" in desk.leaf(position) for position in (1, 2, 3, 4)]
    assert offers == [True, True, False, False]


def test_the_reason_is_shown_after_an_answer_and_not_before(desk: Desk) -> None:
    assert "Point 3" not in desk.browser.get(desk.address).html
    assert desk.ask(1, "a").location == f"{desk.address}#q-1"
    html = desk.leaf(1)
    assert "What is right, and why" in html
    assert "Point 3 of the rule" in html
    assert "<fieldset disabled>" in html
    assert "Point 3" not in desk.leaf(2)


def test_no_reason_without_an_answer(desk: Desk) -> None:
    refused = desk.ask(1)
    assert refused.status == 422
    assert "Answer the question first" in refused.text
    assert "Point 3" not in refused.html


def test_asking_without_an_answer_keeps_what_else_was_typed(desk: Desk) -> None:
    form = {"2-answer": "b", "reason": "1"}
    assert desk.browser.post(f"{desk.address}/answers", form).status == 422
    assert desk.answers() == {2: "b"}


def test_an_item_to_apply_never_shows_its_reason(desk: Desk) -> None:
    assert desk.ask(3, "a").status == 404
    assert "Point 3" not in desk.browser.get(desk.address).html


def test_after_the_reason_the_answer_stays_whatever_is_sent(desk: Desk) -> None:
    desk.ask(1, "a")
    desk.save(1, "b")
    desk.browser.post(f"{desk.address}/answers", {"1-shown": "1", "go": "2"})
    sent = {"client": TAB, "sequence": 1, "position": 1, "fields": {"answer": ["c"]}}
    with house(desk.app) as session:
        lease = session.get_one(Attempt, desk.id).lease_number
    reply = desk.browser.post_json(f"{desk.address}/events", {"lease": lease, "events": [sent]}).get_json()
    assert reply["replies"][0]["outcome"] == "stale"
    assert desk.answers() == {1: "a"}


def test_before_the_reason_an_answer_may_change(desk: Desk) -> None:
    for answer in "abc":
        desk.save(1, answer)
    assert desk.answers() == {1: "c"}


def test_asking_twice_is_asking_once(desk: Desk) -> None:
    desk.ask(1, "a")
    assert desk.ask(1, "b").location == f"{desk.address}#q-1"
    assert desk.answers() == {1: "a"}


def test_the_journal_holds_what_came_after_the_reason(desk: Desk) -> None:
    desk.ask(1, "a")
    desk.save(1, "b")
    with house(desk.app) as session:
        attempt = session.get_one(Attempt, desk.id)
        assert attempt.event_count == 2
        assert service.journal_fault(session, attempt) is None


def test_nobody_asks_in_the_attempt_of_another(desk: Desk, sign_in: SignIn) -> None:
    stranger = sign_in("candidate")
    assert stranger.post(f"{desk.address}/answers", {"1-answer": "a", "reason": "1"}).status == 404


def test_what_is_applied_weighs_double(desk: Desk) -> None:
    with house(desk.app) as session:
        scores = item_scores(session, session.get_one(Attempt, desk.id))
        assert scores is not None
        assert [score.most for score in scores] == [1, 1, 2, 2]
