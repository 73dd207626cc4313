"""Appeals and corrections, on a real database."""

from collections.abc import Callable
from fractions import Fraction
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock, jobs
from app.core.errors import NotYours
from app.core.jobs import OutboxItem
from app.core.two_people import ContentChanged, ProposalTooOld, SamePerson
from app.results import service
from app.results.appeals import TooLateToAppeal
from app.results.life import NotNow
from app.results.models import Appeal, Result
from app.results.scoring import WrongPoints
from app.results.service import AlreadyAppealed, NothingCorrected
from app.training import service as training
from tests.conftest import FrozenClock
from tests.marking.papers import ESSAY
from tests.results.released import organiser, owner, provisional, release

FAILING = {1: "b", 2: "b", 3: ESSAY}
REASON = "1-сұрақ: жауап заңның 35-бабынан шығады."
ANSWER = "Заңның мәтінін қарадық: жауабыңыз дұрыс."


def appealed(session: Session) -> Appeal:
    """A released result that is not passed for two wrong answers, and an appeal against it."""
    result = release(session, provisional(session, answers=FAILING))
    return service.file_appeal(session, owner(result), result, REASON, now=clock.now())


def versions(session: Session) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in session.scalars(select(Result).order_by(Result.number))]


# -- filing ---------------------------------------------------------------------------------------


def test_a_candidate_appeals_within_the_term(session: Session) -> None:
    appeal = appealed(session)

    assert (appeal.state, appeal.reason, appeal.filed_at) == ("open", REASON, clock.now())


def test_an_appeal_after_the_term_is_refused(session: Session, clock: FrozenClock) -> None:
    result = release(session, provisional(session))
    clock.pass_by(days=8)

    with pytest.raises(TooLateToAppeal):
        service.file_appeal(session, owner(result), result, REASON, now=clock())


def test_a_result_is_appealed_against_once(session: Session) -> None:
    appeal = appealed(session)

    with pytest.raises(AlreadyAppealed):
        service.file_appeal(session, owner(appeal.result), appeal.result, REASON, now=clock.now())


