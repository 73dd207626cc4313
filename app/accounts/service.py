"""What can be done with accounts: sign up, confirm, sign in and out, reset, roles, second factor."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import BoundedSemaphore
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app, has_request_context
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts.credentials import (
    canonical_email,
    canonical_password,
    ensure_good_password,
    new_token,
    token_hash,
)
from app.accounts.models import CredentialTry, LoginSession, Person, RecoveryCode, RoleGrant, Token
from app.accounts.throttle import PER_ACCOUNT, PER_FACTOR, PER_SOURCE, Limit
from app.core import clock, mail
from app.core.database import after_commit, db, unit_of_work
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import ROLE_BY_KEY, STAFF, Actor, clashes
from app.core.settings import Settings

STAFF_IDLE = timedelta(minutes=30)
STAFF_LONGEST = timedelta(hours=12)
OTHERS_LONGEST = timedelta(days=14)
REAUTHENTICATION = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=5)
CONFIRM_FOR = timedelta(hours=72)
RESET_FOR = timedelta(minutes=30)
LONGEST_DEVICE = 120
RECOVERY_CODES = 8

# OWASP's set; the library's default of 64 MiB is too heavy when a whole exam signs in at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
_DUMMY = _HASHER.hash("a password that nobody has")


class WrongCredentials(Refused):
    """Unknown address, wrong password, unconfirmed or disabled account: all look the same."""

    message = N_("The e-mail address and the password do not match.")
    status = 422


class TooManyTries(Refused):
    """The throttle: never a lock, only a pause."""

    message = N_("Too many tries. Wait five minutes and try again.")
    status = 429


class LinkIsDead(Refused):
    """A letter's link was used, replaced or is too old."""

    message = N_("This link no longer works: it was used already or is too old. Ask for a new one.")
    status = 422


class WrongCode(Refused):
    """The second factor does not fit, or was used already."""

    message = N_("The code does not fit. Each code works once and for half a minute.")
    status = 422


class RolesClash(Refused):
    """Two roles that check each other would meet in one person."""

    message = N_("These roles check each other and cannot meet in one person.")


class NeedsPassword(Refused):
    """The act needs the password, given within the last five minutes."""

    message = N_("Give your password again first.")
    status = 403


@dataclass(frozen=True)
class Signed:
    """A session that is alive: what the rest of the house sees of it."""

    actor: Actor
    session_id: int
    public_id: UUID
    name: str
    email: str
    language: str
    reauthenticated_at: datetime
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie."""
        return self.token


# -- sessions ------------------------------------------------------------------------------------


def signed_in_by_token(token: str) -> Signed | None:
    """Return the live session of this cookie; None when it has ended in any way."""
    session, now = db.session(), clock.now()
    row = session.scalar(
        select(LoginSession).where(LoginSession.token_hash == token_hash(token), LoginSession.ended_at.is_(None))
    )
    if row is None or not _is_alive(row, now):
        return None
    if has_request_context() and now - row.last_seen_at > SEEN_EVERY:
        _touch_later(row.id, now)
    person = row.person
    needs_factor = bool(person.roles & STAFF) and _settings().staff_second_factor
    has_factor = person.totp_confirmed_at is not None
    complete = row.second_factor_at is not None or not (needs_factor or has_factor)
    return Signed(
        actor=Actor(id=person.id, roles=person.roles, is_complete=complete),
        session_id=row.id,
        public_id=row.public_id,
        name=person.name,
        email=person.email,
        language=person.language,
        reauthenticated_at=row.reauthenticated_at,
        token=token,
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _is_alive(row: LoginSession, now: datetime) -> bool:
    if row.person.disabled_at is not None:
        return False
    if row.person.roles & STAFF:
        return now - row.last_seen_at < STAFF_IDLE and now - row.created_at < STAFF_LONGEST
    return now - row.created_at < OTHERS_LONGEST


def _touch_later(session_id: int, now: datetime) -> None:
    # A page that is only read must not take the write lock: the mark is made after it, by itself.
    def touch() -> None:
        with unit_of_work() as session:
            session.execute(update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now))

    after_commit(touch)


def open_session(session: Session, person: Person, *, device: str, now: datetime, factor: bool = False) -> str:
    """Add a session for `person` and return its token, which is kept nowhere else."""
    token = new_token()
    session.add(
        LoginSession(
            person_id=person.id,
            token_hash=token_hash(token),
            device=device[:LONGEST_DEVICE],
            created_at=now,
            last_seen_at=now,
            reauthenticated_at=now,
            second_factor_at=now if factor else None,
        )
    )
    session.flush()
    return token


def sessions_of(session: Session, actor: Actor) -> list[LoginSession]:
    """Return the actor's own live sessions, newest first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.person_id == actor.person_id, LoginSession.ended_at.is_(None))
            .order_by(LoginSession.last_seen_at.desc())
        )
    )


