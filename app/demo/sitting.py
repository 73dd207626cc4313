"""Sits a paper as a person would: through the journal, with right answers and some wrong ones."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import current_app
from sqlalchemy.orm import Session

from app.core.settings import Settings
from app.demo.cast import Walker
from app.demo.stagehand import Stagehand
from app.exams import service as exams
from app.exams.incoming import Sent
from app.exams.service.opening import opened
from app.items.types import BY_KEY
from app.items.types.base import Answer

CLIENTS = UUID("a4b1c0de-0000-4000-8000-000000000000")
"""The namespace of the made-up browsers."""


def sit(
    session: Session,
    hand: Stagehand,
    walker: Walker,
    sitting: str,
    at: datetime,
    *,
    weak: frozenset[str] | set[str] = frozenset(),
    most: int | None = None,
) -> None:
    """Sit a paper: right but for every sixth item and the `weak` sections; stop after `most` items."""
    settings: Settings = current_app.extensions["settings"]
    actor = hand.actors[walker.player.key]
    attempt = exams.start(session, actor, hand.sittings[sitting], settings, now=at)
    client = str(uuid5(CLIENTS, walker.player.key + sitting))
    items = list(opened(session, attempt.paper_id).values())[:most]
    for number, item in enumerate(items, start=1):
        is_right = item.section not in weak and number % 6 != 0
        fields = _fields(item.content, is_right=is_right, language=walker.player.language)
        if fields:
            sent = Sent(client=client, sequence=number, position=item.position, fields=fields)
            exams.save(session, attempt, [sent], now=at + number * timedelta(seconds=20))
    if most is None:
        exams.finish(session, attempt, now=at + timedelta(minutes=45))


def _fields(content: Mapping[str, Any], *, is_right: bool, language: str) -> dict[str, list[str]]:
    """Return the fields of a right answer, of a wrong one where another option will do, else of none."""
    kind = BY_KEY[content["type"]]
    body = kind.body_model.model_validate(content["body"])
    if kind.marked_by == "people":
        spoken = language if language in {"kk", "ru"} else "kk"
        best = [max(criterion.anchors, key=lambda anchor: anchor.level) for criterion in body.criteria]
        return {"answer": ["\n\n".join(anchor.text[spoken] for anchor in best)]}
    key = kind.key_answer(body)
    if is_right:
        return _as_form(key)
    if isinstance(key, str) and kind.option_ids(body):
        return {"answer": [next(one for one in kind.option_ids(body) if one != key)]}
    return {}


def _as_form(answer: Answer | None) -> dict[str, list[str]]:
    if isinstance(answer, dict):
        return {f"answer-{name}": [str(value)] for name, value in answer.items()}
    return {"answer": [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]}
