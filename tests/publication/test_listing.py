"""The commission's lists: taking one over, finding an entry, tying it to an account."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import jobs
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.publication import service
from app.publication.lists import BadList
from app.publication.models import ListedCandidate
from app.publication.service import (
    AlreadyTied,
    NoSuchAccount,
    NotChecked,
    OtherName,
)
from tests.conftest import NOON
from tests.factories import OTHER_UNIT, UNIT, VILLAGE, make_person
from tests.publication.stage import (
    ELECTION,
    NAME,
    candidate,
    listed,
    publish,
    released,
    take_over,
)


def test_a_list_is_taken_over_with_source_and_day(session: Session) -> None:
    count = take_over(session, f"{UNIT},Үлгібаев Ерлан", f"{UNIT},{NAME}", f"{OTHER_UNIT},Ә Б")

    assert count == 3
    entries = service.of_place(session, UNIT)
    assert [entry.name for entry in entries] == [NAME, "Үлгібаев Ерлан"]
    assert (entries[0].source, entries[0].source_day, entries[0].election_day) == (
        "Комиссия",
        date(2027, 1, 25),
        ELECTION,
    )


def test_the_order_is_that_of_the_kazakh_alphabet(session: Session) -> None:
    names = ["Яхин Б", "Һаким Б", "Ілиясов Б", "Қасым Б", "Кәрім Б", "Әли Б", "Али Б", "Ыбырай Б"]
    take_over(session, *(f"{UNIT},{name}" for name in names))

    assert [entry.name[0] for entry in service.of_place(session, UNIT)] == list("АӘКҚҺЫІЯ")


def test_the_same_list_again_changes_nothing(session: Session) -> None:
    take_over(session, f"{UNIT},{NAME}")
    before = service.of_place(session, UNIT)[0].public_id

    take_over(session, f"{UNIT},{NAME}")

    assert [entry.public_id for entry in service.of_place(session, UNIT)] == [before]


def test_a_name_that_left_the_list_leaves_the_page_and_may_come_back(session: Session) -> None:
    take_over(session, f"{UNIT},{NAME}", f"{UNIT},Үлгібаев Ерлан", f"{OTHER_UNIT},Ә Б")
    gone = next(entry for entry in service.of_place(session, UNIT) if entry.name == NAME)

    take_over(session, f"{UNIT},Үлгібаев Ерлан")

    assert [entry.name for entry in service.of_place(session, UNIT)] == ["Үлгібаев Ерлан"]
    assert service.of_place(session, OTHER_UNIT), "the file did not speak of this place"
    with pytest.raises(NotYours):
        service.entry(session, gone.public_id)
    take_over(session, f"{UNIT},{NAME}")
    assert service.entry(session, gone.public_id) is gone


def test_a_list_for_a_place_without_an_elected_akim_is_refused_whole(session: Session) -> None:
    with pytest.raises(BadList) as caught:
        take_over(session, f"{UNIT},{NAME}", f"{VILLAGE},Ә Б", "123456789,Ә Б")

    assert [fault.line for fault in caught.value.faults] == [3, 4]
    assert session.scalars(select(ListedCandidate)).all() == []


def test_entries_are_found_by_name_and_by_place(session: Session) -> None:
    listed(session)
    listed(session, "Үлгібаев Ерлан", kato=OTHER_UNIT)

    assert service.look_through(session).found == 2
    assert [one.name for one in service.look_through(session, name="мысал").entries] in ([NAME], [])
    assert [one.name for one in service.look_through(session, name="Мысал").entries] == [NAME]
    assert service.look_through(session, name="%").found == 0
    assert [one.name for one in service.look_through(session, kato=OTHER_UNIT).entries] == ["Үлгібаев Ерлан"]


def tie(session: Session, entry: ListedCandidate, email: str, *, is_checked: bool = True) -> ListedCandidate:
    organiser, _ = make_person(session, "organiser")
    actor = Actor(organiser.id, frozenset({"organiser"}))
    return service.tie(session, actor, entry.public_id, email=email, is_checked=is_checked, now=NOON)


def test_a_name_is_tied_to_the_checked_account_and_the_person_is_told(session: Session) -> None:
    person, _ = make_person(session, "candidate", email="aigul@mail.example")
    entry = tie(session, listed(session), " AIGUL@mail.example ")

    assert entry.person_id == person.id
    assert entry.tied_at == NOON
    assert service.of_person(session, person.id) is entry
    letter = session.scalar(select(jobs.OutboxItem).where(jobs.OutboxItem.kind == "mail"))
    assert letter is not None
    assert NAME not in letter.payload["subject"]


def test_nobody_is_tied_without_a_look_at_the_document(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    with pytest.raises(NotChecked):
        tie(session, listed(session), person.email, is_checked=False)


def test_only_a_confirmed_candidate_can_be_tied(session: Session) -> None:
    staff, _ = make_person(session, "examiner")
    unconfirmed, _ = make_person(session, "candidate")
    unconfirmed.confirmed_at = None
    disabled, _ = make_person(session, "candidate")
    disabled.disabled_at = NOON
    entry = listed(session)
    for email in (staff.email, unconfirmed.email, disabled.email, "nobody@mail.example", "no address"):
        with pytest.raises(NoSuchAccount):
            tie(session, entry, email)


def test_an_account_in_another_name_is_refused_and_another_spelling_is_not(session: Session) -> None:
    other, _ = make_person(session, "candidate", name="Үлгібаев Ерлан")
    same, _ = make_person(session, "candidate", name="МЫСАЛОВА  Айгуль Улгикызы".replace("ль", "л"))
    entry = listed(session)
    with pytest.raises(OtherName):
        tie(session, entry, other.email)
    assert tie(session, entry, same.email).person_id == same.id


def test_one_account_has_one_name_and_one_name_one_account(session: Session) -> None:
    first, _ = make_person(session, "candidate")
    second, _ = make_person(session, "candidate")
    entry = tie(session, listed(session), first.email)
    with pytest.raises(AlreadyTied):
        tie(session, entry, second.email)
    with pytest.raises(AlreadyTied):
        tie(session, listed(session, kato=OTHER_UNIT), first.email)


def test_after_a_past_election_the_account_is_free_and_what_was_published_ends(session: Session) -> None:
    actor, old = candidate(session)
    old.election_day = date(2026, 11, 1)
    session.flush()
    consent = publish(session, actor, released(session, actor.person_id))

    entry = tie(session, listed(session), session.get_one(Person, actor.id).email)

    assert entry.person_id == actor.id
    assert old.person_id is None
    assert consent.withdrawn_at == NOON
    assert service.of_candidate(session, old, now=NOON).grants == ()
