"""While the clocks are not trusted, the clock ends no attempt."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core import clock
from app.core.clock_alarm import Look
from app.exams import service
from app.exams.incoming import Sent
from app.exams.journal import Outcome
from app.exams.models import ClockAlarm
from app.exams.service import clock_watch
from app.exams.service.clock_watch import NoAlarm
from tests.exams.builders import actor, make_attempt, position_of
from tests.exams.deciding import PAGE
from tests.exams.test_attempt_views import house
from tests.pages import Browser

SignIn = Callable[..., Browser]
LONG_AFTER = timedelta(minutes=11)


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.wall, self.counted = datetime(2026, 12, 12, 10, tzinfo=UTC), 0.0

    def look(self) -> Look:
        return Look(before=self.wall, database=self.wall, after=self.wall, counted=self.counted)

    def goes_on(self, seconds: float, *, jump: float = 0) -> None:
        self.counted += seconds
        self.wall += timedelta(seconds=seconds + jump)


@pytest.fixture
def machine(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    made = Machine()
    monkeypatch.setattr(clock, "look", made.look)
    app.extensions.pop("last look at the clocks", None)
    yield made
    app.extensions.pop("last look at the clocks", None)


def test_after_a_jump_nothing_is_ended_by_the_clock_until_a_person_has_looked(
    session: Session, machine: Machine
) -> None:
    attempt = make_attempt(session)
    now = attempt.deadline + LONG_AFTER
    clock_watch.is_paused(session, now)
    machine.goes_on(60, jump=3600)
    assert service.close_overdue(session, now) == 0
    machine.goes_on(60)
    assert service.close_overdue(session, now) == 0

    organiser = actor(session, "organiser")
    clock_watch.end_alarm(session, organiser, now=now)
    assert service.close_overdue(session, now) == 1
    alarm = session.scalars(select(ClockAlarm)).one()
    assert (alarm.cause, alarm.milliseconds, alarm.closed_by_id) == ("jump", 3_600_000, organiser.id)


def test_an_alarm_stands_in_the_audit_record_once(session: Session, machine: Machine) -> None:
    clock_watch.is_paused(session, clock.now())
    for _ in range(3):
        machine.goes_on(60, jump=-5)
        assert clock_watch.is_paused(session, clock.now())

    found = session.scalars(select(AuditEvent).where(AuditEvent.tag == "clock-alarm")).all()
    assert [one.about for one in found] == [{"cause": "jump", "milliseconds": "-5000"}]
    assert len(session.scalars(select(ClockAlarm)).all()) == 1


def test_answers_are_saved_while_an_alarm_is_on(session: Session, machine: Machine) -> None:
    attempt = make_attempt(session)
    clock_watch.is_paused(session, clock.now())
    machine.goes_on(1, jump=60)
    assert clock_watch.is_paused(session, clock.now())
    sent = Sent(
        client=PAGE, sequence=1, position=position_of(attempt, "single_choice"), fields={"answer": ["a"]}
    )

    assert service.save(session, attempt, [sent], now=clock.now())[0].outcome is Outcome.SAVED


def test_where_no_alarm_is_on_none_is_ended(session: Session) -> None:
    with pytest.raises(NoAlarm):
        clock_watch.end_alarm(session, actor(session, "organiser"), now=clock.now())


def test_the_real_clocks_of_this_machine_agree(session: Session) -> None:
    assert [clock_watch.is_paused(session, clock.now()) for _ in range(3)] == [False] * 3


def test_the_board_shows_the_alarm_and_an_organiser_ends_it(
    app: Flask, machine: Machine, sign_in: SignIn
) -> None:
    organiser = sign_in("organiser")
    with house(app) as session:
        address = f"/en/sittings/{make_attempt(session).sitting.public_id}"
        clock_watch.is_paused(session, clock.now())
        machine.goes_on(60, jump=7)
        clock_watch.is_paused(session, clock.now())

    assert "the server's clock jumped by 7.0 s" in organiser.get(address).text
    for page in ("/en/sittings", "/en/clock-alarms"):
        assert "nothing is ended by the clock" in organiser.get(page).text
    assert organiser.post("/en/clock-alarms/end").status == 303
    for page in (address, "/en/sittings"):
        assert "nothing is ended by the clock" not in organiser.get(page).text
    assert "the server's clock jumped by 7.0 s" in organiser.get("/en/clock-alarms").text
    assert organiser.post("/en/clock-alarms/end").status == 409
    with house(app) as session:
        tags = session.scalars(select(AuditEvent.tag)).all()
        assert tags[-1] == "clock-alarm-ended"
