"""The states of a script and the moves between them. Pure."""

from enum import StrEnum

from app.core.errors import N_, Refused


class State(StrEnum):
    """Where a script stands."""

    MARKING = "marking"
    """Its two blind marks are being given."""
    ADJUDICATION = "adjudication"
    """Both are given and a third person is asked."""
    SETTLED = "settled"
    """Its points are final."""


class Event(StrEnum):
    """What can happen to a script."""

    LEFT_EMPTY = "left-empty"
    """Nothing was written: nobody has to mark it."""
    AGREED = "agreed"
    """The two marks lie close enough."""
    DIFFERED = "differed"
    """They lie too far apart, or one of the two examiners asked for another opinion."""
    ADJUDICATED = "adjudicated"
    """The third mark is given."""
    WRITTEN_AFTER_ALL = "written-after-all"
    """It was settled as empty, and two people let a late answer count."""


class NotNow(Refused):
    """The script is not in a state in which this can happen."""

    message = N_("The script is in another state by now. Nothing was changed.")


MOVES = {
    (State.MARKING, Event.LEFT_EMPTY): State.SETTLED,
    (State.MARKING, Event.AGREED): State.SETTLED,
    (State.MARKING, Event.DIFFERED): State.ADJUDICATION,
    (State.ADJUDICATION, Event.ADJUDICATED): State.SETTLED,
    (State.SETTLED, Event.WRITTEN_AFTER_ALL): State.MARKING,
}


def after(state: State, event: Event) -> State:
    """Return the state that `event` leads to.

    Raises:
        NotNow: it cannot happen in `state`.
    """
    if (state, event) not in MOVES:
        raise NotNow
    return MOVES[state, event]
