"""What can be done with the bank: take in its files, and give out what may be drawn."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.clock import local
from app.core.errors import NotYours
from app.core.sources import Act
from app.items import presenting
from app.items.bank import Bank, Problem, load
from app.items.files import ItemFile, StimulusFile, content, content_hash, stimulus_hash
from app.items.models import Item, ItemVersion, StimulusVersion
from app.items.types import BY_KEY
from app.items.types.base import Form

PAGE = 50
MOST_ROWS = 100_000


class BankNotSound(ValueError):  # noqa: N818 - named after the reason, as all are
    """The files have problems; nothing was taken in. `problems` names them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Synced:
    """What a sync changed: all 0 when the files say nothing new."""

    new_versions: int
    retired: int


def sync(session: Session, folder: Path, acts: Mapping[str, Act], now: datetime) -> Synced:
    """Read the bank in `folder` and take it in.

    Raises:
        BankNotSound: a file has a problem; nothing is taken in.
    """
    bank, problems = load(folder, acts, today=local(now).date())
    if problems:
        raise BankNotSound(problems)
    return take_in(session, bank, now)


def take_in(session: Session, bank: Bank, now: datetime) -> Synced:
    """Make the tables say what the files say; run again, it changes nothing.

    A version is never changed: other words are a new version. An item whose file is gone is retired.
    """
    work = _Sync(session, bank, now)
    made = sum(work.take_in(file) for file in bank.items.values())
    gone = [item for key, item in work.items.items() if key not in bank.items and item.retired_at is None]
    for item in gone:
        item.retired_at = now
    session.flush()
    return Synced(new_versions=made, retired=len(gone))


class _Sync:
    """One run: the files, and what the tables knew before it."""

    def __init__(self, session: Session, bank: Bank, now: datetime) -> None:
        self.session, self.bank, self.now = session, bank, now
        self.items = {item.key: item for item in session.scalars(select(Item))}
        # Without the contents, which may be long: (id, number) by content hash, by item.
        self.known: dict[str, dict[str, tuple[int, int]]] = {}
        columns = (ItemVersion.item_key, ItemVersion.content_hash, ItemVersion.id, ItemVersion.number)
        for key, hash_, version_id, number in session.execute(select(*columns)):
            self.known.setdefault(key, {})[hash_] = (version_id, number)
        stimuli: dict[str, dict[str, StimulusVersion]] = {}
        for version in session.scalars(select(StimulusVersion)):
            stimuli.setdefault(version.key, {})[version.content_hash] = version
        self.stimuli = {key: self._stimulus(file, stimuli.get(key, {})) for key, file in bank.stimuli.items()}

    def _stimulus(self, file: StimulusFile, known: Mapping[str, StimulusVersion]) -> StimulusVersion:
        """Return the version that the file says, added where its words are new."""
        hash_ = stimulus_hash(file)
        if hash_ in known:
            return known[hash_]
        version = StimulusVersion(
            key=file.id,
            number=_next(version.number for version in known.values()),
            content=content(file),
            content_hash=hash_,
            created_at=self.now,
        )
        self.session.add(version)
        return version

    def take_in(self, file: ItemFile) -> bool:
        """Point the item at the version that its file says; tell whether that version is new."""
        item = self.items.get(file.id) or Item(key=file.id)
        item.type, item.use, item.topic, item.competency = file.type, file.use, file.topic, file.competency
        item.retired_at = None
        self.session.add(item)
        known = self.known.get(file.id, {})
        hash_ = content_hash(file, self.bank.stimulus_of(file))
        if hash_ in known:
            item.current_version_id = known[hash_][0]
            return False
        self.session.flush()
        version = ItemVersion(
            item_key=file.id,
            number=_next(number for _, number in known.values()),
            type=file.type,
            content=content(file),
            content_hash=hash_,
            stimulus=self.stimuli[file.stimulus] if file.stimulus else None,
            created_at=self.now,
        )
        self.session.add(version)
        self.session.flush()
        item.current_version_id = version.id
        return True


def _next(numbers: Iterable[int]) -> int:
    return max(numbers, default=0) + 1


def drawable(session: Session, use: str, topics: Collection[str] | None = None) -> list[ItemVersion]:
    """Return the current versions of all items of `use`, of some topics when asked, that are still in the bank."""
    query = (
        select(ItemVersion)
        .join(Item, Item.current_version_id == ItemVersion.id)
        .where(Item.use == use, Item.retired_at.is_(None))
        .order_by(Item.key)
    )
    if topics is not None:
        query = query.where(Item.topic.in_(topics))
    return list(session.scalars(query))


