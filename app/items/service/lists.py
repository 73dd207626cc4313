"""What the bank holds: what may be drawn, what authors list, what items say of themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotYours
from app.items.models import Item, ItemVersion

PAGE = 50
MOST_ROWS = 100_000


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
