from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.credentials import token_hash
from app.accounts.models import LoginSession, Person
from app.core.database import db
from app.core.errors import NotYours
from app.core.permissions import Actor
from tests.accounts.codes import give_authenticator
from tests.conftest import NOON, FrozenClock
from tests.factories import make_person
from tests.pages import Browser


def come_in(session: Session, *roles: str, factor: bool = False) -> tuple[Person, str]:
    person, _ = make_person(session, *roles)
    return person, service.open_session(session, person, device="test", now=NOON, factor=factor)


def test_a_token_leads_to_its_person_and_is_kept_only_as_a_hash(session: Session) -> None:
    person, token = come_in(session, "candidate")

    signed = service.signed_in_by_token(token)

    assert signed is not None
    assert signed.actor == Actor(id=person.id, roles=frozenset({"candidate"}), is_complete=True)
    assert session.scalars(select(LoginSession.token_hash)).one() == token_hash(token)


@pytest.mark.usefixtures("session")
def test_an_unknown_token_leads_to_nobody() -> None:
    assert service.signed_in_by_token("x") is None


@pytest.mark.parametrize(
    ("role", "minutes", "alive"),
    [
        ("candidate", 14 * 24 * 60 - 1, True),
        ("candidate", 14 * 24 * 60, False),
        ("examiner", 29, True),
        ("examiner", 30, False),
    ],
)
def test_a_session_ends_by_itself(
    session: Session, clock: FrozenClock, role: str, minutes: int, *, alive: bool
) -> None:
    _, token = come_in(session, role, factor=True)

    clock.pass_by(minutes=minutes)

    assert (service.signed_in_by_token(token) is not None) is alive


def test_staff_come_in_anew_after_twelve_hours_however_busy(session: Session, clock: FrozenClock) -> None:
    _, token = come_in(session, "examiner", factor=True)
    row = session.scalars(select(LoginSession)).one()

    clock.pass_by(hours=12, seconds=-1)
    row.last_seen_at = clock.now
    session.flush()
    assert service.signed_in_by_token(token) is not None
    clock.pass_by(seconds=1)
    assert service.signed_in_by_token(token) is None


def test_staff_are_incomplete_until_their_second_factor(session: Session) -> None:
    _, without = come_in(session, "examiner")
    _, with_factor = come_in(session, "examiner", factor=True)

    found = [service.signed_in_by_token(token) for token in (without, with_factor)]

    assert [signed is not None and signed.actor.is_complete for signed in found] == [False, True]


def test_a_candidate_with_an_authenticator_is_incomplete_without_it(session: Session) -> None:
    person, token = come_in(session, "candidate")
    give_authenticator(session, person.id)
    session.flush()

    signed = service.signed_in_by_token(token)

    assert signed is not None
    assert not signed.actor.is_complete


def test_a_disabled_person_is_out_at_once(session: Session) -> None:
    person, token = come_in(session, "candidate")

    person.disabled_at = NOON
    session.flush()

    assert service.signed_in_by_token(token) is None


def test_rights_are_those_of_this_moment(session: Session) -> None:
    person, token = come_in(session, "candidate")

    person.grants = []
    session.flush()

    signed = service.signed_in_by_token(token)
    assert signed is not None
    assert signed.actor.roles == frozenset()


def test_lists_only_the_own_live_sessions(session: Session, clock: FrozenClock) -> None:
    person, _ = come_in(session, "candidate")
    come_in(session, "candidate")
    actor = Actor(id=person.id)
    clock.pass_by(days=1)
    service.open_session(session, person, device="newer", now=clock.now)

    assert [row.device for row in service.sessions_of(session, actor, now=clock.now)] == ["newer", "test"]
    clock.pass_by(days=13)
    assert [row.device for row in service.sessions_of(session, actor, now=clock.now)] == ["newer"]


def test_ends_an_own_session_and_no_other(session: Session) -> None:
    person, token = come_in(session, "candidate")
    _, foreign = come_in(session, "candidate")
    rows = {row.token_hash: row for row in session.scalars(select(LoginSession))}
    actor = Actor(id=person.id)

    with pytest.raises(NotYours):
        service.end_session(session, actor, rows[token_hash(foreign)].public_id, now=NOON)
    service.end_session(session, actor, rows[token_hash(token)].public_id, now=NOON)
    session.flush()

    assert service.signed_in_by_token(token) is None
    assert service.signed_in_by_token(foreign) is not None


def test_ends_sessions_past_their_longest_life(session: Session) -> None:
    come_in(session, "candidate")

    service.forget_old_sessions(session, NOON + timedelta(days=14, seconds=1))

    assert session.scalars(select(LoginSession.ended_at)).one() is not None


def test_a_page_marks_the_session_as_seen_without_taking_the_write_lock_for_it(
    app: Flask, clock: FrozenClock, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("auditor")
    clock.pass_by(minutes=6)

    assert browser.get("/en/account").status == 200

    with app.app_context():
        assert db.session().scalars(select(LoginSession.last_seen_at)).one() == clock.now
