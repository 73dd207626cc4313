"""The states of attempts, papers and sittings, and the only moves between them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from app.core.errors import N_, Refused

Moves = Mapping[tuple[str, str], str]

ATTEMPT_MOVES: Moves = {("open", "finish"): "finished"}
PAPER_MOVES: Moves = {
    ("drawn", "propose"): "proposed",
    # A proposal that nobody took up in its time is made anew.
    ("proposed", "propose"): "proposed",
    ("proposed", "seal"): "sealed",
    ("drawn", "discard"): "discarded",
    ("proposed", "discard"): "discarded",
}


class WrongState(Refused):
    """The thing is not, or no longer, in the state in which this can be done."""

    message = N_("This cannot be done in the present state. Reload the page to see it.")


def after(moves: Moves, state: str, act: str) -> str:
    """Return the state that `act` leads to.

    Raises:
        WrongState: the act does not exist in `state`.
    """
    try:
        return moves[state, act]
    except KeyError:
        raise WrongState from None


class SittingState(StrEnum):
    """What a sitting is at one moment."""

    CANCELLED = "cancelled"
    """Nobody starts any more; attempts that run go on."""
    PLANNED = "planned"
    """Not open yet."""
    OPEN = "open"
    """Attempts may start."""
    OVER = "over"
    """Closed by its time."""


def sitting_state(
    *, opens_at: datetime, closes_at: datetime, cancelled_at: datetime | None, now: datetime
) -> SittingState:
    """Return the sitting's state at `now`; open from its first moment on, over from its last on."""
    if cancelled_at is not None:
        return SittingState.CANCELLED
    if now < opens_at:
        return SittingState.PLANNED
    return SittingState.OPEN if now < closes_at else SittingState.OVER
