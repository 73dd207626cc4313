"""When an attempt is open. Pure: the present moment is always an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import N_, Refused

GRACE = timedelta(seconds=5)
"""An answer completely received this long after the deadline still counts: it was on its way."""


class TooLate(Refused):
    """The attempt is over."""

    message = N_("The time for this attempt is over. What was saved before is handed in.")


@dataclass(frozen=True)
class Timing:
    """Fixed at the start of an attempt. Moments are aware and in UTC.

    Attributes:
        started_at: when the server let the candidate in.
        deadline: the first moment that is too late.
    """

    started_at: datetime
    deadline: datetime

    def is_open(self, now: datetime) -> bool:
        """Tell whether items are shown and answers taken at `now`."""
        return now < self.deadline

    def counts(self, received_at: datetime) -> bool:
        """Tell whether an answer received then is scored: up to and including the grace."""
        return received_at <= self.deadline + GRACE

    def seconds_left(self, now: datetime) -> int:
        """Return whole seconds to the deadline, never below 0."""
        return max(0, int((self.deadline - now).total_seconds()))

    def ensure_open(self, now: datetime) -> None:
        """Raise `TooLate` from the deadline on."""
        if not self.is_open(now):
            raise TooLate


def fixed_deadline(
    *, started_at: datetime, length: timedelta, closes_at: datetime, extra: timedelta = timedelta(0)
) -> datetime:
    """Return the deadline of an attempt: its length or the sitting's end, whichever is first, plus extra."""
    return min(started_at + length, closes_at) + extra
