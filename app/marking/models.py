"""Scripts, the marking given to examiners, and their marks. No table here holds a name or a place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base


class Script(Base):
    """The open answer of a submitted attempt to one item, as examiners get it."""

    __tablename__ = "scripts"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("state IN ('marking', 'adjudication', 'settled')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(14))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    points: Mapped[int | None]
    """Final points in hundredths, once settled."""

    markings: Mapped[list["Marking"]] = relationship(
        back_populates="script", order_by="Marking.round", lazy="selectin"
    )


class Marking(Base):
    """One examiner's go at one script, under a code of its own."""

    __tablename__ = "markings"
    __table_args__ = (
        UniqueConstraint("script_id", "examiner_id"),
        UniqueConstraint("script_id", "round"),
        CheckConstraint("round IN (1, 2, 3)", name="round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    """Random per (script, examiner): two examiners cannot find out that they hold the same script."""
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"))
    examiner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    round: Mapped[int]
    """1 and 2: the two blind marks; 3: the adjudicator's."""
    queue_order: Mapped[int]
    """Random: nothing of the order in which scripts came."""
    comment: Mapped[str | None]
    wants_second_opinion: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    """Given for good: from then on it cannot be changed."""

    script: Mapped[Script] = relationship(back_populates="markings", lazy="joined", innerjoin=True)
    marks: Mapped[list["Mark"]] = relationship(
        back_populates="marking", cascade="all, delete-orphan", lazy="selectin"
    )


class Mark(Base):
    """One examiner, one criterion, one level."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("marking_id", "criterion"),
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("markings.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]

    marking: Mapped[Marking] = relationship(back_populates="marks")


class ExaminerDistrict(Base):
    """Where an examiner lives or works: nothing from there is given to them."""

    __tablename__ = "examiner_districts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    place_kato: Mapped[str] = mapped_column(ForeignKey("places.kato"))
