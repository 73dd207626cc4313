"""The states of a result and of an appeal, the moves between them, and what two people must keep to. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import N_, Refused

PROPOSAL_LASTS = timedelta(hours=24)


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


class SamePerson(Refused):
    """Whoever proposed cannot confirm."""

    message = N_("You proposed this yourself. Another organiser must confirm it.")
    status = 403


class ContentChanged(Refused):
    """What is to be confirmed is not what was proposed or looked at."""

    message = N_("The results have changed since you opened the page. Look at them again.")


class ProposalTooOld(Refused):
    """A proposal holds for a day."""

    message = N_("The proposal is older than 24 hours. It must be made anew.")


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


def has_lapsed(proposed_at: datetime, now: datetime) -> bool:
    """Tell whether a proposal is too old to be confirmed."""
    return now - proposed_at >= PROPOSAL_LASTS


def ensure_confirmable(
    *, proposed_by: int | None, proposed_at: datetime | None, confirmed_by: int, now: datetime
) -> None:
    """Refuse a confirmation by the person who proposed, or of a proposal that has lapsed.

    Raises:
        SamePerson: both are one person.
        ProposalTooOld: it was made a day ago or earlier.
    """
    if proposed_by == confirmed_by:
        raise SamePerson
    if proposed_at is None or has_lapsed(proposed_at, now):
        raise ProposalTooOld


def ensure_same(expected: str, given: str) -> None:
    """Raise `ContentChanged` unless the person confirms the very content that is there."""
    if expected != given:
        raise ContentChanged
