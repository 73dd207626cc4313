"""What organisers see of the marking and change in it, on a real database."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import clock
from app.core.errors import NotYours
from app.marking import service
from app.marking.models import Marking
from app.marking.service import NotADistrict
from tests.factories import DISTRICT, OTHER_DISTRICT, UNIT, make_person
from tests.marking.papers import (
    PASSING,
    add_marker,
    hand_in,
    open_sitting,
)
from tests.marking.scripts import given, taken_in

Put = list[tuple[str, dict[str, int]]]
pytestmark = pytest.mark.usefixtures("put")


def test_a_district_is_noted_and_changed_and_unmarked_scripts_go_to_others(session: Session) -> None:
    script = taken_in(session)
    moved = session.get_one(Person, script.markings[0].examiner_id)
    other = add_marker(session)

    service.note_district(session, moved.public_id, DISTRICT, now=clock.now())

    holders = set(session.scalars(select(Marking.examiner_id)))
    assert moved.id not in holders
    assert other in holders
    row = next(one for one in service.examiners(session).rows if one.public_id == moved.public_id)
    assert (row.district or {})["en"] == "Mysaltau district"


def test_noting_a_district_gives_out_what_waited(session: Session) -> None:
    person = session.get_one(Person, add_marker(session, district=None))
    attempt = hand_in(session, open_sitting(session))
    service.take_in({"attempt": attempt.id})
    assert session.scalar(select(func.count(Marking.id))) == 0

    service.note_district(session, person.public_id, OTHER_DISTRICT, now=clock.now())

    assert session.scalars(select(Marking.examiner_id)).all() == [person.id]


@pytest.mark.parametrize("kato", [UNIT, "000000000", "x"])
def test_only_districts_are_noted(session: Session, kato: str) -> None:
    person = session.get_one(Person, add_marker(session))

    with pytest.raises(NotADistrict):
        service.note_district(session, person.public_id, kato, now=clock.now())


def test_only_people_who_mark_have_a_district(session: Session) -> None:
    candidate, _ = make_person(session, "candidate")

    with pytest.raises(NotYours):
        service.note_district(session, candidate.public_id, DISTRICT, now=clock.now())


def test_the_overview_counts_scripts_and_what_each_person_has(session: Session) -> None:
    script = taken_in(session)
    service.give(session, script.markings[0], given(4, 4), now=clock.now())
    hand_in(session, open_sitting(session), PASSING)

    overview = service.examiners(session)

    assert (overview.progress.marking, overview.progress.settled) == (1, 0)
    assert sorted((row.waiting, row.done) for row in overview.rows) == [(0, 1), (1, 0)]