def end_session(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotYours: there is none with this id, or it is someone else's.
    """
    row = session.scalar(
        select(LoginSession).where(LoginSession.public_id == public_id, LoginSession.person_id == actor.person_id)
    )
    if row is None:
        raise NotYours
    row.ended_at = row.ended_at or now


def end_all_sessions(session: Session, person_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of a person, except the one with id `but`."""
    query = update(LoginSession).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    if but is not None:
        query = query.where(LoginSession.id != but)
    session.execute(query.values(ended_at=now))


# -- throttle ------------------------------------------------------------------------------------


def count_try(session: Session, *, account: str, source: str, now: datetime, factor: bool = False) -> None:
    """Count a try on a credential path, then refuse if there were too many.

    The count must outlive the refusal: callers keep the transaction.

    Raises:
        TooManyTries: the account or the source has used up its tries.
    """
    limits = ((_key("account", account), PER_FACTOR if factor else PER_ACCOUNT), (_key("source", source), PER_SOURCE))
    for key, _ in limits:
        session.add(CredentialTry(key=key, at=now))
    session.flush()
    if any(_is_over(session, key, limit, now) for key, several in limits for limit in several):
        raise TooManyTries


def _key(kind: str, value: str) -> str:
    return hmac.new(_settings().secret_key.encode(), f"{kind}:{value}".encode(), sha256).hexdigest()


def _is_over(session: Session, key: str, limit: Limit, now: datetime) -> bool:
    count = session.scalar(
        select(func.count()).where(CredentialTry.key == key, CredentialTry.at > now - limit.window)
    )
    return (count or 0) > limit.tries


def forget_old_tries(session: Session, now: datetime) -> None:
    """Delete tries that no limit looks at any more."""
    session.execute(delete(CredentialTry).where(CredentialTry.at < now - timedelta(days=1)))


# -- passwords -----------------------------------------------------------------------------------


def hash_password(password: str) -> str:
    """Return the Argon2id hash; at most two at once, so that a crowd cannot exhaust memory."""
    with _AT_ONCE:
        return _HASHER.hash(canonical_password(password))


def _fits(password: str, stored: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored, canonical_password(password))
        except (VerifyMismatchError, InvalidHashError):
            return False


def _by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email))


def check_password(session: Session, *, email: str, password: str, source: str, now: datetime) -> Person:
    """Return the person whose address and password these are; count the try.

    Raises:
        WrongCredentials: no such confirmed account, or the password does not fit: same words, same cost.
        TooManyTries: too many tries for the account or from the source.
    """
    address = canonical_email(email)
    count_try(session, account=address, source=source, now=now)
    person = _by_email(session, address)
    fits = _fits(password, person.password_hash if person else _DUMMY)
    if person is None or not fits or person.confirmed_at is None or person.disabled_at is not None:
        raise WrongCredentials
    if _HASHER.check_needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)
    return person


def reauthenticate(session: Session, signed: Signed, *, password: str, source: str, now: datetime) -> None:
    """Note that the person of this session gave the password again just now.

    Raises:
        WrongCredentials: it does not fit.
        TooManyTries: too many tries.
    """
    check_password(session, email=signed.email, password=password, source=source, now=now)
    session.execute(
        update(LoginSession).where(LoginSession.id == signed.session_id).values(reauthenticated_at=now)
    )


def ensure_reauthenticated(signed: Signed, *, now: datetime) -> None:
    """Refuse unless the password was given within five minutes.

    Raises:
        NeedsPassword: it was not.
    """
    if now - signed.reauthenticated_at > REAUTHENTICATION:
        raise NeedsPassword


def change_password(
    session: Session, signed: Signed, *, old: str, new: str, source: str, now: datetime
) -> None:
    """Set a new password; every other session ends.

    Raises:
        WrongCredentials: the old one does not fit.
        WeakPassword, WrongLength: the new one is not good.
    """
    person = check_password(session, email=signed.email, password=old, source=source, now=now)
    _set_password(session, person, new, now=now, but=signed.session_id)


