"""Certificates: bytes stored once, never redrawn."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json


class Certificate(Base):
    """One issued certificate. Stays when results are amended: a new version gets its own."""

    __tablename__ = "certificates"

    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    facts: Mapped[Json]
    """Every fact on the paper."""
    credential: Mapped[Json]
    """The machine-readable twin."""
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("certificates.number"))
