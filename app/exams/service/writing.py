"""The journal of one locked attempt, open for writing. A save must be cheap: statements are built once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core.database import put_row
from app.exams import journal
from app.exams.journal import Known, Outcome
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer, RefusedAnswer
from app.items.types.base import Answer

_KNOWN = select(
    AnswerEvent.client, AnswerEvent.client_sequence, AnswerEvent.position, AnswerEvent.body_hash
).where(
    AnswerEvent.attempt_id == bindparam("attempt_id"),
    AnswerEvent.client.in_(bindparam("clients", expanding=True)),
)
_LAST = (
    select(AnswerEvent.number, AnswerEvent.chain_hash)
    .where(AnswerEvent.attempt_id == bindparam("attempt_id"))
    .order_by(AnswerEvent.number.desc())
    .limit(1)
)
_ADD = insert(AnswerEvent).returning(AnswerEvent.id)
_MOVE_HEAD = update(Attempt).where(Attempt.id == bindparam("attempt"))


@dataclass(frozen=True)
class Given:
    """An answer that its item allows, about to be entered."""

    client: str
    sequence: int
    position: int
    body: Answer | None

    @property
    def body_hash(self) -> str:
        return journal.digest(self.body)


class OpenJournal:
    """The journal of one attempt; whoever opens it holds the attempt's lock.

    Attributes:
        known: what earlier events say of themselves, by client.
    """

    def __init__(self, session: Session, attempt: Attempt, clients: set[str], now: datetime) -> None:
        self._session, self._attempt, self._now = session, attempt, now
        self._connection = session.connection()
        self._is_late = attempt.state != "open"
        self._number, self._head = attempt.event_count, attempt.head_hash
        if self._is_late:
            # The head was frozen at the end; what comes later hangs on what came later before.
            self._number, self._head = self._last_link()
        self.known: dict[str, list[Known]] = {client: [] for client in clients}
        wanted = {"attempt_id": attempt.id, "clients": list(clients)}
        for client, sequence, position, body_hash in self._connection.execute(_KNOWN, wanted):
            self.known[client].append(Known(sequence, position, body_hash))

    def _last_link(self) -> tuple[int, str]:
        last = self._connection.execute(_LAST, {"attempt_id": self._attempt.id}).first()
        return (last[0], last[1]) if last else (0, self._attempt.head_hash)

    def enter(self, given: Given, *, is_closed: bool = False) -> Outcome:
        """Judge an answer, and keep it as what it is."""
        sent = Known(given.sequence, given.position, given.body_hash)
        outcome = journal.judge(self.known[given.client], sent, is_late=self._is_late, is_closed=is_closed)
        if outcome is Outcome.REFUSED:
            self._keep_aside(given)
        elif outcome is not Outcome.REPEATED:
            self._add(given, sent, outcome)
            self.known[given.client].append(sent)
        return outcome

    def _keep_aside(self, given: Given) -> None:
        self._session.add(
            RefusedAnswer(
                attempt_id=self._attempt.id,
                client=given.client,
                client_sequence=given.sequence,
                position=given.position,
                body=given.body,
                received_at=self._now,
            )
        )

    def _add(self, given: Given, sent: Known, outcome: Outcome) -> None:
        self._number += 1
        link = journal.Event(
            number=self._number,
            client=given.client,
            client_sequence=given.sequence,
            position=given.position,
            body_hash=sent.body_hash,
            received_at=self._now,
            is_late=outcome is Outcome.LATE,
            is_stale=outcome is Outcome.STALE,
        )
        self._head = journal.chained(self._head, link)
        event = {
            **vars(link),
            "attempt_id": self._attempt.id,
            "body": given.body,
            "chain_hash": self._head,
        }
        event_id = self._connection.execute(_ADD, event).scalar_one()
        if not self._is_late:
            self._move_head()
        if outcome is Outcome.SAVED:
            current = {"attempt_id": self._attempt.id, "position": given.position}
            put_row(self._connection, CurrentAnswer, {**current, "event_id": event_id, "body": given.body})

    def _move_head(self) -> None:
        attempt_id, head = self._attempt.id, {"event_count": self._number, "head_hash": self._head}
        self._connection.execute(_MOVE_HEAD, {"attempt": attempt_id, **head})
        for name, value in head.items():
            # It is written already: the session need not write it again.
            set_committed_value(self._attempt, name, value)
