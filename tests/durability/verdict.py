"""What is left after all the kills, held against what every writer was told."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.database import db, unit_of_work
from app.exams import service
from app.exams.journal import digest
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer
from app.exams.service.opening import opened
from app.items.types import BY_KEY
from tests.durability.writers import Fields, Typed, Writer

Key = tuple[str, int]


@dataclass(frozen=True)
class Verdict:
    """What was found; all lists are empty when nothing went wrong.

    Attributes:
        kept: rows of the journal.
        lost: acknowledged, and not there, or there as something else.
        doubled: there more than once.
        unsent: there, and never sent by anybody.
        faults: journals that are not whole, projections that are not those of the journal.
        wrong_answers: the present answer is not the one that was typed last.
        strange: replies that nobody should have got.
    """

    kept: int
    lost: Sequence[str]
    doubled: Sequence[str]
    unsent: Sequence[str]
    faults: Sequence[str]
    wrong_answers: Sequence[str]
    strange: Sequence[str]

    @property
    def problems(self) -> list[str]:
        kinds = ("lost", "doubled", "unsent", "faults", "wrong_answers", "strange")
        return [f"{kind}: {one}" for kind in kinds for one in getattr(self, kind)]


def judge(app: Flask, writers: Sequence[Writer]) -> Verdict:
    """Look at every row of every attempt, with the site at rest."""
    found: dict[str, list[str]] = {name: [] for name in ("lost", "doubled", "unsent", "wrong_answers")}
    kept = 0
    with app.app_context():
        with unit_of_work(writes=False) as session:
            for writer in writers:
                kept += _look_at(session, writer, found)
            faults = [f"{fault.attempt.public_id}: {fault.text}" for fault in service.faults(session)]
        db.session.remove()
    strange = [words for writer in writers for words in writer.strange]
    return Verdict(kept=kept, faults=faults, strange=strange, **found)


def _look_at(session: Session, writer: Writer, found: dict[str, list[str]]) -> int:
    attempt = session.scalars(select(Attempt).where(Attempt.public_id == writer.desk.attempt)).one()
    rows = session.scalars(select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id)).all()
    as_kept = _reader(session, attempt)
    by_key = {(row.client, row.client_sequence): row for row in rows}
    found["doubled"] += _more_than_one((row.client, row.client_sequence) for row in rows)
    found["unsent"] += [str(key) for key in by_key if key not in writer.sent]
    found["lost"] += [
        str(key)
        for key, typed in writer.acknowledged.items()
        if not _is_kept(by_key.get(key), typed, as_kept)
    ]
    query = select(CurrentAnswer).where(CurrentAnswer.attempt_id == attempt.id)
    current = {one.position: one.body for one in session.scalars(query)}
    wanted = {position: as_kept(position, typed.fields) for position, typed in writer.latest.items()}
    if current != wanted:
        found["wrong_answers"].append(str(attempt.public_id))
    return len(rows)


def _reader(session: Session, attempt: Attempt) -> Callable[[int, Fields], object]:
    items = opened(session, attempt.paper_id)
    return lambda position, fields: BY_KEY[items[position].type].parse(items[position].parsed, fields)


def _is_kept(row: AnswerEvent | None, typed: Typed, as_kept: Callable[[int, Fields], object]) -> bool:
    """Tell whether the row says, in time and for the same item, the very words that were acknowledged."""
    return (
        row is not None
        and row.position == typed.position
        and row.body_hash == digest(as_kept(typed.position, typed.fields)) == digest(row.body)
        and not (row.is_late or row.is_superseded)
    )


def _more_than_one(keys: Iterable[Key]) -> list[str]:
    return [f"{key}: {times} times" for key, times in Counter(keys).items() if times > 1]
