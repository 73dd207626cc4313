"""The words of versions: plain where anyone may read them, else encrypted and opened here and nowhere else."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.core import envelope
from app.core.errors import N_, Refused
from app.core.keys import Keys
from app.items.files import PUBLIC, is_whole, listed
from app.items.models import Draft, Item, ItemVersion, StimulusVersion

Version = ItemVersion | StimulusVersion


class InSealedPaper(Refused):
    """Until the paper's time is over, nobody reads its items through the application."""

    message = N_(
        "This question is in a sealed paper. It can be read again when the time of the paper is over."
    )


@dataclass(frozen=True)
class Wording:
    """What a version of an item says.

    Attributes:
        content: the item file as JSON.
        stimulus: the stimulus file as JSON; None where there is none.
    """

    type: str
    content: Mapping[str, Any]
    stimulus: Mapping[str, Any] | None


def keep(session: Session, version: Version, words: Mapping[str, Any], *, is_public: bool) -> None:
    """Add a version that is new: with its words where anyone may read them, else with what a list needs of them."""
    version.content = dict(words) if is_public else listed(words)
    session.add(version)
    session.flush()
    if not is_public:
        session.add(_draft(version, words))


def _draft(version: Version, words: Mapping[str, Any]) -> Draft:
    data_key = envelope.new_key()
    name = _name(version)
    return Draft(
        item_version_id=version.id if isinstance(version, ItemVersion) else None,
        stimulus_version_id=None if isinstance(version, ItemVersion) else version.id,
        data_key=envelope.close(_keys().drafts(), data_key, f"key of {name}"),
        words=envelope.close(AESGCM(data_key), json.dumps(words, ensure_ascii=False).encode(), name),
    )


def _keys() -> Keys:
    keys: Keys = current_app.extensions["keys"]
    return keys


def _name(version: Version) -> str:
    """Return what the words of a version are bound to: table, key, number."""
    if isinstance(version, ItemVersion):
        return f"item_versions {version.item_key} {version.number}"
    return f"stimulus_versions {version.key} {version.number}"


def wording_of(session: Session, version: ItemVersion) -> Wording:
    """Return what a version says.

    Raises:
        InSealedPaper: it is in a sealed paper whose time is not over.
    """
    found = wordings_of(session, [version]).get(version.id)
    if found is None:
        raise InSealedPaper
    return found


def wordings_of(session: Session, versions: Collection[ItemVersion]) -> dict[int, Wording]:
    """Return what versions say, by id, without those that a sealed paper holds: at most one query."""
    drafts = _Drafts(session, versions)
    found = {}
    for version in versions:
        content = drafts.words_of(version)
        stimulus = drafts.words_of(version.stimulus) if version.stimulus else None
        if content is not None and (stimulus is not None or version.stimulus is None):
            found[version.id] = Wording(version.type, content, stimulus)
    return found


class _Drafts:
    """The closed words of some versions and of what they go with."""

    def __init__(self, session: Session, versions: Iterable[ItemVersion]) -> None:
        closed = [
            one
            for version in versions
            for one in (version, version.stimulus)
            if one is not None and not is_whole(one.content)
        ]
        found = session.scalars(select(Draft).where(_of(closed))) if closed else ()
        self._drafts = {_id_of(draft): draft for draft in found}
        self._opened: dict[str, Mapping[str, Any]] = {}

    def words_of(self, version: Version) -> Mapping[str, Any] | None:
        """Return the words; None where a sealed paper holds them."""
        if is_whole(version.content):
            return version.content
        name = _name(version)
        if name not in self._opened:
            draft = self._drafts.get((type(version), version.id))
            if draft is None:
                return None
            data_key = envelope.opened(_keys().drafts(), draft.data_key, f"key of {name}")
            self._opened[name] = json.loads(envelope.opened(AESGCM(data_key), draft.words, name))
        return self._opened[name]


def _id_of(draft: Draft) -> tuple[type[Version], int | None]:
    if draft.item_version_id is not None:
        return ItemVersion, draft.item_version_id
    return StimulusVersion, draft.stimulus_version_id


def _of(versions: Iterable[Version]) -> ColumnElement[bool]:
    ids: dict[type[Version], set[int]] = {ItemVersion: set(), StimulusVersion: set()}
    for version in versions:
        ids[type(version)].add(version.id)
    return or_(
        Draft.item_version_id.in_(ids[ItemVersion]), Draft.stimulus_version_id.in_(ids[StimulusVersion])
    )


def shut(session: Session, versions: Collection[ItemVersion]) -> None:
    """Take the readable copy of versions and of what they go with away: a paper's envelope holds it now."""
    stimuli = {version.stimulus for version in versions if version.stimulus is not None}
    every: list[Version] = [*versions, *(stimuli - _open_ones(session, stimuli))]
    for version in every:
        take_out(session, version)
    session.flush()
    session.execute(delete(Draft).where(_of(every)))


def _open_ones(session: Session, stimuli: Collection[StimulusVersion]) -> set[StimulusVersion]:
    """Return those that an open item goes with too."""
    query = (
        select(ItemVersion.stimulus_version_id)
        .join(Item, Item.key == ItemVersion.item_key)
        .where(Item.use == PUBLIC, ItemVersion.stimulus_version_id.in_({one.id for one in stimuli}))
    )
    found = set(session.scalars(query))
    return {one for one in stimuli if one.id in found}


def restore(session: Session, version: ItemVersion, wording: Wording) -> None:
    """Give a version and what it goes with their readable copies back, where they have none."""
    drafts = _Drafts(session, [version])
    for one, words in ((version, wording.content), (version.stimulus, wording.stimulus)):
        if one is not None and words is not None and drafts.words_of(one) is None:
            session.add(_draft(one, words))
    session.flush()


def take_out(session: Session, version: Version) -> bool:
    """Encrypt the words of a version that older releases kept plain; tell whether there were any."""
    if not is_whole(version.content):
        return False
    session.add(_draft(version, version.content))
    version.content = listed(version.content)
    return True
