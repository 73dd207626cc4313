"""Pages of the course, as the people who open them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.database import db
from tests.pages import Browser

SignIn = Callable[..., Browser]


def test_the_contents_can_be_seen_before_the_course_opens(loaded: object, sign_in: SignIn) -> None:
    page = sign_in("candidate").get("/en/course")
    assert "The course is not open yet." in page.text
    assert "Powers third" in page.text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_lesson_shows_text_sources_and_checks(learner: Browser, language: str) -> None:
    page = learner.get(f"/{language}/course/powers/first")
    assert page.status == 200
    assert "2026" in page.text
    assert page.html.count('name="answer"') == 2


def test_the_reason_follows_the_answer(learner: Browser) -> None:
    before = learner.get("/en/course/powers/first")
    assert "Yes, by the law" not in before.text
    answer = learner.post("/en/course/powers/first/checks/who", {"answer": "b"})
    assert (answer.status, answer.location) == (303, "/en/course/powers/first#who")
    assert "Yes, by the law" in learner.get("/en/course/powers/first").text


def test_finishing_goes_on_to_the_next_lesson(learner: Browser) -> None:
    learner.post("/en/course/powers/first/checks/who", {"answer": "a"})
    assert learner.post("/en/course/powers/first/finish").location == "/en/course/powers/second"
    assert "Finished: 1 / 3" in learner.get("/en/course").text


def test_finishing_without_answers_is_refused_in_words(learner: Browser) -> None:
    page = learner.post("/en/course/powers/first/finish")
    assert page.status == 409
    assert "Answer every quick check" in page.text


@pytest.mark.parametrize("answer", ["zzz", "x" * 5000])
def test_a_foreign_answer_changes_nothing(learner: Browser, answer: str) -> None:
    assert learner.post("/en/course/powers/first/checks/who", {"answer": answer}).status in {303, 422}
    assert "Right." not in learner.get("/en/course/powers/first").text


def test_unknown_lessons_and_checks_are_not_there(learner: Browser) -> None:
    assert learner.get("/en/course/powers/nowhere").status == 404
    assert learner.post("/en/course/powers/first/checks/nothing", {"answer": "a"}).status == 404


def test_a_closed_lesson_says_how_it_opens(loaded: object, sign_in: SignIn) -> None:
    page = sign_in("candidate").get("/en/course/powers/first")
    assert page.status == 403
    assert "suitability test" in page.text


def test_the_invitation_link_is_shown_once_and_leads_to_the_team(loaded: object, sign_in: SignIn) -> None:
    leader, member = sign_in("candidate"), sign_in("team-member", name="Болжамова Сәуле")
    page = leader.post("/en/team/invites")
    found = re.search(r"http://school\.test(/en/join/[\w-]+)", page.text)
    assert found
    link = found.group(1)
    assert link not in leader.get("/en/team").text
    assert "Join the team" in member.get(link).text
    assert member.post(link).location == "/en/course"
    assert "Болжамова Сәуле" in leader.get("/en/team").text
    assert "Leave the team" in member.get("/en/team").text


def test_a_visitor_with_an_invitation_is_shown_both_doors(visitor: Browser) -> None:
    page = visitor.get("/en/join/abc")
    assert "/en/sign-up" in page.html
    assert "/en/sign-in" in page.html


@pytest.mark.usefixtures("loaded")
def test_the_team_page_asks_no_more_of_the_database_when_the_team_grows(app: Flask, sign_in: SignIn) -> None:
    leader = sign_in("candidate")

    def grow() -> None:
        link = re.search(r"http://school\.test(/en/join/[\w-]+)", leader.post("/en/team/invites").text)
        assert link
        sign_in("team-member").post(link.group(1))

    def queries() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        leader.get("/en/team")
        return len(seen)

    grow()
    few = queries()
    for _ in range(3):
        grow()
    assert queries() == few
