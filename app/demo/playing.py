"""Plays the cast, and goes on where an earlier play was cut off."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.audit import service as audit
from app.audit.models import AuditEvent
from app.core import clock, jobs
from app.core.database import unit_of_work
from app.core.permissions import Actor
from app.demo.cast import STAFF, TEAM, WALKERS
from app.demo.scenes import SCENES
from app.demo.stagehand import TITLES, Stagehand
from app.exams.models import Sitting
from app.places.models import Place

UNITS = 4
PLAYED = "demo-played"


def is_loaded(session: Session, number: int | None) -> bool:
    """Tell whether this cast has played to the end."""
    return _played(session, number) >= {_name(scene) for scene in SCENES}


def play(number: int | None = None) -> Stagehand:
    """Play everything from the accounts to the published page, and go on where an earlier play was cut off.

    Each scene is a transaction that also records that it was played.
    """
    hand = Stagehand(number, clock.now())
    for scene in SCENES:
        with unit_of_work() as session:
            _recall(session, hand)
            if _name(scene) not in _played(session, number):
                scene(session, hand)
                about = {"scene": _name(scene), "cast": str(number)}
                audit.record(session, tag=PLAYED, actor=Actor(), about=about, now=hand.now)
        while jobs.drain():
            pass
    return hand


def _name(scene: Callable[[Session, Stagehand], None]) -> str:
    return scene.__name__.strip("_").replace("_", "-")


def _played(session: Session, number: int | None) -> set[str]:
    events = session.scalars(select(AuditEvent.about).where(AuditEvent.tag == PLAYED))
    return {about["scene"] for about in events if about["cast"] == str(number)}


def _recall(session: Session, hand: Stagehand) -> None:
    """Find again what earlier scenes made: accounts, places, sittings."""
    for player in (*STAFF, *(walker.player for walker in WALKERS), *TEAM):
        person_id = session.scalar(select(Person.id).where(Person.email == hand.email(player)))
        if person_id is not None:
            hand.actors[player.key] = Actor(person_id, frozenset({player.role}))
    hand.units, hand.elsewhere = _stage(session, hand.number)
    if "organiser-1" in hand.actors:
        made = select(Sitting).where(Sitting.created_by_id == hand.actors["organiser-1"].person_id)
        titles = {title: key for key, title in TITLES.items()}
        hand.sittings = {titles[one.title]: one.public_id for one in session.scalars(made)}


def _stage(session: Session, number: int | None) -> tuple[list[str], str]:
    """Return two units in each of two districts, and a third district, where the examiners live."""
    by_district: dict[str, list[str]] = {}
    for kato in session.scalars(
        select(Place.kato).where(Place.is_rural, Place.level == "sub_district").order_by(Place.kato)
    ):
        by_district.setdefault(kato[:4], []).append(kato)
    fit = [units for units in by_district.values() if len(units) >= UNITS // 2]
    # Another cast takes other districts: two would stand on one list under the same names.
    first = 0 if number is None else 3 * (number + 1) % (len(fit) - 2)
    one, other, third = fit[first : first + 3]
    return [*one[:2], *other[:2]], f"{third[0][:4]}00000"
