"""Commands of the demonstration: load it, and print accounts and ids for checks from outside."""

import json
from collections.abc import Iterable
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts.models import Person
from app.certificates.models import Certificate
from app.core import clock
from app.core.database import unit_of_work
from app.core.settings import Settings
from app.demo import playing
from app.demo.cast import PASSWORD, STAFF, TEAM, WALKERS, Player
from app.demo.stagehand import Stagehand
from app.exams.models import Attempt, Paper, Sitting
from app.marking.models import Marking
from app.publication import service as publication
from app.publication.models import ListedCandidate
from app.results.models import Result

commands = AppGroup("demo", help="The demonstration: made-up people in every state.")
qa = AppGroup("qa", help="Accounts and ids for checks from outside; only with QA=1.")


def load_demonstration() -> str:
    """Play the cast unless it is there already; return what happened in a word."""
    _ensure_not_production()
    with unit_of_work() as session:
        if playing.is_loaded(session, None):
            return "there already"
    playing.play()
    return f"{len(STAFF) + len(WALKERS) + len(TEAM)} people"


def _ensure_not_production() -> None:
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production:
        message = "The demonstration has accounts with known passwords: production refuses it."
        raise click.ClickException(message)


@commands.command("load")
def load() -> None:
    """Load the made-up people; does nothing when they are there, refuses in production."""
    click.echo(f"demo: {load_demonstration()}")
    click.echo(welcome())


def welcome() -> str:
    """Return the demonstration's accounts as a table for the terminal."""
    hand = Stagehand(None, clock.now())
    lines = [f"  {player.role:<14} {hand.email(player)}" for player in STAFF]
    lines += [f"  {'candidate':<14} {hand.email(one.player):<28} {_said(one.stage.name)}" for one in WALKERS]
    lines += [f"  {player.role:<14} {hand.email(player)}" for player in TEAM]
    return "\n".join((f"\n  Demonstration accounts, password {PASSWORD}\n", *lines, ""))


def _said(name: str) -> str:
    return name.lower().replace("_", " ")


@qa.command("seed")
@click.option(
    "--seed", type=click.IntRange(0, 10**9), required=True, help="The same number names the same accounts."
)
def seed(seed: int) -> None:
    """Play a cast of its own and print, as JSON, its accounts and ids."""
    _ensure_not_production()
    settings: Settings = current_app.extensions["settings"]
    if not settings.qa:
        message = "qa seed works only with QA=1."
        raise click.ClickException(message)
    with unit_of_work() as session:
        is_there = playing.is_loaded(session, seed)
    if not is_there:
        playing.play(seed)
    click.echo(json.dumps(_described(seed), ensure_ascii=False, indent=2))


def _described(number: int) -> dict[str, Any]:
    hand = Stagehand(number, clock.now())
    with unit_of_work() as session:
        players = (*STAFF, *(one.player for one in WALKERS), *TEAM)
        emails = [hand.email(player) for player in players]
        people = {one.email: one for one in session.scalars(select(Person).where(Person.email.in_(emails)))}
        ids = [person.id for person in people.values()]

        def account(player: Player, **more: str) -> dict[str, str]:
            person = people[hand.email(player)]
            return {
                "key": player.key, "email": person.email, "password": PASSWORD, "role": player.role,
                "name": person.name, "public_id": str(person.public_id), **more,
            }  # fmt: skip

        attempts = session.scalars(
            select(Attempt).where(Attempt.person_id.in_(ids)).order_by(Attempt.id)
        ).all()
        owner = {person.id: person.email for person in people.values()}
        listed = session.scalars(select(ListedCandidate).where(ListedCandidate.person_id.in_(ids)))
        return {
            "base_url": current_app.extensions["settings"].base_url,
            "accounts": [
                *(account(player) for player in STAFF),
                *(account(one.player, stage=one.stage.name.lower()) for one in WALKERS),
                *(account(player) for player in TEAM),
            ],
            "attempts": [
                {
                    "id": str(one.public_id),
                    "owner": owner[one.person_id],
                    "state": one.state,
                    "kind": one.sitting.kind,
                }
                for one in attempts
            ],
            "results": [
                {
                    "id": str(one.public_id),
                    "owner": owner[one.person_id],
                    "kind": one.kind,
                    "state": one.state,
                }
                for one in session.scalars(
                    select(Result).where(Result.person_id.in_(ids)).order_by(Result.id)
                )
            ],
            "certificates": [
                {"number": one.number, "owner": owner[one.person_id]}
                for one in session.scalars(select(Certificate).where(Certificate.person_id.in_(ids)))
            ],
            "markings": _codes(session.scalars(select(Marking).where(Marking.examiner_id.in_(ids))), owner),
            "sittings": [
                str(one)
                for one in session.scalars(select(Sitting.public_id).where(Sitting.created_by_id.in_(ids)))
            ],
            "papers": [
                str(one) for one in session.scalars(select(Paper.public_id).where(Paper.drawn_by_id.in_(ids)))
            ],
            "listed_candidates": [
                {"id": str(one.public_id), "place": one.place_kato, "name": one.name} for one in listed
            ],
            "consents": [
                {"id": str(one.public_id), "owner": owner[person_id]}
                for person_id in ids
                for one in publication.live_consents(session, person_id)
            ],
        }


def _codes(rows: Iterable[Marking], owner: dict[int, str]) -> list[dict[str, str]]:
    return [{"code": row.code, "examiner": owner[row.examiner_id], "round": str(row.round)} for row in rows]
