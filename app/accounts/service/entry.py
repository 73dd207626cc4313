"""Coming in: an address and a password become a session."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import devices
from app.accounts.models import Person
from app.accounts.service.passwords import check_password, void_tokens
from app.accounts.service.sessions import open_session
from app.accounts.service.throttling import remember_device
from app.accounts.throttle import Visit


@dataclass(frozen=True)
class Entry:
    """What the browser of a person who came in keeps: the session's token, and that it knows this account."""

    token: str
    known: str


def sign_in(session: Session, visit: Visit, *, email: str, password: str) -> Entry:
    """Open a session for the person whose address and password these are.

    Raises:
        BadEmail: it is no address.
        WrongCredentials: no such confirmed account, or the password does not fit: same words, same cost.
        TooManyTries: too many tries for the account or from the source.
    """
    return enter(session, visit, check_password(session, visit, email=email, password=password))


def enter(session: Session, visit: Visit, person: Person) -> Entry:
    """Open a session for a person who has shown who they are; links in letters to them end."""
    void_tokens(session, person.id, visit.now)
    token = open_session(session, person, device=devices.device_name(visit.user_agent), now=visit.now)
    return Entry(token, remember_device(visit, person.email))
