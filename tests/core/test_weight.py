"""What pages weigh with the real course and the real bank, and how often the hot ones ask the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.core import clock
from app.core.database import db, unit_of_work
from app.core.permissions import Actor
from app.exams import cli as exams_cli
from app.exams import service as exams
from app.training import cli as training_cli
from app.training import service as training
from app.training.models import Lesson, Module
from tests.core.weight import first_visit
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_sitting, position_of
from tests.pages import Browser

MOST_BYTES = 60 * 1024
MOST_BYTES_OF_A_LESSON = 40 * 1024
MOST_BYTES_OF_A_FILE = 300 * 1024
MOST_BYTES_OF_A_PAPER = 45 * 1024
MOST_FILES_OF_A_PAPER = 8
MOST_BYTES_OF_A_QUESTION = 350
"""Its share of the compressed page: 48 take less than 17 KB. The words of the bank alone are more than two thirds of it."""
MOST_SECONDS_OF_A_PAPER = 0.030
"""On a machine at rest it is about a third of that."""
MOST_STATEMENTS_OF_A_SAVE = 8
SignIn = Callable[..., Browser]


def heaviest(browser: Browser, addresses: list[str]) -> int:
    return max(sum(first_visit(browser.client, address).values()) for address in addresses)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect what is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_first_visit_of_the_start_page_is_light(visitor: Browser, language: str) -> None:
    assert heaviest(visitor, [f"/{language}/"]) < MOST_BYTES


def test_a_first_visit_counts_styles_scripts_and_pictures(visitor: Browser) -> None:
    kinds = {address.rpartition(".")[2] for address in first_visit(visitor.client, "/kk/")}

    assert {"css", "svg"} <= kinds


@pytest.fixture
def reader(app: Flask, sign_in: SignIn) -> Browser:
    """A candidate to whom the real course is open."""
    browser = sign_in("candidate")
    with app.app_context():
        training_cli.load_course()
        with unit_of_work() as session:
            training.open_course(session, browser.person_id, "suitable", now=clock.now())
        db.session.remove()
    return browser


def pages_of(app: Flask, *columns: Any) -> list[str]:
    """Return the parts of addresses that these columns name, joined."""
    with app.app_context():
        found = db.session.execute(select(*columns)).all()
        db.session.remove()
    assert found
    return ["/".join(row) for row in found]


def test_a_first_visit_of_any_lesson_is_light(app: Flask, reader: Browser) -> None:
    lessons = pages_of(app, Lesson.module_key, Lesson.key)
    for language in ("kk", "ru", "en"):
        addresses = [f"/{language}/course/{lesson}" for lesson in lessons]
        assert heaviest(reader, addresses) < MOST_BYTES_OF_A_LESSON


def test_every_module_fits_into_one_file_to_take_along(app: Flask, reader: Browser) -> None:
    modules = pages_of(app, Module.key)
    files = [f"/{language}/course/{module}/file" for language in ("kk", "ru", "en") for module in modules]
    assert max(len(reader.get(file).html.encode()) for file in files) < MOST_BYTES_OF_A_FILE


@pytest.mark.parametrize("page", ["/my-path", "/course", "/course/budget", "/team"])
def test_a_list_of_lessons_loads_no_lesson(app: Flask, reader: Browser, page: str) -> None:
    with statements(app) as seen:
        assert reader.get(f"/kk{page}").status == 200
    assert any("FROM lessons" in statement for statement in seen)
    assert not any("lesson_texts" in statement or "lessons.checks" in statement for statement in seen)


@pytest.mark.parametrize(
    "page", ["/course/budget/village-budget", "/course/budget/case", "/course/budget/file"]
)
def test_the_texts_that_are_read_come_in_one_query(app: Flask, reader: Browser, page: str) -> None:
    with statements(app) as seen:
        assert reader.get(f"/kk{page}").status == 200
    assert sum("lesson_texts" in statement for statement in seen) == 1


def start_on_the_real_bank(app: Flask, browser: Browser, blueprint: str) -> tuple[str, int]:
    """Start an attempt at a paper of the real bank; return the address of its page, and how many items it holds."""
    with app.app_context():
        exams_cli.load_bank()
        with unit_of_work() as session:
            now, one, other = clock.now(), actor(session, "organiser"), actor(session, "organiser")
            paper = exams.draw(session, one, blueprint, seed="weight", now=now)
            exams.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=now)
            exams.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=now)
            sitting, who = make_sitting(session, paper), Actor(browser.person_id)
            attempt = exams.start(session, who, sitting.public_id, OPEN_TO_ALL, now=now)
            count, attempt_id = exams.count_of(session, attempt), attempt.public_id
        db.session.remove()
    return f"attempts/{attempt_id}", count


@pytest.mark.parametrize("blueprint", ["exam", "suitability"])
def test_a_first_visit_of_a_whole_paper_is_light(app: Flask, sign_in: SignIn, blueprint: str) -> None:
    browser = sign_in("candidate")
    page, _ = start_on_the_real_bank(app, browser, blueprint)
    for language in ("kk", "ru", "en"):
        files = first_visit(browser.client, f"/{language}/{page}")
        assert sum(files.values()) < MOST_BYTES_OF_A_PAPER
        assert len(files) < MOST_FILES_OF_A_PAPER


def test_the_page_of_a_paper_is_little_more_than_its_words(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    page, count = start_on_the_real_bank(app, browser, "exam")
    for language in ("kk", "ru", "en"):
        packed = browser.client.get(f"/{language}/{page}", headers={"Accept-Encoding": "br, zstd, gzip"})
        assert packed.headers["Content-Encoding"] == "br"
        assert len(packed.get_data()) / count < MOST_BYTES_OF_A_QUESTION


def test_the_page_of_a_paper_costs_little_time_of_the_processor(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    page, _ = start_on_the_real_bank(app, browser, "exam")
    spent = []
    for _ in range(7):
        began = time.process_time()
        assert browser.client.get(f"/kk/{page}").status_code == 200
        spent.append(time.process_time() - began)
    assert min(spent) < MOST_SECONDS_OF_A_PAPER


def test_a_save_asks_little_of_the_database_however_long_the_journal_is(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        attempt = make_attempt(session, browser.person_id)
        attempt_id, position = attempt.public_id, position_of(attempt, "single_choice")

    def save(option: str) -> int:
        sent = {"client": str(uuid4()), "sequence": 1, "position": position, "fields": {"answer": [option]}}
        with statements(app) as seen:
            answer = browser.post_json(f"/kk/attempts/{attempt_id}/events", {"events": [sent]})
        assert answer.get_json()["replies"][0]["outcome"] == "saved"
        return len(seen)

    # The first of a process opens the paper.
    save("b")
    first = save("a")
    later = [save(option) for option in "bcabcabcab"]

    assert first <= MOST_STATEMENTS_OF_A_SAVE
    assert max(later) <= first


def test_the_page_of_a_paper_asks_no_more_when_more_people_sit_and_answer(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        sitting = make_sitting(session)
        sitting_id, attempt = sitting.public_id, make_attempt(session, browser.person_id, sitting)
        address = f"/kk/attempts/{attempt.public_id}"

    def asked() -> int:
        with statements(app) as seen:
            assert browser.get(address).status == 200
        return len(seen)

    asked()
    alone = asked()
    with app.app_context(), unit_of_work() as session:
        again = exams.get_sitting(session, sitting_id)
        for _ in range(5):
            make_attempt(session, sitting=again)

    assert asked() == alone
