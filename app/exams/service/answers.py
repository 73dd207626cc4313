"""Answers: every save is an event in the attempt's journal; the current answers are read off it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.database import insert_once
from app.core.errors import N_, NotYours, Refused
from app.exams import journal
from app.exams.incoming import Sent
from app.exams.journal import Outcome
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer, Flag, PaperItem, ShownReason
from app.exams.service.attempts import Over
from app.exams.service.endings import close_if_over
from app.exams.service.writing import Given, OpenJournal
from app.exams.timing import TooLate
from app.items.models import ItemVersion
from app.items.types import BY_KEY
from app.items.types.base import Answer, Form, MalformedAnswer

FORM = "form"
"""The client of all plain forms; the server counts their saves itself."""
EMPTY = journal.digest(None)
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


_ITEMS = (
    select(PaperItem.position, ItemVersion.type, ItemVersion.content)
    .join(ItemVersion, ItemVersion.id == PaperItem.item_version_id)
    .where(
        PaperItem.paper_id == bindparam("paper_id"),
        PaperItem.position.in_(bindparam("positions", expanding=True)),
    )
)


@dataclass(frozen=True)
class _Item:
    """What a save needs to know of an item.

    Attributes:
        is_closed: its reason was shown.
    """

    type: str
    body: Any
    is_closed: bool

    def parse(self, fields: Form) -> Answer | None:
        item_type = BY_KEY[self.type]
        return item_type.parse(item_type.body_model.model_validate(self.body), fields)


_Items = Mapping[int, _Item]


def _items(session: Session, attempt: Attempt, positions: set[int]) -> _Items:
    """Return the items at `positions`, without loading the whole paper."""
    wanted = {"paper_id": attempt.paper_id, "positions": list(positions)}
    rows = session.connection().execute(_ITEMS, wanted).all()
    closed: set[int] = set()
    # Only items to learn from can be closed: other saves, nearly all, do not ask.
    if any(content.get("stage") == LEARN for _, _, content in rows):
        closed = shown_reasons(session, attempt)
    return {
        position: _Item(type_key, content["body"], position in closed) for position, type_key, content in rows
    }


def shown_reasons(session: Session, attempt: Attempt) -> set[int]:
    """Return the positions of the items whose reason the candidate has seen."""
    query = select(ShownReason.position).where(ShownReason.attempt_id == attempt.id)
    return set(session.scalars(query))


def _parse(items: _Items, position: int, fields: Form) -> Answer | None:
    if position not in items:
        raise MalformedAnswer
    return items[position].parse(fields)


def save(session: Session, attempt: Attempt, batch: Sequence[Sent], *, now: datetime) -> list[Reply]:
    """Enter what a script sent into the journal of a locked attempt; return what became of each.

    After the end everything new is kept as late for a day, and does not count.

    Raises:
        TooLate: the attempt ended more than a day ago; nothing is kept.
    """
    _ensure_kept(session, attempt, now)
    items = _items(session, attempt, {sent.position for sent in batch})
    journal_ = OpenJournal(session, attempt, {sent.client for sent in batch}, now)
    return [_enter(journal_, items, sent) for sent in batch]


def _ensure_kept(session: Session, attempt: Attempt, now: datetime) -> None:
    close_if_over(session, attempt, now=now)
    if attempt.finished_at is not None and now - attempt.finished_at > journal.KEPT_LATE_FOR:
        raise TooLate


def _enter(journal_: OpenJournal, items: _Items, sent: Sent) -> Reply:
    fields_hash = journal.digest(sent.fields)
    try:
        body = _parse(items, sent.position, sent.fields)
    except MalformedAnswer as refusal:
        return Reply(
            sent.client, sent.sequence, sent.position, fields_hash, Outcome.MALFORMED, refusal=refusal
        )
    given = Given(sent.client, sent.sequence, sent.position, body)
    outcome = journal_.enter(given, is_closed=items[sent.position].is_closed)
    return Reply(sent.client, sent.sequence, sent.position, fields_hash, outcome, is_empty=body is None)


def save_form(
    session: Session, attempt: Attempt, position: int, fields: Form, *, shown: int, now: datetime
) -> None:
    """Enter what a plain form sent, unless it says nothing new. `attempt` is locked.

    Args:
        session: the running transaction.
        attempt: the candidate's own.
        position: of the item in the paper.
        fields: all values by name.
        shown: number of the event that the page showed as the answer, 0 for none.
        now: by the database's clock.

    Raises:
        NotYours: there is no such position.
        MalformedAnswer: the item does not allow this answer; nothing is kept.
        TooLate: the attempt ended more than a day ago; nothing is kept.
        Over: the attempt has ended; the answer is kept as late.
    """
    _ensure_kept(session, attempt, now)
    items = _items(session, attempt, {position})
    if position not in items:
        raise NotYours
    try:
        body = _parse(items, position, fields)
    except MalformedAnswer:
        if attempt.state != "open":
            raise Over(attempt.public_id) from None
        raise
    journal_ = OpenJournal(session, attempt, {FORM}, now)
    # A page with the reason on it sends no answer along: that clears nothing.
    is_read = items[position].is_closed and body is None
    if not is_read and not _says_nothing_new(session, attempt, position, journal.digest(body), shown):
        sequence = max((known.sequence for known in journal_.known[FORM]), default=0) + 1
        journal_.enter(Given(FORM, sequence, position, body), is_closed=items[position].is_closed)
    if attempt.state != "open":
        raise Over(attempt.public_id)


def _says_nothing_new(session: Session, attempt: Attempt, position: int, body_hash: str, shown: int) -> bool:
    current = session.scalar(
        select(AnswerEvent.body_hash)
        .join(CurrentAnswer, CurrentAnswer.event_id == AnswerEvent.id)
        .where(CurrentAnswer.attempt_id == attempt.id, CurrentAnswer.position == position)
    )
    seen = session.scalar(
        select(AnswerEvent.body_hash).where(
            AnswerEvent.attempt_id == attempt.id,
            AnswerEvent.number == shown,
            AnswerEvent.position == position,
        )
    )
    return journal.is_untouched(body_hash, shown=seen or EMPTY, current=current or EMPTY)


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
    stage = session.scalar(
        select(ItemVersion.content["stage"])
        .join(PaperItem, PaperItem.item_version_id == ItemVersion.id)
        .where(PaperItem.paper_id == attempt.paper_id, PaperItem.position == position)
    )
    if stage != LEARN:
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


def journal_fault(session: Session, attempt: Attempt) -> int | None:
    """Return the place of the first event that does not follow from those before; None if all do."""
    events = session.scalars(
        select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id).order_by(AnswerEvent.number)
    ).all()
    links = [(_link(event), event.chain_hash) for event in events]
    fault = journal.first_fault(journal.start_hash(attempt.public_id), links)
    if fault is not None:
        return fault
    heads = {0: journal.start_hash(attempt.public_id)} | {event.number: event.chain_hash for event in events}
    # A head without its event: the end of the journal was cut off.
    return None if heads.get(attempt.event_count) == attempt.head_hash else len(events) + 1


def _link(event: AnswerEvent) -> journal.Event:
    return journal.Event(
        number=event.number,
        client=event.client,
        client_sequence=event.client_sequence,
        position=event.position,
        # Of the answer as it is stored: a changed answer breaks the chain as a changed hash does.
        body_hash=journal.digest(cast("Answer | None", event.body)),
        received_at=event.received_at,
        is_late=event.is_late,
        is_stale=event.is_stale,
    )
