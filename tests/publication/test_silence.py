"""Silence says nothing: the same page for whoever publishes nothing, and lists that do not tell."""

import pytest
from flask import Flask

from app.core.database import unit_of_work
from app.publication import service
from tests.conftest import NOON
from tests.factories import OTHER_UNIT, UNIT
from tests.pages import Browser
from tests.publication.stage import NAME, OTHERS, build, candidate, in_one_go, listed, publish, released

LANGUAGES = ("kk", "ru", "en")


def silent_people(app: Flask) -> dict[str, str]:
    """Four who publish nothing: never came, failed, keeps it private, withdrew. Name by id."""
    with app.app_context(), unit_of_work() as session:
        stranger = listed(session, NAME)
        failed_actor, failed = candidate(session, OTHERS[0])
        released(session, failed_actor.person_id, passed=False)
        private_actor, private = candidate(session, OTHERS[1])
        released(session, private_actor.person_id)
        released(session, private_actor.person_id, "suitability")
        late_actor, late = candidate(session, OTHERS[2])
        consent = publish(session, late_actor, released(session, late_actor.person_id))
        people = {str(entry.public_id): entry.name for entry in (stranger, failed, private, late)}
        late_id, consent_id = late.id, consent.public_id
    build(app)
    with app.app_context(), unit_of_work() as session:
        service.withdraw(session, late_actor, consent_id, now=NOON)
    with app.app_context():
        service.rebuild_candidate(late_id)
    return people


def plain(text: str, public_id: str, name: str) -> str:
    return text.replace(public_id, "ID").replace(name, "NAME")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_publishes_nothing_has_the_same_page_whatever_the_reason(
    app: Flask, visitor: Browser, language: str
) -> None:
    people = silent_people(app)
    bodies, heads = set(), set()
    for public_id, name in people.items():
        page = visitor.get(f"/{language}/candidates/{public_id}")
        assert page.status == 200
        bodies.add(plain(page.html, public_id, name))
        changing = {"ETag", "Content-Length", "Content-Security-Policy", "Date"}
        heads.add(tuple((key, value) for key, value in page.response.headers if key not in changing))
        assert visitor.get(f"/{language}/candidates/{public_id}/certificate.pdf").status == 404
    assert len(bodies) == 1
    assert len(heads) == 1


def test_the_silent_page_says_one_neutral_sentence_and_is_not_for_search_engines(
    app: Flask, visitor: Browser
) -> None:
    public_id = next(iter(silent_people(app)))
    page = visitor.get(f"/en/candidates/{public_id}")

    assert "There are no published results on this page." in page.text
    assert '<meta name="robots" content="noindex, noarchive">' in page.html
    for hint in ("Exam result", "not yet", "declined", "Score"):
        assert hint not in page.text


NOTICE = {
    "en": "Publishing results of the test, the course or the exam is each candidate's free choice. "
    "The law does not ask for it. Absence says nothing about preparation."
}


def test_the_notice_stands_on_every_list_and_every_candidates_page(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app)
    for address in (
        "/en/places",
        f"/en/places/{UNIT}",
        f"/en/places/{OTHER_UNIT}",
        f"/en/candidates/{ids['entry']}",
    ):
        assert NOTICE["en"] in visitor.get(address).text.replace("&#39;", "'"), address


def test_the_list_does_not_change_when_somebody_publishes(app: Flask, visitor: Browser) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        listed(session, OTHERS[0])
        result = released(session, actor.person_id)
        before = visitor.get(f"/kk/places/{UNIT}").html
        publish(session, actor, result)
        listed_id = entry.id
    with app.app_context():
        service.rebuild_candidate(listed_id)
        service.build_all()

    assert visitor.get(f"/kk/places/{UNIT}").html == before