def sources(session: Session) -> list[list[dict[str, str]]]:
    """Return what each item in the bank cites, without the rest of it."""
    query = (
        select(ItemVersion.content["sources"])
        .join(Item, Item.current_version_id == ItemVersion.id)
        .where(Item.retired_at.is_(None))
    )
    return [found or [] for found in session.scalars(query)]


def described(session: Session) -> list[dict[str, Any]]:
    """Return what each item in the bank says of itself, without its words: key, use, topic, type and so on."""
    said = {name: ItemVersion.content[name].label(name) for name in ("level", "difficulty", "functions")}
    query = (
        select(Item.key, Item.use, Item.topic, Item.type, Item.competency, *said.values())
        .join(ItemVersion, Item.current_version_id == ItemVersion.id)
        .where(Item.retired_at.is_(None))
    )
    return [dict(row) for row in session.execute(query).mappings()]


# -- what authors look at -----------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What a list of the bank is narrowed to; an empty text narrows nothing."""

    use: str = ""
    topic: str = ""
    type: str = ""
    competency: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what an item must fulfil, retired ones left out."""
        wanted = (
            (Item.use, self.use),
            (Item.topic, self.topic),
            (Item.type, self.type),
            (Item.competency, self.competency),
        )
        return [Item.retired_at.is_(None), *(column == value for column, value in wanted if value)]


def listed(session: Session, filters: Filters, *, start: int = 0) -> tuple[list[Item], int]:
    """Return a page of items by key, from place `start` on, and how many there are in all."""
    conditions = filters.conditions()
    total = cast("int", session.scalar(select(func.count()).select_from(Item).where(*conditions)))
    query = select(Item).where(*conditions).order_by(Item.key).offset(start).limit(PAGE)
    return list(session.scalars(query)), total


def topics(session: Session) -> list[str]:
    """Return the topics of the bank."""
    return list(
        session.scalars(select(Item.topic).where(Item.retired_at.is_(None)).distinct().order_by(Item.topic))
    )


def get(session: Session, key: str) -> Item:
    """Return an item, also a retired one.

    Raises:
        NotYours: there is none.
    """
    item = session.get(Item, key)
    if item is None or item.current is None:
        raise NotYours
    return item


def versions_of(session: Session, item: Item) -> list[tuple[int, datetime]]:
    """Return number and moment of each version, newest first."""
    query = (
        select(ItemVersion.number, ItemVersion.created_at)
        .where(ItemVersion.item_key == item.key)
        .order_by(ItemVersion.number.desc())
    )
    return [(number, made) for number, made in session.execute(query)]


@dataclass(frozen=True)
class Shown:
    """A version of an item as an author reads it, or whoever has practised on it, in one language.

    Attributes:
        question: as candidates see it; `template` shows it, with the key as the answer.
        key: lines that say what earns everything; empty where people mark.
        reasons: reason by what it explains.
        criteria: name of each criterion, with level, descriptor and answers of that level.
        material: title and text that the item goes with.
    """

    question: Mapping[str, Any]
    template: str
    answer: Any
    key: Sequence[str]
    reasons: Mapping[str, str]
    criteria: Sequence[tuple[str, Sequence[tuple[int, str, Sequence[str]]]]]
    material: tuple[str, Markup] | None


def shown(version: ItemVersion, language: str) -> Shown:
    """Return everything of the version, with its key."""
    said = version.content
    item_type = BY_KEY[version.type]
    body = item_type.body_model.model_validate(said["body"])
    answer = item_type.key_answer(body)
    stimulus = version.stimulus
    return Shown(
        question=presenting.question(said, language, item_type.option_ids(body)),
        template=presenting.template(version.type),
        answer=answer,
        key=item_type.readable(body, answer, language),
        reasons={key: reason[language] for key, reason in said["reasons"].items()},
        criteria=[_criterion(one, language) for one in said["body"].get("criteria", ())],
        material=presenting.material(stimulus.content, language) if stimulus else None,
    )


def _criterion(said: Mapping[str, Any], language: str) -> tuple[str, list[tuple[int, str, list[str]]]]:
    samples: dict[int, list[str]] = {}
    for anchor in said["anchors"]:
        samples.setdefault(anchor["level"], []).append(anchor["text"][language])
    levels = [(one["level"], one["text"][language], samples.get(one["level"], [])) for one in said["levels"]]
    return said["name"][language], levels


def scored(version: ItemVersion, fields: Form) -> tuple[Any, Fraction | None]:
    """Return the answer that a plain form holds, and the share it earns (0-1); None where people mark.

    Raises:
        MalformedAnswer: the form cannot have come from this item's page.
    """
    item_type = BY_KEY[version.type]
    body = item_type.body_model.model_validate(version.content["body"])
    answer = item_type.parse(body, fields)
    return answer, item_type.score(body, answer) if item_type.marked_by == "machine" else None
