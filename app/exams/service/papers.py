"""Papers: drawn by a recorded seed, proposed by one person, sealed by another, or discarded."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import clock, two_people
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.exams import drawing
from app.exams.drawing import Drawable, Drawn
from app.exams.life import PAPER_MOVES, after
from app.exams.models import BlueprintVersion, Custody, Paper, PaperItem
from app.exams.service import custody
from app.exams.service.blueprints import current_blueprint, read
from app.items import service as items
from app.items.models import ItemVersion

PAGE = 50


def draw(
    session: Session,
    actor: Actor,
    blueprint_key: str,
    *,
    seed: str | None = None,
    form: int = 1,
    now: datetime,
) -> Paper:
    """Draw a paper from the bank by the newest version of a blueprint; with a fresh seed unless given one.

    Papers of one seed are parallel forms: they share as few items as the bank allows.

    Raises:
        NotYours: there is no such blueprint.
        TooFew: the bank cannot fill it.
    """
    version, pool = _bank_for(session, blueprint_key)
    seed = seed or secrets.token_hex(16)
    drawn = drawing.draw(read(version), drawables(pool.values()), seed=seed, form=form)
    return _add(session, Paper(blueprint=version, seed=seed, form=form), drawn, pool, actor, now)


def draw_forms(
    session: Session, actor: Actor, blueprint_key: str, *, forms: int, now: datetime
) -> list[Paper]:
    """Draw so many parallel forms by one fresh seed; see `draw`."""
    version, pool = _bank_for(session, blueprint_key)
    seed = secrets.token_hex(16)
    every = drawing.parallel(read(version), drawables(pool.values()), seed=seed, forms=forms)
    return [
        _add(session, Paper(blueprint=version, seed=seed, form=form), drawn, pool, actor, now)
        for form, drawn in enumerate(every, start=1)
    ]


def _bank_for(session: Session, blueprint_key: str) -> tuple[BlueprintVersion, dict[str, ItemVersion]]:
    version = current_blueprint(session, blueprint_key)
    pool = items.drawable(session, version.kind)
    # What custodians of another paper hold cannot be read, so it cannot be sealed once more.
    words = custody.readable(session, pool)
    return version, {one.item_key: one for one in pool if one.id in words}


def _add(
    session: Session,
    paper: Paper,
    drawn: Sequence[Drawn],
    pool: Mapping[str, ItemVersion],
    actor: Actor,
    now: datetime,
) -> Paper:
    """Add the paper with what was drawn for it."""
    paper.label, paper.state = _next_label(session, paper.blueprint, now), "drawn"
    paper.drawn_by_id, paper.drawn_at = actor.person_id, now
    paper.content_hash = drawing.content_hash([pool[one.key].content_hash for one in drawn])
    paper.items = [
        PaperItem(position=position, section=one.section, version=pool[one.key])
        for position, one in enumerate(drawn, start=1)
    ]
    session.add(paper)
    session.flush()
    return paper


def drawables(versions: Iterable[ItemVersion]) -> list[Drawable]:
    """Return what a draw looks at in each item version."""
    return [Drawable.of(version.content) for version in versions]


def _next_label(session: Session, version: BlueprintVersion, now: datetime) -> str:
    year = clock.local(now).year
    before = session.scalar(
        select(func.count())
        .select_from(Paper)
        .join(BlueprintVersion)
        .where(BlueprintVersion.key == version.key, Paper.label.startswith(f"{year}-"))
    )
    return f"{year}-{(before or 0) + 1}"


def newest_papers(session: Session, *, start: int = 0) -> list[Paper]:
    """Return a page of papers, newest first, from place `start` on; one more where another page follows."""
    return list(session.scalars(select(Paper).order_by(Paper.id.desc()).offset(start).limit(PAGE + 1)))


def sealed_papers(session: Session) -> list[Paper]:
    """Return the papers that a sitting may use, newest first."""
    return list(
        session.scalars(select(Paper).where(Paper.state == "sealed").order_by(Paper.id.desc()).limit(PAGE))
    )


def get_paper(session: Session, public_id: UUID, *, lock: bool = False) -> Paper:
    """Return a paper, locked for a change when asked.

    Raises:
        NotYours: there is none.
    """
    query = select(Paper).where(Paper.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Paper)
    paper = session.scalar(query)
    if paper is None:
        raise NotYours
    return paper


def people_of(session: Session, paper: Paper) -> dict[int, str]:
    """Return the names of those who drew, proposed and sealed it, by person id."""
    ids = {paper.drawn_by_id, paper.proposed_by_id, paper.sealed_by_id} - {None}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def propose(session: Session, actor: Actor, public_id: UUID, *, content_hash: str, now: datetime) -> Paper:
    """Propose exactly this content for sealing.

    Raises:
        WrongState: it is sealed or discarded.
        ContentChanged: `content_hash` is not the paper's.
    """
    paper = get_paper(session, public_id, lock=True)
    paper.state = after(PAPER_MOVES, paper.state, "propose")
    _ensure_seen(paper, content_hash)
    paper.proposed_by_id, paper.proposed_at = actor.person_id, now
    session.flush()
    return paper


def seal(session: Session, actor: Actor, public_id: UUID, *, content_hash: str, now: datetime) -> Paper:
    """Seal a paper that somebody else proposed: from now on it never changes, and the bank forgets its words.

    Raises:
        InAnotherPaper: another sealed paper holds some of its items.
        WrongState: it is not proposed.
        SamePerson: the actor proposed it.
        ContentChanged: `content_hash` is not the paper's.
        ProposalTooOld: the proposal is 24 hours old.
    """
    paper = get_paper(session, public_id, lock=True)
    paper.state = after(PAPER_MOVES, paper.state, "seal")
    two_people.ensure_confirmable(
        proposed_by=paper.proposed_by_id,
        proposed_at=paper.proposed_at,
        confirmed_by=actor.person_id,
        now=now,
    )
    _ensure_seen(paper, content_hash)
    paper.sealed_by_id, paper.sealed_at = actor.person_id, now
    custody.take_in(session, paper, now=now)
    return paper


def discard(session: Session, public_id: UUID) -> Paper:
    """Put away a paper that is not sealed.

    Raises:
        WrongState: it is sealed, or was put away before.
    """
    paper = get_paper(session, public_id, lock=True)
    paper.state = after(PAPER_MOVES, paper.state, "discard")
    session.flush()
    return paper


def _ensure_seen(paper: Paper, content_hash: str) -> None:
    # Also what is stored must still be what was drawn, whoever changed it.
    stored = drawing.content_hash([item.version.content_hash for item in paper.items])
    two_people.ensure_same(stored, paper.content_hash)
    two_people.ensure_same(stored, content_hash)


@dataclass(frozen=True)
class Secrecy:
    """What may be said of a paper now.

    Attributes:
        seed: the seed of the draw, once the time of the paper is over: with it and the bank anyone can name the items.
        commitment: SHA-256 of the seed: it was there before, and is not changed afterwards.
    """

    has_custodians: bool
    is_opened: bool
    seed: str | None
    commitment: str


def secrecy_of(session: Session, paper: Paper) -> Secrecy:
    """Return what may be said of a paper now."""
    held = session.get(Custody, paper.custody_id) if paper.custody_id else None
    return Secrecy(
        has_custodians=held is not None and held.kept == custody.SHARES,
        is_opened=held is not None and held.key is not None,
        seed=None if _is_still_secret(session, paper) else paper.seed,
        commitment=sha256(paper.seed.encode()).hexdigest(),
    )


def _is_still_secret(session: Session, paper: Paper) -> bool:
    """Tell whether the seed would give away a paper, this one or a parallel one, whose time is not over."""
    query = (
        select(Paper.id)
        .outerjoin(Custody, Custody.id == Paper.custody_id)
        .where(
            Paper.blueprint_id == paper.blueprint_id,
            Paper.seed == paper.seed,
            Paper.state != "discarded",
            Custody.restored_at.is_(None),
        )
    )
    return session.scalar(query.limit(1)) is not None


def draws_again(paper: Paper, pool: Sequence[ItemVersion]) -> bool:
    """Tell whether the recorded seed gives the same items from `pool`: the bank as it was at the draw."""
    drawn = drawing.draw(read(paper.blueprint), drawables(pool), seed=paper.seed, form=paper.form)
    return [one.key for one in drawn] == [item.version.item_key for item in paper.items]
