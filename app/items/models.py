"""The item bank: items, stimuli, and versions of both that never change."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Json


class StimulusVersion(Base):
    """One wording of a text, table or case that several items share. Never changed."""

    __tablename__ = "stimulus_versions"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    content: Mapped[Json]
    """The stimulus file as read; without its words, where these are encrypted."""
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Item(Base):
    """One question. What it says is in its versions."""

    __tablename__ = "items"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    type: Mapped[str] = mapped_column(String(30))
    use: Mapped[str] = mapped_column(String(20), index=True)
    topic: Mapped[str] = mapped_column(String(40), index=True)
    competency: Mapped[str] = mapped_column(String(20))
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id", use_alter=True))
    retired_at: Mapped[datetime | None]
    """No longer in the bank's files: not drawn any more, kept for those who had it."""

    current: Mapped["ItemVersion | None"] = relationship(foreign_keys=current_version_id, lazy="joined")


class ItemVersion(Base):
    """One wording of an item with its key and reasons. Never changed; a correction is a new version."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_key", "number"), UniqueConstraint("item_key", "content_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_key: Mapped[str] = mapped_column(ForeignKey("items.key"))
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(30))
    content: Mapped[Json]
    """The item file as read; where its words are encrypted, only what a draw and a list look at (`files.listed`)."""
    content_hash: Mapped[str] = mapped_column(String(64))
    stimulus_version_id: Mapped[int | None] = mapped_column(ForeignKey("stimulus_versions.id"))
    created_at: Mapped[datetime]

    stimulus: Mapped[StimulusVersion | None] = relationship(lazy="joined")


class Draft(Base):
    """The words of one version that is not public, encrypted; gone while a sealed paper holds them."""

    __tablename__ = "drafts"
    __table_args__ = (
        CheckConstraint("(item_version_id IS NULL) <> (stimulus_version_id IS NULL)", name="one_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id"), unique=True)
    stimulus_version_id: Mapped[int | None] = mapped_column(ForeignKey("stimulus_versions.id"), unique=True)
    data_key: Mapped[bytes]
    """Opens the words; itself closed under the school's key of drafts."""
    words: Mapped[bytes]
