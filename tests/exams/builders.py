"""Blueprints, papers, sittings and attempts for tests: complete, valid and small."""

from copy import deepcopy
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import Attempt, Paper, Sitting
from app.items.files import PUBLIC, ItemFile, StimulusFile, content, content_hash, stimulus_hash
from app.items.models import Item, ItemVersion, StimulusVersion
from app.items.service import vault
from tests.factories import make_person
from tests.items.bodies import example

_numbers = count(1)
OPEN_TO_ALL = Settings(course_opens_exam=False)


def text(words: str) -> dict[str, str]:
    return {"kk": f"{words} (қазақша мәтін)", "ru": f"{words} (по-русски)", "en": f"{words} (in English)"}


def blueprint(**changes: object) -> dict[str, Any]:
    """Return a sound file: three items by machine, one written case, 30 minutes."""
    sound = {
        "id": "exam",
        "kind": "exam",
        "title": text("Емтихан"),
        "minutes": 30,
        "retake_after_days": 30,
        "sections": [
            {
                "key": "functions",
                "title": text("Функциялар"),
                "slots": [
                    {"count": 2, "topics": ["functions"], "types": ["single_choice"]},
                    {"count": 1, "topics": ["functions"], "types": ["numeric"]},
                ],
            },
            {"key": "written", "title": text("Жазбаша"), "slots": [{"count": 1, "topics": ["case"]}]},
        ],
        "tolerance": 3,
        "pass_rule": {"kind": "thresholds", "total": "60", "sections": {"functions": "40"}},
    }
    return deepcopy(sound | changes)


def item_file(key: str, type_key: str = "single_choice", **changes: object) -> ItemFile:
    """Return a sound item of a type, on the functions of an akim."""
    sound = {
        "id": key,
        "type": type_key,
        "use": "exam",
        "topic": "functions",
        "competency": "constraint",
        "functions": [],
        "level": "apply",
        "difficulty": "easy",
        "sources": [],
        "rests_on": "Invented for a test.",
        "stem": text(f"Сұрақ {key}"),
        "body": example(type_key)["body"],
        "reasons": {},
        "note": "For a test.",
    }
    return ItemFile.model_validate(deepcopy(sound | changes))


def make_item(session: Session, file: ItemFile, stimulus: StimulusFile | None = None) -> ItemVersion:
    """Add an item with its only version, and the stimulus it names."""
    now = clock.now()
    shared = None
    if stimulus:
        shared = session.scalar(select(StimulusVersion).where(StimulusVersion.key == stimulus.id))
        if shared is None:
            shared = StimulusVersion(
                key=stimulus.id, number=1, content_hash=stimulus_hash(stimulus), created_at=now
            )
            vault.keep(session, shared, content(stimulus), is_public=file.use == PUBLIC)
    item = Item(key=file.id, type=file.type, use=file.use, topic=file.topic, competency=file.competency)
    session.add(item)
    session.flush()
    version = ItemVersion(
        item_key=file.id,
        number=1,
        type=file.type,
        content_hash=content_hash(file, stimulus),
        stimulus=shared,
        created_at=now,
    )
    vault.keep(session, version, content(file), is_public=file.use == PUBLIC)
    item.current_version_id = version.id
    session.flush()
    return version


def make_bank(session: Session) -> None:
    """Add what `blueprint` asks for, with a little to choose from, and the blueprint itself."""
    if session.get(Item, "fun-001"):
        return
    for number in range(1, 5):
        make_item(session, item_file(f"fun-00{number}"))
    make_item(session, item_file("num-001", "numeric"))
    make_item(session, item_file("case-001", "essay", topic="case"))
    file = Blueprint.model_validate(blueprint())
    service.sync_blueprints(session, {"exam": file}, clock.now())


def actor(session: Session, *roles: str) -> Actor:
    """Return a new person of these roles, acting."""
    person, _ = make_person(session, *roles)
    return Actor(id=person.id, roles=frozenset(roles))


def make_paper(session: Session, *, sealed: bool = True) -> Paper:
    """Draw a paper; two people seal it unless told otherwise."""
    make_bank(session)
    now, one, other = clock.now(), actor(session, "organiser"), actor(session, "organiser")
    paper = service.draw(session, one, "exam", now=now)
    if sealed:
        service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=now)
        service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=now)
    return paper


def make_sitting(session: Session, *papers: Paper, **changes: Any) -> Sitting:
    """Open a sitting of four hours that began an hour ago."""
    now = clock.now()
    chosen = papers or (make_paper(session),)
    values: dict[str, Any] = {
        "title": f"Емтихан {next(_numbers)}",
        "papers": [paper.public_id for paper in chosen],
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(hours=3),
        "place_kato": None,
    }
    return service.open_sitting(session, actor(session, "organiser"), **(values | changes), now=now)


def make_attempt(session: Session, person_id: int | None = None, sitting: Sitting | None = None) -> Attempt:
    """Start an attempt: of a new candidate, in a new sitting, unless given."""
    who = Actor(id=person_id) if person_id else actor(session, "candidate")
    chosen = sitting or make_sitting(session)
    return service.start(session, who, chosen.public_id, OPEN_TO_ALL, now=clock.now())


def position_of(attempt: Attempt, type_key: str) -> int:
    """Return the first position of a type in the attempt's paper."""
    return next(item.position for item in attempt.paper.items if item.version.type == type_key)
