"""The journal of one locked attempt, open for writing. A save must be cheap: statements are built once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, bindparam, cast, exists, func, insert, inspect, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core.database import put_row
from app.exams import journal
from app.exams.journal import Known, Outcome
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer, RefusedAnswer
from app.items.types.base import Answer

_KNOWN = select(AnswerEvent.client_sequence, AnswerEvent.position, AnswerEvent.body_hash).where(
    AnswerEvent.attempt_id == bindparam("attempt_id"),
    AnswerEvent.client == bindparam("client"),
    # A number that came already, or a later one: nothing older decides.
    AnswerEvent.client_sequence >= bindparam("oldest"),
)
_NEWEST_SEQUENCE = select(func.max(AnswerEvent.client_sequence)).where(
    AnswerEvent.attempt_id == bindparam("attempt_id"), AnswerEvent.client == bindparam("client")
)
_LAST = (
    select(AnswerEvent.number, AnswerEvent.chain_hash)
    .where(AnswerEvent.attempt_id == bindparam("attempt_id"))
    .order_by(AnswerEvent.number.desc())
    .limit(1)
)
_ADD = insert(AnswerEvent).returning(AnswerEvent.id)
_OF_CURRENT = ("attempt_id", "position", "body")


def _add_new() -> Insert:
    """Return the statement that adds an event, makes it the present answer and moves the head (PostgreSQL).

    It does nothing where the client has sent this number or a later one: then somebody must judge.
    """
    types = {column.key: column.type for column in inspect(AnswerEvent).columns if column.key != "id"}
    known = exists().where(
        AnswerEvent.attempt_id == bindparam("attempt_id"),
        AnswerEvent.client == bindparam("client"),
        AnswerEvent.client_sequence >= bindparam("client_sequence"),
    )
    row = select(*(cast(bindparam(name, type_=type_), type_) for name, type_ in types.items())).where(~known)
    event = (
        insert(AnswerEvent)
        .from_select(list(types), row, include_defaults=False)
        .returning(AnswerEvent.id, *(getattr(AnswerEvent, name) for name in _OF_CURRENT))
        .cte("added")
    )
    head = {"event_count": "number", "head_hash": "chain_hash", "last_seen_at": "received_at"}
    moved = (
        update(Attempt)
        .where(Attempt.id == event.c.attempt_id)
        .values(
            {column: bindparam(name) for column, name in head.items()} | {"waiting": bindparam("waiting")}
        )
        .returning(Attempt.id)
        .cte("moved")
    )
    put = insert_postgresql(CurrentAnswer).from_select(
        ["event_id", *_OF_CURRENT], select(event.c.id, *(event.c[name] for name in _OF_CURRENT))
    )
    changes = {name: put.excluded[name] for name in ("event_id", "body")}
    put = put.on_conflict_do_update(index_elements=["attempt_id", "position"], set_=changes)
    return put.add_cte(moved).execution_options(preserve_rowcount=True)


_ADD_NEW = _add_new()
_MOVE_HEAD = update(Attempt).where(Attempt.id == bindparam("attempt"))


@dataclass(frozen=True)
class Given:
    """An answer that its item allows, about to be entered."""

    client: str
    sequence: int
    position: int
    body: Answer | None
    lease: int | None = None

    @property
    def body_hash(self) -> str:
        return journal.digest(self.body)


class OpenJournal:
    """The journal of one attempt; whoever opens it holds the attempt's lock, and closes it at the end.

    Attributes:
        added: how many events were added in time.
    """

    def __init__(
        self, session: Session, attempt: Attempt, now: datetime, *, waiting: int = 0, oldest: int = 1
    ) -> None:
        """Open the journal.

        Args:
            session: the running transaction.
            attempt: locked.
            now: by the database's clock.
            waiting: how many answers the page says it still holds back.
            oldest: no event to be entered has a smaller sequence.
        """
        self._session, self._attempt, self._now = session, attempt, now
        self._waiting, self._oldest, self._is_written = waiting, oldest, False
        self._connection = session.connection()
        self._is_late = attempt.state != "open"
        self._number, self._head = attempt.event_count, attempt.head_hash
        self._known: dict[str, list[Known]] = {}
        self.added = 0
        if self._is_late:
            # The head was frozen at the end; what comes later hangs on what came later before.
            self._number, self._head = self._last_link()

    def _last_link(self) -> tuple[int, str]:
        last = self._connection.execute(_LAST, {"attempt_id": self._attempt.id}).first()
        return (last[0], last[1]) if last else (0, self._attempt.head_hash)

    def _known_of(self, client: str) -> list[Known]:
        """Return what earlier events of a client say of themselves."""
        if client not in self._known:
            wanted = {"attempt_id": self._attempt.id, "client": client, "oldest": self._oldest}
            rows = self._connection.execute(_KNOWN, wanted)
            self._known[client] = [Known(*row) for row in rows]
        return self._known[client]

    def next_sequence(self, client: str) -> int:
        """Return the number after the newest of a client whose saves the server counts itself."""
        newest = self._connection.execute(
            _NEWEST_SEQUENCE, {"attempt_id": self._attempt.id, "client": client}
        ).scalar()
        return (newest or 0) + 1

    def enter(self, given: Given, *, is_closed: bool = False, is_superseded: bool = False) -> Outcome:
        """Judge an answer, and keep it as what it is."""
        is_plain = not (self._is_late or is_superseded or is_closed or given.client in self._known)
        if is_plain and self._is_server and self._add_new(given):
            return Outcome.SAVED
        sent = Known(given.sequence, given.position, given.body_hash)
        known = self._known_of(given.client)
        outcome = journal.judge(
            known, sent, is_late=self._is_late, is_superseded=is_superseded, is_closed=is_closed
        )
        if outcome is Outcome.REFUSED:
            self._keep_aside(given)
        elif outcome is not Outcome.REPEATED:
            self._add(given, outcome)
            known.append(sent)
        return outcome

    @property
    def _is_server(self) -> bool:
        return self._connection.dialect.name == "postgresql"

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

    def _row(self, given: Given, outcome: Outcome) -> dict[str, object]:
        """Return the event that follows the newest one, as its row."""
        link = journal.Event(
            number=self._number + 1,
            client=given.client,
            client_sequence=given.sequence,
            position=given.position,
            body_hash=given.body_hash,
            received_at=self._now,
            is_late=outcome is Outcome.LATE,
            is_stale=outcome is Outcome.STALE,
            is_superseded=outcome is Outcome.SUPERSEDED,
            lease=given.lease,
        )
        return {
            **vars(link),
            "attempt_id": self._attempt.id,
            "body": given.body,
            "chain_hash": journal.chained(self._head, link),
        }

    def _add_new(self, given: Given) -> bool:
        """Add what nothing of its client stands in the way of: one way to the server. Tell whether it was so."""
        row = self._row(given, Outcome.SAVED)
        if not self._connection.execute(_ADD_NEW, row | {"waiting": self._waiting}).rowcount:
            return False
        self._move(row, is_written=True)
        return True

    def _add(self, given: Given, outcome: Outcome) -> None:
        row = self._row(given, outcome)
        event_id = self._connection.execute(_ADD, row).scalar_one()
        self._move(row, is_written=False)
        if outcome is Outcome.SAVED:
            current = {name: row[name] for name in _OF_CURRENT} | {"event_id": event_id}
            put_row(self._connection, CurrentAnswer, current)

    def _move(self, row: dict[str, object], *, is_written: bool) -> None:
        self._number, self._head = self._number + 1, str(row["chain_hash"])
        self._is_written = is_written
        self.added += not self._is_late

    def close(self) -> None:
        """Write how far the attempt is: its head, and that its page was heard of."""
        if self._is_late:
            return
        values = {
            "event_count": self._number,
            "head_hash": self._head,
            "last_seen_at": self._now,
            "waiting": self._waiting,
        }
        if not self._is_written:
            self._connection.execute(_MOVE_HEAD, {"attempt": self._attempt.id, **values})
        for name, value in values.items():
            # It is written already: the session need not write it again.
            set_committed_value(self._attempt, name, value)
