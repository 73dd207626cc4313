"""Who may start an attempt now, and what still stands in the way. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import N_, Refused
from app.exams.life import SittingState


class NotOpenYet(Refused):
    """The sitting begins later."""

    message = N_("This sitting is not open yet.")


class SittingOver(Refused):
    """The sitting has ended."""

    message = N_("This sitting is over.")


class SittingCancelled(Refused):
    """An organiser called the sitting off."""

    message = N_("This sitting was cancelled.")


class OtherPlace(Refused):
    """The sitting is for candidates of another place."""

    message = N_("This sitting is for candidates of another place.")


class CourseFirst(Refused):
    """The course opens the exam."""

    message = N_("Finish all lessons of the course first.")


class AnotherIsOpen(Refused):
    """One goes at one paper at a time."""

    message = N_("You have begun an attempt that is still running. Finish it first.")


class TooSoon(Refused):
    """The pause between two attempts is not over."""

    message = N_("A pause stands between two attempts, and yours is not over yet.")


@dataclass(frozen=True)
class Standing:
    """What decides about one person and one sitting.

    Attributes:
        is_of_the_place: the sitting is open to all, or to a place that the candidate's place lies in.
        needs_course: this kind is opened by the course.
        last_end: when the person's last attempt of this kind ended; None: there was none.
        runs_another: an attempt of this kind runs in another sitting.
    """

    sitting: SittingState
    is_of_the_place: bool
    needs_course: bool
    has_finished_course: bool
    last_end: datetime | None
    retake_after_days: int
    runs_another: bool


def may_retake_at(standing: Standing) -> datetime | None:
    """Return the first moment of a new attempt; None when nothing came before."""
    if standing.last_end is None:
        return None
    return standing.last_end + timedelta(days=standing.retake_after_days)


def hindrances(standing: Standing, *, now: datetime) -> list[Refused]:
    """Return everything that stands in the way, the person's own side first; empty when they may start."""
    return list(_hindrances(standing, now))


def _hindrances(standing: Standing, now: datetime) -> Iterator[Refused]:
    if standing.runs_another:
        yield AnotherIsOpen()
    if standing.needs_course and not standing.has_finished_course:
        yield CourseFirst()
    again = may_retake_at(standing)
    if again is not None and now < again:
        yield TooSoon()
    if not standing.is_of_the_place:
        yield OtherPlace()
    closed = {
        SittingState.CANCELLED: SittingCancelled,
        SittingState.PLANNED: NotOpenYet,
        SittingState.OVER: SittingOver,
    }
    if standing.sitting in closed:
        yield closed[standing.sitting]()


def ensure_may_start(standing: Standing, *, now: datetime) -> None:
    """Raise the first of `hindrances`."""
    for refusal in _hindrances(standing, now):
        raise refusal
