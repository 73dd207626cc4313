"""What only the database knows of a running attempt: the right answers, and what is durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db, unit_of_work
from app.core.settings import Settings
from app.exams.models import AnswerEvent, Attempt
from app.exams.service.opening import opened
from app.items.types import BY_KEY
from app.items.types.base import Answer
from tests.journeys.server import Installation

Fields = dict[str, list[str]]
WRITTEN = (
    "Ауыл тұрғындарының жиналысын өткізіп, мәселені талқылаймын. Бюджет қаражатын заңда белгіленген "
    "тәртіппен жоспарлаймын, шешімді тұрғындарға түсіндіремін және орындалу мерзімін бақылаймын. "
) * 8


@contextmanager
def looking_into(school: Installation) -> Iterator[Session]:
    """Give a session of our own on the school's database, for reading."""
    engine = create_engine(school.database_url or f"sqlite:///{school.folder / 'akim-school.sqlite'}")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def right_answers(school: Installation, attempt: str) -> dict[int, Fields]:
    """Return the form fields of a full answer by position."""
    # The words of a sealed paper are encrypted: the application alone, with the school's keys, reads them.
    app = create_app(Settings(instance=school.folder, database_url=school.database_url))
    with app.app_context(), unit_of_work(writes=False) as session:
        paper_id = session.scalars(select(Attempt.paper_id).where(Attempt.public_id == UUID(attempt))).one()
        items = opened(session, paper_id)
        found = {position: _fields(item.type, item.body) for position, item in items.items()}
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


def _fields(kind: str, raw: dict[str, object]) -> Fields:
    item_type = BY_KEY[kind]
    key = item_type.key_answer(item_type.body_model.model_validate(raw))
    return {"answer": [WRITTEN]} if key is None else as_fields(key)


def as_fields(answer: Answer) -> Fields:
    if isinstance(answer, dict):
        return {f"answer-{part}": [str(value)] for part, value in answer.items()}
    return {"answer": [str(one) for one in answer] if isinstance(answer, list) else [answer]}


def durable_answers(school: Installation, attempt: str) -> int:
    """Return how many items of an attempt have an answer in the journal on the disk."""
    with looking_into(school) as session:
        count = (
            select(func.count(AnswerEvent.position.distinct()))
            .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
            .where(Attempt.public_id == UUID(attempt))
        )
        return session.scalars(count).one()
