"""The watch over the clocks: while they are not trusted, the clock ends no attempt."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.audit import service as audit
from app.core import clock, clock_alarm
from app.core.database import insert_once
from app.core.errors import N_, Refused
from app.core.permissions import VISITOR, Actor
from app.exams.models import ClockAlarm
from app.exams.service.sittings import PAGE

NOTICED = "clock-alarm"
_LAST = "last look at the clocks"
_MILLISECOND = timedelta(milliseconds=1)


class NoAlarm(Refused):
    """There is no alarm to end."""

    message = N_("No alarm of the clock is on. Somebody was faster.")


def alarm_on(session: Session) -> ClockAlarm | None:
    """Return the alarm that is on; None when the clocks are trusted."""
    return session.scalar(select(ClockAlarm).where(ClockAlarm.closed_at.is_(None)))


def ended_alarms(session: Session) -> list[tuple[ClockAlarm, str]]:
    """Return the newest alarms that a person has ended, with the name of that person."""
    query = (
        select(ClockAlarm, Person.name)
        .join(Person, Person.id == ClockAlarm.closed_by_id)
        .order_by(ClockAlarm.id.desc())
        .limit(PAGE)
    )
    return [(alarm, name) for alarm, name in session.execute(query)]


def is_paused(session: Session, now: datetime) -> bool:
    """Look at the clocks; tell whether nothing may be ended by the clock now."""
    # Of this process alone, and rightly so: the count of seconds is the machine's own.
    look, last = clock.look(), current_app.extensions.get(_LAST)
    current_app.extensions[_LAST] = look
    seen = clock_alarm.alarm(last, look)
    if alarm_on(session) is not None:
        return True
    if seen is None:
        return False
    _raise_alarm(session, seen, now=now)
    return True


def _raise_alarm(session: Session, seen: clock_alarm.Alarm, *, now: datetime) -> None:
    milliseconds = seen.by // _MILLISECOND
    insert_once(session, ClockAlarm, is_on=True, cause=seen.cause, milliseconds=milliseconds, noticed_at=now)
    about = {"cause": str(seen.cause), "milliseconds": str(milliseconds)}
    audit.record(session, tag=NOTICED, actor=VISITOR, about=about, now=now)


def end_alarm(session: Session, actor: Actor, *, now: datetime) -> ClockAlarm:
    """End the alarm that is on: a person has looked at the clocks and says that they are right.

    Raises:
        NoAlarm: none is on.
    """
    alarm = session.scalar(select(ClockAlarm).where(ClockAlarm.closed_at.is_(None)).with_for_update())
    if alarm is None:
        raise NoAlarm
    alarm.closed_at, alarm.closed_by_id = now, actor.person_id
    session.flush()
    return alarm
