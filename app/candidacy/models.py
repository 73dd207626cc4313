"""The candidate's profile and their answers on the legal requirements."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.places.models import Place


class Candidacy(Base):
    """One person's wish to stand: where. No IIN, no date of birth, no papers."""

    __tablename__ = "candidacies"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    place_kato: Mapped[str] = mapped_column(ForeignKey("places.kato"), index=True)
    chosen_at: Mapped[datetime]

    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)


class RequirementAnswer(Base):
    """What one person answered on one rule; replaced when they answer anew."""

    __tablename__ = "requirement_answers"
    __table_args__ = (UniqueConstraint("person_id", "rule_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    rule_key: Mapped[str] = mapped_column(String(60))
    answer: Mapped[str] = mapped_column(String(60))
    rules_version: Mapped[str] = mapped_column(String(10))
    """The date of the text that the question came from; an answer to an older text is asked again."""
    answered_at: Mapped[datetime]
