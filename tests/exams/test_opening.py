"""The words of a paper for saves: asked for once a process."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.exams.models import Paper
from app.exams.service.opening import opened, opened_for_answers
from tests.exams.builders import make_attempt


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect what is said to the database meanwhile."""
    said: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_a_save_asks_for_its_paper_once_a_process(session: Session) -> None:
    attempt = make_attempt(session)
    first = opened_for_answers(session, attempt)

    with statements(session) as said:
        again = opened_for_answers(session, attempt)

    assert said == []
    assert again is first
    assert again is opened(session, attempt.paper_id)


def test_a_paper_that_may_still_change_is_asked_for_every_time(session: Session) -> None:
    attempt = make_attempt(session)
    session.execute(update(Paper).where(Paper.id == attempt.paper_id).values(state="drawn"))
    opened_for_answers(session, attempt)

    with statements(session) as said:
        opened_for_answers(session, attempt)

    assert said
