"""Answers of pages without scripts: what says something new is entered, all at once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotYours, Refused
from app.exams import journal
from app.exams.incoming import FormAnswer
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer
from app.exams.service import leases
from app.exams.service.answers import ensure_kept, items_at
from app.exams.service.attempts import Over
from app.exams.service.writing import Given, OpenJournal
from app.items.types.base import Answer, MalformedAnswer

FORM = "form"
"""The client of all plain forms; the server counts their saves itself."""
EMPTY = journal.digest(None)


class MalformedAnswers(Refused):
    """Some answers of a plain page are none that their items allow; all others were kept."""

    status = 422

    def __init__(self, by_position: Mapping[int, MalformedAnswer]) -> None:
        super().__init__()
        self.by_position = by_position


def save_forms(session: Session, attempt: Attempt, given: Mapping[int, FormAnswer], *, now: datetime) -> None:
    """Enter what a plain page sent, item by item, where it says something new. `attempt` is locked.

    Raises:
        NotYours: there is no such position.
        MalformedAnswers: some items do not allow their answers; the others are kept.
        TooLate: the attempt ended more than a day ago; nothing is kept.
        Over: the attempt has ended; the answers are kept as late.
    """
    ensure_kept(session, attempt, now)
    items = items_at(session, attempt, set(given))
    if set(given) - set(items):
        raise NotYours
    journal_, malformed = OpenJournal(session, attempt, now), {}
    sequence, before = journal_.next_sequence(FORM), _Before(session, attempt, given)
    for position, answer in given.items():
        try:
            body = items[position].parse(answer.fields)
        except MalformedAnswer as refusal:
            malformed[position] = refusal
            continue
        # A page with the reason on it sends no answer along: that clears nothing.
        is_read = items[position].is_closed and body is None
        if is_read or before.says(position, answer, body):
            continue
        journal_.enter(Given(FORM, sequence, position, body), is_closed=items[position].is_closed)
        sequence += 1
    journal_.close()
    if attempt.state != "open":
        raise Over(attempt.public_id)
    if journal_.added:
        # A page without scripts takes the attempt over by what it writes: a page elsewhere is told.
        leases.take(session, attempt, client=str(uuid4()), device=FORM, now=now)
    if malformed:
        raise MalformedAnswers(malformed)


class _Before:
    """What stood there before a plain page was sent: as it showed it, and as it is now."""

    def __init__(self, session: Session, attempt: Attempt, given: Mapping[int, FormAnswer]) -> None:
        event, current = AnswerEvent, CurrentAnswer
        now = select(current.position, event.body_hash).join(event, event.id == current.event_id)
        self._current = dict(session.execute(now.where(current.attempt_id == attempt.id)).all())
        shown = select(event.number, event.position, event.body_hash).where(
            event.attempt_id == attempt.id, event.number.in_({one.shown for one in given.values()})
        )
        self._shown = {(number, position): hash_ for number, position, hash_ in session.execute(shown)}

    def says(self, position: int, answer: FormAnswer, body: Answer | None) -> bool:
        """Tell whether the page says nothing new of this item."""
        seen = self._shown.get((answer.shown, position), EMPTY)
        return journal.is_untouched(
            journal.digest(body), shown=seen, current=self._current.get(position, EMPTY)
        )
