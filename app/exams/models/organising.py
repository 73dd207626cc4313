"""What organisers decide, note and enter around a sitting."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Json, JsonList
from app.exams.models.papers import Paper, Sitting


class Decision(Base):
    """What one person proposed for a sitting, an attempt or a person, and another approved."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('extra-time', 'sitting-time', 'late-answers', 'accommodation', 'answer-file')",
            name="kind",
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(20))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    content: Mapped[Json]
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of kind, target and content: what the second person approves."""
    reason: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ClockAlarm(Base):
    """A time in which the clocks were not trusted: nothing is closed by the clock until an organiser ends it."""

    __tablename__ = "clock_alarms"
    __table_args__ = (
        CheckConstraint("cause IN ('jump', 'apart')", name="cause"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed"),
        # Several processes may notice it: one alarm is on at a time.
        Index(
            "uq_clock_alarms_on",
            "is_on",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    """Always true: what the one alarm without an end is found by."""
    cause: Mapped[str] = mapped_column(String(10))
    milliseconds: Mapped[int] = mapped_column(BigInteger)
    """By how much; forward is more than zero."""
    noticed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Incident(Base):
    """One entry of a sitting's incident book. Only ever added."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("kind IN ('power', 'network', 'disturbance', 'health', 'other')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    kind: Mapped[str] = mapped_column(String(15))
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class AnswerFile(Base):
    """A sealed file of answers as it came, and what was found in it. Only ever added."""

    __tablename__ = "answer_files"
    __table_args__ = (UniqueConstraint("attempt_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str]
    """The file itself."""
    answers: Mapped[int]
    """How many it holds."""
    added: Mapped[int]
    """How many of them the journal did not have yet."""
    faults: Mapped[JsonList]
    """Keys of `file_faults.Fault`."""
    numbers: Mapped[JsonList]
    """Of its answer events that came after the end: what two people may decide to count."""


class Seat(Base):
    """One printed copy of a sitting's paper, and the attempt that two people made of it."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        CheckConstraint("first_by_id IS NULL OR first_by_id <> second_by_id", name="two_people"),
        CheckConstraint(
            "(attempt_id IS NULL) = (settled_at IS NULL) AND (attempt_id IS NULL) = (person_id IS NULL) "
            "AND (attempt_id IS NULL) = (first_by_id IS NULL) AND (attempt_id IS NULL) = (second_by_id IS NULL)",
            name="settled",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    number: Mapped[int]
    """Within the sitting, from 1."""
    code: Mapped[str] = mapped_column(String(7), unique=True)
    """`seats.Code`: what stands on every sheet."""
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), unique=True)
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]

    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)
    sitting: Mapped[Sitting] = relationship(lazy="joined", innerjoin=True)


class SeatEntry(Base):
    """What one person typed from the sheets of a seat, without seeing what another typed."""

    __tablename__ = "seat_entries"
    __table_args__ = (UniqueConstraint("seat_id", "entered_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """Whose sheets they are."""
    answers: Mapped[Json]
    """By position; what was left empty is not among them."""
