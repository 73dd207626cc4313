"""Blueprints, papers, the custody of their keys, and sittings."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Json
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
    custody_id: Mapped[int | None] = mapped_column(ForeignKey("custodies.id"), index=True)
    """What holds the words of its items; none before it is sealed, and where an older release sealed it."""

    blueprint: Mapped[BlueprintVersion] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list["PaperItem"]] = relationship(back_populates="paper", order_by="PaperItem.position")


class Custody(Base):
    """One key under which the words of the parallel papers of one draw lie, and who can bring it together."""

    __tablename__ = "custodies"
    __table_args__ = (CheckConstraint("needed >= 2 OR kept = 'server'", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint_versions.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str] = mapped_column(String(10))
    """shares or server."""
    needed: Mapped[int]
    """How many of the shares bring the key together."""
    key: Mapped[bytes | None]
    """The key, closed under the school's own: from the sealing on where the server keeps it, else from the release."""
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    """The time of its papers is over: the bank has its readable copies again."""

    shares: Mapped[list["PaperShare"]] = relationship(back_populates="custody", order_by="PaperShare.number")


class PaperShare(Base):
    """One share of the key of a custody: shown to one person, once; given back by one person."""

    __tablename__ = "paper_shares"
    __table_args__ = (
        # One person is never two custodians, and never brings two shares.
        UniqueConstraint("custody_id", "holder_id"),
        UniqueConstraint("custody_id", "given_by_id"),
        CheckConstraint("(holder_id IS NULL) = (waiting IS NOT NULL)", name="shown_once"),
        CheckConstraint("given IS NULL OR given_by_id IS NOT NULL", name="given"),
    )

    custody_id: Mapped[int] = mapped_column(ForeignKey("custodies.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the share: tells a wrong one from the right one, and opens nothing."""
    waiting: Mapped[bytes | None]
    """The share, closed under the school's key, until its custodian has taken it."""
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    given: Mapped[bytes | None]
    """The share as its custodian gave it back, closed under the school's key, while it waits for the others."""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime | None]

    custody: Mapped[Custody] = relationship(back_populates="shares")


class PaperEnvelope(Base):
    """The words of one item version with its stimulus, closed under the key of a custody. Only ever added."""

    __tablename__ = "paper_envelopes"

    custody_id: Mapped[int] = mapped_column(ForeignKey("custodies.id"), primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    words: Mapped[bytes]


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
