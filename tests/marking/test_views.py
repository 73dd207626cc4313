"""Pages of marking, as the people who use them; and what an examiner must never learn from one."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.candidacy.models import Candidacy
from app.exams.models import Attempt
from app.marking import service
from app.marking.models import ExaminerDistrict, Marking, Script
from app.places.models import Place
from tests.factories import DISTRICT, OTHER_DISTRICT, UNIT, make_places
from tests.marking.papers import PASSING, add_marker, count_queries, hand_in, open_sitting
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
Work = Callable[[Callable[[Session], object]], object]
NAME, PLACE, MAIL = "Канареева Құпия", "Канарка ауылдық округі", "canary-4711@mail.example"
GIVEN = {"level_facts": "4", "level_order": "3", "comment": "Мерзімі бар."}


@pytest.fixture
def examiner(sign_in: SignIn, work: Work) -> Browser:
    """An examiner who holds one of the two marks of a script; its candidate is a canary."""
    browser = sign_in("examiner")
    work(lambda session: prepare(session, browser.person_id))
    return browser


def prepare(session: Session, *marker_ids: int) -> None:
    make_places(session)
    session.get_one(Place, UNIT).name_kk = session.get_one(Place, UNIT).name_ru = PLACE
    for person_id in marker_ids:
        session.add(ExaminerDistrict(person_id=person_id, place_kato=OTHER_DISTRICT))
    add_marker(session)
    attempt = hand_in(session, open_sitting(session), name=NAME)
    session.get_one(Person, attempt.person_id).email = MAIL
    service.take_in({"attempt": attempt.id})


def next_script(browser: Browser) -> str:
    page = browser.post("/en/marking/next")
    assert page.status == 303
    return page.location


def only_code(work: Work, person_id: int) -> str:
    query = select(Marking.code).where(Marking.examiner_id == person_id)
    return str(work(lambda session: session.scalars(query).one()))


# -- examiners ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("put")
def test_an_examiner_gets_the_next_script_and_marks_it(examiner: Browser) -> None:
    assert "1 script is waiting for you." in examiner.get("/en/marking").text
    address = next_script(examiner)
    page = examiner.get(address)
    assert "Құрметті тұрғын." in page.text
    assert "Criterion facts en" in page.text

    sent = examiner.post(address, GIVEN)

    assert (sent.status, sent.location) == (303, "/en/marking")
    page = examiner.get("/en/marking")
    assert "No script is waiting for you now." in page.text
    assert "is marked." in page.text
    assert "cannot be changed" in examiner.get(address).text
    assert "Мерзімі бар." in examiner.get(address).text


@pytest.mark.usefixtures("put")
def test_nothing_of_the_candidate_is_on_any_page_of_an_examiner(
    app: Flask, examiner: Browser, work: Work, sign_in: SignIn
) -> None:
    pages = everything_an_examiner_sees(examiner)
    third = adjudicate(app, work, sign_in)
    pages += [
        third.get("/kk/adjudication"),
        third.get(f"/kk/adjudication/{only_code(work, third.person_id)}"),
    ]

    def secrets(session: Session) -> list[str]:
        attempt = session.scalars(select(Attempt)).one()
        person, place = (
            session.get_one(Person, attempt.person_id),
            session.get_one(Candidacy, attempt.person_id),
        )
        return [NAME, PLACE, MAIL, str(person.public_id), str(attempt.public_id), place.place_kato]

    tokens = work(secrets)
    assert isinstance(tokens, list)
    assert len(pages) == 11
    for page in pages:
        shown = page.html + str(page.response.headers)
        assert page.status in {200, 303, 422}
        assert not [token for token in tokens if token in shown]
        # No moment: when a paper was handed in would tell who wrote it.
        assert "2026" not in page.text


def everything_an_examiner_sees(examiner: Browser) -> list[Page]:
    pages = [examiner.get(f"/{language}/marking") for language in ("kk", "ru", "en")]
    pages.append(examiner.post("/kk/marking/next"))
    address = pages[-1].location
    pages += [
        examiner.get(address),
        examiner.get(address.replace("/kk/", "/en/")),
        examiner.post(address, {}),
    ]
    pages += [examiner.post(address, GIVEN), examiner.get(address)]
    return pages


def adjudicate(app: Flask, work: Work, sign_in: SignIn) -> Browser:
    browser = sign_in("adjudicator")

    def act(session: Session) -> None:
        session.add(ExaminerDistrict(person_id=browser.person_id, place_kato=OTHER_DISTRICT))
        script = session.scalars(select(Script)).one()
        other = next(one for one in script.markings if one.locked_at is None)
        low = service.Given({"facts": 0, "order": 0}, "Мерзімі жоқ.")
        service.give(session, other, low, now=script.created_at)

    work(act)
    return browser


def test_a_missing_level_is_asked_for_and_nothing_is_kept(examiner: Browser, work: Work) -> None:
    address = next_script(examiner)

    page = examiner.post(address, {**GIVEN, "level_order": ""})

    assert page.status == 422
    assert "Choose a level from 0 to 4." in page.text
    assert work(lambda session: session.scalars(select(Marking.locked_at)).all()) == [None, None]


@pytest.mark.parametrize("level", ["5", "-1", "x", "4 "])
def test_a_level_that_does_not_exist_is_refused(examiner: Browser, level: str) -> None:
    assert examiner.post(next_script(examiner), {**GIVEN, "level_facts": level}).status == 422


def test_a_field_that_the_page_does_not_have_is_refused(examiner: Browser) -> None:
    assert examiner.post(next_script(examiner), {**GIVEN, "level_other": "4"}).status == 400


def test_a_comment_of_a_book_is_refused(examiner: Browser) -> None:
    assert examiner.post(next_script(examiner), {**GIVEN, "comment": "x" * 2001}).status == 422


@pytest.mark.usefixtures("put")
def test_other_marks_after_the_first_are_refused(examiner: Browser) -> None:
    address = next_script(examiner)
    examiner.post(address, GIVEN)

    page = examiner.post(address, {**GIVEN, "level_facts": "0"})

    assert page.status == 409
    assert "cannot be changed" in page.text


def test_with_nothing_waiting_the_button_leads_back(sign_in: SignIn) -> None:
    browser = sign_in("examiner")

    assert "No script is waiting for you now." in browser.get("/en/marking").text
    assert browser.post("/en/marking/next").location == "/en/marking"


def test_a_script_of_another_examiner_and_none_at_all_look_the_same(
    examiner: Browser, sign_in: SignIn, work: Work
) -> None:
    code = only_code(work, examiner.person_id)
    stranger = sign_in("examiner")

    for address in (f"/en/marking/scripts/{code}", "/en/marking/scripts/BBBB-BBBB"):
        assert stranger.get(address).status == 404
        assert stranger.post(address, GIVEN).status == 404


def test_a_script_is_read_in_the_language_of_the_page(examiner: Browser) -> None:
    address = next_script(examiner)

    page = examiner.get(address.replace("/en/", "/ru/"))

    assert "Stem of case-1 ru" in page.text
    assert "Letter ru" in page.text
    assert "<strong>late</strong> ru" in page.html


# -- adjudicators ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("put")
def test_an_adjudicator_sees_both_marks_says_why_and_settles(
    app: Flask, examiner: Browser, work: Work, sign_in: SignIn
) -> None:
    examiner.post(next_script(examiner), GIVEN)
    browser = adjudicate(app, work, sign_in)
    address = f"/en/adjudication/{only_code(work, browser.person_id)}"
    assert "1 script is waiting for your decision." in browser.get("/en/adjudication").text
    assert "Мерзімі жоқ." in browser.get(address).text
    without = {"level_facts": "4", "level_order": "4", "comment": " "}

    refused = browser.post(address, without)
    settled = browser.post(address, {**without, "comment": "Негізгі ой бар."})

    assert (refused.status, settled.status) == (422, 303)
    assert "Say in a sentence why you mark it so." in refused.text
    assert work(lambda session: session.scalars(select(Script.points)).one()) == 750
    assert "No script is waiting for your decision." in browser.get("/en/adjudication").text


@pytest.mark.usefixtures("put")
def test_an_adjudicator_must_fill_in_the_rubric(
    app: Flask, examiner: Browser, work: Work, sign_in: SignIn
) -> None:
    examiner.post(next_script(examiner), GIVEN)
    browser = adjudicate(app, work, sign_in)

    assert browser.post(f"/en/adjudication/{only_code(work, browser.person_id)}", {}).status == 422


def test_an_examiners_code_is_no_address_for_an_adjudicator(
    examiner: Browser, work: Work, sign_in: SignIn
) -> None:
    code = only_code(work, examiner.person_id)

    assert sign_in("adjudicator").get(f"/en/adjudication/{code}").status == 404


# -- organisers -----------------------------------------------------------------------------------


def test_an_organiser_notes_where_an_examiner_lives(sign_in: SignIn, work: Work) -> None:
    browser = sign_in("organiser")

    def act(session: Session) -> str:
        make_places(session)
        return str(session.get_one(Person, add_marker(session, district=None)).public_id)

    person = work(act)
    assert "not noted, gets no scripts" in browser.get("/en/examiners").text

    sent = browser.post("/en/examiners", {"examiner": person, "district": DISTRICT})

    assert sent.status == 303
    page = browser.get("/en/examiners")
    assert "Mysaltau district" in page.text
    assert "not noted" not in page.text


@pytest.mark.parametrize("wrong", [{"district": UNIT}, {"examiner": "x"}, {"district": ""}])
def test_only_people_and_districts_of_the_lists_are_noted(
    sign_in: SignIn, work: Work, wrong: dict[str, str]
) -> None:
    browser = sign_in("organiser")

    def act(session: Session) -> str:
        make_places(session)
        return str(session.get_one(Person, add_marker(session)).public_id)

    sent = browser.post("/en/examiners", {"examiner": work(act), "district": DISTRICT, **wrong})

    assert sent.status == 422


def test_the_page_of_examiners_is_there_before_anybody_marks(sign_in: SignIn) -> None:
    assert "Nobody marks yet." in sign_in("organiser").get("/en/examiners").text


def test_the_page_of_examiners_says_what_nobody_can_mark(sign_in: SignIn, work: Work) -> None:
    browser = sign_in("organiser")

    def act(session: Session) -> None:
        make_places(session)
        add_marker(session)
        service.take_in({"attempt": hand_in(session, open_sitting(session), PASSING).id})

    work(act)

    assert "1 mark is missing and nobody can give it." in browser.get("/en/examiners").text


def test_more_examiners_need_no_more_queries(app: Flask, sign_in: SignIn, work: Work) -> None:
    browser = sign_in("organiser")
    work(make_places)
    work(add_marker)
    few = count_queries(app, browser, "/en/examiners")
    work(lambda session: [add_marker(session, "adjudicator" if n % 2 else "examiner") for n in range(10)])

    assert count_queries(app, browser, "/en/examiners") == few
