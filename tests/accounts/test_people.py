from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.credentials import BadName
from app.accounts.models import RoleGrant
from app.core import jobs
from app.core.database import db
from app.core.errors import Invalid, NotYours
from app.core.permissions import Actor
from tests.conftest import NOON
from tests.factories import PASSWORD, make_person


def test_a_role_is_given_by_somebody_and_ends_the_sessions(session: Session) -> None:
    administrator, _ = make_person(session, "administrator")
    person, _ = make_person(session, "author")
    token = service.open_session(session, person, device="", now=NOON)

    service.grant_role(session, person, "adjudicator", by=Actor(id=administrator.id), now=NOON)

    assert person.roles == {"author", "adjudicator"}
    grant = session.scalars(select(RoleGrant).where(RoleGrant.role == "adjudicator")).one()
    assert (grant.granted_by_id, grant.granted_at) == (administrator.id, NOON)
    assert service.signed_in_by_token(token) is None


@pytest.mark.parametrize(
    ("held", "given"),
    [
        ("examiner", "organiser"),
        ("examiner", "adjudicator"),
        ("author", "examiner"),
        ("candidate", "examiner"),
        ("candidate", "team-member"),
        ("auditor", "author"),
        ("administrator", "examiner"),
    ],
)
def test_roles_that_check_each_other_do_not_meet(session: Session, held: str, given: str) -> None:
    for first, second in ((held, given), (given, held)):
        person, _ = make_person(session, first)

        with pytest.raises(service.RolesClash):
            service.grant_role(session, person, second, by=None, now=NOON)

        assert person.roles == {first}


def test_a_role_that_is_held_is_not_given_twice(session: Session) -> None:
    person, _ = make_person(session, "author")
    token = service.open_session(session, person, device="", now=NOON)

    service.grant_role(session, person, "author", by=None, now=NOON)

    assert len(person.grants) == 1
    assert service.signed_in_by_token(token) is not None


def test_there_is_no_role_that_nobody_knows(session: Session) -> None:
    person, _ = make_person(session)

    with pytest.raises(KeyError):
        service.grant_role(session, person, "tsar", by=None, now=NOON)


def test_a_role_is_taken_away_at_once(session: Session, letters: Callable[[], list[str]]) -> None:
    person, _ = make_person(session, "author", "adjudicator", language="en")
    token = service.open_session(session, person, device="", now=NOON)

    service.take_role(session, person, "author", now=NOON)
    service.take_role(session, person, "auditor", now=NOON)

    assert person.roles == {"adjudicator"}
    assert service.signed_in_by_token(token) is None
    db.session().commit()
    jobs.drain()
    (letter,) = letters()
    assert "- Adjudicator" in letter


def test_a_shut_account_is_out_and_can_be_opened_again(session: Session) -> None:
    person, _ = make_person(session)
    token = service.open_session(session, person, device="", now=NOON)

    service.disable(session, person, now=NOON)
    assert service.signed_in_by_token(token) is None
    service.enable(person)

    assert person.disabled_at is None
    assert service.signed_in_by_token(token) is None


def test_nobody_changes_themselves(session: Session) -> None:
    administrator, _ = make_person(session, "administrator")
    actor = Actor(id=administrator.id, roles=administrator.roles)

    with pytest.raises(service.NotOneself):
        service.person_to_change(session, actor, administrator.public_id)


def test_finds_accounts_by_their_public_id_only(session: Session) -> None:
    person, _ = make_person(session)
    actor = Actor(id=0)

    assert service.person_by_public_id(session, person.public_id) is person
    assert service.person_to_change(session, actor, person.public_id) is person
    session.delete(person)
    session.flush()
    with pytest.raises(NotYours):
        service.person_by_public_id(session, person.public_id)
    with pytest.raises(NotYours):
        service.person_to_change(session, actor, person.public_id)


@pytest.mark.parametrize(
    ("search", "role", "found"),
    [
        ("", "", ["a@x.example", "b@x.example", "c_d@y.example"]),
        ("X.EXAMPLE", "", ["a@x.example", "b@x.example"]),
        ("дәурен", "", ["b@x.example"]),
        ("", "examiner", ["c_d@y.example"]),
        ("x.example", "author", ["a@x.example"]),
        ("_", "", ["c_d@y.example"]),
        ("%", "", []),
    ],
)
def test_searches_accounts(session: Session, search: str, role: str, found: list[str]) -> None:
    make_person(session, "author", email="a@x.example", name="Айгүл")
    make_person(session, email="b@x.example", name="Дәурен")
    make_person(session, "examiner", email="c_d@y.example", name="Марат")

    assert [person.email for person in service.people(session, search=search, role=role)] == found
    assert service.count_people(session, search=search, role=role) == len(found)


def test_shows_accounts_page_by_page(session: Session) -> None:
    for number in range(5):
        make_person(session, email=f"p{number}@mail.example")

    pages = [[p.email[:2] for p in service.people(session, page=page, count=2)] for page in (1, 2, 3, 4)]

    assert pages == [["p0", "p1"], ["p2", "p3"], ["p4"], []]


def test_a_profile_has_a_name_and_one_of_the_languages(session: Session) -> None:
    person, _ = make_person(session)

    service.change_profile(person, name="  Жаңа   Есім ", language="ru")
    assert (person.name, person.language) == ("Жаңа Есім", "ru")
    with pytest.raises(BadName):
        service.change_profile(person, name="1", language="ru")
    with pytest.raises(Invalid):
        service.change_profile(person, name="Жаңа Есім", language="de")


def test_an_account_is_made_whole_or_not_at_all(session: Session) -> None:
    person = service.create_person(
        session,
        email="New@Mail.example",
        name=" Жаңа  Адам ",
        language="kk",
        password=PASSWORD,
        now=NOON,
        roles=["author", "adjudicator"],
        confirmed=True,
    )

    assert (person.email, person.name, person.confirmed_at) == ("new@mail.example", "Жаңа Адам", NOON)
    assert person.roles == {"author", "adjudicator"}
    assert service.person_of(session, Actor(id=person.id)) is person