def test_the_database_keeps_one_open_appeal(session: Session) -> None:
    appeal = appealed(session)
    session.add(
        Appeal(
            result_id=appeal.result_id,
            person_id=appeal.person_id,
            reason=REASON,
            state="open",
            filed_at=clock.now(),
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_version_that_no_longer_holds_is_not_appealed_against(session: Session) -> None:
    appeal = appealed(session)
    uphold_by_two(session, appeal)

    with pytest.raises(NotNow):
        service.file_appeal(session, owner(appeal.result), appeal.result, REASON, now=clock.now())


# -- declining ------------------------------------------------------------------------------------


def test_a_declined_appeal_leaves_the_result_and_tells_the_candidate(
    session: Session, letters: Callable[[], list[str]]
) -> None:
    appeal = appealed(session)

    service.decline(session, organiser(session), appeal.public_id, ANSWER, now=clock.now())
    session.commit()
    jobs.drain()

    assert (appeal.state, appeal.answer, appeal.answered_at) == ("declined", ANSWER, clock.now())
    assert versions(session) == [(1, "released")]
    assert f"/kk/results/{appeal.result.public_id}" in letters()[-1]


def test_an_appeal_is_answered_once(session: Session) -> None:
    appeal, one = appealed(session), organiser(session)
    service.decline(session, one, appeal.public_id, ANSWER, now=clock.now())

    with pytest.raises(NotNow):
        service.decline(session, one, appeal.public_id, ANSWER, now=clock.now())
    with pytest.raises(NotNow):
        service.uphold(session, one, appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())


def test_declining_takes_a_proposed_correction_away(session: Session) -> None:
    appeal, one = appealed(session), organiser(session)
    service.uphold(session, one, appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    service.decline(session, organiser(session), appeal.public_id, ANSWER, now=clock.now())

    assert versions(session) == [(1, "released")]


# -- upholding ------------------------------------------------------------------------------------


def uphold_by_two(session: Session, appeal: Appeal, points: Fraction = Fraction(1)) -> Result:
    amendment = service.uphold(
        session, organiser(session), appeal.public_id, ANSWER, {1: points}, now=clock.now()
    )
    return service.confirm_amendment(
        session, organiser(session), appeal.public_id, amendment.content_hash, now=clock.now()
    )


def test_a_correction_by_two_people_is_a_new_version_and_the_old_one_is_kept(
    session: Session, issued: list[int], letters: Callable[[], list[str]]
) -> None:
    appeal = appealed(session)
    old = appeal.result
    before = dict(old.scores)

    new = uphold_by_two(session, appeal)
    session.commit()
    jobs.drain()

    assert versions(session) == [(1, "superseded"), (2, "released")]
    assert (old.scores, old.has_passed) == (before, False)
    assert (new.has_passed, new.reason, appeal.state) == (True, ANSWER, "upheld")
    assert issued == [new.id]
    changed = session.scalars(select(OutboxItem.payload).where(OutboxItem.kind == "pages-changed"))
    assert changed.all() == [{"person": new.person_id}]
    assert f"/kk/results/{new.public_id}" in letters()[-1]
    assert service.released(session, old.person_id, "exam") is new


def test_a_proposed_correction_changes_nothing_yet(session: Session) -> None:
    appeal = appealed(session)

    service.uphold(session, organiser(session), appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    assert versions(session) == [(1, "released"), (2, "proposed")]
    assert (appeal.state, appeal.answered_at) == ("open", None)
    assert service.released(session, appeal.person_id, "exam") is appeal.result


def test_a_new_proposal_takes_the_place_of_the_one_before(session: Session) -> None:
    appeal, first, second = appealed(session), organiser(session), organiser(session)
    service.uphold(session, first, appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    again = service.uphold(session, second, appeal.public_id, ANSWER, {2: Fraction(1)}, now=clock.now())

    assert versions(session) == [(1, "released"), (2, "proposed")]
    assert again.proposed_by_id == second.person_id
    assert [item.points for item in service.scores_of(again).items] == [0, 1, 8]


def test_whoever_proposed_a_correction_cannot_confirm_it(session: Session) -> None:
    appeal, one = appealed(session), organiser(session)
    amendment = service.uphold(session, one, appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    with pytest.raises(SamePerson):
        service.confirm_amendment(session, one, appeal.public_id, amendment.content_hash, now=clock.now())


def test_only_the_proposed_correction_is_confirmed(session: Session) -> None:
    appeal = appealed(session)
    service.uphold(session, organiser(session), appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    with pytest.raises(ContentChanged):
        service.confirm_amendment(session, organiser(session), appeal.public_id, "0" * 64, now=clock.now())


def test_a_correction_of_yesterday_is_too_old(session: Session, clock: FrozenClock) -> None:
    appeal = appealed(session)
    amendment = service.uphold(
        session, organiser(session), appeal.public_id, ANSWER, {1: Fraction(1)}, now=clock()
    )
    clock.pass_by(hours=24)

    with pytest.raises(ProposalTooOld):
        service.confirm_amendment(
            session, organiser(session), appeal.public_id, amendment.content_hash, now=clock()
        )


def test_without_a_proposed_correction_there_is_nothing_to_confirm(session: Session) -> None:
    appeal = appealed(session)

    with pytest.raises(NotNow):
        service.confirm_amendment(session, organiser(session), appeal.public_id, "0" * 64, now=clock.now())


def test_upholding_changes_some_points(session: Session) -> None:
    appeal, one = appealed(session), organiser(session)

    for unchanged in ({}, {1: Fraction(0)}):
        with pytest.raises(NothingCorrected):
            service.uphold(session, one, appeal.public_id, ANSWER, unchanged, now=clock.now())
    with pytest.raises(WrongPoints):
        service.uphold(session, one, appeal.public_id, ANSWER, {1: Fraction(2)}, now=clock.now())


def test_a_correction_opens_the_course(session: Session) -> None:
    result = release(session, provisional(session, "suitability", answers={1: "a", 2: "b", 3: "b"}))
    appeal = service.file_appeal(session, owner(result), result, REASON, now=clock.now())
    assert not training.is_open(session, result.person_id)
    amendment = service.uphold(
        session, organiser(session), appeal.public_id, ANSWER, {2: Fraction(1)}, now=clock.now()
    )

    service.confirm_amendment(
        session, organiser(session), appeal.public_id, amendment.content_hash, now=clock.now()
    )

    assert training.is_open(session, result.person_id)


# -- reading --------------------------------------------------------------------------------------


def test_a_case_shows_answers_and_marks_and_no_people(session: Session) -> None:
    appeal = appealed(session)

    case = service.appeal_case(session, organiser(session), appeal.public_id, "en", now=clock.now())

    assert [(one.ask, list(one.answer)) for one in case.answers][:1] == [
        ("Stem of fun-1 en", ["Option b en"])
    ]
    assert [mark.points for mark in case.answers[2].marks] == [8, 8]
    assert (case.amendment, case.is_own) == (None, False)


def test_an_unknown_appeal_is_not_there(session: Session) -> None:
    with pytest.raises(NotYours):
        service.appeal_case(session, organiser(session), uuid4(), "en", now=clock.now())


def test_open_appeals_come_first_and_say_whether_they_wait_for_a_second_person(session: Session) -> None:
    done, proposed, fresh = appealed(session), appealed(session), appealed(session)
    service.decline(session, organiser(session), done.public_id, ANSWER, now=clock.now())
    service.uphold(session, organiser(session), proposed.public_id, ANSWER, {1: Fraction(1)}, now=clock.now())

    rows = service.appeals(session)

    assert [(row.public_id, row.waits_for_second) for row in rows] == [
        (proposed.public_id, True),
        (fresh.public_id, False),
        (done.public_id, False),
    ]
