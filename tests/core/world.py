"""The demonstration's people and things, for whoever must reach every page as the right person."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import service as accounts
from app.accounts.models import LoginSession, Person
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.permissions import ROLES, Actor, Permission
from app.exams.models import Attempt
from app.exams.service import decisions
from app.exams.service.kinds import Target
from app.items.models import Item
from app.policy import POLICY
from app.results.models import Appeal
from app.training.models import Lesson
from tests.conftest import FrozenClock
from tests.conftest import testing_settings as settings_of_tests
from tests.pages import Browser

SEED = 7
# Of several people with the right role, the one who has the thing.
PLAYERS = {
    "exams": "bolat",
    "results.result": "erlan",
    "results.appeal": "erlan",
    "certificates": "erlan",
    "publication.preview": "erlan",
    "publication.publish": "erlan",
    "publication.withdraw": "aigul",
    "training": "gulnar",
    "training.leave": "deputy",
    "training.join_now": "accountant",
}


@dataclass(frozen=True)
class World:
    """A played database, and what of it is named in addresses.

    Attributes:
        tokens: of a session, by key of the player.
        players: key of a player by role.
        things: real values of the variables of addresses, by endpoint or by the variable's name.
    """

    app: Flask
    played: Path
    tokens: dict[str, str]
    players: dict[str, str]
    things: dict[str, dict[str, str]]

    @property
    def database(self) -> Path:
        return self.played.with_name("akim-school.sqlite")

    def restore(self) -> None:
        """Make the database as it was after the play."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in ("-wal", "-shm"):
            self.database.with_name(self.database.name + rest).unlink(missing_ok=True)
        shutil.copyfile(self.played, self.database)

    def browser(self, endpoint: str, method: str) -> Browser:
        """Return the browser of somebody who may use the route; a visitor's where anybody may."""
        needs = POLICY[endpoint, method].needs
        if needs is None:
            return Browser(self.app)
        return Browser(self.app, token=self.tokens[self._player(endpoint, needs)])

    def _player(self, endpoint: str, needs: Permission) -> str:
        role = next((role for role in ROLES if needs in role.may), ROLES[0])
        room = endpoint.partition(".")[0]
        chosen = PLAYERS.get(endpoint) or PLAYERS.get(room)
        return chosen if chosen and role.key in {"candidate", "team-member"} else self.players[role.key]

    def values(self, endpoint: str, names: set[str]) -> dict[str, str]:
        """Return a real value for each variable of the route's address."""
        own = self.things.get(endpoint, {})
        return {name: own.get(name) or self.things["any"].get(name, "1") for name in names}


def play(instance: Path, read_clock: FrozenClock) -> World:
    """Play the demonstration into a database of its own, once."""
    app = create_app(settings_of_tests(instance, qa=True), read_clock=read_clock)
    with app.app_context():
        upgrade()
        runner = app.test_cli_runner()
        for command in (["places", "load"], ["course", "sync"], ["bank", "sync"]):
            done = runner.invoke(args=command)
            assert done.exit_code == 0, done.output
        told = runner.invoke(args=["qa", "seed", "--seed", str(SEED)])
        assert told.exit_code == 0, told.output
        cast = json.loads(told.stdout)
        with unit_of_work() as session:
            tokens = _sign_everybody_in(session, cast)
            things = _things(session, cast)
        db.session.remove()
        db.engine.dispose()
    played = instance / "played.sqlite"
    shutil.copyfile(instance / "akim-school.sqlite", played)
    players = {account["role"]: account["key"] for account in reversed(cast["accounts"])}
    return World(app, played, tokens, players, things)


def _sign_everybody_in(session: Session, cast: dict[str, Any]) -> dict[str, str]:
    people = {person.email: person for person in session.scalars(select(Person))}
    return {
        account["key"]: accounts.open_session(
            session, people[account["email"]], device="test", now=clock.now(), factor=True
        )
        for account in cast["accounts"]
    }


def _decision(session: Session, attempt_id: str) -> UUID:
    """Let an organiser propose more time for an attempt; return the proposal's id."""
    attempt = session.scalars(select(Attempt).where(Attempt.public_id == UUID(attempt_id))).one()
    organiser = next(one for one in session.scalars(select(Person)) if "organiser" in one.roles)
    made = decisions.propose(
        session,
        Actor(organiser.id, organiser.roles),
        "extra-time",
        target=Target(attempt=attempt),
        content={"seconds": 600},
        reason="Жарық сөніп қалды.",
        now=clock.now(),
    )
    return made.public_id


def _things(session: Session, cast: dict[str, Any]) -> dict[str, dict[str, str]]:
    def of(things: str, key: str, name: str, **only: str) -> str:
        """Return field `name` of the newest thing of the player `key`."""
        owner = {"owner": f"{key}-{SEED}@demo.example"} | only
        return str([one[name] for one in cast[things] if owner.items() <= one.items()][-1])

    def code(key: str) -> str:
        email = f"{key}-{SEED}@demo.example"
        return str([one["code"] for one in cast["markings"] if one["examiner"] == email][-1])

    lesson = session.scalars(select(Lesson).order_by(Lesson.position)).first()
    appeal = session.scalars(select(Appeal)).first()
    assert lesson is not None
    assert appeal is not None
    result, number = of("results", "erlan", "id", kind="exam"), of("certificates", "erlan", "number")
    person = next(one["public_id"] for one in cast["accounts"] if one["key"] == "deputy")
    own_session = session.scalar(
        select(LoginSession.public_id).join(Person).where(Person.email == f"aigul-{SEED}@demo.example")
    )
    sitting, appealed = cast["sittings"][-1], {"public_id": str(appeal.public_id)}
    return {
        "any": {
            "attempt_id": of("attempts", "bolat", "id", kind="exam"),
            "position": "12",
            "paper_id": cast["papers"][-1],
            "sitting_id": sitting,
            "public_id": result,
            "result_id": result,
            "number": number,
            "code": code("examiner-1"),
            "person_id": person,
            "session_id": str(own_session),
            "entry_id": cast["listed_candidates"][0]["id"],
            "consent_id": cast["consents"][0]["id"],
            "decision_id": str(_decision(session, of("attempts", "bolat", "id", kind="exam"))),
            "file_id": str(uuid4()),
            "module": lesson.module_key,
            "lesson": lesson.key,
            "check": lesson.checks[0]["key"],
            "key": session.scalars(select(Item.key).order_by(Item.key)).first() or "",
            "kato": cast["listed_candidates"][0]["place"],
            "kind": "exam",
            "subject": "help",
            "token": "x" * 43,
        },
        "marking.third": {"code": code("adjudicator")},
        "marking.settle": {"code": code("adjudicator")},
        "publication.candidate": {"public_id": cast["listed_candidates"][0]["id"]},
        "publication.published_pdf": {"public_id": cast["listed_candidates"][0]["id"]},
        "training.let_go": {"public_id": person},
        **{
            name: {"public_id": sitting} for name in ("results.release", "results.propose", "results.confirm")
        },
        **dict.fromkeys(
            ("results.appeal_case", "results.answer_appeal", "results.confirm_amendment"), appealed
        ),
    }
