"""The organiser's side: taking a list over, tying a name."""

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.database import db, unit_of_work
from app.publication.models import ListedCandidate
from tests.factories import UNIT, make_person
from tests.marking.papers import count_queries
from tests.pages import Browser, Page
from tests.publication.stage import NAME, listed


@pytest.fixture
def organiser(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("organiser")


def send(organiser: Browser, text: str, **changes: object) -> Page:
    form: dict[str, object] = {
        "file": (io.BytesIO(text.encode()), "list.csv"),
        "election_day": "2027-02-14",
        "source": "Комиссия, № 1 шешім",
        "source_day": "2027-01-25",
    }
    return organiser.post("/en/lists", form | changes, content_type="multipart/form-data")


def test_a_list_is_taken_over_and_shown_with_its_source(organiser: Browser, visitor: Browser) -> None:
    assert send(organiser, f"kato,name\n{UNIT},{NAME}\n").status == 303

    page = organiser.get("/en/lists")
    assert NAME in page.text
    assert "Комиссия, № 1 шешім, 25 January 2027" in page.text
    assert NAME in visitor.get(f"/kk/places/{UNIT}").text


def test_every_fault_of_the_file_is_named_and_nothing_is_taken_over(app: Flask, organiser: Browser) -> None:
    page = send(organiser, f"kato,name\n{UNIT},{NAME}\n1,x\n999999999,Ә Б\n")

    assert page.status == 422
    assert "Line 3:" in page.text
    with app.app_context():
        assert db.session().scalars(select(ListedCandidate)).all() == []


def test_a_place_that_elects_nobody_is_named_by_line(organiser: Browser) -> None:
    page = send(organiser, f"kato,name\n{UNIT},{NAME}\n999999999,Ә Б\n")

    assert page.status == 422
    assert "Line 3: Residents elect no akim in the place with this code." in page.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"file": "text"}, 422),
        ({"election_day": ""}, 422),
        ({"election_day": "14.02.2027"}, 422),
        ({"source": ""}, 422),
        ({"source": "x" * 301}, 422),
        ({"extra": "1"}, 400),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "x.csv")}, 422),
    ],
)
def test_a_wrong_form_is_shown_again(organiser: Browser, changes: dict[str, object], status: int) -> None:
    assert send(organiser, f"kato,name\n{UNIT},{NAME}\n", **changes).status == status


def test_a_name_is_tied_to_an_account(app: Flask, organiser: Browser) -> None:
    with app.app_context(), unit_of_work() as session:
        person, _ = make_person(session, "candidate", email="aigul@mail.example")
        entry, person_id = listed(session).public_id, person.id
    page = organiser.get(f"/en/lists?entry={entry}")
    assert "Tie a name to an account" in page.text

    page = organiser.post(f"/en/lists/{entry}/tie", {"email": "aigul@mail.example", "is_checked": "y"})

    assert page.status == 303
    assert "Tied: 1 December 2026" in organiser.get(page.location).text
    with app.app_context():
        assert db.session().scalar(select(ListedCandidate.person_id)) == person_id


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            {"email": "nobody@mail.example", "is_checked": "y"},
            "No candidate has an account with this address.",
        ),
        ({"email": "aigul@mail.example"}, "Confirm that you have seen the person"),
        ({"email": "", "is_checked": "y"}, "Write the address."),
        ({"email": "other@mail.example", "is_checked": "y"}, "The account is in the name of Үлгібаев Ерлан."),
    ],
)
def test_a_refusal_stands_under_its_field(
    app: Flask, organiser: Browser, form: dict[str, str], words: str
) -> None:
    with app.app_context(), unit_of_work() as session:
        make_person(session, "candidate", email="aigul@mail.example")
        make_person(session, "candidate", email="other@mail.example", name="Үлгібаев Ерлан")
        entry = listed(session).public_id

    page = organiser.post(f"/en/lists/{entry}/tie", form)

    assert page.status == 422
    assert words in page.text


def test_unknown_entries_are_404(organiser: Browser) -> None:
    assert organiser.post(f"/en/lists/{uuid4()}/tie", {"email": "a@b.example"}).status == 404
    assert organiser.get(f"/en/lists?entry={uuid4()}").status == 404
    assert organiser.get("/en/lists?entry=x").status == 404


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=99999999999999999999", "?kato=x", "?name=%25"]
)
def test_odd_filters_do_no_harm(organiser: Browser, query: str) -> None:
    assert organiser.get("/en/lists" + query).status == 200


@pytest.mark.parametrize(
    "role", ["candidate", "team-member", "examiner", "auditor", "administrator", "author"]
)
def test_others_see_no_lists(sign_in: Callable[..., Browser], role: str) -> None:
    assert sign_in(role).get("/en/lists").status == 403


def test_a_long_list_has_pages(app: Flask, organiser: Browser) -> None:
    with app.app_context(), unit_of_work() as session:
        for number in range(60):
            listed(session, f"Үлгібаев {'АБВГДЕЖ'[number % 7]}{'абвгдежзи'[number // 7]}")

    first = organiser.get("/en/lists")
    assert "Found: 60" in first.text
    assert "page=2" in first.html
    assert "page=1" in organiser.get("/en/lists?page=2").html


def test_the_number_of_queries_does_not_grow_with_the_names(app: Flask, organiser: Browser) -> None:
    counts = []
    for name in ("Болжамов Сәкен", "Сынақов Әли", "Үлгібаев Ерлан"):
        with app.app_context(), unit_of_work() as session:
            listed(session, name)
        counts.append(count_queries(app, organiser, "/en/lists"))
    assert len(set(counts)) == 1
