"""A candidate's own pages of results."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.results.models import Result
from tests.conftest import FrozenClock
from tests.factories import make_places
from tests.marking.papers import count_queries, hand_in, open_sitting
from tests.pages import Browser
from tests.results.pages import ANSWER, FAILING, REASON, SignIn, Work, appealed, released
from tests.results.released import provisional


@pytest.fixture(autouse=True)
def places(work: Work) -> None:
    work(make_places)


def test_a_passed_exam_says_so_and_states_rule_rounding_and_trial(candidate: Browser, work: Work) -> None:
    public_id = released(work, candidate.person_id, levels=(4, 3))

    page = candidate.get(f"/en/results/{public_id}")

    for words in (
        "You have reached the pass mark: 90 points.",
        "Pass mark: 60, most points: 100.",
        "trial form",
        "rounded down to whole numbers",
        "Section functions en",
        "7 / 8",
        "Keep private",
        "Last day: 8 December 2026",
    ):
        assert words in page.text


def test_a_failed_exam_says_what_lacks_and_when_to_come_again(candidate: Browser, work: Work) -> None:
    public_id = released(work, candidate.person_id, answers=FAILING)

    text = candidate.get(f"/en/results/{public_id}").text

    assert "You have reached" not in text
    assert "Section functions en: 0, needed: 40." in text
    assert "on this day or later: 31 December 2026" in text
    assert "Only you see this." in text
    assert "Keep private" not in text


def test_an_exam_stands_beside_the_bands_of_the_suitability_test(candidate: Browser, work: Work) -> None:
    released(work, candidate.person_id, "suitability")
    public_id = released(work, candidate.person_id)

    text = candidate.get(f"/en/results/{public_id}").text

    assert "By the suitability test." in text
    assert text.count("Shown") == 3


def test_a_suitability_result_shows_bands_without_numbers(candidate: Browser, work: Work) -> None:
    public_id = released(work, candidate.person_id, "suitability", answers={1: "a", 2: "b", 3: "b"})

    page = candidate.get(f"/en/results/{public_id}")

    assert "The course is not open yet." in page.text
    assert "2 competencies were not shown: Section conflict en, Section constraint en." in page.text
    assert "at most 1 competency" in page.text
    assert page.text.count("Not shown yet") == 2
    assert " / 1" not in page.text
    assert "100" not in page.text


def test_a_suitable_person_is_led_to_the_course(candidate: Browser, work: Work) -> None:
    public_id = released(work, candidate.person_id, "suitability")

    assert "You are found suitable. The course is open." in candidate.get(f"/en/results/{public_id}").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("kind", ["exam", "suitability"])
def test_results_are_there_in_every_language(
    candidate: Browser, work: Work, language: str, kind: str
) -> None:
    public_id = released(work, candidate.person_id, kind)

    assert candidate.get(f"/{language}/results/{public_id}").status == 200


def test_a_result_that_is_not_released_or_not_ones_own_is_not_there(
    candidate: Browser, work: Work, sign_in: SignIn
) -> None:
    waiting = work(lambda session: str(provisional(session, person_id=candidate.person_id).public_id))
    foreign = released(work, sign_in("candidate").person_id)

    for public_id in (waiting, foreign, uuid4()):
        assert candidate.get(f"/en/results/{public_id}").status == 404
        assert candidate.post(f"/en/results/{public_id}", REASON).status == 404


def test_my_results_list_what_is_released_and_what_waits(candidate: Browser, work: Work) -> None:
    assert "There are no results yet." in candidate.get("/en/results").text
    public_id = released(work, candidate.person_id)
    work(
        lambda session: (
            hand_in(session, open_sitting(session, "suitability"), {}, person_id=candidate.person_id).id
        )
    )

    page = candidate.get("/en/results")

    assert f"/en/results/{public_id}" in page.html
    assert "not released yet" in page.text


def test_more_results_need_no_more_queries(app: Flask, candidate: Browser, work: Work) -> None:
    released(work, candidate.person_id)
    few = count_queries(app, candidate, "/en/results")
    for _ in range(3):
        released(work, candidate.person_id)
        work(lambda session: hand_in(session, open_sitting(session), {}, person_id=candidate.person_id).id)

    assert count_queries(app, candidate, "/en/results") == few


def test_a_candidate_appeals_and_sees_the_answer(candidate: Browser, work: Work, sign_in: SignIn) -> None:
    appeal = appealed(work, candidate)
    address = "/en/results/" + str(work(lambda session: session.scalars(select(Result.public_id)).one()))
    page = candidate.get(address)
    assert "A person who has not marked you will answer it." in page.text
    assert "Marker 1: 8 – Мерзімі бар." in page.text

    staff = sign_in("organiser")
    assert staff.post(f"/en/appeals/{appeal}", {"decision": "decline", **ANSWER}).status == 303

    text = candidate.get(address).text
    assert "declined" in text
    assert ANSWER["answer"] in text


def test_a_proposed_answer_is_not_shown_before_the_second_person(
    candidate: Browser, work: Work, sign_in: SignIn
) -> None:
    appeal = appealed(work, candidate)
    sign_in("organiser").post(f"/en/appeals/{appeal}", {"decision": "uphold", "points_1": "1", **ANSWER})
    address = "/en/results/" + str(
        work(lambda session: session.scalars(select(Result.public_id).where(Result.number == 1)).one())
    )

    assert ANSWER["answer"] not in candidate.get(address).text


@pytest.mark.parametrize("reason", ["", "  ", "short", "x" * 4001])
def test_an_appeal_has_a_reason_of_some_length(candidate: Browser, work: Work, reason: str) -> None:
    public_id = released(work, candidate.person_id)

    page = candidate.post(f"/en/results/{public_id}", {"reason": reason})

    assert page.status == 422
    assert "field-error" in page.html


def test_a_second_appeal_and_a_late_one_are_refused(
    candidate: Browser, work: Work, clock: FrozenClock
) -> None:
    public_id = released(work, candidate.person_id)
    candidate.post(f"/en/results/{public_id}", REASON)
    assert candidate.post(f"/en/results/{public_id}", REASON).status == 409
    other = released(work, candidate.person_id)
    clock.pass_by(days=9)

    assert "Last day" not in candidate.get(f"/en/results/{other}").text
    assert candidate.post(f"/en/results/{other}", REASON).status == 409
