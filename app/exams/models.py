"""Blueprints, papers, sittings, attempts and the journal of answers."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import AnyJson, Base, Json
from app.exams.timing import Timing
from app.items.models import ItemVersion


class BlueprintVersion(Base):
    """One wording of a blueprint file. Never changed; the newest number is what the file says."""

    __tablename__ = "blueprint_versions"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """suitability, exam or practice."""
    content: Mapped[Json]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Paper(Base):
    """A fixed, ordered set of item versions, drawn by a recorded seed, sealed by two people."""

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("state IN ('drawn', 'proposed', 'sealed', 'discarded')", name="state"),
        CheckConstraint("sealed_by_id IS NULL OR sealed_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint_versions.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    """What people call it: 2026-1."""
    seed: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(default=1)
    """Which of the parallel forms of the seed."""
    state: Mapped[str] = mapped_column(String(12))
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the ordered content hashes of its item versions: what two people approve."""
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drawn_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime | None]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sealed_at: Mapped[datetime | None]

    blueprint: Mapped[BlueprintVersion] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list["PaperItem"]] = relationship(back_populates="paper", order_by="PaperItem.position")


class PaperItem(Base):
    """One item version at its place in a paper."""

    __tablename__ = "paper_items"
    __table_args__ = (
        UniqueConstraint("paper_id", "position"),
        UniqueConstraint("paper_id", "item_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    position: Mapped[int]
    """From 1."""
    section: Mapped[str] = mapped_column(String(40))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)

    paper: Mapped[Paper] = relationship(back_populates="items")
    version: Mapped[ItemVersion] = relationship(lazy="joined", innerjoin=True)


class Sitting(Base):
    """When and for whom a set of parallel papers is open."""

    __tablename__ = "sittings"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(120))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    place_kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    """Only for candidates of this place and what lies in it; everyone when empty."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    papers: Mapped[list["SittingPaper"]] = relationship(
        back_populates="sitting", order_by="SittingPaper.id", lazy="selectin"
    )


class SittingPaper(Base):
    """One of the parallel papers of a sitting."""

    __tablename__ = "sitting_papers"
    __table_args__ = (UniqueConstraint("sitting_id", "paper_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))

    sitting: Mapped[Sitting] = relationship(back_populates="papers")
    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)


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
    """candidate or deadline."""
    event_count: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the newest event: the journal's chain; frozen at the finish."""
    shuffle_seed: Mapped[str] = mapped_column(String(32))
    """Orders the options for this person."""

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
