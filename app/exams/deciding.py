"""Decisions by two people: what they may hold, how they are named by a hash, where one stands. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError, model_validator

from app.core.content import Strict
from app.core.errors import Invalid
from app.core.two_people import has_lapsed
from app.exams.journal import canonical, digest

LONGEST_REASON = 1000
MOST_SECONDS = 7200
MOST_EVENTS = 500
MOST_PERCENT = 100
MOST_BREAK_MINUTES = 60
_WHOLE = 100
_MINUTE = 60
Content = TypeVar("Content", bound=Strict)


class Time(Strict):
    """Seconds that are added to one attempt, or to all of a sitting that run."""

    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)]


class LateAnswers(Strict):
    """Late answers that count, by their numbers in the journal of the attempt."""

    events: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=MOST_EVENTS)]

    @model_validator(mode="after")
    def each_once(self) -> "LateAnswers":
        """Refuse numbers that are not in their order, each once: one set, one hash."""
        if self.events != sorted(set(self.events)):
            message = "numbers in their order, each once"
            raise ValueError(message)
        return self


class Right(Strict):
    """A person's right to more time, or to a break, through a day; nothing of both ends an earlier right."""

    percent: Annotated[int, Field(ge=0, le=MOST_PERCENT)]
    break_minutes: Annotated[int, Field(ge=0, le=MOST_BREAK_MINUTES)]
    until: date

    def seconds(self, length_seconds: int) -> int:
        """Return what the right adds to an attempt of this length."""
        return length_seconds * self.percent // _WHOLE + self.break_minutes * _MINUTE


def read(model: type[Content], content: Mapping[str, Any]) -> Content:
    """Return content as its kind reads it.

    Raises:
        Invalid: it holds something else.
    """
    try:
        return model.model_validate_json(canonical(content))
    except ValidationError:
        raise Invalid from None


def content_hash(*, kind: str, target: str, content: Mapping[str, Any], reason: str) -> str:
    """Return what the second person approves: the kind, whom it is for, what it says and why, as one hash."""
    return digest({"kind": kind, "target": target, "content": content, "reason": reason})


class Standing(StrEnum):
    """Where a decision stands."""

    WAITING = "waiting"
    """For its second person."""
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Nobody approved it within a day."""


def standing(
    *, proposed_at: datetime, approved_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> Standing:
    """Return where a decision stands at `now`."""
    if approved_at is not None:
        return Standing.APPROVED
    if withdrawn_at is not None:
        return Standing.WITHDRAWN
    return Standing.LAPSED if has_lapsed(proposed_at, now) else Standing.WAITING
