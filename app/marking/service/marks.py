"""An examiner's own scripts, and giving marks for good."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.exams.models import Attempt
from app.exams.service.opening import opened
from app.marking import agreement
from app.marking.agreement import Given
from app.marking.assignment import ScriptCode
from app.marking.models import Mark, Marking, Script
from app.marking.service.giving import THIRD, held, scripts_of
from app.marking.service.settling import levels_of, move_on, tell_if_marked, written_body


class AlreadyMarked(Refused):
    """Marks are given once."""

    message = N_("You have marked this script already. Marks that are given cannot be changed.")


class ReasonMissing(Refused):
    """An adjudicator decides between two people, and says why."""

    message = N_("Say in a sentence why you mark it so.")
    status = 422


@dataclass(frozen=True)
class Queue:
    """How much an examiner has before them. No list: nothing to choose from.

    Attributes:
        waiting: scripts given to them and not yet marked.
        done: scripts that they have marked.
    """

    waiting: int
    done: int

    @property
    def total(self) -> int:
        return self.waiting + self.done


def _own(actor: Actor, *, third: bool) -> tuple[ColumnElement[bool], ...]:
    rounds = Marking.round == THIRD if third else Marking.round < THIRD
    return (Marking.examiner_id == actor.person_id, rounds)


def queue_of(session: Session, actor: Actor, *, third: bool = False) -> Queue:
    """Return how much the actor has before them, as examiner or (`third`) as adjudicator."""
    done, total = session.execute(
        select(func.count(Marking.locked_at), func.count()).where(*_own(actor, third=third))
    ).one()
    return Queue(waiting=total - done, done=done)


def next_code(session: Session, actor: Actor, *, third: bool = False) -> ScriptCode | None:
    """Return the script that comes next in the random order of the actor's queue; None at its end."""
    query = select(Marking.code).where(*_own(actor, third=third), Marking.locked_at.is_(None))
    code = session.scalar(query.order_by(Marking.queue_order, Marking.id).limit(1))
    return None if code is None else ScriptCode(code)


def own_marking(session: Session, actor: Actor, code: str, *, third: bool = False) -> Marking:
    """Return the actor's own go at a script; the only way a view gets one.

    Raises:
        NotYours: there is none with this code, or it is someone else's.
    """
    marking = session.scalar(select(Marking).where(Marking.code == code, *_own(actor, third=third)))
    if marking is None:
        raise NotYours
    return marking


def give(session: Session, marking: Marking, given: Given, *, now: datetime) -> None:
    """Keep the marks and lock them, in one act; settle the script or ask a third person if it is time.

    The same marks sent again change nothing.

    Raises:
        NotYours: the script was given to somebody else meanwhile.
        AlreadyMarked: other marks were given before.
        WrongLevels: a criterion has no level, or one that does not exist.
        ReasonMissing: an adjudicator gave no reason.
    """
    attempt = held(session, marking.script.attempt_id)
    marking = _locked_row(session, marking.id)
    if marking.locked_at is not None:
        if _is_same(marking, given):
            return
        raise AlreadyMarked
    script = next(one for one in scripts_of(session, attempt.id) if one.id == marking.script_id)
    agreement.ensure_complete(given.levels, _criteria(session, attempt, script))
    if marking.round == THIRD and not given.comment:
        raise ReasonMissing
    marking.marks = [Mark(criterion=name, level=level) for name, level in given.levels.items()]
    marking.comment = given.comment
    marking.wants_second_opinion = given.wants_second_opinion
    marking.locked_at = now
    session.flush()
    move_on(session, attempt, script, now=now)
    if script.settled_at is not None:
        tell_if_marked(session, attempt.id)


def _locked_row(session: Session, marking_id: int) -> Marking:
    query = select(Marking).where(Marking.id == marking_id).with_for_update(of=Marking)
    marking = session.scalar(query.execution_options(populate_existing=True))
    if marking is None:
        raise NotYours
    return marking


def _is_same(marking: Marking, given: Given) -> bool:
    return levels_of(marking) == dict(given.levels) and marking.comment == given.comment


def _criteria(session: Session, attempt: Attempt, script: Script) -> list[str]:
    content = opened(session, attempt.paper_id)[script.position].content
    return [criterion.id for criterion in written_body(content).criteria]
