"""Attempts, the journal of their answers, and what moves their time."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import AnyJson, Base, Json
from app.exams.models.papers import Paper, Sitting
from app.exams.timing import Timing


class Attempt(Base):
    """One person's go at one paper."""

    __tablename__ = "attempts"
    __table_args__ = (
        # A double click or two devices start one attempt, whatever the code thinks.
        Index("uq_attempts_person_sitting", "person_id", "sitting_id", unique=True),
        Index("ix_attempts_state_deadline", "state", "deadline"),
        CheckConstraint("state IN ('open', 'finished')", name="state"),
        CheckConstraint("(state = 'open') = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    length_seconds: Mapped[int]
    closes_at: Mapped[datetime]
    extra_seconds: Mapped[int] = mapped_column(default=0)
    deadline: Mapped[datetime]
    """Written once at the start from the three before; moved only by a recorded accommodation."""
    finished_at: Mapped[datetime | None]
    finished_by: Mapped[str | None] = mapped_column(String(10))
    """candidate, deadline or paper."""
    event_count: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the newest event: the journal's chain; frozen at the finish."""
    shuffle_seed: Mapped[str] = mapped_column(String(32))
    """Orders the options for this person."""
    lease_number: Mapped[int] = mapped_column(default=0)
    """Counts the pages that took this attempt over, one after the other; the newest alone writes."""
    lease_since: Mapped[int] = mapped_column(default=0)
    """The first lease of the unbroken run of one device: what it still held from then on counts."""
    lease_device: Mapped[str | None] = mapped_column(String(36))
    last_seen_at: Mapped[datetime | None]
    waiting: Mapped[int] = mapped_column(default=0)
    """How many answers its page said it still held back, when it was last seen."""

    paper: Mapped[Paper] = relationship(lazy="select")
    sitting: Mapped[Sitting] = relationship(lazy="select")

    @property
    def timing(self) -> Timing:
        return Timing(started_at=self.started_at, deadline=self.deadline)


class AnswerEvent(Base):
    """One saved answer. Only ever added, never changed."""

    __tablename__ = "answer_events"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        UniqueConstraint("attempt_id", "client", "client_sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    number: Mapped[int]
    """The server's own count within the attempt, from 1: the order of the chain."""
    client: Mapped[str] = mapped_column(String(36))
    """The browser tab that sent it; `form` where scripts are off."""
    client_sequence: Mapped[int]
    position: Mapped[int]
    body: Mapped[Json | None] = mapped_column(AnyJson)
    """The answer in its item type's form; null when it was cleared."""
    body_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False)
    """Came after the deadline: kept, not scored, until an organiser decides."""
    is_stale: Mapped[bool] = mapped_column(default=False)
    """Came after a newer one of the same client for the same item: kept, not current."""
    is_superseded: Mapped[bool] = mapped_column(default=False)
    """Typed where another page had taken over: kept, not current."""
    lease: Mapped[int | None]
    """The lease under which it was typed; none where there are no scripts."""
    chain_hash: Mapped[str] = mapped_column(String(64))


class RefusedAnswer(Base):
    """A resend that contradicts what was saved under the same number: refused and kept."""

    __tablename__ = "refused_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    client: Mapped[str] = mapped_column(String(36))
    client_sequence: Mapped[int]
    position: Mapped[int]
    body: Mapped[Json | None] = mapped_column(AnyJson)
    received_at: Mapped[datetime]


class CurrentAnswer(Base):
    """The newest counting answer to one item: a projection of the journal, rebuildable at any time."""

    __tablename__ = "current_answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("answer_events.id"))
    body: Mapped[Json | None] = mapped_column(AnyJson)


class Flag(Base):
    """An item that the candidate wants to look at again."""

    __tablename__ = "flags"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)


class ShownReason(Base):
    """The reason of an item to learn from was shown: its answer stays as it is."""

    __tablename__ = "shown_reasons"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    shown_at: Mapped[datetime]


class Lease(Base):
    """One page's taking over of an attempt. Only ever added."""

    __tablename__ = "leases"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    client: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The page: it takes once, however often its request comes."""
    number: Mapped[int]
    device: Mapped[str] = mapped_column(String(36))
    taken_at: Mapped[datetime]


class Outage(Base):
    """One stretch without a line between a page and the server: the ledger of lost time. Only ever added."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    seconds: Mapped[int]
    """As the page counted it, never more than the server had not heard of it."""
    given_seconds: Mapped[int]
    """Given back by rule."""


class TimeGrant(Base):
    """Seconds added to one attempt, and why: its deadline is its first one plus all of these. Only ever added."""

    __tablename__ = "time_grants"
    __table_args__ = (CheckConstraint("cause IN ('accommodation', 'outage', 'decision')", name="cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    seconds: Mapped[int]
    cause: Mapped[str] = mapped_column(String(15))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    given_at: Mapped[datetime]


class AcceptedLate(Base):
    """A late answer that two people decided to count. Only ever added."""

    __tablename__ = "accepted_late"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """Of the answer event."""
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
