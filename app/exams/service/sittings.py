"""Sittings: when and for whom sealed papers are open."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.exams.life import SittingState, WrongState, sitting_state
from app.exams.models import Paper, Sitting, SittingPaper
from app.places import service as places
from app.places.models import Place

PAGE = 50
MOST_ROWS = 100_000


class NoPapers(Refused):
    """A sitting opens at least one paper."""

    message = N_("Choose at least one sealed paper.")
    status = 422


class NotSealed(Refused):
    """Only what two people sealed is given to candidates."""

    message = N_("Only sealed papers can be opened.")
    status = 422


class NotParallel(Refused):
    """Papers of one sitting must be alike."""

    message = N_("The papers of one sitting come from one blueprint.")
    status = 422


class WrongWindow(Refused):
    """The sitting ends before it begins, or has ended already."""

    message = N_("The end must come after the beginning, and lie in the future.")
    status = 422


class NoSuchPlace(Refused):
    """No place has this code."""

    message = N_("There is no place with this code. A code has nine figures.")
    status = 422


def open_sitting(
    session: Session,
    actor: Actor,
    *,
    title: str,
    papers: Sequence[UUID],
    opens_at: datetime,
    closes_at: datetime,
    place_kato: str | None,
    now: datetime,
) -> Sitting:
    """Open sealed parallel papers between two moments, for all or for one place and what lies in it.

    Raises:
        NoPapers, NotSealed, NotParallel: the papers cannot be opened together.
        WrongWindow: the moments do not make a window that is still to come or running.
        NoSuchPlace: there is no place with this code.
    """
    if opens_at >= closes_at or closes_at <= now:
        raise WrongWindow
    chosen = list(session.scalars(select(Paper).where(Paper.public_id.in_(papers)).order_by(Paper.id)))
    kind = _kind_of(chosen, wanted=len(set(papers)))
    if place_kato is not None:
        _ensure_place(session, place_kato)
    sitting = Sitting(
        kind=kind,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        place_kato=place_kato,
        created_by_id=actor.person_id,
        created_at=now,
        papers=[SittingPaper(paper=paper) for paper in chosen],
    )
    session.add(sitting)
    session.flush()
    return sitting


def _kind_of(papers: Sequence[Paper], *, wanted: int) -> str:
    if not papers:
        raise NoPapers
    if len(papers) < wanted or any(paper.state != "sealed" for paper in papers):
        raise NotSealed
    if len({paper.blueprint.key for paper in papers}) > 1:
        raise NotParallel
    return papers[0].blueprint.kind


def _ensure_place(session: Session, kato: str) -> None:
    try:
        places.get(session, kato)
    except NotYours:
        raise NoSuchPlace from None


def get_sitting(session: Session, public_id: UUID, *, lock: bool = False, hold: bool = False) -> Sitting:
    """Return a sitting, locked for a change when asked, or held: others may hold it too, nobody changes it.

    Raises:
        NotYours: there is none.
    """
    query = select(Sitting).where(Sitting.public_id == public_id)
    if lock or hold:
        query = query.with_for_update(of=Sitting, read=hold).execution_options(populate_existing=True)
    sitting = session.scalar(query)
    if sitting is None:
        raise NotYours
    return sitting


def place_of(session: Session, sitting: Sitting) -> Place | None:
    """Return the place that a sitting is for; None when it is open to all."""
    return places.get(session, sitting.place_kato) if sitting.place_kato else None


def state_of(sitting: Sitting, now: datetime) -> SittingState:
    """Return what the sitting is at `now`."""
    return sitting_state(
        opens_at=sitting.opens_at, closes_at=sitting.closes_at, cancelled_at=sitting.cancelled_at, now=now
    )


def cancel(session: Session, public_id: UUID, *, now: datetime) -> Sitting:
    """Let nobody start any more; attempts that run go on to their end.

    Raises:
        WrongState: it is over, or was cancelled before.
    """
    sitting = get_sitting(session, public_id, lock=True)
    if state_of(sitting, now) not in {SittingState.PLANNED, SittingState.OPEN}:
        raise WrongState
    sitting.cancelled_at = now
    session.flush()
    return sitting


def latest_sittings(session: Session, *, start: int = 0) -> list[Sitting]:
    """Return a page of sittings, last to open first, from place `start` on; one more if a page follows."""
    query = select(Sitting).options(*_WITH_PAPERS).order_by(Sitting.opens_at.desc(), Sitting.id.desc())
    return list(session.scalars(query.offset(start).limit(PAGE + 1)))


_WITH_PAPERS = (selectinload(Sitting.papers).joinedload(SittingPaper.paper).joinedload(Paper.blueprint),)


def coming_sittings(
    session: Session, kind: str, place_katos: Sequence[str], *, now: datetime
) -> list[Sitting]:
    """Return the sittings of `kind` that are or will be open to all or to these places; soonest first."""
    query = (
        select(Sitting)
        .options(*_WITH_PAPERS)
        .where(
            Sitting.kind == kind,
            Sitting.cancelled_at.is_(None),
            Sitting.closes_at > now,
            or_(Sitting.place_kato.is_(None), Sitting.place_kato.in_(place_katos)),
        )
        .order_by(Sitting.opens_at, Sitting.id)
        .limit(PAGE)
    )
    return list(session.scalars(query))
