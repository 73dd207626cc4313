"""Results in their versions, and appeals."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Json
from app.exams.models import Attempt


class Result(Base):
    """What one attempt's marked answers add up to, in one version. Never changed once released."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("state IN ('provisional', 'proposed', 'released', 'superseded')", name="state"),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(state IN ('released', 'superseded')) = (released_at IS NOT NULL)", name="released"),
        Index(
            "uq_results_one_released",
            "attempt_id",
            unique=True,
            sqlite_where=text("state = 'released'"),
            postgresql_where=text("state = 'released'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    """The version, from 1; a correction after release is the next one."""
    state: Mapped[str] = mapped_column(String(12))
    scores: Mapped[Json]
    """What `results.scoring` worked out, as JSON: total, sections, competencies; fractions as text."""
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the scores: what the second person confirms."""
    has_passed: Mapped[bool | None]
    """By the pass rule; for a suitability test: found suitable."""
    reason: Mapped[str | None]
    """Why a later version was made."""
    computed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(lazy="joined", innerjoin=True)


class Appeal(Base):
    """A candidate asks a person to look again."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'declined')", name="state"),
        Index(
            "uq_appeals_one_open",
            "result_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]

    result: Mapped[Result] = relationship(lazy="joined", innerjoin=True)
