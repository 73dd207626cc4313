"""The chained record and its head."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json


class AuditEvent(Base):
    """One act that mattered. Only ever added; triggers refuse anything else.

    Holds ids and hashes: no names, answers or tokens, so that erasing a person leaves the chain valid.
    """

    __tablename__ = "audit_events"

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    roles: Mapped[str]
    tag: Mapped[str] = mapped_column(index=True)
    about: Mapped[Json]
    refused: Mapped[bool]
    request_id: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    def hashed(self) -> dict[str, object]:
        """Return what the hash covers."""
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "roles": self.roles,
            "tag": self.tag,
            "about": self.about,
            "refused": self.refused,
            "request": self.request_id,
        }


class AuditHead(Base):
    """The newest link: the one row that a writer locks, and what makes a cut tail visible."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    hash: Mapped[str] = mapped_column(String(64))
