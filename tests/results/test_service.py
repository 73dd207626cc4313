"""Results from their computing to their release, on a real database."""

from collections.abc import Callable
from fractions import Fraction
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.core import clock, jobs
from app.core.errors import NotYours
from app.core.jobs import OutboxItem
from app.core.two_people import ContentChanged, SamePerson
from app.marking import service as marking
from app.results import service
from app.results.models import Result
from app.results.service import AlreadyProposed, NothingToRelease
from app.training import service as training
from tests.conftest import FrozenClock
from tests.factories import make_person
from tests.marking.papers import add_marker, hand_in, open_sitting
from tests.results.released import organiser, owner, provisional, release

WRONG = {1: "b", 2: "b", 3: "b"}


# -- computing ------------------------------------------------------------------------------------


def test_a_marked_attempt_gets_a_provisional_result(session: Session) -> None:
    result = provisional(session, levels=(4, 3))

    scores = service.scores_of(result)
    assert (result.state, result.number, result.kind, result.has_passed) == ("provisional", 1, "exam", True)
    assert scores.total is not None
    assert (scores.total.points, scores.total.most) == (Fraction(9), 10)
    assert [part.key for part in scores.competencies] == ["analysis", "clarity", "constraint"]


def test_an_item_left_empty_earns_nothing(session: Session) -> None:
    scores = service.scores_of(provisional(session, answers={1: "a"}))

    assert [item.points for item in scores.items] == [1, 0, 0]


def test_nothing_is_worked_out_while_a_script_is_open(session: Session) -> None:
    add_marker(session)
    attempt = hand_in(session, open_sitting(session))
    marking.take_in({"attempt": attempt.id})

    service.compute({"attempt": attempt.id})

    assert session.scalars(select(Result)).all() == []


def test_computing_again_keeps_one_result(session: Session) -> None:
    result = provisional(session)
    content_hash = result.content_hash

    service.compute({"attempt": result.attempt_id})

    assert session.scalars(select(Result)).all() == [result]
    assert result.content_hash == content_hash


def test_a_released_result_is_not_worked_out_anew(session: Session, clock: FrozenClock) -> None:
    result = release(session, provisional(session))
    kept = (result.content_hash, result.computed_at)
    clock.pass_by(days=1)

    service.compute({"attempt": result.attempt_id})

    assert (result.content_hash, result.computed_at) == kept


def test_a_suitability_test_has_bands_and_no_total(session: Session) -> None:
    result = provisional(session, "suitability", answers={1: "a", 2: "b", 3: "b"})

    assert result.has_passed is False
    assert service.scores_of(result).total is None


# -- release --------------------------------------------------------------------------------------


def test_two_organisers_release_and_the_candidate_is_told_without_the_result(
    session: Session, letters: Callable[[], list[str]], issued: list[int]
) -> None:
    result = provisional(session)

    release(session, result)
    session.commit()
    jobs.drain()

    assert (result.state, result.released_at) == ("released", clock.now())
    assert result.proposed_by_id != result.released_by_id
    assert issued == [result.id]
    (letter,) = letters()
    assert f"http://school.test/kk/results/{result.public_id}" in letter
    assert not [word for word in ("100", "pass", "Мысалова") if word in letter.split("\n\n")[0]]


def test_whoever_proposed_cannot_confirm(session: Session) -> None:
    result, first = provisional(session), organiser(session)
    sitting = result.attempt.sitting.public_id
    batch = service.batch_of(session, first, sitting, now=clock.now())
    service.propose(session, first, sitting, batch.content_hash, now=clock.now())

    with pytest.raises(SamePerson):
        service.confirm(session, first, sitting, batch.content_hash, now=clock.now())

    assert result.state == "proposed"


def test_the_database_too_wants_two_people(session: Session) -> None:
    result, one = provisional(session), organiser(session)
    result.state, result.proposed_by_id, result.proposed_at = "released", one.person_id, clock.now()
    result.released_by_id, result.released_at = one.person_id, clock.now()

    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("change", [{"has_passed": False}, {"scores": {}}, {"content_hash": "1" * 64}])
def test_the_database_keeps_a_released_version_as_it_is(session: Session, change: dict[str, object]) -> None:
    result = release(session, provisional(session))
    session.commit()

    with pytest.raises(DBAPIError, match="a released version never changes"):
        session.execute(update(Result).where(Result.id == result.id).values(**change))
    session.rollback()
    with pytest.raises(DBAPIError, match="a released version never changes"):
        session.execute(delete(Result))
    session.rollback()


def test_only_what_was_proposed_is_confirmed(session: Session) -> None:
    result, first, second = provisional(session), organiser(session), organiser(session)
    sitting = result.attempt.sitting.public_id
    batch = service.batch_of(session, first, sitting, now=clock.now())
    service.propose(session, first, sitting, batch.content_hash, now=clock.now())

    with pytest.raises(ContentChanged):
        service.confirm(session, second, sitting, "0" * 64, now=clock.now())


def test_only_what_was_looked_at_is_proposed(session: Session) -> None:
    opened, first = open_sitting(session), organiser(session)
    provisional(session, opened=opened)
    seen = service.batch_of(session, first, opened.sitting.public_id, now=clock.now())
    provisional(session, opened=opened)

    with pytest.raises(ContentChanged):
        service.propose(session, first, opened.sitting.public_id, seen.content_hash, now=clock.now())


