"""What custodians do: each takes one share, and gives it back when the sitting is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.audit import service as audit
from app.core import mail
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.exams import sharing
from app.exams.models import Custody, Paper, PaperEnvelope, PaperShare, Sitting, SittingPaper
from app.exams.service.custody import SHARES, settings, unwrapped, words_in, wrapped
from app.exams.service.papers import get_paper
from app.exams.sharing import Share
from app.items.models import ItemVersion

BEFORE_OPENING = timedelta(minutes=30)
"""So early a paper may be opened, and so long one share waits for the others (security.md 3.4)."""
RELEASED = "paper-released"


class NotInCustody(Refused):
    """There are no shares of this paper: the server keeps its key, or an older release sealed it."""

    message = N_("This paper has no custodians.")


class AlreadyOpened(Refused):
    """The key is together."""

    message = N_("The paper is opened already.")


class AlreadyTaken(Refused):
    """One person holds one share."""

    message = N_(
        "You have taken your share of this paper. It is shown once; another share needs another person."
    )
    status = 403


class NoShareLeft(Refused):
    """Every share has its custodian."""

    message = N_("All shares of this paper are taken.")


class TooEarly(Refused):
    """No sitting of this paper begins soon, or runs."""

    message = N_("A paper is opened from 30 minutes before its sitting begins until the sitting ends.")


class WrongShare(Refused):
    """A share, and well typed, but of something else."""

    message = N_("This is a share of another paper. Nothing was changed.")
    status = 422


class AlreadyGiven(Refused):
    """Two people cannot give one share."""

    message = N_("This share was given already.")


class AnotherPerson(Refused):
    """Whoever gave a share cannot give the next one."""

    message = N_("You have given a share of this paper. The next one must be given by another person.")
    status = 403


@dataclass(frozen=True)
class Custodians:
    """How the custody of a paper stands, for one person.

    Attributes:
        papers: labels of all papers that the key opens.
        taken: name of the custodian and moment, of each share that was taken.
        left: shares that still wait for a custodian.
        given: names of those whose share waits for the others.
        may_be_given: a sitting of these papers begins soon, or runs.
    """

    custody: Custody
    papers: Sequence[str]
    shares: int
    taken: Sequence[tuple[str, datetime]]
    left: int
    given: Sequence[str]
    may_be_given: bool
    has_taken: bool
    has_given: bool


def custody_of(session: Session, actor: Actor, paper_id: UUID, *, now: datetime) -> Custodians:
    """Return how the custody of a paper stands.

    Raises:
        NotYours: there is no such paper.
        NotInCustody: no shares were made of it.
    """
    custody = _custody(session, get_paper(session, paper_id))
    shares = custody.shares
    waiting = [share for share in shares if share.given is not None and not _is_old(share, now)]
    ids = {share.holder_id for share in shares} | {share.given_by_id for share in shares}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - {None}))).all())
    labels = select(Paper.label).where(Paper.custody_id == custody.id).order_by(Paper.id)
    return Custodians(
        custody=custody,
        papers=list(session.scalars(labels)),
        shares=len(shares),
        taken=[
            (names[share.holder_id], share.taken_at)
            for share in shares
            if share.holder_id is not None and share.taken_at is not None
        ],
        left=sum(share.waiting is not None for share in shares),
        given=[names[share.given_by_id] for share in waiting if share.given_by_id is not None],
        may_be_given=custody.key is None and _is_near(session, custody, now),
        has_taken=any(share.holder_id == actor.person_id for share in shares),
        has_given=any(share.given_by_id == actor.person_id for share in waiting),
    )


def _custody(session: Session, paper: Paper, *, lock: bool = False) -> Custody:
    query = select(Custody).where(Custody.id == paper.custody_id, Custody.kept == SHARES)
    if lock:
        query = query.with_for_update(of=Custody).execution_options(populate_existing=True)
    custody = session.scalar(query)
    if custody is None:
        raise NotInCustody
    return custody


def take_share(session: Session, actor: Actor, paper_id: UUID, *, now: datetime) -> str:
    """Return a share as it is written, to the one person who keeps it; the server forgets it.

    Raises:
        NotYours: there is no such paper.
        NotInCustody: no shares were made of it.
        AlreadyTaken: the actor has one.
        NoShareLeft: others have them all.
    """
    custody = _custody(session, get_paper(session, paper_id), lock=True)
    if any(share.holder_id == actor.person_id for share in custody.shares):
        raise AlreadyTaken
    for share in custody.shares:
        if share.waiting is not None:
            written = sharing.code(_opened(custody, share, share.waiting))
            share.waiting, share.holder_id, share.taken_at = None, actor.person_id, now
            session.flush()
            return written
    raise NoShareLeft


def _opened(custody: Custody, share: PaperShare, closed: bytes) -> Share:
    return Share(share.number, unwrapped(custody, closed, f"share {share.number}"))


def give_share(session: Session, actor: Actor, paper_id: UUID, code: str, *, now: datetime) -> bool:
    """Give one share back; with enough of them the paper is opened. Tell whether it is.

    Raises:
        NotYours: there is no such paper.
        NotInCustody: no shares were made of it.
        AlreadyOpened: the others were enough.
        TooEarly: no sitting of it is near.
        Mistyped, WrongShare: the code is not one of this paper; nothing is changed.
        AlreadyGiven: somebody else gave this share.
        AnotherPerson: the actor gave another share.
    """
    custody = _custody(session, get_paper(session, paper_id), lock=True)
    if custody.key is not None:
        raise AlreadyOpened
    if not _is_near(session, custody, now):
        raise TooEarly
    said = sharing.read(code)
    share = next((one for one in custody.shares if one.code_hash == sharing.share_hash(said)), None)
    if share is None:
        raise WrongShare
    forget_old(custody.shares, now)
    # What is forgotten must be gone before the same person gives anew.
    session.flush()
    if share.given_by_id not in {None, actor.person_id}:
        raise AlreadyGiven
    if any(one.given_by_id == actor.person_id for one in custody.shares if one is not share):
        raise AnotherPerson
    share.given = wrapped(custody, said.values, f"share {share.number}")
    share.given_by_id, share.given_at = actor.person_id, now
    session.flush()
    given = [_opened(custody, one, one.given) for one in custody.shares if one.given is not None]
    if len(given) < custody.needed:
        return False
    _release(session, actor, custody, sharing.join(given), now)
    return True


def _is_near(session: Session, custody: Custody, now: datetime) -> bool:
    near = (
        select(Sitting.id)
        .where(uses(custody), Sitting.opens_at <= now + BEFORE_OPENING, Sitting.closes_at > now)
        .limit(1)
    )
    return session.scalar(near) is not None


def uses(custody: Custody) -> ColumnElement[bool]:
    """Tell which sittings, not cancelled, use a paper of the custody."""
    return Sitting.cancelled_at.is_(None) & exists().where(
        SittingPaper.sitting_id == Sitting.id,
        SittingPaper.paper_id == Paper.id,
        Paper.custody_id == custody.id,
    )


def _is_old(share: PaperShare, now: datetime) -> bool:
    return share.given_at is not None and now - share.given_at > BEFORE_OPENING


def forget_old(shares: Sequence[PaperShare], now: datetime) -> None:
    """Take back what waited too long for the other shares."""
    for share in shares:
        if share.given is not None and _is_old(share, now):
            share.given, share.given_by_id, share.given_at = None, None, None


def _release(session: Session, actor: Actor, custody: Custody, key: bytes, now: datetime) -> None:
    """Keep the key, so that a crash in mid-exam needs no custodian; the shares are forgotten, the people are not."""
    custody.key, custody.released_at = wrapped(custody, key, "key"), now
    # Before anything depends on it: the key opens what it should.
    first = session.scalars(
        select(ItemVersion)
        .join(PaperEnvelope, PaperEnvelope.item_version_id == ItemVersion.id)
        .where(PaperEnvelope.custody_id == custody.id)
        .limit(1)
    ).all()
    words_in(session, custody, first)
    for share in custody.shares:
        share.given = None
    session.flush()
    papers = session.scalars(select(Paper).where(Paper.custody_id == custody.id).order_by(Paper.id)).all()
    about = {
        "custody": str(custody.public_id),
        "papers": " ".join(str(paper.public_id) for paper in papers),
        "shares": " ".join(str(share.number) for share in custody.shares if share.given_by_id is not None),
    }
    audit.record(session, tag=RELEASED, actor=actor, about=about, now=now)
    _tell(session, custody, papers[0])


def _tell(session: Session, custody: Custody, paper: Paper) -> None:
    """Write to every custodian that the paper was opened: whoever was not asked shall know."""
    holders = select(Person).join(PaperShare, PaperShare.holder_id == Person.id)
    for person in session.scalars(holders.where(PaperShare.custody_id == custody.id)):
        link = f"{settings().base_url}/{person.language}/papers/{paper.public_id}/custody"
        mail.post(
            session,
            to=person.email,
            language=person.language,
            template="exams/mail/paper_opened.txt",
            label=paper.label,
            link=link,
        )


def unopened_papers(session: Session, sitting: Sitting) -> list[Paper]:
    """Return the papers of a sitting whose key is with custodians still."""
    query = (
        select(Paper)
        .join(SittingPaper, SittingPaper.paper_id == Paper.id)
        .join(Custody, Custody.id == Paper.custody_id)
        .where(SittingPaper.sitting_id == sitting.id, Custody.key.is_(None))
    )
    return list(session.scalars(query.order_by(Paper.id)))
