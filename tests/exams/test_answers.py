"""The journal in the database: saves, resends, contradictions, late and stale answers, ends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import NotYours
from app.core.jobs import OutboxItem
from app.core.permissions import Actor
from app.exams import journal, service
from app.exams.incoming import FormAnswer, Sent
from app.exams.journal import Outcome
from app.exams.lost_time import GIVEN_AT_MOST
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer, Flag, RefusedAnswer
from app.exams.service import MalformedAnswers
from app.exams.timing import GRACE, TooLate
from app.items.types.base import MalformedAnswer
from tests.exams.builders import make_attempt, position_of

TAB, OTHER_TAB = str(UUID(int=1)), str(UUID(int=2))


def sent(
    sequence: int, answer: str = "a", *, position: int | None = None, client: str = TAB, attempt: Attempt
) -> Sent:
    place = position or position_of(attempt, "single_choice")
    fields = {"answer": [answer]} if answer else {}
    return Sent(client=client, sequence=sequence, position=place, fields=fields)


def save(session: Session, attempt: Attempt, *batch: Sent, now: Any = None) -> list[Outcome]:
    replies = service.save(session, attempt, batch, now=now or clock.now())
    return [reply.outcome for reply in replies]


def events(session: Session, attempt: Attempt) -> list[AnswerEvent]:
    query = select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id).order_by(AnswerEvent.number)
    return list(session.scalars(query))


def answer_of(session: Session, attempt: Attempt) -> Any:
    return service.answers_of(session, attempt.id).get(position_of(attempt, "single_choice"))


def test_many_answers_go_in_one_request(session: Session) -> None:
    attempt = make_attempt(session)
    number = position_of(attempt, "numeric")
    outcomes = save(
        session,
        attempt,
        sent(1, "a", attempt=attempt),
        sent(2, "3,7", position=number, attempt=attempt),
        sent(3, "b", attempt=attempt),
    )

    assert outcomes == [Outcome.SAVED] * 3
    assert service.answers_of(session, attempt.id) == {
        position_of(attempt, "single_choice"): "b",
        number: "3,7",
    }
    assert [event.number for event in events(session, attempt)] == [1, 2, 3]
    assert attempt.event_count == 3


def test_a_reply_names_the_very_words_that_came(session: Session) -> None:
    attempt = make_attempt(session)
    one = sent(1, "a", attempt=attempt)
    reply = service.save(session, attempt, [one], now=clock.now())[0]

    assert (reply.client, reply.sequence) == (TAB, 1)
    assert reply.fields_hash == journal.digest({"answer": ["a"]})


def test_a_resend_changes_nothing(session: Session) -> None:
    attempt = make_attempt(session)
    one = sent(1, attempt=attempt)

    assert save(session, attempt, one) == [Outcome.SAVED]
    head = attempt.head_hash
    assert save(session, attempt, one) == [Outcome.REPEATED]
    assert save(session, attempt, one, one) == [Outcome.REPEATED] * 2
    assert attempt.head_hash == head
    assert len(events(session, attempt)) == 1


def test_a_contradicting_resend_is_refused_and_kept(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, "a", attempt=attempt))

    assert save(session, attempt, sent(1, "b", attempt=attempt)) == [Outcome.REFUSED]
    assert answer_of(session, attempt) == "a"
    kept: list[Any] = [refused.body for refused in session.scalars(select(RefusedAnswer))]
    assert kept == ["b"]


def test_an_older_number_never_overrides_a_newer_one_of_its_page(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(2, "b", attempt=attempt))

    assert save(session, attempt, sent(1, "a", attempt=attempt)) == [Outcome.STALE]
    assert answer_of(session, attempt) == "b"
    assert [event.is_stale for event in events(session, attempt)] == [False, True]


def test_another_page_begins_its_own_count(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(2, "b", attempt=attempt))

    assert save(session, attempt, sent(1, "c", client=OTHER_TAB, attempt=attempt)) == [Outcome.SAVED]
    assert answer_of(session, attempt) == "c"


def test_a_cleared_answer_is_no_answer(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, "a", attempt=attempt))
    reply = service.save(session, attempt, [sent(2, "", attempt=attempt)], now=clock.now())[0]

    assert reply.is_empty
    assert service.answers_of(session, attempt.id) == {}
    assert service.progress(session, attempt, now=clock.now()).answered == 0


def test_a_malformed_answer_is_told_and_the_others_are_saved(session: Session) -> None:
    attempt = make_attempt(session)
    replies = service.save(
        session,
        attempt,
        [sent(1, "z", attempt=attempt), sent(2, "a", attempt=attempt), sent(3, position=99, attempt=attempt)],
        now=clock.now(),
    )

    assert [reply.outcome for reply in replies] == [Outcome.MALFORMED, Outcome.SAVED, Outcome.MALFORMED]
    assert isinstance(replies[0].refusal, MalformedAnswer)
    assert len(events(session, attempt)) == 1


def test_an_answer_on_its_way_at_the_deadline_counts(session: Session) -> None:
    attempt = make_attempt(session)

    assert save(session, attempt, sent(1, attempt=attempt), now=attempt.deadline + GRACE) == [Outcome.SAVED]
    assert attempt.state == "open"


def test_an_answer_after_the_grace_is_kept_and_not_counted(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, "a", attempt=attempt))
    head = attempt.head_hash
    late = attempt.deadline + GRACE + timedelta(microseconds=1)

    assert save(session, attempt, sent(2, "b", attempt=attempt), now=late) == [Outcome.LATE]
    assert answer_of(session, attempt) == "a"
    assert [event.is_late for event in events(session, attempt)] == [False, True]
    assert (attempt.state, attempt.finished_by, attempt.finished_at) == (
        "finished",
        "deadline",
        attempt.deadline,
    )
    assert (attempt.event_count, attempt.head_hash) == (1, head)
    assert service.journal_fault(session, attempt) is None


def test_an_answer_after_the_candidate_finished_is_late_too(session: Session) -> None:
    attempt = make_attempt(session)
    service.finish(session, attempt, now=clock.now())

    assert save(session, attempt, sent(1, attempt=attempt)) == [Outcome.LATE]
    assert save(session, attempt, sent(2, attempt=attempt)) == [Outcome.LATE]
    assert service.answers_of(session, attempt.id) == {}
    assert service.receipt(session, attempt).late == 2
    assert service.journal_fault(session, attempt) is None


def test_a_day_after_the_end_nothing_is_kept_any_more(session: Session) -> None:
    attempt = make_attempt(session)
    last = attempt.deadline + journal.KEPT_LATE_FOR

    assert save(session, attempt, sent(1, attempt=attempt), now=last) == [Outcome.LATE]
    with pytest.raises(TooLate):
        save(session, attempt, sent(2, attempt=attempt), now=last + timedelta(microseconds=1))


def test_the_current_answers_are_those_of_the_journal(session: Session) -> None:
    attempt = make_attempt(session)
    number = position_of(attempt, "numeric")
    for batch in (
        [sent(2, "b", attempt=attempt), sent(1, "a", attempt=attempt)],
        [sent(3, "5", position=number, attempt=attempt), sent(1, "c", client=OTHER_TAB, attempt=attempt)],
    ):
        save(session, attempt, *batch)
    every = events(session, attempt)
    links = [
        journal.Event(
            one.number,
            one.client,
            one.client_sequence,
            one.position,
            one.body_hash,
            one.received_at,
            is_late=one.is_late,
            is_stale=one.is_stale,
        )
        for one in every
    ]
    current = {one.position: one.event_id for one in session.scalars(select(CurrentAnswer))}

    by_number = {one.number: one.id for one in every}
    assert current == {position: by_number[one] for position, one in journal.counting(links).items()}


def test_the_database_itself_refuses_to_change_an_event(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, attempt=attempt))

    for statement in ("UPDATE answer_events SET position = 9", "DELETE FROM answer_events"):
        with pytest.raises(DatabaseError, match="only added"), session.begin_nested():
            session.execute(text(statement))


def test_an_answer_changed_behind_the_journal_is_found(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, "a", attempt=attempt), sent(2, "b", attempt=attempt))
    session.execute(text("DROP TRIGGER answer_events_no_update"))
    session.execute(text("UPDATE answer_events SET body = '\"c\"' WHERE number = 2"))
    session.expire_all()

    assert service.journal_fault(session, attempt) == 2


def test_a_journal_cut_at_its_end_is_found(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, "a", attempt=attempt), sent(2, "b", attempt=attempt))
    session.execute(text("DELETE FROM current_answers"))
    session.execute(text("DROP TRIGGER answer_events_no_delete"))
    session.execute(text("DELETE FROM answer_events WHERE number = 2"))
    session.expire_all()

    assert service.journal_fault(session, attempt) == 2


# -- plain forms ---------------------------------------------------------------------------------


def form(session: Session, attempt: Attempt, answer: str, *, shown: int = 0) -> None:
    place = position_of(attempt, "single_choice")
    fields = {"answer": [answer]} if answer else {}
    service.save_forms(session, attempt, {place: FormAnswer(fields, shown)}, now=clock.now())


def test_a_form_is_saved_like_a_script(session: Session) -> None:
    attempt = make_attempt(session)
    form(session, attempt, "a")
    form(session, attempt, "b", shown=1)

    assert answer_of(session, attempt) == "b"
    assert [(event.client, event.client_sequence) for event in events(session, attempt)] == [
        ("form", 1),
        ("form", 2),
    ]


def test_a_form_sent_twice_is_one_event(session: Session) -> None:
    attempt = make_attempt(session)
    form(session, attempt, "a")
    form(session, attempt, "a")

    assert len(events(session, attempt)) == 1


def test_a_page_opened_earlier_does_not_undo_a_newer_answer(session: Session) -> None:
    attempt = make_attempt(session)
    form(session, attempt, "a")
    form(session, attempt, "b", shown=1)
    form(session, attempt, "a", shown=1)
    form(session, attempt, "", shown=0)

    assert answer_of(session, attempt) == "b"


def test_a_form_can_clear_an_answer(session: Session) -> None:
    attempt = make_attempt(session)
    form(session, attempt, "a")
    form(session, attempt, "", shown=1)

    assert answer_of(session, attempt) is None
    assert len(events(session, attempt)) == 2


def test_a_malformed_form_is_refused(session: Session) -> None:
    attempt = make_attempt(session)

    with pytest.raises(MalformedAnswers) as refusal:
        form(session, attempt, "z")
    assert list(refusal.value.by_position) == [position_of(attempt, "single_choice")]
    with pytest.raises(NotYours):
        service.save_forms(session, attempt, {99: FormAnswer({}, 0)}, now=clock.now())
    assert events(session, attempt) == []


def test_a_form_after_the_end_is_kept_as_late(session: Session) -> None:
    attempt = make_attempt(session)
    service.finish(session, attempt, now=clock.now())

    with pytest.raises(service.Over):
        form(session, attempt, "a")
    with pytest.raises(service.Over):
        form(session, attempt, "z")
    assert [event.is_late for event in events(session, attempt)] == [True]


def test_a_flag_is_put_and_taken_away(session: Session) -> None:
    attempt = make_attempt(session)
    for _ in range(2):
        service.set_flag(session, attempt, 2, is_on=True)
    assert [flag.position for flag in session.scalars(select(Flag))] == [2]
    for _ in range(2):
        service.set_flag(session, attempt, 2, is_on=False)
    assert session.scalars(select(Flag)).all() == []


# -- ends ----------------------------------------------------------------------------------------


def outbox(session: Session) -> list[dict[str, Any]]:
    return [
        row.payload
        for row in session.scalars(select(OutboxItem).where(OutboxItem.kind == "attempt-finished"))
    ]


def test_a_finish_gives_a_receipt_and_hands_the_attempt_on(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, attempt=attempt))
    service.finish(session, attempt, now=clock.now())
    receipt = service.receipt(session, attempt)

    assert receipt.number == journal.receipt(attempt.public_id, 1)
    assert receipt.full_hash == attempt.head_hash
    assert (receipt.answered, receipt.items, receipt.events, receipt.late) == (1, 4, 1, 0)
    assert not receipt.by_deadline
    assert outbox(session) == [{"attempt": attempt.id}]


def test_a_finish_pressed_after_the_grace_is_the_deadlines(session: Session) -> None:
    attempt = make_attempt(session)

    assert not service.finish(session, attempt, now=attempt.deadline + timedelta(minutes=1))
    assert (attempt.finished_by, attempt.finished_at) == ("deadline", attempt.deadline)
    assert len(outbox(session)) == 1


def test_overdue_attempts_are_closed_once_with_what_was_saved(session: Session) -> None:
    first, second = make_attempt(session), make_attempt(session)
    save(session, first, sent(1, attempt=first))
    service.finish(session, second, now=clock.now())
    first.last_seen_at = first.deadline
    in_grace, after = first.deadline + GRACE, first.deadline + GRACE + timedelta(seconds=1)

    assert service.close_overdue(session, in_grace) == 0
    assert service.close_overdue(session, after) == 1
    assert service.close_overdue(session, after) == 0
    assert (first.state, first.finished_at) == ("finished", first.deadline)
    assert second.finished_by == "candidate"
    assert service.answers_of(session, first.id) == {position_of(first, "single_choice"): "a"}
    assert outbox(session) == [{"attempt": second.id}, {"attempt": first.id}]


def test_who_was_silent_at_the_end_is_waited_for_as_long_as_time_may_be_given_back(session: Session) -> None:
    attempt = make_attempt(session)
    last = attempt.deadline + GRACE + GIVEN_AT_MOST

    assert service.close_overdue(session, last) == 0
    assert service.close_overdue(session, last + timedelta(seconds=1)) == 1
    assert attempt.finished_at == attempt.deadline


def test_a_closing_by_the_clock_is_in_the_record_with_the_journals_head(session: Session) -> None:
    attempt = make_attempt(session)
    service.close_overdue(session, attempt.deadline + timedelta(minutes=11))
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "attempt-finished")).one()

    assert event.about == {"attempt": str(attempt.public_id), "head": attempt.head_hash}
    assert event.actor_id is None


def test_only_the_own_receipt_can_be_had(session: Session) -> None:
    attempt = make_attempt(session)
    own = service.own_attempt(session, Actor(id=attempt.person_id), attempt.public_id, lock=True)

    assert service.receipt(session, own).is_settled is False
