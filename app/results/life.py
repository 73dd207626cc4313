"""The states of a result and of an appeal, and the moves between them. Pure."""

from enum import StrEnum

from app.core.errors import N_, Refused


class State(StrEnum):
    """Where one version of a result stands."""

    PROVISIONAL = "provisional"
    """Worked out; nobody outside sees it; worked out anew when something changes."""
    PROPOSED = "proposed"
    """One organiser wants it released."""
    RELEASED = "released"
    """Another organiser confirmed it; never changed."""
    SUPERSEDED = "superseded"
    """A later version was released in its place; kept."""


class Event(StrEnum):
    """What can happen to a version."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    LAPSE = "lapse"
    """Nobody confirmed it in time."""
    REPLACE = "replace"
    """A later version is released."""


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    DECLINED = "declined"
    UPHELD = "upheld"


class AppealEvent(StrEnum):
    """How an appeal ends."""

    DECLINE = "decline"
    UPHOLD = "uphold"
    """The corrected version is released."""


class NotNow(Refused):
    """The result or the appeal is not in a state in which this can happen."""

    message = N_("Something has changed meanwhile. Open the page again and look at the present state.")


MOVES = {
    (State.PROVISIONAL, Event.PROPOSE): State.PROPOSED,
    (State.PROPOSED, Event.CONFIRM): State.RELEASED,
    (State.PROPOSED, Event.LAPSE): State.PROVISIONAL,
    (State.RELEASED, Event.REPLACE): State.SUPERSEDED,
}
APPEAL_MOVES = {
    (AppealState.OPEN, AppealEvent.DECLINE): AppealState.DECLINED,
    (AppealState.OPEN, AppealEvent.UPHOLD): AppealState.UPHELD,
}


def after(state: State, event: Event) -> State:
    """Return the state that `event` leads to.

    Raises:
        NotNow: it cannot happen in `state`.
    """
    if (state, event) not in MOVES:
        raise NotNow
    return MOVES[state, event]


def appeal_after(state: AppealState, event: AppealEvent) -> AppealState:
    """Return the state of an appeal that `event` leads to.

    Raises:
        NotNow: it is answered already.
    """
    if (state, event) not in APPEAL_MOVES:
        raise NotNow
    return APPEAL_MOVES[state, event]
