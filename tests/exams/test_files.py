"""Answer files in the database: what counts, what is kept, and that the same file comes once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.keys import Keys
from app.core.permissions import Actor
from app.exams import service
from app.exams.answer_file import CannotOpen, NotAFile, seal_file
from app.exams.file_faults import Fault
from app.exams.incoming import Batch, Sent
from app.exams.journal import KEPT_LATE_FOR
from app.exams.models import AnswerEvent, AnswerFile
from app.exams.service import files
from app.exams.service.files import CameTooLate, OtherAttempt, Taken
from tests.exams.builders import actor, make_attempt, position_of

DEVICE, OTHER_DEVICE = str(UUID(int=21)), str(UUID(int=22))
PAGE, OTHER_PAGE = str(UUID(int=31)), str(UUID(int=32))


def keys() -> Keys:
    found: Keys = current_app.extensions["keys"]
    return found


class Desk:
    """An attempt that one device holds, with one answer on the server before the line was lost."""

    def __init__(self, session: Session) -> None:
        self.session, self.attempt = session, make_attempt(session)
        self.single, self.numeric = (position_of(self.attempt, kind) for kind in ("single_choice", "numeric"))
        self.organiser = actor(session, "organiser")
        self.lost_at = clock.now()
        self.take(DEVICE, PAGE, events=[Sent(**self.event(1, "a"))])
        receipt = service.newest_receipt(session, self.attempt, keys().receipts())
        assert receipt is not None
        self.base = {name: value for name, value in receipt.as_json().items() if name != "attempt"}

    def take(self, device: str, page: str, **more: Any) -> None:
        batch = Batch(client=page, device=device, take=True, **more)
        service.receive(self.session, self.attempt, batch, now=clock.now())

    def event(self, sequence: int, answer: str, position: int | None = None) -> dict[str, Any]:
        return {
            "client": PAGE,
            "sequence": sequence,
            "position": position or self.single,
            "lease": 1,
            "fields": {"answer": [answer]},
        }

    def file(self, *answers: tuple[int, str], typed: int = 60, **changes: Any) -> bytes:
        """Return a file of answers to the single choice, by the client's number, typed one after the other."""
        events = [{**self.event(sequence, answer), "typed": typed + sequence} for sequence, answer in answers]
        values: dict[str, Any] = {
            "attempt": self.attempt.public_id,
            "device": DEVICE,
            "base": self.base,
            "since": typed + 600,
            "events": events,
        }
        return seal_file(keys().answer_files().public_key(), **(values | changes))

    def bring(self, raw: bytes, *, after: timedelta = timedelta(hours=2), by: Actor | None = None) -> Taken:
        now = self.lost_at + after
        return files.take_in(self.session, self.attempt, raw, keys(), by=by or self.organiser, now=now)

    @property
    def answers(self) -> dict[int, Any]:
        return service.answers_of(self.session, self.attempt.id)

    def events(self) -> list[AnswerEvent]:
        return list(service.events_of(self.session, self.attempt))


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


SOON = timedelta(minutes=20)


def test_before_the_end_the_answers_of_a_file_count(desk: Desk) -> None:
    taken = desk.bring(desk.file((2, "b"), (3, "c")), after=SOON)

    assert (taken.file.answers, taken.file.added, taken.faults, taken.waits) == (2, 2, [], 0)
    assert desk.answers == {desk.single: "c"}
    assert desk.attempt.state == "open"
    assert service.journal_fault(desk.session, desk.attempt) is None


def test_after_the_end_they_are_kept_and_wait_for_a_decision(desk: Desk) -> None:
    taken = desk.bring(desk.file((2, "b"), (3, "c")))

    assert (taken.file.answers, taken.file.added, taken.faults) == (2, 2, [])
    assert (taken.file.numbers, taken.waits) == ([2, 3], 2)
    assert desk.answers == {desk.single: "a"}
    assert desk.attempt.finished_by == "deadline"
    assert [event.is_late for event in desk.events()] == [False, True, True]
    assert service.journal_fault(desk.session, desk.attempt) is None


def test_answers_that_came_by_the_line_too_are_not_new(desk: Desk) -> None:
    taken = desk.bring(desk.file((1, "a"), (2, "b")), after=SOON)

    assert (taken.file.answers, taken.file.added) == (2, 1)
    assert len(desk.events()) == 2


def test_the_same_file_twice_is_taken_once(desk: Desk) -> None:
    raw = desk.file((2, "b"))
    first = desk.bring(raw)
    second = desk.bring(raw, by=actor(desk.session, "organiser"))

    assert (first.is_new, second.is_new) == (True, False)
    assert second.file is first.file
    assert len(desk.events()) == 2
    assert desk.session.scalar(select(func.count()).select_from(AnswerFile)) == 1


def test_a_file_names_only_its_own_late_answers(desk: Desk) -> None:
    desk.bring(desk.file((2, "b"), (3, "c")))

    assert desk.bring(desk.file((3, "c"))).file.numbers == [3]


def test_another_file_with_the_same_answers_adds_none(desk: Desk) -> None:
    desk.bring(desk.file((2, "b")))
    again = desk.bring(desk.file((2, "b")))

    assert (again.is_new, again.file.added, again.file.numbers) == (True, 0, [2])
    assert len(desk.events()) == 2


