"""After the time of a paper: the bank reads its items again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exams.models import Attempt, Custody, Paper, PaperEnvelope, PaperShare, Sitting
from app.exams.service.custodians import BEFORE_OPENING, forget_old, uses
from app.exams.service.custody import words_in
from app.items import service as items
from app.items.models import ItemVersion


def tend_custodies(session: Session, now: datetime) -> None:
    """Forget shares that waited too long; give the bank its readable copies back where the time of papers is over."""
    waiting = select(PaperShare).where(
        PaperShare.given.is_not(None), PaperShare.given_at < now - BEFORE_OPENING
    )
    forget_old(session.scalars(waiting).all(), now)
    opened = select(Custody).where(Custody.key.is_not(None), Custody.restored_at.is_(None))
    for custody in session.scalars(opened.with_for_update(skip_locked=True, of=Custody)).all():
        if _is_over(session, custody, now):
            _restore(session, custody, now)


def _is_over(session: Session, custody: Custody, now: datetime) -> bool:
    sittings = session.execute(select(Sitting.id, Sitting.closes_at).where(uses(custody))).all()
    if not sittings or any(closes_at > now for _, closes_at in sittings):
        return False
    # Somebody's time may be longer than the sitting's.
    running = select(Attempt.id).join(Paper).where(Paper.custody_id == custody.id, Attempt.state == "open")
    return session.scalar(running.limit(1)) is None


def _restore(session: Session, custody: Custody, now: datetime) -> None:
    custody.restored_at = now
    session.flush()
    held_elsewhere = (
        select(PaperEnvelope.item_version_id)
        .join(Custody, Custody.id == PaperEnvelope.custody_id)
        .where(Custody.id != custody.id, Custody.restored_at.is_(None))
    )
    versions = session.scalars(
        select(ItemVersion)
        .join(PaperEnvelope, PaperEnvelope.item_version_id == ItemVersion.id)
        .where(PaperEnvelope.custody_id == custody.id, ItemVersion.id.not_in(held_elsewhere))
    ).all()
    words = words_in(session, custody, versions)
    for version in versions:
        items.restore(session, version, words[version.id])
