"""Decisions by two people: more time, late answers, a person's right."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Invalid, NotYours, Refused
from app.core.jobs import OutboxItem
from app.core.two_people import ContentChanged, ProposalTooOld, SamePerson
from app.exams import deciding, service
from app.exams.deciding import Standing
from app.exams.life import WrongState
from app.exams.models import AcceptedLate, Attempt, TimeGrant
from app.exams.service import accommodations, decisions, late_answers
from app.exams.service.accommodations import NoSuchCandidate, OverAlready
from app.exams.service.decisions import NotTheProposer
from app.exams.service.extra_time import HasEnded, NobodyWaits
from app.exams.service.kinds import Target
from app.exams.service.late_answers import NotLate, StillRuns
from tests.exams.builders import actor, make_attempt, make_sitting, position_of
from tests.exams.deciding import answer, answered_late, approve, propose
from tests.factories import make_person

HOUR = timedelta(hours=1)
TEN_MINUTES = {"seconds": 600}


def grants(session: Session, attempt: Attempt) -> list[TimeGrant]:
    return list(session.scalars(select(TimeGrant).where(TimeGrant.attempt_id == attempt.id)))


# -- what holds for every kind ---------------------------------------------------------------------


def test_nothing_is_done_before_a_second_person_approves(session: Session) -> None:
    attempt = make_attempt(session)
    end = attempt.deadline
    decision = propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES)

    assert attempt.deadline == end
    assert [row.decision for row in decisions.waiting(session, now=clock.now())] == [decision]
    assert decisions.ended(session, now=clock.now()) == []


def test_whoever_proposed_cannot_approve(session: Session) -> None:
    attempt, one = make_attempt(session), actor(session, "organiser")
    decision = propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES, by=one)

    with pytest.raises(SamePerson):
        approve(session, decision, by=one)


def test_a_proposal_lapses_after_a_day(session: Session) -> None:
    decision = propose(session, "extra-time", Target(attempt=make_attempt(session)), TEN_MINUTES)
    later = clock.now() + timedelta(hours=24)

    with pytest.raises(ProposalTooOld):
        approve(session, decision, now=later)
    assert decisions.get_row(session, decision.public_id, now=later).standing is Standing.LAPSED
    assert decisions.waiting(session, now=later) == []
    assert [row.standing for row in decisions.ended(session, now=later)] == [Standing.LAPSED]


def test_the_second_person_approves_the_very_content(session: Session) -> None:
    decision = propose(session, "extra-time", Target(attempt=make_attempt(session)), TEN_MINUTES)
    who = actor(session, "organiser")

    with pytest.raises(ContentChanged):
        decisions.approve(session, who, decision.public_id, content_hash="0" * 64, now=clock.now())


@pytest.mark.parametrize(("name", "value"), [("content", {"seconds": 7200}), ("reason", "Another one.")])
def test_a_change_behind_the_back_of_the_two_voids_the_proposal(
    session: Session, name: str, value: object
) -> None:
    decision = propose(session, "extra-time", Target(attempt=make_attempt(session)), TEN_MINUTES)
    setattr(decision, name, value)
    session.flush()

    with pytest.raises(ContentChanged):
        approve(session, decision)


def test_it_is_done_once(session: Session) -> None:
    attempt = make_attempt(session)
    decision = propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES)
    approve(session, decision)

    with pytest.raises(WrongState):
        approve(session, decision)
    assert len(grants(session, attempt)) == 1


def test_only_the_proposer_withdraws_and_then_nobody_approves(session: Session) -> None:
    one = actor(session, "organiser")
    decision = propose(session, "extra-time", Target(attempt=make_attempt(session)), TEN_MINUTES, by=one)
    with pytest.raises(NotTheProposer):
        decisions.withdraw(session, actor(session, "organiser"), decision.public_id, now=clock.now())
    decisions.withdraw(session, one, decision.public_id, now=clock.now())

    with pytest.raises(WrongState):
        approve(session, decision)
    with pytest.raises(WrongState):
        decisions.withdraw(session, one, decision.public_id, now=clock.now())
    assert decisions.ended(session, now=clock.now())[0].standing is Standing.WITHDRAWN


def test_what_is_not_there_is_not_found(session: Session) -> None:
    who, now = actor(session, "organiser"), clock.now()

    with pytest.raises(NotYours):
        decisions.get_row(session, uuid4(), now=now)
    with pytest.raises(NotYours):
        decisions.approve(session, who, uuid4(), content_hash="0" * 64, now=now)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("extra-time", {"seconds": 0}),
        ("extra-time", {"seconds": 7201}),
        ("extra-time", {"seconds": "600"}),
        ("extra-time", {"seconds": 600, "more": 1}),
        ("late-answers", {"events": []}),
        ("late-answers", {"events": [2, 1]}),
        ("late-answers", {"events": [1, 1]}),
        ("accommodation", {"percent": 101, "break_minutes": 0, "until": "2030-01-01"}),
        ("accommodation", {"percent": 25, "break_minutes": 61, "until": "2030-01-01"}),
        ("accommodation", {"percent": 25, "break_minutes": 0, "until": "soon"}),
    ],
)
def test_content_of_another_shape_is_refused(session: Session, kind: str, content: dict[str, Any]) -> None:
    attempt = make_attempt(session)
    with pytest.raises(Invalid):
        propose(session, kind, Target(attempt=attempt), content)


def test_every_decision_has_its_reason(session: Session) -> None:
    target, who = Target(attempt=make_attempt(session)), actor(session, "organiser")
    for reason in ("  ", "x" * 1001):
        with pytest.raises(Invalid):
            decisions.propose(
                session, who, "extra-time", target=target, content=TEN_MINUTES, reason=reason, now=clock.now()
            )


# -- more time for one -----------------------------------------------------------------------------


def test_more_time_moves_the_end_of_one_attempt_and_stands_in_its_grants(session: Session) -> None:
    attempt, other = make_attempt(session), make_attempt(session)
    end, ends_elsewhere = attempt.deadline, other.deadline
    decision = propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES)
    approve(session, decision)

    assert (attempt.deadline - end, attempt.extra_seconds) == (timedelta(minutes=10), 600)
    assert [(one.seconds, one.cause, one.decision_id) for one in grants(session, attempt)] == [
        (600, "decision", decision.id)
    ]
    assert other.deadline == ends_elsewhere
    assert decisions.about_attempt(session, attempt, now=clock.now())[0].standing is Standing.APPROVED


def test_an_attempt_that_ended_meanwhile_gets_no_time(session: Session) -> None:
    attempt = make_attempt(session)
    decision = propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES)
    service.finish(session, attempt, now=clock.now())

    with pytest.raises(HasEnded):
        approve(session, decision)
    with pytest.raises(HasEnded):
        propose(session, "extra-time", Target(attempt=attempt), TEN_MINUTES)
    assert grants(session, attempt) == []


# -- more time for a sitting -----------------------------------------------------------------------


def test_a_sitting_gets_time_and_so_does_everyone_in_it_now_and_later(session: Session) -> None:
    sitting, elsewhere = make_sitting(session), make_attempt(session)
    running = [make_attempt(session, sitting=sitting) for _ in range(3)]
    handed_in = make_attempt(session, sitting=sitting)
    service.finish(session, handed_in, now=clock.now())
    ends = {one.id: one.deadline for one in (*running, handed_in, elsewhere)}
    closes_at = sitting.closes_at
    done = approve(session, propose(session, "sitting-time", Target(sitting=sitting), {"seconds": 1200}))
    later = make_attempt(session, sitting=sitting)

    span = timedelta(minutes=20)
    assert [one.deadline - ends[one.id] for one in running] == [span] * 3
    assert [sum(grant.seconds for grant in grants(session, one)) for one in running] == [1200] * 3
    assert handed_in.deadline == ends[handed_in.id]
    assert elsewhere.deadline == ends[elsewhere.id]
    assert sitting.closes_at - closes_at == span
    assert later.closes_at == closes_at + span
    assert done.values == {"minutes": "20", "given": 3, "missed": 0}


def test_the_message_says_how_many_the_clock_has_ended_meanwhile(session: Session) -> None:
    sitting = make_sitting(session, closes_at=clock.now() + timedelta(minutes=20))
    lost, silent = (make_attempt(session, sitting=sitting) for _ in range(2))
    decision = propose(session, "sitting-time", Target(sitting=sitting), {"seconds": 90})
    now = lost.deadline + timedelta(minutes=1)
    assert service.close_if_over(session, lost, now=now)
    done = approve(session, decision, now=now)

    assert done.values == {"minutes": "1.5", "given": 1, "missed": 1}
    assert silent.extra_seconds == 90


def test_a_sitting_that_is_over_lets_nobody_in_again(session: Session) -> None:
    sitting = make_sitting(session, closes_at=clock.now() + timedelta(minutes=20))
    attempt = make_attempt(session, sitting=sitting)
    closes_at = sitting.closes_at
    decision = propose(session, "sitting-time", Target(sitting=sitting), TEN_MINUTES, now=closes_at)
    approve(session, decision, now=closes_at)

    assert sitting.closes_at == closes_at
    assert attempt.extra_seconds == 600


def test_where_nobody_runs_and_nobody_may_start_there_is_nothing_to_give(session: Session) -> None:
    sitting = make_sitting(session)
    with pytest.raises(NobodyWaits):
        propose(session, "sitting-time", Target(sitting=sitting), TEN_MINUTES, now=sitting.closes_at)


# -- late answers ----------------------------------------------------------------------------------


def test_late_answers_count_from_the_decision_on(
    session: Session, handed_in: list[dict[str, Any]], app: Flask
) -> None:
    attempt = make_attempt(session)
    now = answered_late(session, attempt, "b", "c")
    place = position_of(attempt, "single_choice")
    assert service.answers_of(session, attempt.id)[place] == "a"
    head, numbers = attempt.head_hash, [one.number for one in late_answers.waiting(session, attempt)]
    decision = propose(session, "late-answers", Target(attempt=attempt), {"events": numbers[:1]})
    approve(session, decision, now=now)

    assert service.answers_of(session, attempt.id)[place] == "b"
    assert [one.number for one in late_answers.waiting(session, attempt)] == numbers[1:]
    accepted = session.scalars(select(AcceptedLate)).one()
    assert (accepted.number, accepted.decision_id) == (numbers[0], decision.id)
    assert attempt.head_hash == head
    assert service.journal_fault(session, attempt) is None
    asked = session.scalars(select(OutboxItem).where(OutboxItem.kind == "attempt-finished")).all()
    assert [one.payload for one in asked] == [{"attempt": attempt.id}] * 2


def test_only_late_answers_that_wait_are_decided_on(session: Session) -> None:
    attempt = make_attempt(session)
    now = answered_late(session, attempt, "b")
    (number,) = (one.number for one in late_answers.waiting(session, attempt))
    with pytest.raises(NotLate):
        propose(session, "late-answers", Target(attempt=attempt), {"events": [1]})
    once = propose(session, "late-answers", Target(attempt=attempt), {"events": [number]})
    again = propose(session, "late-answers", Target(attempt=attempt), {"events": [number]})
    approve(session, once, now=now)

    with pytest.raises(NotLate):
        approve(session, again, now=now)


def test_nothing_is_late_while_the_attempt_runs(session: Session) -> None:
    attempt = make_attempt(session)
    answer(session, attempt, "a", sequence=1, now=clock.now())
    with pytest.raises(StillRuns):
        propose(session, "late-answers", Target(attempt=attempt), {"events": [1]})


def test_a_room_above_can_refuse(session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = make_attempt(session)
    now = answered_late(session, attempt, "b")
    heard: list[object] = []

    def refuse(_session: Session, attempt_id: int, positions: frozenset[int]) -> None:
        heard.append((attempt_id, positions))
        raise Refused

    monkeypatch.setitem(app.extensions, "recounts", (refuse,))
    (number,) = (one.number for one in late_answers.waiting(session, attempt))
    decision = propose(session, "late-answers", Target(attempt=attempt), {"events": [number]})

    with pytest.raises(Refused):
        approve(session, decision, now=now)
    assert heard == [(attempt.id, {position_of(attempt, "single_choice")})]
    session.rollback()


# -- a person's right ------------------------------------------------------------------------------


def right(**changes: object) -> dict[str, object]:
    return {"percent": 25, "break_minutes": 10, "until": "2030-06-01"} | changes


def test_a_right_holds_in_every_sitting_and_is_recorded_once(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    approve(session, propose(session, "accommodation", Target(person_id=person.id), right()))
    attempts = [make_attempt(session, person.id) for _ in range(1)]
    attempts.append(make_attempt(session))

    seconds = 30 * 60 // 4 + 600
    assert [one.extra_seconds for one in attempts] == [seconds, 0]
    assert attempts[0].deadline - attempts[0].started_at == timedelta(minutes=30, seconds=seconds)
    assert [(one.cause, one.seconds) for one in grants(session, attempts[0])] == [("accommodation", seconds)]


def test_starting_twice_gives_the_right_once(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    approve(session, propose(session, "accommodation", Target(person_id=person.id), right()))
    sitting = make_sitting(session)
    attempts = [make_attempt(session, person.id, sitting) for _ in range(2)]

    assert attempts[0] is attempts[1]
    assert len(grants(session, attempts[0])) == 1


def test_a_right_ends_with_its_last_day_by_the_clocks_of_the_country(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    today = clock.local(clock.now()).date()
    decision = propose(session, "accommodation", Target(person_id=person.id), right(until=today.isoformat()))
    approve(session, decision)
    midnight = clock.local(clock.now()).replace(hour=0, minute=0) + timedelta(days=1)

    assert accommodations.seconds_of(session, person.id, 1000, now=midnight - HOUR / 60) == 850
    assert accommodations.seconds_of(session, person.id, 1000, now=midnight) == 0


def test_the_newest_right_counts_and_nought_ends_it(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    for percent, break_minutes in ((25, 0), (50, 5), (0, 0)):
        content = right(percent=percent, break_minutes=break_minutes)
        approve(session, propose(session, "accommodation", Target(person_id=person.id), content))
        seconds = accommodations.seconds_of(session, person.id, 1000, now=clock.now())
        assert seconds == 10 * percent + 60 * break_minutes
    assert accommodations.granted_to(session, person.id, now=clock.now()) is None


def test_a_proposed_right_gives_nothing_yet(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    propose(session, "accommodation", Target(person_id=person.id), right())

    assert accommodations.seconds_of(session, person.id, 1000, now=clock.now()) == 0


def test_a_right_is_not_recorded_for_days_that_are_over(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    yesterday = (clock.local(clock.now()) - timedelta(days=1)).date()
    with pytest.raises(OverAlready):
        propose(session, "accommodation", Target(person_id=person.id), right(until=yesterday.isoformat()))


def test_only_candidates_have_such_rights(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    staff, _ = make_person(session, "author")

    assert accommodations.candidate_by_email(session, f" {person.email.upper()} ") == person.id
    for address in (staff.email, "nobody@example.kz"):
        with pytest.raises(NoSuchCandidate):
            accommodations.candidate_by_email(session, address)


def test_a_right_is_reckoned_in_whole_seconds() -> None:
    shown = deciding.Right(percent=33, break_minutes=2, until=date(2030, 1, 1))

    assert shown.seconds(100) == 33 + 120


def test_a_kind_gets_the_target_that_it_aims_at(session: Session) -> None:
    attempt = make_attempt(session)

    assert Target(attempt=attempt).the_attempt() is attempt
    with pytest.raises(LookupError):
        Target(person_id=1).the_attempt()
    with pytest.raises(LookupError):
        Target(attempt=attempt).the_sitting()
