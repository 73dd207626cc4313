"""Handed-in papers for the tests of marking and results: small, whole, and with real rows below them."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.candidacy.models import Candidacy
from app.core import clock
from app.core.database import db
from app.exams.models import (
    AnswerEvent,
    Attempt,
    BlueprintVersion,
    CurrentAnswer,
    Paper,
    PaperItem,
    Sitting,
    SittingPaper,
)
from app.items.models import Item, ItemVersion, StimulusVersion
from app.marking.models import ExaminerDistrict
from tests.factories import OTHER_DISTRICT, UNIT, make_person
from tests.pages import Browser

_numbers = count(1)
ESSAY = "Құрметті тұрғын.\nСу 14 маусымда келеді."
WRITTEN = 3
"""The position of the written case in the small exam."""
MOST = 8


def text(words: str) -> dict[str, str]:
    return {language: f"{words} {language}" for language in ("kk", "ru", "en")}


def section(key: str) -> dict[str, Any]:
    return {"key": key, "title": text(f"Section {key}"), "slots": [{"count": 1}]}


EXAM: dict[str, Any] = {
    "id": "exam",
    "kind": "exam",
    "title": text("Exam"),
    "minutes": 30,
    "retake_after_days": 30,
    "sections": [section("functions"), section("written")],
    "tolerance": 2,
    "pass_rule": {"kind": "thresholds", "total": "60", "sections": {"functions": "40"}},
}
SUITABILITY: dict[str, Any] = {
    "id": "suitability",
    "kind": "suitability",
    "title": text("Suitability"),
    "minutes": 30,
    "retake_after_days": 30,
    "sections": [section("analysis"), section("conflict"), section("constraint")],
    "tolerance": 2,
    "pass_rule": {"kind": "bands", "bar": "60", "margin": "15", "most_not_yet": 1},
}


def _item(key: str, kind: str, competency: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": key, "type": kind, "competency": competency, "stem": text(f"Stem of {key}"), "body": body}


def choice(key: str, competency: str) -> dict[str, Any]:
    options = [{"id": one, "text": text(f"Option {one}")} for one in "abc"]
    return _item(key, "single_choice", competency, {"options": options, "key": "a"})


def essay(key: str) -> dict[str, Any]:
    levels = [{"level": level, "text": text(f"Level {level}")} for level in range(5)]
    criteria = [
        {"id": one, "name": text(f"Criterion {one}"), "levels": levels, "anchors": levels[4:]}
        for one in ("facts", "order")
    ]
    return _item(key, "essay", "clarity", {"words": {"min": 5, "max": 50}, "criteria": criteria})


EXAM_ITEMS = [
    ("functions", choice("fun-1", "analysis")),
    ("functions", choice("fun-2", "constraint")),
    ("written", essay("case-1")),
]
SUITABILITY_ITEMS = [(key, choice(f"{key}-1", key)) for key in ("analysis", "conflict", "constraint")]
PASSING = {1: "a", 2: "a", WRITTEN: ESSAY}


@dataclass
class Opened:
    """A sitting with one paper, and the rows they need."""

    sitting: Sitting
    paper: Paper


def open_sitting(
    session: Session, kind: str = "exam", *, items: list[tuple[str, dict[str, Any]]] | None = None
) -> Opened:
    """Add a sealed paper of two or three items and a sitting that is over."""
    now, number = clock.now(), next(_numbers)
    organiser, _ = make_person(session, "organiser")
    content = EXAM if kind == "exam" else SUITABILITY
    blueprint = session.scalar(select(BlueprintVersion).where(BlueprintVersion.key == content["id"]))
    if blueprint is None:
        blueprint = BlueprintVersion(
            key=content["id"], number=1, kind=kind, content=content, content_hash="0" * 64, created_at=now
        )
        session.add(blueprint)
        session.flush()
    chosen = items or (EXAM_ITEMS if kind == "exam" else SUITABILITY_ITEMS)
    paper = Paper(
        blueprint_id=blueprint.id,
        label=f"2026-{number}",
        seed="1",
        state="sealed",
        content_hash="0" * 64,
        drawn_by_id=organiser.id,
        drawn_at=now,
        items=[
            PaperItem(position=position, section=key, item_version_id=_version(session, item).id)
            for position, (key, item) in enumerate(chosen, start=1)
        ],
    )
    session.add(paper)
    session.flush()
    sitting = Sitting(
        kind=kind,
        title=f"Sitting {number}",
        opens_at=now.replace(hour=1),
        closes_at=now.replace(hour=2),
        created_by_id=organiser.id,
        created_at=now,
        papers=[SittingPaper(paper_id=paper.id)],
    )
    session.add(sitting)
    session.flush()
    return Opened(sitting, paper)


def _version(session: Session, content: dict[str, Any]) -> ItemVersion:
    found = session.scalar(select(ItemVersion).where(ItemVersion.item_key == content["id"]))
    if found is not None:
        return found
    session.add(
        Item(
            key=content["id"],
            type=content["type"],
            use="exam",
            topic="topic",
            competency=content["competency"],
        )
    )
    session.flush()
    version = ItemVersion(
        stimulus=_stimulus(content),
        item_key=content["id"],
        number=1,
        type=content["type"],
        content=content,
        content_hash=sha256(content["id"].encode()).hexdigest(),
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def _stimulus(content: dict[str, Any]) -> StimulusVersion | None:
    if content["type"] != "essay":
        return None
    return StimulusVersion(
        key=content["id"],
        number=1,
        content={"title": text("Letter"), "text": text("Water is **late**")},
        content_hash="0" * 64,
        created_at=clock.now(),
    )


def hand_in(
    session: Session,
    opened: Opened,
    answers: dict[int, str] | None = None,
    *,
    place: str | None = UNIT,
    person_id: int | None = None,
    name: str = "Мысалова Айгүл Үлгіқызы",
) -> Attempt:
    """Add a finished attempt of a candidate of `place`."""
    now = clock.now()
    if person_id is None:
        person_id = make_person(session, "candidate", name=name)[0].id
    if place is not None and session.get(Candidacy, person_id) is None:
        session.add(Candidacy(person_id=person_id, place_kato=place, chosen_at=now))
    attempt = Attempt(
        person_id=person_id,
        sitting_id=opened.sitting.id,
        paper_id=opened.paper.id,
        state="finished",
        started_at=now,
        length_seconds=1800,
        closes_at=now,
        deadline=now,
        finished_at=now,
        finished_by="candidate",
        head_hash="0" * 64,
        shuffle_seed="1",
    )
    session.add(attempt)
    session.flush()
    for position, body in (PASSING if answers is None else answers).items():
        _answer(session, attempt, position, body)
    return attempt


def _answer(session: Session, attempt: Attempt, position: int, body: str) -> None:
    event = AnswerEvent(
        attempt_id=attempt.id,
        number=position,
        client="form",
        client_sequence=position,
        position=position,
        body=body,
        body_hash="0" * 64,
        received_at=clock.now(),
        chain_hash=uuid4().hex,
    )
    session.add(event)
    session.flush()
    session.add(CurrentAnswer(attempt_id=attempt.id, position=position, event_id=event.id, body=body))
    session.flush()


def add_marker(session: Session, role: str = "examiner", *, district: str | None = OTHER_DISTRICT) -> int:
    """Add a person who marks, and return their id."""
    person, _ = make_person(session, role, name=f"Бағалаушы {next(_numbers)}")
    if district is not None:
        session.add(ExaminerDistrict(person_id=person.id, place_kato=district))
        session.flush()
    return person.id


def count_queries(app: Flask, browser: Browser, address: str) -> int:
    """Return how many statements a page runs."""
    seen: list[object] = []

    def note(*about: object) -> None:
        seen.append(about)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
