"""Pages of the course, as the people who open them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.database import db
from tests.pages import Browser
from tests.training import course

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
    assert page.html.count('name="answer"') == 2 * len(course.CHECKS)


def test_the_reason_follows_the_answer(learner: Browser) -> None:
    before = learner.get("/en/course/powers/first")
    assert "Yes, by the law" not in before.text
    answer = learner.post("/en/course/powers/first/checks/who", {"answer": "b"})
    assert (answer.status, answer.location) == (303, "/en/course/powers/first#who")
    assert "Yes, by the law" in learner.get("/en/course/powers/first").text


def test_finishing_goes_on_to_the_next_lesson(learner: Browser) -> None:
    for check in course.CHECKS:
        learner.post(f"/en/course/powers/first/checks/{check}", {"answer": "a"})
    assert learner.post("/en/course/powers/first/finish").location == "/en/course/powers/second"
    assert "Finished: 1 / 3" in learner.get("/en/course").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("page", ["", "/case", "/sheet", "/file", "/first"])
def test_everything_of_a_module_can_be_read_in_each_language(
    learner: Browser, language: str, page: str
) -> None:
    answer = learner.get(f"/{language}/course/powers{page}")
    assert answer.status == 200
    assert course.WORDS[language][6].rstrip(".") in answer.text or page == ""


def test_a_module_says_what_it_gives_and_for_whom(learner: Browser) -> None:
    page = learner.get("/en/course/powers")
    assert "Tell apart" in page.text
    assert "Deputy akim" in page.text
    assert "The village has no water." in page.text
    assert "new in 2026" in page.text


def test_a_lesson_draws_its_figure_and_says_it_in_words(learner: Browser) -> None:
    page = learner.get("/en/course/powers/first").html
    assert 'role="img" aria-label="First the application."' in page
    assert "fifteen days</text>" in page
    assert "<figcaption>Way</figcaption>" in page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_tap_on_a_word_leads_to_its_meaning_and_back(app: Flask, learner: Browser, language: str) -> None:
    page = learner.get(f"/{language}/course/powers/first")
    entry = app.extensions["glossary"].terms["gathering"]
    assert 'class="term" href="#term-gathering" id="word-gathering"' in page.html
    assert 'id="term-gathering"' in page.html
    assert " ".join(entry.meaning[language].split()) in page.text


def test_what_changed_in_2026_stands_out(learner: Browser) -> None:
    assert (
        '<aside class="changed"><p class="strong">What changed in 2026</p>'
        in learner.get("/en/course/powers/first").html
    )


def test_the_case_goes_on_in_each_lesson(learner: Browser) -> None:
    assert learner.get("/en/course/powers/case").text.count("How we read it") == 2


def test_a_module_can_be_taken_along_in_one_file(learner: Browser) -> None:
    answer = learner.get("/ru/course/powers/file")
    assert answer.response.headers["Content-Disposition"] == "attachment; filename=akim-powers-ru.html"
    assert "<link" not in answer.html
    assert "src=" not in answer.html
    assert "Да, по закону" in answer.text


def test_the_modules_of_a_role_are_listed(learner: Browser) -> None:
    assert learner.get("/en/course/roles").text.count("First part") == 2


@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        ("kk", "өкілеттіктерді", "Өкілеттік first"),
        ("ru", "полномочиями", "Полномочия first"),
        ("en", "POWERS", "Powers first"),
        ("kk", "окилеттик", "Өкілеттік first"),
    ],
)
def test_a_search_finds_words_with_other_endings_and_letters(
    learner: Browser, language: str, query: str, found: str
) -> None:
    assert found in learner.get(f"/{language}/course/search?q={query}").text


@pytest.mark.parametrize("query", ["", "zzzzzz", "%", "_", "'", "x" * 3000])
def test_a_search_for_nothing_finds_nothing(learner: Browser, query: str) -> None:
    answer = learner.get("/en/course/search", query_string={"q": query})
    assert answer.status == 200
    assert "Powers first" not in answer.text


@pytest.mark.parametrize("page", ["/case", "/sheet", "/file"])
def test_a_closed_course_keeps_its_texts(loaded: object, sign_in: SignIn, page: str) -> None:
    assert sign_in("candidate").get(f"/en/course/powers{page}").status == 403


def test_the_contents_of_a_module_can_be_seen_before_it_opens(loaded: object, sign_in: SignIn) -> None:
    page = sign_in("candidate").get("/en/course/powers")
    assert page.status == 200
    assert "/en/course/powers/first" not in page.html


@pytest.mark.parametrize("page", ["", "/case", "/sheet", "/file"])
def test_an_unknown_module_is_not_there(learner: Browser, page: str) -> None:
    assert learner.get(f"/en/course/nowhere{page}").status == 404


def test_anyone_reads_the_words_and_the_sources(loaded: object, visitor: Browser) -> None:
    assert visitor.get("/kk/glossary").status == 200
    page = visitor.get("/en/sources")
    assert "On local public administration" in page.text
    assert "Powers first" in page.text


def test_a_word_is_found_from_any_language(visitor: Browser) -> None:
    assert "кандидат" in visitor.get("/en/glossary?q=кандидаты").text


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
