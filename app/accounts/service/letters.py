"""What goes by letter: sign-up with confirmation, and the reset of a password.

Whoever asks sees the same answer, at the same cost, whether the address has an account or not: a letter goes
to it in either case.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.credentials import (
    canonical_email,
    canonical_name,
    ensure_good_password,
    new_token,
    token_hash,
)
from app.accounts.models import Person, Token
from app.accounts.service.passwords import (
    WrongPassword,
    hash_password,
    password_fits,
    person_by_email,
    set_password,
    void_tokens,
)
from app.accounts.service.people import AddressTaken, add_person
from app.accounts.service.throttling import count_try
from app.accounts.throttle import Visit
from app.core import mail
from app.core.errors import N_, Refused

CONFIRM_FOR = timedelta(hours=72)
RESET_FOR = timedelta(minutes=30)


class LinkIsDead(Refused):
    """A letter's link was used, replaced or is too old."""

    message = N_("This link no longer works: it was used already or is too old. Ask for a new one.")
    status = 422


def sign_up(
    session: Session, visit: Visit, *, email: str, name: str, language: str, password: str, role: str
) -> str:
    """Begin an account and write to its address; a taken address gets a letter that says so.

    An account that nobody has confirmed yet belongs to whoever confirms it: the newest sign-up counts.

    Returns:
        What this browser shows at `confirm` instead of the password; it tells nothing about the address.

    Raises:
        BadEmail, BadName, WeakPassword, WrongLength: as their names say.
        TooManyTries: too many letters to the address or from the source.
    """
    address, full_name = canonical_email(email), canonical_name(name)
    ensure_good_password(password, email=address)
    count_try(session, visit, account=f"letter {address}")
    password_hash = hash_password(password)
    person = person_by_email(session, address)
    if person is None:
        fresh = Person(
            email=address,
            name=full_name,
            language=language,
            password_hash=password_hash,
            created_at=visit.now,
        )
        person = _add(session, fresh, role)
    elif _is_open(person):
        person.name, person.language, person.password_hash = full_name, language, password_hash
    if _is_open(person):
        _send_link(session, person, "confirm", CONFIRM_FOR, now=visit.now)
    else:
        _write(session, "taken", to=address, language=person.language)
    return _proof(password_hash)


def _add(session: Session, fresh: Person, role: str) -> Person:
    try:
        return add_person(session, fresh, roles=[role])
    except AddressTaken:
        # Another sign-up was first by a moment.
        return session.scalars(select(Person).where(Person.email == fresh.email)).one()


def _is_open(person: Person) -> bool:
    return person.confirmed_at is None and person.disabled_at is None


def _proof(password_hash: str) -> str:
    secret = current_app.extensions["settings"].secret_key
    return hmac.new(secret.encode(), f"chose {password_hash}".encode(), sha256).hexdigest()


def to_confirm(session: Session, token: str, *, proof: str, now: datetime) -> bool:
    """Tell whether the browser with `proof` chose this account's password: then it is not asked for again.

    Raises:
        LinkIsDead: used, replaced or too old.
    """
    return _has_chosen(_person_of_token(session, token, "confirm", now=now), proof)


def _has_chosen(person: Person, proof: str) -> bool:
    return hmac.compare_digest(_proof(person.password_hash), proof)


def confirm(session: Session, visit: Visit, token: str, *, proof: str, password: str) -> Person:
    """Confirm the address that the link went to.

    Who reads the letter need not be who signed up: a stranger could otherwise sign up with another's address,
    wait for them to confirm it, and come in with a password of the stranger's choice.

    Raises:
        LinkIsDead: used, replaced or too old.
        WrongPassword: neither `proof` nor `password` shows that the reader chose the account's password.
        TooManyTries: too many tries for the account or from the source.
    """
    person = _person_of_token(session, token, "confirm", now=visit.now)
    if not _has_chosen(person, proof):
        count_try(session, visit, account=f"confirm {person.id}")
        if not password_fits(password, person.password_hash):
            raise WrongPassword
    person.confirmed_at = person.confirmed_at or visit.now
    void_tokens(session, person.id, visit.now)
    return person


def ask_reset(session: Session, visit: Visit, *, email: str, language: str) -> None:
    """Write a link to the address; if no account can be used with it, a letter that says so.

    Args:
        session: the running transaction.
        visit: where from and when.
        email: as it was typed.
        language: of the page, for an address without an account.

    Raises:
        BadEmail: it is no address.
        TooManyTries: too many letters to the address or from the source.
    """
    address = canonical_email(email)
    count_try(session, visit, account=f"letter {address}")
    person = person_by_email(session, address)
    if person is not None and person.disabled_at is None:
        _send_link(session, person, "reset", RESET_FOR, now=visit.now)
    else:
        _write(session, "unknown", to=address, language=language)


def to_reset(session: Session, token: str, *, now: datetime) -> None:
    """Refuse unless the link still works.

    Raises:
        LinkIsDead: used, replaced or too old.
    """
    _person_of_token(session, token, "reset", now=now)


def reset(session: Session, visit: Visit, token: str, *, password: str) -> Person:
    """Set the password that the link allows; all sessions end. The second factor stays.

    Raises:
        TooManyTries: too many tries from the source.
        LinkIsDead: used, replaced or too old.
        WeakPassword, WrongLength: the new one is not good; the link still works.
    """
    count_try(session, visit, account=f"link {token_hash(token)}")
    person = _person_of_token(session, token, "reset", now=visit.now)
    ensure_good_password(password, email=person.email)
    person.confirmed_at = person.confirmed_at or visit.now
    set_password(session, person, password, now=visit.now)
    return person


def _send_link(session: Session, person: Person, purpose: str, lasts: timedelta, *, now: datetime) -> None:
    void_tokens(session, person.id, now)
    token = new_token()
    session.add(
        Token(
            person_id=person.id,
            purpose=purpose,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    _write(session, purpose, to=person.email, language=person.language, path=f"{purpose}/{token}")


def _write(session: Session, letter: str, *, to: str, language: str, path: str = "") -> None:
    settings = current_app.extensions["settings"]
    mail.post(
        session,
        to=to,
        language=language,
        template=f"accounts/mail/{letter}.txt",
        site=f"{settings.base_url}/{language}",
        link=f"{settings.base_url}/{language}/{path}",
    )


def _person_of_token(session: Session, token: str, purpose: str, *, now: datetime) -> Person:
    row = session.scalar(
        select(Token)
        .where(
            Token.token_hash == token_hash(token),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
        .with_for_update()
    )
    if row is None:
        raise LinkIsDead
    person = session.get_one(Person, row.person_id)
    if person.disabled_at is not None:
        raise LinkIsDead
    return person
