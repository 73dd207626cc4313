"""Passwords: hashed, checked, changed, and given again before an act that matters."""

from datetime import datetime, timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.credentials import (
    LONGEST_PASSWORD,
    canonical_email,
    canonical_password,
    ensure_good_password,
)
from app.accounts.models import LoginSession, Person, Token
from app.accounts.service.sessions import Signed, end_all_sessions, renew_token
from app.accounts.service.throttling import count_try, forget_tries, known_device
from app.accounts.throttle import Visit
from app.core.errors import N_, Refused

REAUTHENTICATION = timedelta(minutes=5)

# OWASP's set; the library's default of 64 MiB is too heavy when a whole exam signs in at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
_DUMMY = _HASHER.hash("a password that nobody has")


class WrongCredentials(Refused):
    """Unknown address, wrong password, unconfirmed or disabled account: all look the same."""

    message = N_("The e-mail address and the password do not match.")
    status = 422


class WrongPassword(Refused):
    """A person who is signed in already, or holds a letter, gave another password than theirs."""

    message = N_("The password does not fit.")
    status = 422


class NeedsPassword(Refused):
    """The act needs the password, given within the last five minutes."""

    message = N_("Give your password again first.")
    status = 403


def hash_password(password: str) -> str:
    """Return the Argon2id hash; at most two at once, so that a crowd cannot exhaust memory."""
    with _AT_ONCE:
        return _HASHER.hash(canonical_password(password))


def password_fits(password: str, stored: str | None) -> bool:
    """Tell whether `password` is the one that was hashed; with nothing stored: False, at the same cost."""
    text = canonical_password(password)
    with _AT_ONCE:
        try:
            # No password is longer; hashing one that is costs as much as it is long.
            _HASHER.verify(stored or _DUMMY, text[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def person_by_email(session: Session, email: str) -> Person | None:
    """Return the account of a canonical address."""
    return session.scalar(select(Person).where(Person.email == email))


def check_password(session: Session, visit: Visit, *, email: str, password: str) -> Person:
    """Return the person whose address and password these are; count the try.

    A device that signed this account in before has its tries counted apart.

    Raises:
        BadEmail: it is no address.
        WrongCredentials: no such confirmed account, or the password does not fit: same words, same cost.
        TooManyTries: too many tries for the account or from the source.
    """
    address = canonical_email(email)
    counted = f"{address} {known_device(visit, address)}"
    count_try(session, visit, account=counted)
    person = person_by_email(session, address)
    fits = password_fits(password, person.password_hash if person else None)
    if person is None or not fits or person.confirmed_at is None or person.disabled_at is not None:
        raise WrongCredentials
    forget_tries(session, account=counted)
    if _HASHER.check_needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)
    return person


def _check_own(session: Session, visit: Visit, signed: Signed, password: str) -> Person:
    # Counted apart from sign-in: whoever guesses there must not shut the owner out here.
    counted = f"session {signed.session_id}"
    count_try(session, visit, account=counted)
    person = session.get_one(Person, signed.actor.person_id)
    if not password_fits(password, person.password_hash):
        raise WrongPassword
    forget_tries(session, account=counted)
    return person


def reauthenticate(session: Session, visit: Visit, signed: Signed, *, password: str) -> str:
    """Note that the person of this session gave the password again just now; return the session's new token.

    Raises:
        WrongPassword: it does not fit.
        TooManyTries: too many tries.
    """
    _check_own(session, visit, signed, password)
    session.execute(
        update(LoginSession).where(LoginSession.id == signed.session_id).values(reauthenticated_at=visit.now)
    )
    return renew_token(session, signed.session_id)


def ensure_reauthenticated(signed: Signed, *, now: datetime) -> None:
    """Refuse unless the password was given within five minutes.

    Raises:
        NeedsPassword: it was not.
    """
    if now - signed.reauthenticated_at > REAUTHENTICATION:
        raise NeedsPassword


def change_password(session: Session, visit: Visit, signed: Signed, *, old: str, new: str) -> str:
    """Set a new password; every other session ends. Return the new token of this one.

    Raises:
        WrongPassword: the old one does not fit.
        WeakPassword, WrongLength: the new one is not good.
        TooManyTries: too many tries.
    """
    person = _check_own(session, visit, signed, old)
    ensure_good_password(new, email=person.email)
    set_password(session, person, new, now=visit.now, but=signed.session_id)
    return renew_token(session, signed.session_id)


def set_password(
    session: Session, person: Person, new: str, *, now: datetime, but: int | None = None
) -> None:
    """Set a password that was found good; sessions (except `but`) and letters' links end with the old one."""
    person.password_hash = hash_password(new)
    end_all_sessions(session, person.id, now=now, but=but)
    void_tokens(session, person.id, now)


def void_tokens(session: Session, person_id: int, now: datetime) -> None:
    """Make every link in letters to this person dead."""
    session.execute(
        update(Token).where(Token.person_id == person_id, Token.used_at.is_(None)).values(used_at=now)
    )
