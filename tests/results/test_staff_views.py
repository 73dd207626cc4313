"""Pages of releases and appeals, as organisers use them."""

from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock as app_clock
from app.results import service
from app.results.models import Appeal, Result
from tests.conftest import FrozenClock
from tests.factories import make_places
from tests.marking.papers import Opened, count_queries, open_sitting
from tests.pages import Browser
from tests.results.pages import ANSWER, FAILING, NAME, REASON, SignIn, Work, appealed, hash_on, versions
from tests.results.released import organiser, owner, provisional, release


@pytest.fixture(autouse=True)
def places(work: Work) -> None:
    work(make_places)


def test_two_organisers_release_a_sitting(work: Work, sign_in: SignIn, candidate: Browser) -> None:
    first, second = sign_in("organiser"), sign_in("organiser")

    def act(session: Session) -> UUID:
        return provisional(session, person_id=candidate.person_id).attempt.sitting.public_id

    address = f"/en/releases/{work(act)}"
    assert address in first.get("/en/releases").html
    form = {"content_hash": hash_on(first.get(address).html)}
    assert first.post(f"{address}/propose", form).status == 303
    assert "You proposed this release" in first.get(address).text
    assert first.post(f"{address}/confirm", form).status == 403
    assert "Confirm and release" in second.get(address).text

    assert second.post(f"{address}/confirm", form).status == 303

    assert "There is nothing to release here now." in second.get(address).text
    assert "Exam result" in candidate.get("/en/results").text


def test_no_name_is_on_the_pages_of_a_release_or_an_appeal(work: Work, sign_in: SignIn) -> None:
    def act(session: Session) -> list[str]:
        result = release(session, provisional(session, answers=FAILING, name=NAME))
        service.file_appeal(session, owner(result), result, REASON["reason"], now=app_clock.now())
        waiting = provisional(session, name=NAME)
        appeal = session.scalars(select(Appeal.public_id)).one()
        return [f"releases/{waiting.attempt.sitting.public_id}", f"appeals/{appeal}", "releases", "appeals"]

    pages = work(act)
    staff = sign_in("organiser")

    assert isinstance(pages, list)
    for page in pages:
        answer = staff.get(f"/kk/{page}")
        assert answer.status == 200
        assert NAME not in answer.html


def test_a_release_is_confirmed_with_the_password_given_just_now(
    work: Work, sign_in: SignIn, clock: FrozenClock
) -> None:
    def act(session: Session) -> str:
        result, first = provisional(session), organiser(session)
        sitting = result.attempt.sitting.public_id
        batch = service.batch_of(session, first, sitting, now=app_clock.now())
        service.propose(session, first, sitting, batch.content_hash, now=app_clock.now())
        return str(sitting)

    address = f"/en/releases/{work(act)}"
    second = sign_in("organiser")
    content_hash = hash_on(second.get(address).html)
    clock.pass_by(minutes=6)

    assert "give your password again" in second.get(address).text
    assert second.post(f"{address}/confirm", {"content_hash": content_hash}).status == 403


@pytest.mark.parametrize("content_hash", ["", "x", "0" * 63])
def test_a_release_names_its_content(work: Work, sign_in: SignIn, content_hash: str) -> None:
    sitting = work(lambda session: str(provisional(session).attempt.sitting.public_id))

    for act in ("propose", "confirm"):
        answer = sign_in("organiser").post(f"/en/releases/{sitting}/{act}", {"content_hash": content_hash})
        assert answer.status == 422


def test_unknown_sittings_and_appeals_are_not_there(sign_in: SignIn) -> None:
    staff = sign_in("organiser")

    for address in (f"/en/releases/{uuid4()}", f"/en/appeals/{uuid4()}"):
        assert staff.get(address).status == 404
    assert staff.post(f"/en/releases/{uuid4()}/propose", {"content_hash": "0" * 64}).status == 404
    assert staff.post(f"/en/appeals/{uuid4()}", {"decision": "decline", **ANSWER}).status == 404
    assert staff.post(f"/en/appeals/{uuid4()}/confirm", {"content_hash": "0" * 64}).status == 404


@pytest.mark.parametrize("page", ["releases", "appeals"])
@pytest.mark.parametrize("start", ["x", "-1", "1e3", "999999999"])
def test_a_list_begins_at_a_number(sign_in: SignIn, page: str, start: str) -> None:
    assert sign_in("organiser").get(f"/en/{page}?start={start}").status == 404