def _set_password(session: Session, person: Person, new: str, *, now: datetime, but: int | None = None) -> None:
    ensure_good_password(new, email=person.email)
    person.password_hash = hash_password(new)
    end_all_sessions(session, person.id, now=now, but=but)
    _void_tokens(session, person.id, now)


# -- sign-up, letters ----------------------------------------------------------------------------


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    language: str,
    password: str,
    now: datetime,
    roles: Iterable[str] = (),
    confirmed: bool = False,
) -> Person:
    """Add an account; the address must not be taken (a unique index decides races).

    Raises:
        BadEmail, WeakPassword, WrongLength: as their names say.
        RolesClash: the roles check each other.
    """
    address = canonical_email(email)
    ensure_good_password(password, email=address)
    person = Person(
        email=address,
        name=" ".join(name.split()),
        language=language,
        password_hash=hash_password(password),
        created_at=now,
        confirmed_at=now if confirmed else None,
    )
    session.add(person)
    session.flush()
    for role in roles:
        grant_role(session, person, role, by=None, now=now)
    return person


def sign_up(
    session: Session, *, email: str, name: str, language: str, password: str, source: str, now: datetime, role: str
) -> None:
    """Begin an account and write to its address; a taken address gets a letter that says so.

    Whoever asks sees the same answer, at the same cost, in either case.

    Raises:
        BadEmail, WeakPassword, WrongLength: as their names say.
        TooManyTries: too many tries for the address or from the source.
    """
    address = canonical_email(email)
    ensure_good_password(password, email=address)
    count_try(session, account=address, source=source, now=now)
    person = _by_email(session, address)
    if person is None:
        person = create_person(
            session, email=address, name=name, language=language, password=password, now=now, roles=[role]
        )
        _send_link(session, person, "confirm", CONFIRM_FOR, now=now)
        return
    hash_password(password)
    if person.confirmed_at is None:
        _send_link(session, person, "confirm", CONFIRM_FOR, now=now)
    else:
        mail.post(session, to=person.email, language=person.language, template="accounts/mail/taken.txt", base_url=_settings().base_url)


def confirm(session: Session, token: str, *, now: datetime) -> Person:
    """Confirm the address that the link went to.

    Raises:
        LinkIsDead: used, replaced or too old.
    """
    person = _use_token(session, token, "confirm", now=now)
    person.confirmed_at = person.confirmed_at or now
    return person


def ask_reset(session: Session, *, email: str, source: str, now: datetime) -> None:
    """Write a link to the address, if it has an account; whoever asks sees the same answer.

    Raises:
        BadEmail: it is no address.
        TooManyTries: too many tries for the address or from the source.
    """
    address = canonical_email(email)
    count_try(session, account=f"reset:{address}", source=source, now=now)
    person = _by_email(session, address)
    if person is not None and person.disabled_at is None:
        _send_link(session, person, "reset", RESET_FOR, now=now)


def reset(session: Session, token: str, *, password: str, now: datetime) -> Person:
    """Set the password that the link allows; all sessions end. The second factor stays.

    Raises:
        LinkIsDead: used, replaced or too old.
        WeakPassword, WrongLength: the new one is not good.
    """
    person = _use_token(session, token, "reset", now=now)
    person.confirmed_at = person.confirmed_at or now
    _set_password(session, person, password, now=now)
    return person


def _send_link(session: Session, person: Person, purpose: str, lasts: timedelta, *, now: datetime) -> None:
    _void_tokens(session, person.id, now)
    token = new_token()
    session.add(
        Token(
            person_id=person.id, purpose=purpose, token_hash=token_hash(token), created_at=now, expires_at=now + lasts
        )
    )
    mail.post(
        session,
        to=person.email,
        language=person.language,
        template=f"accounts/mail/{purpose}.txt",
        name=person.name,
        link=f"{_settings().base_url}/{person.language}/{purpose}/{token}",
    )


def _void_tokens(session: Session, person_id: int, now: datetime) -> None:
    session.execute(update(Token).where(Token.person_id == person_id, Token.used_at.is_(None)).values(used_at=now))


def _use_token(session: Session, token: str, purpose: str, *, now: datetime) -> Person:
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
    row.used_at = now
    return session.get_one(Person, row.person_id)


# -- second factor -------------------------------------------------------------------------------


def person_of(session: Session, actor: Actor) -> Person:
    """Return the actor's own account."""
    return session.get_one(Person, actor.person_id)