def test_what_comes_after_a_proposal_waits_for_the_next(session: Session) -> None:
    opened, first, second = open_sitting(session), organiser(session), organiser(session)
    early, sitting = provisional(session, opened=opened), opened.sitting.public_id
    batch = service.batch_of(session, first, sitting, now=clock.now())
    service.propose(session, first, sitting, batch.content_hash, now=clock.now())
    late = provisional(session, opened=opened)
    with pytest.raises(AlreadyProposed):
        service.propose(session, first, sitting, batch.content_hash, now=clock.now())

    service.confirm(session, second, sitting, batch.content_hash, now=clock.now())

    assert (early.state, late.state) == ("released", "provisional")
    assert len(service.batch_of(session, first, sitting, now=clock.now()).lines) == 1


def test_a_proposal_of_yesterday_lapses_and_is_made_anew(session: Session, clock: FrozenClock) -> None:
    result, first, second = provisional(session), organiser(session), organiser(session)
    sitting = result.attempt.sitting.public_id
    batch = service.batch_of(session, first, sitting, now=clock())
    service.propose(session, first, sitting, batch.content_hash, now=clock())
    clock.pass_by(hours=24)
    with pytest.raises(NothingToRelease):
        service.confirm(session, second, sitting, batch.content_hash, now=clock())

    service.propose(session, second, sitting, batch.content_hash, now=clock())
    service.confirm(session, first, sitting, batch.content_hash, now=clock())

    assert (result.state, result.proposed_by_id) == ("released", second.person_id)


def test_without_results_there_is_nothing_to_propose_or_confirm(session: Session) -> None:
    opened, one = open_sitting(session), organiser(session)
    empty = service.batch_of(session, one, opened.sitting.public_id, now=clock.now())

    for act in (service.propose, service.confirm):
        with pytest.raises(NothingToRelease):
            act(session, one, opened.sitting.public_id, empty.content_hash, now=clock.now())


def test_an_unknown_sitting_is_not_there(session: Session) -> None:
    with pytest.raises(NotYours):
        service.batch_of(session, organiser(session), uuid4(), now=clock.now())


def test_a_suitable_person_finds_the_course_open(session: Session, issued: list[int]) -> None:
    result = provisional(session, "suitability")
    assert not training.is_open(session, result.person_id)

    release(session, result)

    assert training.is_open(session, result.person_id)
    session.commit()
    jobs.drain()
    assert issued == []


def test_the_course_stays_shut_for_a_person_not_yet_suitable(session: Session) -> None:
    result = release(session, provisional(session, "suitability", answers={1: "a", 2: "b", 3: "b"}))

    assert not training.is_open(session, result.person_id)


def test_no_certificate_is_asked_for_an_exam_that_is_not_passed(session: Session) -> None:
    release(session, provisional(session, answers={1: "b"}))

    kinds = session.scalars(select(OutboxItem.kind)).all()
    assert "mail" in kinds
    assert "result-released" not in kinds


def test_a_batch_shows_codes_and_no_names(session: Session) -> None:
    result = provisional(session)
    batch = service.batch_of(session, organiser(session), result.attempt.sitting.public_id, now=clock.now())

    assert [line.code for line in batch.lines] == [result.public_id.hex[:8].upper()]
    assert (batch.passed, batch.unmarked, batch.released, batch.is_proposed) == (1, 0, 0, False)


def test_the_list_of_sittings_says_how_far_each_is(session: Session) -> None:
    opened = open_sitting(session)
    hand_in(session, opened)
    release(session, provisional(session, opened=open_sitting(session)))
    provisional(session, opened=opened)

    rows = {row.title: row for row in service.sittings(session)}

    row = rows[opened.sitting.title]
    assert (row.unmarked, row.provisional, row.proposed, row.released) == (1, 1, 0, 0)
    assert sorted(one.released for one in rows.values()) == [0, 1]


# -- reading --------------------------------------------------------------------------------------


def test_a_candidate_reads_their_own_released_result_only(session: Session) -> None:
    waiting, ready = provisional(session), release(session, provisional(session))
    stranger, _ = make_person(session, "candidate")

    assert service.own_result(session, owner(ready), ready.public_id) is ready
    for actor, public_id in (
        (owner(waiting), waiting.public_id),
        (owner(waiting), ready.public_id),
        (owner(ready), uuid4()),
    ):
        with pytest.raises(NotYours):
            service.own_result(session, actor, public_id)
    assert service.released(session, stranger.id, "exam") is None


def test_the_newest_released_result_of_a_kind_counts(session: Session, clock: FrozenClock) -> None:
    first = release(session, provisional(session, answers=WRONG))
    clock.pass_by(days=31)
    second = release(session, provisional(session, person_id=first.person_id))

    assert service.released(session, first.person_id, "exam") is second
    assert service.released(session, first.person_id, "suitability") is None


def test_my_results_and_what_waits(session: Session) -> None:
    ready = release(session, provisional(session))
    waiting = hand_in(session, open_sitting(session), person_id=ready.person_id)

    mine = service.mine(session, owner(ready))

    assert list(mine.released) == [ready]
    assert list(mine.waiting) == [waiting]


def test_scores_are_exact(session: Session) -> None:
    scores = service.scores_of(provisional(session, levels=(3, 4)))

    assert scores.items[2].points == Fraction(7)
