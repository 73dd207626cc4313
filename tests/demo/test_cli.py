"""The demonstration and the accounts for outside checks, played on a real database."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result as Outcome
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit import service as audit
from app.certificates.models import Certificate
from app.core.database import db, unit_of_work
from app.core.settings import ROOT, Environment
from app.demo import playing, scenes
from app.demo.cast import PASSWORD, STAFF, TEAM, WALKERS
from app.exams import cli as exams_cli
from app.places import service as places
from app.publication import service as publication
from app.results import service as results
from app.training import cli as training_cli
from app.training import service as training
from tests.pages import Browser

Run = Callable[..., Outcome]
CAST = len(STAFF) + len(WALKERS) + len(TEAM)


@pytest.fixture
def run(app: Flask) -> Run:
    def command(*words: str) -> Outcome:
        return app.test_cli_runner().invoke(args=list(words))

    return command


@pytest.fixture
def stocked(app: Flask) -> None:
    """The real places, course and bank."""
    with app.app_context():
        with unit_of_work() as session:
            places.load(session)
        training_cli.load_course()
        exams_cli.load_bank()


def count(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.usefixtures("stocked")
def test_every_state_of_the_path_is_there_and_a_second_load_changes_nothing(app: Flask, run: Run) -> None:
    assert run("demo", "load").exit_code == 0
    assert count(app) == CAST
    with app.app_context(), unit_of_work() as session:
        assert audit.first_fault(session) is None
        people = {one.email.split("@")[0]: one.id for one in session.scalars(select(Person))}
        passed = {
            key: result.has_passed
            for key, person_id in people.items()
            if (result := results.released(session, person_id, "exam"))
        }
        assert passed == {"aigul": True, "erlan": True, "saken": True, "marat": False}
        assert len(publication.live_consents(session, people["aigul"])) == 2
        assert publication.live_consents(session, people["saken"]) == []
        assert session.scalar(select(func.count()).select_from(Certificate)) == 3
        assert training.progress(session, people["gulnar"])[0] == 3

    again = run("demo", "load")
    assert "there already" in again.output
    assert count(app) == CAST


@pytest.mark.usefixtures("stocked")
def test_a_play_that_was_cut_off_goes_on(app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "SCENES", scenes.SCENES[:3])
    assert run("demo", "load").exit_code == 0
    monkeypatch.undo()

    assert f"{CAST} people" in run("demo", "load").output
    assert count(app) == CAST
    with app.app_context(), unit_of_work() as session:
        assert playing.is_loaded(session, None)


@pytest.mark.usefixtures("stocked")
def test_the_seed_prints_accounts_that_can_sign_in(app: Flask, run: Run) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, qa=True)
    try:
        printed = json.loads(run("qa", "seed", "--seed", "5").output)
        assert printed == json.loads(run("qa", "seed", "--seed", "5").output)
    finally:
        app.extensions["settings"] = settings
    assert {one["role"] for one in printed["accounts"]} == {
        "administrator", "organiser", "examiner", "adjudicator", "author", "auditor", "candidate", "team-member",
    }  # fmt: skip
    assert all(printed[name] for name in printed)
    sara = next(one for one in printed["accounts"] if one["key"] == "sara")
    form = {"email": sara["email"], "password": PASSWORD}
    assert Browser(app).post("/kk/sign-in", form).location == "/kk/my-path"


def test_the_seed_asks_for_qa(run: Run) -> None:
    outcome = run("qa", "seed", "--seed", "1")
    assert outcome.exit_code == 1
    assert "QA=1" in outcome.output


@pytest.mark.parametrize("words", [("demo", "load"), ("qa", "seed", "--seed", "1")])
def test_production_refuses(app: Flask, run: Run, words: tuple[str, ...]) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, environment=Environment.PRODUCTION, qa=True)
    try:
        outcome = run(*words)
    finally:
        app.extensions["settings"] = settings
    assert outcome.exit_code == 1
    assert "production refuses" in outcome.output
    assert count(app) == 0


def test_the_readme_names_the_password_of_the_demonstration() -> None:
    assert PASSWORD in (Path(ROOT) / "README.md").read_text(encoding="utf-8")
