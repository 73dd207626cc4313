"""Sittings: sealed parallel papers between two moments."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Refused
from app.exams import service
from app.exams.life import SittingState, WrongState
from app.exams.service import sittings as rules
from tests.exams.builders import actor, make_paper, make_sitting
from tests.factories import DISTRICT, make_places

HOUR = timedelta(hours=1)


def test_a_sitting_opens_sealed_papers(session: Session) -> None:
    papers = make_paper(session), make_paper(session)
    sitting = make_sitting(session, *papers)

    assert sitting.kind == "exam"
    assert [one.paper for one in sitting.papers] == list(papers)
    assert service.state_of(sitting, clock.now()) is SittingState.OPEN


def test_a_sitting_may_be_for_one_place(session: Session) -> None:
    make_places(session)
    sitting = make_sitting(session, place_kato=DISTRICT)

    place = service.place_of(session, sitting)
    assert place is not None
    assert place.kato == DISTRICT
    assert service.place_of(session, make_sitting(session)) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"papers": []}, rules.NoPapers),
        ({"place_kato": "123456789"}, rules.NoSuchPlace),
        ({"opens_at": 2 * HOUR, "closes_at": HOUR}, rules.WrongWindow),
        ({"opens_at": HOUR, "closes_at": HOUR}, rules.WrongWindow),
        ({"opens_at": -2 * HOUR, "closes_at": 0 * HOUR}, rules.WrongWindow),
    ],
)
def test_refuses_what_makes_no_sitting(
    session: Session, changes: dict[str, Any], refusal: type[Refused]
) -> None:
    moved = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    paper = make_paper(session)

    with pytest.raises(refusal):
        make_sitting(session, paper, **moved)


def test_refuses_a_paper_that_is_not_sealed(session: Session) -> None:
    with pytest.raises(rules.NotSealed):
        make_sitting(session, make_paper(session), make_paper(session, sealed=False))


def test_refuses_papers_of_two_blueprints(session: Session) -> None:
    one, other = make_paper(session), make_paper(session)
    other.blueprint = type(one.blueprint)(
        key="other",
        number=1,
        kind="exam",
        content=one.blueprint.content,
        content_hash="0" * 64,
        created_at=clock.now(),
    )
    session.flush()

    with pytest.raises(rules.NotParallel):
        make_sitting(session, one, other)


def test_a_cancelled_sitting_stays_cancelled(session: Session) -> None:
    sitting = make_sitting(session)
    service.cancel(session, sitting.public_id, now=clock.now())

    assert service.state_of(sitting, clock.now()) is SittingState.CANCELLED
    with pytest.raises(WrongState):
        service.cancel(session, sitting.public_id, now=clock.now())


def test_a_sitting_that_is_over_is_not_cancelled(session: Session) -> None:
    sitting = make_sitting(session)

    with pytest.raises(WrongState):
        service.cancel(session, sitting.public_id, now=sitting.closes_at)


def test_the_list_begins_with_the_last_to_open(session: Session) -> None:
    early = make_sitting(session, opens_at=clock.now() - 2 * HOUR)
    late = make_sitting(session)

    assert service.latest_sittings(session) == [late, early]
    assert service.latest_sittings(session, start=1) == [early]
    assert actor(session, "organiser").id is not None
