"""What two people must keep to when one confirms what the other proposed (security.md 5.2). Pure."""

from datetime import datetime, timedelta

from app.core.errors import N_, Refused

PROPOSAL_LASTS = timedelta(hours=24)


class SamePerson(Refused):
    """Whoever proposed cannot confirm."""

    message = N_("You proposed this yourself. Somebody else must confirm it.")
    status = 403


class ContentChanged(Refused):
    """What is to be confirmed is not what was proposed or looked at."""

    message = N_("This is no longer what you looked at. Reload the page and look at it again.")


class ProposalTooOld(Refused):
    """A proposal holds for a day."""

    message = N_("The proposal is older than 24 hours. It must be made anew.")


def has_lapsed(proposed_at: datetime | None, now: datetime) -> bool:
    """Tell whether there is no proposal, or one that is too old to be confirmed."""
    return proposed_at is None or now - proposed_at >= PROPOSAL_LASTS


def ensure_confirmable(
    *, proposed_by: int | None, proposed_at: datetime | None, confirmed_by: int, now: datetime
) -> None:
    """Refuse a confirmation by the person who proposed, or of a proposal that has lapsed.

    Raises:
        SamePerson: both are one person.
        ProposalTooOld: it was made a day ago or earlier, or never.
    """
    if proposed_by == confirmed_by:
        raise SamePerson
    if has_lapsed(proposed_at, now):
        raise ProposalTooOld


def ensure_same(expected: str, given: str) -> None:
    """Raise `ContentChanged` unless the person confirms the very content that is there."""
    if expected != given:
        raise ContentChanged
