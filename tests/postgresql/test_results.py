"""Releases raced by two organisers."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, unit_of_work
from app.core.jobs import OutboxItem
from app.core.permissions import Actor
from app.exams.models import Sitting
from app.results import service
from app.results.models import Result
from tests.factories import make_places
from tests.postgresql.racing import counted, race
from tests.results.released import organiser, provisional

pytestmark = pytest.mark.postgresql


@pytest.fixture
def organisers(app: Flask) -> list[Actor]:
    """Three organisers, and one sitting with a result that waits for its release."""
    with app.app_context(), unit_of_work() as session:
        make_places(session)
        provisional(session)
        return [organiser(session) for _ in range(3)]


def act_of(who: Actor, act: Callable[..., Sitting]) -> Callable[[Session], object]:
    """Return the press of a button by `who` after they looked at the page."""

    def press(session: Session) -> str:
        sitting = session.scalars(select(Sitting)).one().public_id
        batch = service.batch_of(session, who, sitting, now=clock.now())
        act(session, who, sitting, batch.content_hash, now=clock.now())
        return "done"

    return press


def outbox(app: Flask, kind: str) -> int:
    with app.app_context():
        count = select(func.count()).select_from(OutboxItem).where(OutboxItem.kind == kind)
        found = db.session.scalar(count)
        db.session.remove()
    return found or 0


def test_a_release_proposed_by_two_at_once_is_proposed_once(app: Flask, organisers: list[Actor]) -> None:
    outcomes = race(app, [act_of(who, service.propose) for who in organisers])

    assert counted(outcomes)["done"] == 1
    assert set(counted(outcomes)) <= {"done", service.AlreadyProposed}


def test_a_release_confirmed_by_two_at_once_is_released_once_and_told_once(
    app: Flask, organisers: list[Actor]
) -> None:
    first, *others = organisers
    assert race(app, [act_of(first, service.propose)]) == ["done"]

    outcomes = race(app, [act_of(who, service.confirm) for who in others])

    assert counted(outcomes) == {"done": 1, service.NothingToRelease: 1}
    assert (outbox(app, "result-released"), outbox(app, "mail")) == (1, 1)
    with app.app_context():
        result = db.session.scalars(select(Result)).one()
        assert (result.state, result.proposed_by_id) == ("released", first.id)
        assert result.released_by_id in {who.id for who in others}
        db.session.remove()
