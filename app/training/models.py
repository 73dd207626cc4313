"""Modules and lessons as loaded from the files; enrolment, progress, teams."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, Json, JsonList


class Module(Base):
    """One part of the course, as its folder says."""

    __tablename__ = "modules"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    title: Mapped[Json]
    summary: Mapped[Json]
    competencies: Mapped[JsonList]
    about: Mapped[Json]
    """outcomes (by language each), roles (of a team), case (title by language, html by language), sheet (the summary
    for print: html by language)."""
    retired_at: Mapped[datetime | None]

    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="module", order_by="Lesson.position", lazy="selectin"
    )


class Lesson(Base):
    """One lesson, as its files say; texts are rendered once, when loaded."""

    __tablename__ = "lessons"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    module_key: Mapped[str] = mapped_column(ForeignKey("modules.key"), index=True)
    position: Mapped[int]
    minutes: Mapped[int]
    texts: Mapped[Json]
    """By language: title, lead, bytes (weight of the text itself, which is a `LessonText`)."""
    checks: Mapped[JsonList] = mapped_column(deferred=True)
    """Quick checks: key, answer, options (ids), and by language question, options, reasons."""
    meta: Mapped[Json]
    """competencies, functions (numbers of the law's list), sources, terms (keys of the glossary), changed (says what
    changed in 2026)."""
    content_hash: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]

    module: Mapped[Module] = relationship(back_populates="lessons", lazy="joined", innerjoin=True)


class LessonText(Base):
    """One lesson in one language, to be read and to be searched; lists of lessons do without it."""

    __tablename__ = "lesson_texts"

    lesson_key: Mapped[str] = mapped_column(ForeignKey("lessons.key"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    case: Mapped[Json]
    """The episode of the module's case: story, question, answer, as html."""
    plain: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    """Title and text as `alphabet.fold` spells them, a space before each word."""

    lesson: Mapped[Lesson] = relationship(lazy="joined", innerjoin=True)


class Enrolment(Base):
    """The course is open to this person, and why."""

    __tablename__ = "enrolments"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    """suitable (a released suitability result), team (member of an enrolled candidate's team), setting."""
    opened_at: Mapped[datetime]


class LessonProgress(Base):
    """How far one person is in one lesson; the newest page they opened is where they go on."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("person_id", "lesson_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    lesson_key: Mapped[str] = mapped_column(ForeignKey("lessons.key"))
    content_hash: Mapped[str] = mapped_column(String(64))
    finished_at: Mapped[datetime]


class CheckAnswer(Base):
    """One person's newest answer to one quick check. Seen by that person alone."""

    __tablename__ = "check_answers"
    __table_args__ = (UniqueConstraint("person_id", "lesson_key", "check_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    lesson_key: Mapped[str] = mapped_column(ForeignKey("lessons.key"))
    check_key: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(40))
    is_right: Mapped[bool]
    answered_at: Mapped[datetime]


class TeamInvite(Base):
    """One link by which one person may join the team of `leader`. Single use, hashed, 72 hours."""

    __tablename__ = "team_invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class TeamMembership(Base):
    """One person learning with one candidate. A person is in one team at a time."""

    __tablename__ = "team_memberships"
    __table_args__ = (
        Index(
            "uq_team_memberships_one_at_a_time",
            "person_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    leader_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
