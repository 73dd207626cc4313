"""Answers of a file that two people let count: its chain and its times fit, and it came in its day."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.exams.answer_file import Counting
from app.exams.models import AnswerFile, Attempt, Decision
from app.exams.service import late_answers
from app.exams.service.kinds import Done, Kind, Target


class FileAtFault(Refused):
    """Chain or times do not fit."""

    message = N_("Something speaks against this file. Its late answers can be decided on one by one.")
    status = 422


def ensure_sound(session: Session, attempt: Attempt, content: Counting) -> None:
    """Refuse a file that came with a fault, or numbers that are not its own.

    Raises:
        NotLate: no such file came, or a number is none of its late answers that wait.
        FileAtFault: something speaks against the file.
        StillRuns: the attempt has not ended.
    """
    file = session.scalar(
        select(AnswerFile).where(AnswerFile.attempt_id == attempt.id, AnswerFile.sha256 == content.file)
    )
    if file is None or not set(content.events) <= set(file.numbers):
        raise late_answers.NotLate
    if file.faults:
        raise FileAtFault
    late_answers.ensure_late(session, attempt, content.events)


def _check(session: Session, target: Target, content: Counting, *, now: datetime) -> None:
    del now
    ensure_sound(session, target.the_attempt(), content)


def _apply(session: Session, target: Target, content: Counting, decision: Decision, *, now: datetime) -> Done:
    late_answers.count(session, target.the_attempt(), content.events, decision, now=now)
    return Done(N_("Answers of the file that count from now on: %(count)s."), {"count": len(content.events)})


ANSWER_FILE = Kind("answer-file", N_("An answer file counts"), "attempt", Counting, _check, _apply)
