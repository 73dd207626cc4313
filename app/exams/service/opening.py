"""The words of a paper's items: opened once a process, where the paper may be opened at all."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.exams.models import Attempt, Custody, Paper, PaperItem
from app.exams.service import custody
from app.items import service as items
from app.items.service import Wording
from app.items.types import BY_KEY

MOST_KEPT = 16
"""Papers that a process keeps opened: parallel forms of the sittings of a day."""
MOST_ATTEMPTS = 20_000
"""Attempts whose paper a process remembers."""


class NotOpened(Refused):
    """Its custodians have not brought the key together yet."""

    message = N_(
        "The paper of this sitting is not opened yet. The organisers know of it; try again in a moment."
    )


@dataclass(frozen=True)
class OpenItem:
    """One item of a paper with its words. Not to be changed: the whole process shares it.

    Attributes:
        key: of the item in the bank.
        stimulus_version_id: tells whether two items go with the same material.
    """

    position: int
    section: str
    key: str
    version_id: int
    stimulus_version_id: int | None
    wording: Wording

    @property
    def type(self) -> str:
        return self.wording.type

    @property
    def content(self) -> Mapping[str, Any]:
        """Return the item file as JSON."""
        return self.wording.content

    @property
    def body(self) -> Any:  # noqa: ANN401 - of each type its own
        """Return the body as JSON."""
        return self.content["body"]

    @cached_property
    def parsed(self) -> BaseModel:
        """The body as its type reads it."""
        body: BaseModel = BY_KEY[self.type].body_model.model_validate(self.body)
        return body

    @property
    def stage(self) -> str | None:
        return self.content.get("stage")

    @property
    def stimulus(self) -> Mapping[str, Any] | None:
        """Return the stimulus file as JSON; None where there is none."""
        return self.wording.stimulus


OpenItems = Mapping[int, OpenItem]


class _Opened:
    """The papers that this process has opened, those used last: their words never change."""

    def __init__(self) -> None:
        self._papers: OrderedDict[UUID, OpenItems] = OrderedDict()
        self._lock = Lock()

    def get(self, paper: UUID) -> OpenItems | None:
        with self._lock:
            found = self._papers.get(paper)
            if found is not None:
                self._papers.move_to_end(paper)
            return found

    def keep(self, paper: UUID, opened: OpenItems) -> None:
        with self._lock:
            self._papers[paper] = opened
            if len(self._papers) > MOST_KEPT:
                self._papers.popitem(last=False)


_opened = _Opened()
_of_attempts: dict[UUID, OpenItems] = {}
# Before every save and every page of an attempt: built once.
_STANDING = (
    select(Paper.public_id, Paper.state, Paper.custody_id, Custody.key.is_not(None).label("has_key"))
    .outerjoin(Custody, Custody.id == Paper.custody_id)
    .where(Paper.id == bindparam("paper_id"))
)


def opened(session: Session, paper_id: int) -> OpenItems:
    """Return the items of a paper with their words, by position.

    For the school's own work (saves, marks, scores, printing); a candidate's page goes through `gate.delivered`.

    Raises:
        NotOpened: the paper is in custody, and its key was not brought together yet.
    """
    return _look(session, paper_id)[0]


def opened_for_answers(session: Session, attempt: Attempt) -> OpenItems:
    """Return the items of a running or ended attempt, by position: what a save reads answers by.

    Nobody begins before the paper is opened, and its words never change: a save, which is mostly ways to the
    database, asks for the paper's standing once a process and attempt. What it reads is not shown.

    Raises:
        NotOpened: as `opened`, where this process has not looked for this attempt before.
    """
    found = _of_attempts.get(attempt.public_id)
    if found is None:
        found, is_sealed = _look(session, attempt.paper_id)
        if is_sealed:
            if len(_of_attempts) >= MOST_ATTEMPTS:
                _of_attempts.clear()
            _of_attempts[attempt.public_id] = found
    return found


def _look(session: Session, paper_id: int) -> tuple[OpenItems, bool]:
    """Return the items, and whether the paper is sealed."""
    standing = _standing(session, paper_id)
    is_sealed = standing.state == "sealed"
    found = _opened.get(standing.public_id)
    if found is None:
        found = _open(session, paper_id, standing.custody_id)
        if is_sealed:
            _opened.keep(standing.public_id, found)
    return found, is_sealed


def ensure_opened(session: Session, paper_id: int) -> None:
    """Raise `NotOpened` while the key of the paper is with its custodians."""
    _standing(session, paper_id)


def _standing(session: Session, paper_id: int) -> Any:  # noqa: ANN401 - a row of four columns
    standing = session.connection().execute(_STANDING, {"paper_id": paper_id}).one()
    if standing.custody_id is not None and not standing.has_key:
        raise NotOpened
    return standing


def _open(session: Session, paper_id: int, custody_id: int | None) -> OpenItems:
    places = session.scalars(
        select(PaperItem).where(PaperItem.paper_id == paper_id).order_by(PaperItem.position)
    ).all()
    versions = [place.version for place in places]
    if custody_id is None:
        words = items.wordings_of(session, versions)
    else:
        words = custody.words_in(session, session.get_one(Custody, custody_id), versions)
    if len(words) < len({version.id for version in versions}):
        raise items.InSealedPaper
    return MappingProxyType(
        {
            place.position: OpenItem(
                position=place.position,
                section=place.section,
                key=place.version.item_key,
                version_id=place.item_version_id,
                stimulus_version_id=place.version.stimulus_version_id,
                wording=words[place.item_version_id],
            )
            for place in places
        }
    )
