"""What a kind of decision is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from app.core.content import Strict
from app.exams.models import Attempt, Decision, Sitting


@dataclass(frozen=True)
class Target:
    """What a decision is about: one of the three. A sitting or an attempt is locked."""

    sitting: Sitting | None = None
    attempt: Attempt | None = None
    person_id: int | None = None

    @property
    def name(self) -> str:
        """Return what stands for it in the hash that is approved."""
        if self.attempt is not None:
            return f"attempt:{self.attempt.public_id}"
        if self.sitting is not None:
            return f"sitting:{self.sitting.public_id}"
        return f"person:{self.person_id}"

    def the_attempt(self) -> Attempt:
        """Return the attempt.

        Raises:
            LookupError: the decision is about something else: a fault of its kind.
        """
        if self.attempt is None:
            raise LookupError(self.name)
        return self.attempt

    def the_sitting(self) -> Sitting:
        """Return the sitting.

        Raises:
            LookupError: the decision is about something else: a fault of its kind.
        """
        if self.sitting is None:
            raise LookupError(self.name)
        return self.sitting


@dataclass(frozen=True)
class Done:
    """What the person who approved is told: an English sentence with %(name)s places, and what fills them."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class Check(Protocol):
    """Refuses what cannot be done: when it is proposed, and again before it is done."""

    def __call__(self, session: Session, target: Target, content: Any, /, *, now: datetime) -> None: ...  # noqa: ANN401 - of the kind's own model


class Apply(Protocol):
    """Does what was approved, in the approval's own transaction."""

    def __call__(
        self,
        session: Session,
        target: Target,
        content: Any,  # noqa: ANN401 - of the kind's own model
        decision: Decision,
        /,
        *,
        now: datetime,
    ) -> Done: ...


@dataclass(frozen=True)
class Kind:
    """One kind of decision.

    Attributes:
        title: its name on screens (a key of the catalogues).
        content: what it holds.
    """

    key: str
    title: str
    aims_at: Literal["sitting", "attempt", "person"]
    content: type[Strict]
    check: Check
    apply: Apply


Recount = Callable[[Session, int, frozenset[int]], None]
"""A room above hears, in the transaction itself, that other answers of an attempt (its id) count at these
positions; it raises `Refused` when they can count no more."""
