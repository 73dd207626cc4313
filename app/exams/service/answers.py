"""Answers: every save is an event in the attempt's journal; the current answers are read off it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.database import insert_once
from app.core.errors import N_, NotYours, Refused
from app.exams import journal
from app.exams.incoming import Batch, Sent
from app.exams.journal import Outcome
from app.exams.models import Attempt, CurrentAnswer, Flag, ShownReason
from app.exams.service import leases, ledger
from app.exams.service.attempts import Over
from app.exams.service.endings import close_if_over
from app.exams.service.ledger import Lost
from app.exams.service.opening import OpenItem, opened_for_answers
from app.exams.service.writing import Given, OpenJournal
from app.exams.timing import TooLate
from app.items.types import BY_KEY
from app.items.types.base import Answer, Form, MalformedAnswer

LEARN = "learn"
"""The stage of items whose reason is shown at once."""


@dataclass(frozen=True)
class Reply:
    """What became of one answer that a script sent.

    Attributes:
        fields_hash: of the fields as they came, so that the script knows that its very words arrived.
        is_empty: the answer was cleared.
        refusal: why it is malformed.
    """

    client: str
    sequence: int
    position: int
    fields_hash: str
    outcome: Outcome
    is_empty: bool = False
    refusal: MalformedAnswer | None = None


@dataclass(frozen=True)
class Item:
    """What a save needs to know of an item.

    Attributes:
        is_closed: its reason was shown.
    """

    item: OpenItem
    is_closed: bool

    def parse(self, fields: Form) -> Answer | None:
        return BY_KEY[self.item.type].parse(self.item.parsed, fields)


Items = Mapping[int, Item]


def items_at(session: Session, attempt: Attempt, positions: set[int]) -> Items:
    """Return the items at `positions`; the paper was opened once by this process."""
    paper = opened_for_answers(session, attempt)
    items = {position: paper[position] for position in positions if position in paper}
    closed: set[int] = set()
    # Only items to learn from can be closed: other saves, nearly all, do not ask.
    if any(item.stage == LEARN for item in items.values()):
        closed = shown_reasons(session, attempt)
    return {position: Item(item, position in closed) for position, item in items.items()}


def shown_reasons(session: Session, attempt: Attempt) -> set[int]:
    """Return the positions of the items whose reason the candidate has seen."""
    query = select(ShownReason.position).where(ShownReason.attempt_id == attempt.id)
    return set(session.scalars(query))


def _parse(items: Items, position: int, fields: Form) -> Answer | None:
    if position not in items:
        raise MalformedAnswer
    return items[position].parse(fields)


@dataclass(frozen=True)
class Received:
    """What became of one request of a page.

    Attributes:
        lease: what the page holds; 0 where it holds none.
        is_held: it is the newest page.
        lost: the ledger in figures, where this request has opened a page or changed it.
    """

    replies: list[Reply]
    lease: int
    is_held: bool
    lost: Lost | None


def receive(session: Session, attempt: Attempt, batch: Batch, *, now: datetime) -> Received:
    """Enter what a page sent into the journal of a locked attempt, and note that it was heard of.

    After the end everything new is kept as late for a day, and does not count.

    Raises:
        TooLate: the attempt ended more than a day ago; nothing is kept.
    """
    is_open = attempt.state == "open"
    lease, lost = batch.lease, None
    if is_open and batch.take and batch.client and batch.device:
        lease = leases.take(session, attempt, client=batch.client, device=batch.device, now=now)
    if is_open and batch.outage:
        # Before the time is looked at: what was lost moves the end.
        ledger.note_outage(session, attempt, claimed=batch.outage, now=now)
    if batch.take or batch.outage:
        session.flush()
        lost = ledger.lost_by(session, attempt)
    held = leases.lease_of(attempt)
    replies = _save(session, attempt, batch.events, now=now, sent_by=lease, waiting=batch.waiting)
    return Received(replies, lease or 0, held.is_held(lease), lost)


def save(session: Session, attempt: Attempt, events: Sequence[Sent], *, now: datetime) -> list[Reply]:
    """Enter answers that no page sent (an answer file, an example) as the newest page would have; see `receive`."""
    return _save(session, attempt, events, now=now, sent_by=attempt.lease_number, waiting=0)


def _save(
    session: Session,
    attempt: Attempt,
    events: Sequence[Sent],
    *,
    now: datetime,
    sent_by: int | None,
    waiting: int,
) -> list[Reply]:
    ensure_kept(session, attempt, now)
    oldest = min((sent.sequence for sent in events), default=1)
    journal_, replies = OpenJournal(session, attempt, now, waiting=waiting, oldest=oldest), []
    if events:
        items = items_at(session, attempt, {sent.position for sent in events})
        lease = leases.lease_of(attempt)
        for sent in events:
            applies = lease.applies(sent.lease, sent_by=sent_by)
            replies.append(_enter(journal_, items, sent, is_superseded=not applies))
    journal_.close()
    return replies


def ensure_kept(session: Session, attempt: Attempt, now: datetime) -> None:
    """Write the end of a locked attempt whose time is over.

    Raises:
        TooLate: it ended more than a day ago; nothing is kept any more.
    """
    close_if_over(session, attempt, now=now)
    if attempt.finished_at is not None and now - attempt.finished_at > journal.KEPT_LATE_FOR:
        raise TooLate


def _enter(journal_: OpenJournal, items: Items, sent: Sent, *, is_superseded: bool) -> Reply:
    fields_hash = journal.digest(sent.fields)
    try:
        body = _parse(items, sent.position, sent.fields)
    except MalformedAnswer as refusal:
        return Reply(
            sent.client, sent.sequence, sent.position, fields_hash, Outcome.MALFORMED, refusal=refusal
        )
    given = Given(sent.client, sent.sequence, sent.position, body, sent.lease)
    is_closed = items[sent.position].is_closed
    outcome = journal_.enter(given, is_closed=is_closed, is_superseded=is_superseded)
    return Reply(sent.client, sent.sequence, sent.position, fields_hash, outcome, is_empty=body is None)


class AnswerFirst(Refused):
    """The reason is shown to those who have answered."""

    message = N_("Answer the question first: then you see what is right and why.")


def show_reason(session: Session, attempt: Attempt, position: int, *, now: datetime) -> None:
    """Close an item to learn from: its reason may be shown from now on, its answer stays. `attempt` is locked.

    Raises:
        NotYours: there is no such item, or it is not one to learn from.
        AnswerFirst: it has no answer yet.
        Over: the attempt has ended.
    """
    if attempt.state != "open":
        raise Over(attempt.public_id)
    item = opened_for_answers(session, attempt).get(position)
    if item is None or item.stage != LEARN:
        raise NotYours
    if position not in answers_of(session, attempt.id):
        raise AnswerFirst
    insert_once(session, ShownReason, attempt_id=attempt.id, position=position, shown_at=now)


def set_flag(session: Session, attempt: Attempt, position: int, *, is_on: bool) -> None:
    """Mark an item to be looked at again, or take the mark away; done twice it is done once."""
    flag = session.get(Flag, (attempt.id, position))
    if is_on and flag is None:
        session.add(Flag(attempt_id=attempt.id, position=position))
    if not is_on and flag is not None:
        session.delete(flag)
    session.flush()


def answers_of(session: Session, attempt_id: int) -> dict[int, Any]:
    """Return the answers that count, by position, as the item's type keeps them; nothing for empty ones."""
    query = select(CurrentAnswer.position, CurrentAnswer.body).where(
        CurrentAnswer.attempt_id == attempt_id, CurrentAnswer.body.is_not(None)
    )
    return dict(session.execute(query.order_by(CurrentAnswer.position)).all())