def test_a_file_with_a_fault_is_kept_and_counts_for_nothing(desk: Desk) -> None:
    taken = desk.bring(desk.file((2, "b"), device=OTHER_DEVICE), after=SOON)

    assert taken.file.faults == [Fault.DEVICE]
    assert taken.faults == ["It was not made by the device that held this attempt last."]
    assert desk.answers == {desk.single: "a"}
    assert [event.is_superseded for event in desk.events()] == [False, True]
    assert service.journal_fault(desk.session, desk.attempt) is None


def test_a_large_file_with_a_fault_is_entered_whole(desk: Desk) -> None:
    answers = [(number, "abc"[number % 3]) for number in range(2, 123)]
    taken = desk.bring(desk.file(*answers, device=OTHER_DEVICE), after=SOON)

    assert (taken.file.answers, taken.file.added) == (121, 121)
    assert len(desk.events()) == 122


def test_a_receipt_that_we_did_not_sign_is_a_fault(desk: Desk) -> None:
    forged = desk.base | {"at": "2026-12-01T08:00:00+00:00"}

    assert desk.bring(desk.file((2, "b"), base=forged)).file.faults == [Fault.RECEIPT]


def test_a_receipt_of_another_attempt_is_a_fault(desk: Desk) -> None:
    other = Desk(desk.session)

    assert desk.bring(desk.file((2, "b"), base=other.base)).file.faults == [Fault.RECEIPT, Fault.JOURNAL]


def test_a_receipt_of_what_came_late_does_not_exist(desk: Desk) -> None:
    desk.bring(desk.file((2, "b")))
    late = desk.events()[-1]
    forged = desk.base | {"count": late.number, "head": late.chain_hash}

    assert desk.bring(desk.file((3, "c"), base=forged)).file.faults == [Fault.RECEIPT, Fault.JOURNAL]


def test_a_device_that_another_took_over_from_counts_no_more(desk: Desk) -> None:
    desk.take(OTHER_DEVICE, OTHER_PAGE)

    assert desk.bring(desk.file((2, "b")), after=SOON).file.faults == [Fault.DEVICE]
    assert desk.answers == {desk.single: "a"}


def test_what_was_typed_after_the_end_is_a_fault(desk: Desk) -> None:
    assert desk.bring(desk.file((2, "b"), typed=31 * 60)).file.faults == [Fault.TIME]


def test_a_contradiction_is_a_fault_and_kept_aside(desk: Desk) -> None:
    taken = desk.bring(desk.file((1, "b")), after=SOON)

    assert (taken.file.faults, taken.file.added) == ([Fault.CONTRADICTS], 0)
    assert desk.answers == {desk.single: "a"}


def test_an_answer_that_its_item_does_not_allow_is_left_out(desk: Desk) -> None:
    taken = desk.bring(desk.file((2, "zz"), (3, "c")), after=SOON)

    assert (taken.file.answers, taken.file.added, taken.faults) == (2, 1, [])
    assert desk.answers == {desk.single: "c"}


def test_a_file_is_taken_for_a_day_after_the_end(desk: Desk) -> None:
    end = desk.attempt.deadline - desk.lost_at
    with pytest.raises(CameTooLate):
        desk.bring(desk.file((2, "b")), after=end + KEPT_LATE_FOR + timedelta(seconds=1))
    assert len(desk.events()) == 1

    assert desk.bring(desk.file((2, "b")), after=end + KEPT_LATE_FOR).file.added == 1


def test_a_file_of_another_attempt_is_refused(desk: Desk) -> None:
    other = Desk(desk.session)

    with pytest.raises(OtherAttempt):
        desk.bring(other.file((2, "b")))
    assert len(desk.events()) == 1


def test_what_is_no_file_is_refused(desk: Desk) -> None:
    with pytest.raises(NotAFile):
        desk.bring(b"%PDF-1.7")
    raw = desk.file((2, "b"))
    place = raw.index(b'"data":"') + 20
    with pytest.raises(CannotOpen):
        desk.bring(raw[:place] + (b"B" if raw[place : place + 1] != b"B" else b"C") + raw[place + 1 :])


def test_a_file_does_not_make_an_outage_shorter(desk: Desk) -> None:
    desk.attempt.waiting = 4
    before = desk.attempt.last_seen_at
    desk.bring(desk.file((2, "b")), after=SOON)
    desk.session.expire_all()

    assert (desk.attempt.last_seen_at, desk.attempt.waiting) == (before, 4)


def test_the_sitting_names_the_attempt_of_a_file(desk: Desk) -> None:
    raw, other = desk.file((2, "b")), Desk(desk.session)

    assert files.attempt_of_file(desk.session, desk.attempt.sitting, raw, keys()) is desk.attempt
    with pytest.raises(OtherAttempt):
        files.attempt_of_file(desk.session, other.attempt.sitting, raw, keys())


def test_files_of_a_sitting_are_listed_newest_first(desk: Desk) -> None:
    first = desk.bring(desk.file((2, "b")))
    second = desk.bring(desk.file((3, "c")), after=timedelta(hours=3))

    found = files.files_of_sitting(desk.session, desk.attempt.sitting)
    assert [one.file for one in found] == [second.file, first.file]
    assert files.get_file(desk.session, first.file.public_id) == replace(first, is_new=False)


@pytest.mark.parametrize("act", ["UPDATE answer_files SET added = 0", "DELETE FROM answer_files"])
def test_the_database_refuses_to_change_what_came(desk: Desk, act: str) -> None:
    desk.bring(desk.file((2, "b")))

    with pytest.raises(DatabaseError, match="only added"), desk.session.begin_nested():
        desk.session.execute(text(act))
