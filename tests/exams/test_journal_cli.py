"""Commands of the journal: a changed row is found, an attempt is written out, answers are read off anew."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from app.core.database import unit_of_work
from app.exams import service
from app.exams.models import Attempt
from tests.exams.builders import make_attempt
from tests.exams.test_answers import save, sent

Run = Callable[..., Result]


@pytest.fixture
def attempt(app: Flask) -> tuple[int, str]:
    """Return the ids of an attempt of three saves."""
    with app.app_context(), unit_of_work() as session:
        made = make_attempt(session)
        save(session, made, *(sent(number, answer, attempt=made) for number, answer in enumerate("aba", 1)))
        return made.id, str(made.public_id)


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["journal", *words])


def change(app: Flask, statement: str) -> None:
    """Change what only an insider with the database's password could change."""
    with app.app_context(), unit_of_work() as session:
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS answer_events_no_{act}"))
        session.execute(text(statement))


def test_a_whole_journal_is_called_whole(run: Run, attempt: tuple[int, str]) -> None:
    done = run("verify")

    assert done.exit_code == 0
    assert "1 attempts" in done.output


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer_events SET body = '\"c\"' WHERE number = 2",
        "UPDATE answer_events SET body_hash = chain_hash, body = '\"c\"' WHERE number = 2",
        "UPDATE answer_events SET is_late = 1 WHERE number = 3",
        "UPDATE answer_events SET is_superseded = 1 WHERE number = 1",
        "UPDATE answer_events SET received_at = '2020-01-01 00:00:00.000000' WHERE number = 1",
        "DELETE FROM answer_events WHERE number = 1",
        "UPDATE attempts SET event_count = 2",
        "UPDATE current_answers SET body = '\"c\"'",
        "DELETE FROM current_answers",
    ],
)
def test_a_changed_row_is_found(app: Flask, run: Run, attempt: tuple[int, str], statement: str) -> None:
    change(app, statement)
    done = run("verify")

    assert done.exit_code == 1
    assert f"attempt {attempt[1]}:" in done.output


def test_an_attempt_is_written_out_with_its_signed_receipt(run: Run, attempt: tuple[int, str]) -> None:
    done = run("export", "--attempt", attempt[1])
    *events, last = [json.loads(line) for line in done.output.splitlines()]

    assert [(event["number"], event["body"]) for event in events] == [(1, "a"), (2, "b"), (3, "a")]
    assert last["receipt"]["head"] == events[-1]["chain"]


def test_present_answers_are_read_off_the_journal_anew(
    app: Flask, run: Run, attempt: tuple[int, str]
) -> None:
    change(app, "UPDATE current_answers SET body = '\"c\"'")

    assert run("rebuild", "--attempt", attempt[1]).exit_code == 0
    assert run("verify").exit_code == 0
    with app.app_context(), unit_of_work() as session:
        assert list(service.answers_of(session, attempt[0]).values()) == ["a"]
        assert session.get_one(Attempt, attempt[0]).event_count == 3


def test_nothing_is_read_off_a_broken_journal(app: Flask, run: Run, attempt: tuple[int, str]) -> None:
    change(app, "UPDATE answer_events SET body = '\"c\"' WHERE number = 3")

    assert run("rebuild", "--attempt", attempt[1]).exit_code == 1


def test_an_unknown_attempt_is_named(run: Run) -> None:
    for command in ("export", "rebuild"):
        done = run(command, "--attempt", str(uuid4()))
        assert done.exit_code == 2
        assert "there is no attempt" in done.output
