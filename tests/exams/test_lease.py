"""One page writes an attempt: the rule, and what a page is told."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import service
from app.exams.incoming import Batch, FormAnswer, Sent
from app.exams.journal import Outcome
from app.exams.lease import Lease
from app.exams.models import AnswerEvent, Attempt
from app.exams.service import Received
from tests.exams.builders import make_attempt, position_of

PHONE, LAPTOP = str(UUID(int=10)), str(UUID(int=11))
FREE = Lease(0, 0, None)


def page(number: int) -> str:
    return str(UUID(int=100 + number))


# -- the rule --------------------------------------------------------------------------------------


def test_before_anyone_took_it_any_page_writes() -> None:
    assert FREE.is_held(None)
    assert FREE.applies(None, sent_by=None)


def test_the_newest_page_holds_the_attempt() -> None:
    lease = FREE.taken(PHONE).taken(PHONE)

    assert lease.is_held(2)
    assert not lease.is_held(1)
    assert not lease.is_held(None)


def test_what_a_device_held_back_counts_unless_another_came_between() -> None:
    same = FREE.taken(PHONE).taken(PHONE)
    back = FREE.taken(PHONE).taken(LAPTOP).taken(PHONE)

    assert same.applies(1, sent_by=2)
    assert not back.applies(1, sent_by=3)
    assert back.applies(3, sent_by=3)
    assert back.applies(None, sent_by=3)


@given(st.lists(st.sampled_from([PHONE, LAPTOP]), min_size=1, max_size=12))
def test_an_answer_counts_only_in_the_unbroken_run_of_the_newest_device(devices: list[str]) -> None:
    lease = FREE
    for device in devices:
        lease = lease.taken(device)

    run = len(devices)
    while run > 1 and devices[run - 2] == devices[-1]:
        run -= 1
    assert lease.number == len(devices)
    assert [lease.applies(number, sent_by=lease.number) for number in range(1, len(devices) + 1)] == [
        number >= run for number in range(1, len(devices) + 1)
    ]
    assert not any(lease.applies(None, sent_by=number) for number in range(lease.number))


# -- in the database -------------------------------------------------------------------------------


def send(
    session: Session,
    attempt: Attempt,
    number: int,
    answer: str = "",
    *,
    device: str = PHONE,
    lease: int | None = None,
    typed: int | None = None,
    take: bool = False,
    sequence: int = 1,
) -> Received:
    """Let page `number` send one answer, or none."""
    place = position_of(attempt, "single_choice")
    events = [
        Sent(client=page(number), sequence=sequence, position=place, lease=typed, fields={"answer": [answer]})
    ]
    batch = Batch(
        client=page(number), device=device, lease=lease, take=take, events=events if answer else [], waiting=2
    )
    return service.receive(session, attempt, batch, now=clock.now())


def outcomes(received: Received) -> list[Outcome]:
    return [reply.outcome for reply in received.replies]


def answer_of(session: Session, attempt: Attempt) -> object:
    return service.answers_of(session, attempt.id).get(position_of(attempt, "single_choice"))


def test_a_newer_page_takes_over_and_the_older_is_told(session: Session) -> None:
    attempt = make_attempt(session)
    first = send(session, attempt, 1, take=True)
    second = send(session, attempt, 2, "b", device=LAPTOP, take=True)
    older = send(session, attempt, 1, "a", lease=1, typed=1)

    assert (first.lease, first.is_held) == (1, True)
    assert (second.lease, second.is_held) == (2, True)
    assert outcomes(older) == [Outcome.SUPERSEDED]
    assert not older.is_held
    assert answer_of(session, attempt) == "b"


def test_nothing_typed_in_the_older_page_is_lost(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    send(session, attempt, 2, take=True)
    send(session, attempt, 1, "a", lease=1, typed=1)
    kept = session.scalars(select(AnswerEvent)).one()

    assert [kept.body, kept.lease, kept.is_superseded] == ["a", 1, True]
    assert service.journal_fault(session, attempt) is None


def test_a_take_that_comes_again_or_late_takes_nothing(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    send(session, attempt, 2, take=True)
    late = send(session, attempt, 1, take=True)
    again = send(session, attempt, 2, take=True)

    assert (late.lease, late.is_held) == (1, False)
    assert (again.lease, again.is_held) == (2, True)
    assert attempt.lease_number == 2


def test_a_reload_sends_what_the_page_before_it_held_back(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    send(session, attempt, 2, take=True)
    assert outcomes(send(session, attempt, 1, "a", lease=2, typed=1)) == [Outcome.SAVED]


def test_what_lay_on_a_device_while_another_went_on_does_not_count(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    send(session, attempt, 2, "b", device=LAPTOP, take=True)
    back = send(session, attempt, 3, take=True)
    assert outcomes(send(session, attempt, 1, "a", lease=back.lease, typed=1)) == [Outcome.SUPERSEDED]
    assert answer_of(session, attempt) == "b"


def test_a_page_without_scripts_takes_the_attempt_over_by_what_it_writes(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    place = position_of(attempt, "single_choice")
    answer = {place: FormAnswer({"answer": ["b"]}, 0)}
    service.save_forms(session, attempt, answer, now=clock.now())
    service.save_forms(session, attempt, answer, now=clock.now())

    assert attempt.lease_number == 2
    assert outcomes(send(session, attempt, 1, "a", lease=1, typed=1)) == [Outcome.SUPERSEDED]


def test_every_word_of_a_page_tells_that_it_is_there(session: Session) -> None:
    attempt = make_attempt(session)
    now = clock.now()
    send(session, attempt, 1, take=True)

    assert (attempt.last_seen_at, attempt.waiting) == (now, 2)


def test_after_the_end_nobody_takes_over_and_answers_are_late(session: Session) -> None:
    attempt = make_attempt(session)
    send(session, attempt, 1, take=True)
    service.finish(session, attempt, now=clock.now())
    batch = Batch(client=page(2), device=PHONE, take=True)
    service.receive(session, attempt, batch, now=clock.now() + timedelta(minutes=1))

    assert attempt.lease_number == 1
    assert outcomes(send(session, attempt, 1, "a", lease=1, typed=1)) == [Outcome.LATE]
