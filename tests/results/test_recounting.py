"""Late answers that two people let count, as marking and results take them up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import journal
from app.exams import service as exams
from app.exams.models import AnswerEvent, Attempt
from app.exams.service.kinds import Target
from app.marking import service as marking
from app.marking.models import Script
from app.marking.service import Given, MarkedAlready
from app.results import service
from app.results.models import Result
from app.results.service import ResultStands
from tests.exams.deciding import approve, propose
from tests.marking.papers import ESSAY, WRITTEN, add_marker, hand_in, open_sitting
from tests.results.released import organiser, provisional, release

LATE = 10


def late(session: Session, attempt: Attempt, position: int, body: str) -> None:
    """Add an answer that came after the end."""
    event = AnswerEvent(
        attempt_id=attempt.id,
        number=LATE,
        client="form",
        client_sequence=LATE,
        position=position,
        body=body,
        body_hash=journal.digest(body),
        received_at=clock.now(),
        is_late=True,
        chain_hash="0" * 64,
    )
    session.add(event)
    session.flush()


def count(session: Session, attempt: Attempt) -> None:
    """Let the late answer count, and do what that asks for."""
    approve(session, propose(session, "late-answers", Target(attempt=attempt), {"events": [LATE]}))
    marking.take_in({"attempt": attempt.id})


def results_of(session: Session, attempt: Attempt) -> list[Result]:
    return list(session.scalars(select(Result).where(Result.attempt_id == attempt.id)))


def test_a_provisional_result_is_worked_out_anew(session: Session) -> None:
    result = provisional(session, answers={1: "b", 2: "a", 3: ESSAY})
    attempt, before = result.attempt, result.content_hash
    late(session, attempt, 1, "a")
    count(session, attempt)
    service.compute({"attempt": attempt.id})

    (again,) = results_of(session, attempt)
    assert again.content_hash != before
    assert service.scores_of(again).items[0].points == 1


def test_between_the_decision_and_the_working_out_there_is_nothing_to_release(session: Session) -> None:
    result = provisional(session, answers={1: "b", 2: "a", 3: ESSAY})
    attempt = result.attempt
    late(session, attempt, 1, "a")
    count(session, attempt)

    assert results_of(session, attempt) == []


@pytest.mark.parametrize("is_released", [False, True])
def test_a_result_that_is_proposed_or_released_stands(session: Session, *, is_released: bool) -> None:
    result = provisional(session, answers={1: "b", 2: "a", 3: ESSAY})
    attempt, who, now = result.attempt, organiser(session), clock.now()
    if is_released:
        release(session, result)
    else:
        batch = service.batch_of(session, who, attempt.sitting.public_id, now=now)
        service.propose(session, who, attempt.sitting.public_id, batch.content_hash, now=now)
    late(session, attempt, 1, "a")

    with pytest.raises(ResultStands):
        count(session, attempt)


def test_a_result_whose_proposal_has_lapsed_is_worked_out_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = provisional(session, answers={1: "b", 2: "a", 3: ESSAY})
    attempt, who, now = result.attempt, organiser(session), clock.now()
    batch = service.batch_of(session, who, attempt.sitting.public_id, now=now)
    service.propose(session, who, attempt.sitting.public_id, batch.content_hash, now=now)
    late(session, attempt, 1, "a")
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    count(session, attempt)

    assert results_of(session, attempt) == []


def test_an_essay_that_came_late_is_marked_after_all(session: Session) -> None:
    add_marker(session)
    add_marker(session)
    attempt = hand_in(session, open_sitting(session), {1: "a", 2: "a"})
    marking.take_in({"attempt": attempt.id})
    script = session.scalars(select(Script).where(Script.attempt_id == attempt.id)).one()
    assert (script.state, script.points) == ("settled", 0)
    late(session, attempt, WRITTEN, ESSAY)
    count(session, attempt)

    script = session.scalars(select(Script).where(Script.attempt_id == attempt.id)).one()
    assert (script.state, script.points, len(script.markings)) == ("marking", None, 2)
    assert exams.answers_of(session, attempt.id)[WRITTEN] == ESSAY
    for one in list(script.markings):
        marking.give(session, one, Given({"facts": 4, "order": 4}, "Мерзімі бар."), now=clock.now())
    service.compute({"attempt": attempt.id})
    assert service.scores_of(results_of(session, attempt)[0]).items[2].points > 0


def test_an_answer_that_an_examiner_has_marked_is_not_exchanged(session: Session) -> None:
    result = provisional(session)
    late(session, result.attempt, WRITTEN, "Басқа мәтін.")

    with pytest.raises(MarkedAlready):
        count(session, result.attempt)
