"""Complete, valid things for tests."""

from itertools import count

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Person
from app.core import clock

PASSWORD = "three-calm-horses"
_numbers = count(1)
# Hashing costs 50 ms; tests need hundreds of people with one password.
_HASH = accounts.hash_password(PASSWORD)


def make_person(
    session: Session,
    *roles: str,
    signed_in: bool = False,
    name: str = "Мысалова Айгүл Үлгіқызы",
    language: str = "kk",
    email: str | None = None,
) -> tuple[Person, str]:
    """Add a confirmed person with `roles`; return them and a session token ('' when not signed in)."""
    now = clock.now()
    person = Person(
        email=email or f"person-{next(_numbers)}@mail.example",
        name=name,
        language=language,
        password_hash=_HASH,
        created_at=now,
        confirmed_at=now,
    )
    session.add(person)
    session.flush()
    for role in roles:
        accounts.grant_role(session, person, role, by=None, now=now)
    token = accounts.open_session(session, person, device="test", now=now, factor=True) if signed_in else ""
    return person, token
