"""Items that carry words of no language: wherever one is found, an item was read."""

import binascii
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, unit_of_work
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import Paper
from app.items import service as items
from app.items.bank import Bank
from app.items.files import ItemFile, StimulusFile
from tests.exams.builders import actor, blueprint, item_file, text

ITEMS = 24
REASONS = ("a", "b", "c")
SECTIONS = [
    {"key": "functions", "title": text("Функциялар"), "slots": [{"count": 20, "types": ["single_choice"]}]},
    {
        "key": "case",
        "title": text("Жағдай"),
        "slots": [{"count": 2, "case": True, "types": ["single_choice"]}],
    },
]
RULE = {"kind": "thresholds", "total": "60", "sections": {"functions": "40"}}


def word(place: str, number: int) -> str:
    return f"canary{place}{number:04d}quetzal"


def _said(place: str, number: int) -> dict[str, str]:
    return {language: f"{word(place, number)}{language}" for language in ("kk", "ru", "en")}


def canary_bank() -> Bank:
    """Return a bank of items on the functions and two of one case, each with words of its own everywhere."""
    files = [_item(number) for number in range(ITEMS)]
    files += [_item(number, stimulus="shared-case") for number in range(ITEMS, ITEMS + 2)]
    case = StimulusFile.model_validate(
        {
            "id": "shared-case",
            "kind": "case",
            "sources": [],
            "invented": True,
            "title": _said("title", 0),
            "text": _said("text", 0),
        }
    )
    return Bank({file.id: file for file in files}, {case.id: case})


def _item(number: int, **changes: object) -> ItemFile:
    sound = item_file(f"can-{number:03d}")
    body: dict[str, Any] = dict(sound.body)
    body["options"] = [
        {**option, "text": _said(f"option{option['id']}", number)} for option in sound.body["options"]
    ]
    reasons = {option["id"]: _said(f"reason{option['id']}", number) for option in body["options"]}
    said = {"stem": _said("stem", number), "body": body, "reasons": reasons, "note": word("note", number)}
    return item_file(f"can-{number:03d}", "single_choice", **said, **changes)


def forms_of(token: bytes) -> Iterator[bytes]:
    """Yield how a token could stand in a file: as it is, in UTF-16, in hex, in base64 at each of three places."""
    yield from (token, token.decode().encode("utf-16-le"), binascii.hexlify(token))
    for shift in range(3):
        # The ends depend on the neighbours: the middle does not.
        yield b64encode(b"x" * shift + token)[4:-4]


# In base64 what stands around a token colours its ends: there more of it is looked for, without them.
TOKENS = [
    *list(forms_of(b"canary"))[:3],
    *list(forms_of(b"quetzal"))[:3],
    *list(forms_of(b"canarystem00"))[3:],
]


def found_in(data: bytes) -> list[bytes]:
    """Return which words of canaries stand in `data`, in any form."""
    small = data.lower()
    return [form for form in TOKENS if form in data or form.lower() in small]


@dataclass(frozen=True)
class Sealed:
    """A paper of canaries in the hands of three custodians.

    Attributes:
        codes: the shares, as the custodians hold them.
    """

    paper_id: int
    public_id: str
    codes: tuple[str, ...]
    opens_at: datetime
    start: str


@contextmanager
def house(app: Flask) -> Iterator[Session]:
    with app.app_context():
        with unit_of_work() as session:
            yield session
        db.session.remove()


def keep_by_custodians(app: Flask) -> None:
    app.extensions["settings"] = replace(
        app.extensions["settings"], paper_custody="shares", course_opens_exam=False
    )


def load(session: Session) -> None:
    """Take the bank of canaries in, with a blueprint for it."""
    items.take_in(session, canary_bank(), clock.now())
    plan = Blueprint.model_validate(blueprint(sections=SECTIONS, pass_rule=RULE))
    service.sync_blueprints(session, {"exam": plan}, clock.now())


def seal(session: Session) -> Sealed:
    """Draw a paper, seal it, hand its shares out, open a sitting in an hour."""
    now = clock.now()
    one, other, third = (actor(session, "organiser") for _ in range(3))
    paper: Paper = service.draw(session, one, "exam", now=now)
    service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=now)
    service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=now)
    codes = [service.take_share(session, who, paper.public_id, now=now) for who in (one, other, third)]
    opens_at = now + timedelta(hours=1)
    sitting = service.open_sitting(
        session, one, title="Canaries", papers=[paper.public_id], opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=3), place_kato=None, now=now,
    )  # fmt: skip
    return Sealed(
        paper.id, str(paper.public_id), tuple(codes), opens_at, f"/en/sittings/{sitting.public_id}/start"
    )


def release(session: Session, sealed: Sealed, *, now: datetime) -> None:
    """Let two custodians give their shares."""
    paper = session.get_one(Paper, sealed.paper_id)
    for code in sealed.codes[:2]:
        service.give_share(session, actor(session, "organiser"), paper.public_id, code, now=now)
