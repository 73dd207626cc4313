"""The one way from a paper to a candidate's page (security.md 3.6)."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.exams.models import Attempt, Sitting
from app.exams.service.attempts import Over
from app.exams.service.opening import OpenItems, opened

_OPENS_AT = select(Sitting.opens_at).where(Sitting.id == bindparam("sitting_id"))


class NotOpenYet(Refused):
    """Not even an opened paper is shown before its time."""

    message = N_("The sitting has not begun yet.")


def delivered(session: Session, attempt: Attempt, *, now: datetime) -> OpenItems:
    """Return the items of a running attempt's paper, by position. The caller has made sure whose attempt it is.

    Args:
        session: to read with.
        attempt: the actor's own, from `own_attempt` or `running_attempt`.
        now: by the database's clock.

    Raises:
        Over: the attempt does not run.
        NotOpenYet: its sitting has not begun.
        NotOpened: its paper's key is still with the custodians.
    """
    if attempt.state != "open" or not attempt.timing.is_open(now):
        raise Over(attempt.public_id)
    opens_at = session.connection().execute(_OPENS_AT, {"sitting_id": attempt.sitting_id}).scalar_one()
    if now < opens_at:
        raise NotOpenYet
    return opened(session, attempt.paper_id)
