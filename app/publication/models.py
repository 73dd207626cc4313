"""The commission's lists, and consents."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, JsonList
from app.places.models import Place, SortKey


class ListedCandidate(Base):
    """One name on the commission's list of registered candidates, whether or not they know the school."""

    __tablename__ = "listed_candidates"
    __table_args__ = (UniqueConstraint("place_kato", "election_day", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    """In addresses; says nothing about order or presence."""
    place_kato: Mapped[str] = mapped_column(ForeignKey("places.kato"), index=True)
    election_day: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(SortKey)
    source: Mapped[str] = mapped_column(String(300))
    source_day: Mapped[date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    """The account, once an organiser has checked the identity in person."""
    tied_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    tied_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    """When a newer list no longer had the name; listed again, it is empty again."""

    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)


class Consent(Base):
    """One candidate's yes to publishing one result until a day. Only `withdrawn_at` is ever set later."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="order"),
        Index(
            "uq_consents_one_live",
            "result_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    listed_id: Mapped[int] = mapped_column(ForeignKey("listed_candidates.id"), index=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"))
    parts: Mapped[JsonList]
    """What is shown: score (else pass only), sections, certificate, search-engines."""
    text_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the exact words agreed to."""
    language: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[datetime]
    until: Mapped[date]
    """The last day on which it is shown."""
    withdrawn_at: Mapped[datetime | None]
    """When it stopped: withdrawn, over by itself, or its result was replaced by an amended one."""

    listed: Mapped[ListedCandidate] = relationship(lazy="joined", innerjoin=True)