def test_the_lists_of_organisers_run_no_more_queries_when_they_grow(
    app: Flask, sign_in: SignIn, work: Work
) -> None:
    staff = sign_in("organiser")

    def act(session: Session) -> None:
        result = release(session, provisional(session))
        service.file_appeal(session, owner(result), result, REASON["reason"], now=app_clock.now())

    work(act)
    few = [count_queries(app, staff, f"/en/{page}") for page in ("releases", "appeals")]
    for _ in range(3):
        work(act)

    assert [count_queries(app, staff, f"/en/{page}") for page in ("releases", "appeals")] == few


def test_a_release_runs_no_more_queries_with_more_results(app: Flask, sign_in: SignIn, work: Work) -> None:
    staff = sign_in("organiser")

    def act(session: Session) -> str:
        opened = open_sitting(session)
        provisional(session, opened=opened)
        return f"/en/releases/{opened.sitting.public_id}"

    address = str(work(act))
    few = count_queries(app, staff, address)

    def more(session: Session) -> None:
        attempt = session.scalars(select(Result)).one().attempt
        for _ in range(3):
            provisional(session, opened=Opened(attempt.sitting, attempt.paper))

    work(more)

    assert count_queries(app, staff, address) == few


def test_an_appeal_is_upheld_by_two_organisers(candidate: Browser, work: Work, sign_in: SignIn) -> None:
    address = f"/en/appeals/{appealed(work, candidate)}"
    first, second = sign_in("organiser"), sign_in("organiser")
    assert "Stem of fun-1 en" in first.get(address).text
    assert first.post(address, {"decision": "uphold", "points_1": "1,0", **ANSWER}).status == 303
    text = second.get(address).text
    assert "What moves" in text
    form = {"content_hash": hash_on(second.get(address).html)}
    assert first.post(f"{address}/confirm", form).status == 403

    assert second.post(f"{address}/confirm", form).status == 303

    assert "upheld" in second.get(address).text
    new, old = [f"/en/results/{one}" for one in versions(work)]
    assert "You have reached the pass mark" in candidate.get(new).text
    assert "Why it was corrected" in candidate.get(new).text
    assert "This version no longer holds." in candidate.get(old).text
    assert new in candidate.get(old).html


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"decision": "uphold"}, "No points were changed."),
        ({"decision": "uphold", "points_1": "2"}, "Points must lie between 0"),
        ({"decision": "uphold", "points_1": "many"}, "Write points as a number"),
        ({"decision": ""}, "Choose one of the two."),
        ({"decision": "decline", "answer": "no"}, "at least 20 characters"),
    ],
)
def test_a_wrong_answer_is_shown_again_with_what_is_wrong(
    candidate: Browser, work: Work, sign_in: SignIn, form: dict[str, str], words: str
) -> None:
    address = f"/en/appeals/{appealed(work, candidate)}"

    page = sign_in("organiser").post(address, {**ANSWER, **form})

    assert page.status == 422
    assert words in page.text


def test_an_item_that_the_paper_does_not_have_cannot_be_corrected(
    candidate: Browser, work: Work, sign_in: SignIn
) -> None:
    address = f"/en/appeals/{appealed(work, candidate)}"

    answer = sign_in("organiser").post(address, {"decision": "uphold", "points_9": "1", **ANSWER})

    assert answer.status == 400


def test_a_lapsed_correction_says_so(
    candidate: Browser, work: Work, sign_in: SignIn, clock: FrozenClock
) -> None:
    appeal = UUID(appealed(work, candidate))

    def act(session: Session) -> None:
        service.uphold(
            session, organiser(session), appeal, ANSWER["answer"], {1: Fraction(1)}, now=app_clock.now()
        )

    work(act)
    clock.pass_by(hours=25)

    assert "It must be made anew." in sign_in("organiser").get(f"/en/appeals/{appeal}").text


def test_before_the_first_paper_there_is_nothing_to_release_or_answer(sign_in: SignIn) -> None:
    staff = sign_in("organiser")

    assert "There is nothing to release." in staff.get("/en/releases").text
    assert "There are no appeals." in staff.get("/en/appeals").text
