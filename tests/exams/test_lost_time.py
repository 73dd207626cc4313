"""The ledger of lost time: what is listed, what is given back, and when."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import lost_time, service
from app.exams.incoming import Batch, Sent
from app.exams.journal import Outcome
from app.exams.models import Attempt, Outage, TimeGrant
from app.exams.service import Received
from tests.conftest import FrozenClock
from tests.exams.builders import make_attempt, position_of

PAGE = str(UUID(int=1))
NOTHING = timedelta(0)
spans = st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds))


@given(spans, spans)
def test_no_outage_is_longer_than_the_silence(claimed: timedelta, silence: timedelta) -> None:
    now = clock_at_noon()
    span = lost_time.lost(claimed, last_seen_at=now - silence, now=now)

    assert span in {NOTHING, min(claimed, silence)}
    assert (span == NOTHING) == (min(claimed, silence) < lost_time.SHORTEST)


@given(st.lists(spans, max_size=10))
def test_never_more_than_ten_minutes_are_given_by_rule(outages: list[timedelta]) -> None:
    total = NOTHING
    for span in outages:
        given_back = lost_time.given(span, before=total)
        assert NOTHING <= given_back <= span
        total += given_back

    assert total == min(lost_time.GIVEN_AT_MOST, sum(outages, NOTHING))


def clock_at_noon() -> datetime:
    return FrozenClock().now


# -- in the database -------------------------------------------------------------------------------


def tell(session: Session, attempt: Attempt, *, outage: int | None = None, answer: str = "") -> Received:
    place = position_of(attempt, "single_choice")
    events = [Sent(client=PAGE, sequence=1, position=place, fields={"answer": [answer]})] if answer else []
    return service.receive(
        session, attempt, Batch(client=PAGE, outage=outage, events=events), now=clock.now()
    )


def test_an_outage_is_listed_and_its_time_given_back(session: Session, clock: FrozenClock) -> None:
    attempt = make_attempt(session)
    deadline = attempt.deadline
    clock.pass_by(minutes=4)
    received = tell(session, attempt, outage=200)
    kept = session.scalars(select(Outage)).one()

    assert (kept.seconds, kept.given_seconds, kept.ended_at) == (200, 200, clock.now)
    assert attempt.deadline == deadline + timedelta(seconds=200)
    assert attempt.extra_seconds == 200
    assert received.lost == service.Lost(outages=1, seconds=200, given=200)
    assert [(grant.seconds, grant.cause) for grant in session.scalars(select(TimeGrant))] == [(200, "outage")]


def test_a_page_cannot_claim_more_than_the_server_heard_nothing(session: Session, clock: FrozenClock) -> None:
    attempt = make_attempt(session)
    clock.pass_by(minutes=1)
    tell(session, attempt)
    clock.pass_by(seconds=40)
    tell(session, attempt, outage=3000)

    assert service.lost_by(session, attempt) == service.Lost(1, 40, 40)


def test_what_is_told_twice_is_given_once(session: Session, clock: FrozenClock) -> None:
    attempt = make_attempt(session)
    clock.pass_by(minutes=2)
    tell(session, attempt, outage=120)
    tell(session, attempt, outage=120)

    assert service.lost_by(session, attempt) == service.Lost(1, 120, 120)


def test_more_than_ten_minutes_are_listed_and_not_given(session: Session, clock: FrozenClock) -> None:
    attempt = make_attempt(session)
    clock.pass_by(minutes=14)
    tell(session, attempt, outage=800)
    clock.pass_by(minutes=2)
    tell(session, attempt, outage=100)

    assert service.lost_by(session, attempt) == service.Lost(2, 900, 600)


def test_who_comes_back_after_the_end_has_the_time_that_was_lost_before_it(
    session: Session, clock: FrozenClock
) -> None:
    attempt = make_attempt(session)
    clock.pass_by(minutes=27)
    tell(session, attempt)
    clock.pass_by(minutes=5)
    received = tell(session, attempt, outage=295, answer="a")

    # Away from 27:05 to 32:00, of which 2:55 lay before the end: 30:00 becomes 32:55.
    assert [reply.outcome for reply in received.replies] == [Outcome.SAVED]
    assert attempt.timing.seconds_left(clock.now) == 55


def test_a_finished_attempt_gets_no_time(session: Session, clock: FrozenClock) -> None:
    attempt = make_attempt(session)
    service.finish(session, attempt, now=clock.now)
    clock.pass_by(minutes=2)
    tell(session, attempt, outage=100)

    assert service.lost_by(session, attempt) == service.Lost(0, 0, 0)


@pytest.mark.parametrize("act", ["UPDATE outages SET seconds = 1", "DELETE FROM time_grants"])
def test_the_ledger_is_only_added_to(session: Session, clock: FrozenClock, act: str) -> None:
    attempt = make_attempt(session)
    clock.pass_by(minutes=2)
    tell(session, attempt, outage=100)
    session.flush()

    with pytest.raises((IntegrityError, OperationalError), match="rows are only added"):
        session.connection().exec_driver_sql(act)