def begin_factor(session: Session, actor: Actor) -> str:
    """Return the secret for the person's authenticator; a confirmed one is never shown again.

    Raises:
        NotYours: a factor is set up already.
    """
    person = person_of(session, actor)
    if person.totp_confirmed_at is not None:
        raise NotYours
    if person.totp_secret is None:
        person.totp_secret = pyotp.random_base32()
    return person.totp_secret


def give_factor(session: Session, signed: Signed, *, code: str, source: str, now: datetime) -> Sequence[str]:
    """Check a code of the authenticator or a recovery code; the session becomes complete.

    Returns:
        The recovery codes, once, when this confirmed a new authenticator; else nothing.

    Raises:
        WrongCode: it does not fit or was used already.
        TooManyTries: five tries in five minutes.
    """
    person = session.scalar(select(Person).where(Person.id == signed.actor.person_id).with_for_update())
    if person is None or person.totp_secret is None:
        raise WrongCode
    count_try(session, account=f"factor:{person.id}", source=source, now=now, factor=True)
    text = _only_code(code)
    if not _use_step(person, text, now) and not _use_recovery(session, person, text, now):
        raise WrongCode
    session.execute(update(LoginSession).where(LoginSession.id == signed.session_id).values(second_factor_at=now))
    if person.totp_confirmed_at is not None:
        return ()
    person.totp_confirmed_at = now
    end_all_sessions(session, person.id, now=now, but=signed.session_id)
    return _new_recovery_codes(session, person)


def _only_code(text: str) -> str:
    """Return the digits and letters of a code: spaces, dashes and other scripts' digits are how people type."""
    return "".join(
        str(int(letter)) if letter.isdecimal() else letter.casefold() for letter in text if letter.isalnum()
    )


def _use_step(person: Person, code: str, now: datetime) -> bool:
    totp = pyotp.TOTP(person.totp_secret or "")
    this_step = int(now.timestamp()) // totp.interval
    for step in (this_step - 1, this_step, this_step + 1):
        fits = hmac.compare_digest(totp.generate_otp(step), code) if code.isascii() else False
        if fits and step > (person.totp_last_step or 0):
            person.totp_last_step = step
            return True
    return False


def _use_recovery(session: Session, person: Person, code: str, now: datetime) -> bool:
    row = session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == token_hash(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    if row is None:
        return False
    row.used_at = now
    return True


def _new_recovery_codes(session: Session, person: Person) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [pyotp.random_base32()[:10].casefold() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person.id, code_hash=token_hash(code)) for code in codes)
    return codes


# -- roles ---------------------------------------------------------------------------------------


def grant_role(session: Session, person: Person, role: str, *, by: Actor | None, now: datetime) -> None:
    """Give a person a role.

    Raises:
        KeyError: there is no such role.
        RolesClash: it checks a role that the person holds.
    """
    if role not in ROLE_BY_KEY:
        raise KeyError(role)
    if role in person.roles:
        return
    if clashes(person.roles | {role}):
        raise RolesClash
    person.grants.append(RoleGrant(role=role, granted_by_id=by.id if by else None, granted_at=now))
    session.flush()
    # Rights change now, also in browsers that are signed in: they must come in anew.
    end_all_sessions(session, person.id, now=now)


def take_role(session: Session, person: Person, role: str, *, now: datetime) -> None:
    """Take a role from a person, at once in every session."""
    person.grants = [grant for grant in person.grants if grant.role != role]
    session.flush()
    end_all_sessions(session, person.id, now=now)


def people(session: Session, *, search: str = "", after: int = 0, count: int = 50) -> list[Person]:
    """Return accounts by id, `count` at a time, those whose address begins with `search`."""
    query = select(Person).where(Person.id > after).order_by(Person.id).limit(count)
    if search:
        query = query.where(Person.email.startswith(search.casefold(), autoescape=True))
    return list(session.scalars(query))


def person_by_public_id(session: Session, public_id: UUID) -> Person:
    """Return the account.

    Raises:
        NotYours: there is none.
    """
    person = session.scalar(select(Person).where(Person.public_id == public_id))
    if person is None:
        raise NotYours
    return person


def disable(session: Session, person: Person, *, now: datetime) -> None:
    """Shut an account; all its sessions end at once."""
    person.disabled_at = person.disabled_at or now
    end_all_sessions(session, person.id, now=now)


def enable(person: Person) -> None:
    """Open a shut account again."""
    person.disabled_at = None
