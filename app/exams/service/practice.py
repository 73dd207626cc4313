"""Practice: open items with their reasons, tried by anyone; nothing is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.errors import NotYours
from app.exams import drawing
from app.exams.blueprints import Blueprint
from app.exams.service.blueprints import current_blueprint, current_blueprints, read
from app.exams.service.papers import drawables
from app.items import service as items
from app.items.models import ItemVersion

SEED = "open"
"""Practice is the same for all: nobody gains by asking again."""


@dataclass(frozen=True)
class Practice:
    """One practice paper: its items in order, each with the key of its section."""

    plan: Blueprint
    items: Sequence[tuple[str, ItemVersion]]


def practice_papers(session: Session) -> list[Blueprint]:
    """Return the plans of all practice papers, by key."""
    return [read(version) for version in current_blueprints(session) if version.kind == "practice"]


def practice(session: Session, key: str) -> Practice:
    """Return one practice paper.

    Raises:
        NotYours: there is none of this key.
        TooFew: the bank cannot fill it.
    """
    version = current_blueprint(session, key)
    if version.kind != "practice":
        raise NotYours
    plan = read(version)
    topics = {topic for section in plan.sections for slot in section.slots for topic in slot.topics or ()}
    pool = {one.item_key: one for one in items.drawable(session, "practice", topics or None)}
    drawn = drawing.draw(plan, drawables(pool.values()), seed=SEED)
    return Practice(plan, [(one.section, pool[one.key]) for one in drawn])
