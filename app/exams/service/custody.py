"""Custody of sealed papers: their words under one key, the key split among people until the sitting is near."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import envelope
from app.core.errors import N_, Refused
from app.core.keys import Keys
from app.core.settings import Settings
from app.exams import sharing
from app.exams.models import (
    BlueprintVersion,
    Custody,
    Paper,
    PaperEnvelope,
    PaperItem,
    PaperShare,
)
from app.items import service as items
from app.items.models import ItemVersion
from app.items.service import Wording

SHARES, SERVER = "shares", "server"


class InAnotherPaper(Refused):
    """A sealed paper that was drawn apart from this one holds some of the items."""

    message = N_(
        "Some questions of this paper are in another sealed paper, and nobody can read them now. "
        "Draw a new paper, or wait until the time of the other one is over."
    )


def _school_key() -> AESGCM:
    keys: Keys = current_app.extensions["keys"]
    return keys.drafts()


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


# -- sealing ------------------------------------------------------------------------------------


def take_in(session: Session, paper: Paper, *, now: datetime) -> Custody:
    """Close the words of a paper that is being sealed, and of its parallel ones; the bank's copies go.

    Raises:
        InAnotherPaper: the words of some items cannot be read any more.
    """
    # Of two people who seal parallel papers at once, one comes second.
    session.execute(
        select(BlueprintVersion.id).where(BlueprintVersion.id == paper.blueprint_id).with_for_update()
    )
    custody = _custody_of_parallel(session, paper) or _close(session, paper, now)
    paper.custody_id = custody.id
    session.flush()
    return custody


def _kept() -> str:
    return SHARES if settings().splits_paper_keys else SERVER


def _custody_of_parallel(session: Session, paper: Paper) -> Custody | None:
    """Return the custody that a parallel paper came into, where it holds all items of this one too."""
    query = select(Custody).where(
        Custody.blueprint_id == paper.blueprint_id,
        Custody.seed == paper.seed,
        Custody.kept == _kept(),
        Custody.released_at.is_(None),
        Custody.restored_at.is_(None),
    )
    wanted = {item.item_version_id for item in paper.items}
    for custody in session.scalars(query.order_by(Custody.id.desc())):
        held = select(PaperEnvelope.item_version_id).where(PaperEnvelope.custody_id == custody.id)
        if wanted <= set(session.scalars(held)):
            return custody
    return None


def _close(session: Session, paper: Paper, now: datetime) -> Custody:
    versions = _versions_to_close(session, paper)
    words = readable(session, versions.values())
    if any(item.item_version_id not in words for item in paper.items):
        raise InAnotherPaper
    key, kept = envelope.new_key(), _kept()
    needed, shares = settings().paper_shares
    custody = Custody(
        blueprint_id=paper.blueprint_id, seed=paper.seed, kept=kept, needed=needed, created_at=now
    )
    session.add(custody)
    session.flush()
    session.add_all(
        PaperEnvelope(custody_id=custody.id, item_version_id=id_, words=_closed(custody, key, id_, said))
        for id_, said in words.items()
    )
    if kept == SERVER:
        custody.key = wrapped(custody, key, "key")
    else:
        custody.shares = [_share(custody, one) for one in sharing.split(key, needed=needed, shares=shares)]
    session.flush()
    items.shut(session, [versions[id_] for id_ in words])
    return custody


def _versions_to_close(session: Session, paper: Paper) -> dict[int, ItemVersion]:
    """Return the item versions of the paper and of the parallel ones that may still be sealed, by id."""
    query = (
        select(PaperItem)
        .join(Paper)
        .where(
            Paper.blueprint_id == paper.blueprint_id,
            Paper.seed == paper.seed,
            Paper.state.in_(("drawn", "proposed")) | (Paper.id == paper.id),
        )
    )
    return {item.item_version_id: item.version for item in session.scalars(query)}


def readable(session: Session, versions: Collection[ItemVersion]) -> dict[int, Wording]:
    """Return the words of versions, by id: from the bank, else from a custody whose key the server has."""
    words = items.wordings_of(session, versions)
    missing = {version.id: version for version in versions if version.id not in words}
    if missing:
        query = (
            select(Custody)
            .join(PaperEnvelope)
            .where(PaperEnvelope.item_version_id.in_(missing), Custody.key.is_not(None))
            .distinct()
        )
        for custody in session.scalars(query):
            words |= words_in(session, custody, missing.values())
    return words


def _about(custody: Custody, what: object) -> str:
    return f"custody {custody.public_id} {what}"


def _closed(custody: Custody, key: bytes, version_id: int, said: Wording) -> bytes:
    words = json.dumps({"content": said.content, "stimulus": said.stimulus}, ensure_ascii=False)
    return envelope.close(AESGCM(key), words.encode(), _about(custody, version_id))


def wrapped(custody: Custody, secret: bytes, what: str) -> bytes:
    """Return a secret of a custody, closed under the school's key."""
    return envelope.close(_school_key(), secret, _about(custody, what))


def unwrapped(custody: Custody, closed: bytes, what: str) -> bytes:
    """Return a secret of a custody that `wrapped` closed."""
    return envelope.opened(_school_key(), closed, _about(custody, what))


def _share(custody: Custody, share: sharing.Share) -> PaperShare:
    waiting = wrapped(custody, share.values, f"share {share.number}")
    return PaperShare(number=share.number, code_hash=sharing.share_hash(share), waiting=waiting)


def words_in(session: Session, custody: Custody, versions: Iterable[ItemVersion]) -> dict[int, Wording]:
    """Return the words that a custody whose key the server has holds of some versions, by id."""
    types = {version.id: version.type for version in versions}
    if custody.key is None:
        message = "a custody without its key"
        raise LookupError(message)
    key = AESGCM(unwrapped(custody, custody.key, "key"))
    query = select(PaperEnvelope.item_version_id, PaperEnvelope.words).where(
        PaperEnvelope.custody_id == custody.id, PaperEnvelope.item_version_id.in_(types)
    )
    found = {}
    for version_id, closed in session.execute(query):
        said = json.loads(envelope.opened(key, closed, _about(custody, version_id)))
        found[version_id] = Wording(types[version_id], said["content"], said["stimulus"])
    return found
