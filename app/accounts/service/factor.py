"""The second factor: set up, given at sign-in, removed; recovery codes."""

from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts import factors
from app.accounts.credentials import canonical_email, token_hash
from app.accounts.models import LoginSession, Person, RecoveryCode
from app.accounts.service.passwords import ensure_reauthenticated, person_by_email
from app.accounts.service.people import tell
from app.accounts.service.sessions import Signed, end_all_sessions, renew_token
from app.accounts.service.throttling import count_try, forget_tries
from app.accounts.throttle import Visit
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import STAFF


class WrongCode(Refused):
    """The second factor does not fit, or was used already."""

    message = N_("The code does not fit. Each code works once and for half a minute.")
    status = 422


class HasFactor(Refused):
    """An authenticator that is set up is never shown again."""

    message = N_("The second factor is set up already.")


class FactorStays(Refused):
    """Who works for the school cannot do without."""

    message = N_("Your role asks for a second factor. It cannot be removed.")


def offered_secret(signed: Signed, *, now: datetime) -> str:
    """Return the secret for this person's authenticator, the same each time this session asks.

    Raises:
        HasFactor: one is set up already; it is never shown again.
        NeedsPassword: a session that is in use did not give the password within five minutes.
    """
    if signed.has_factor:
        raise HasFactor
    if signed.actor.is_complete:
        ensure_reauthenticated(signed, now=now)
    return factors.new_secret(current_app.extensions["settings"].secret_key, signed.token)


def set_up_factor(session: Session, visit: Visit, signed: Signed, *, code: str) -> tuple[str, list[str]]:
    """Set up the authenticator whose code this is; every other session ends.

    Returns:
        The session's new token, and the recovery codes, which are kept only as hashes.

    Raises:
        HasFactor, NeedsPassword: as for `offered_secret`.
        WrongCode: it does not fit the secret that was offered.
        TooManyTries: five tries in five minutes.
    """
    secret = offered_secret(signed, now=visit.now)
    person = _locked(session, signed)
    count_try(session, visit, account=f"factor {person.id}", factor=True)
    if person.totp_confirmed_at is not None:
        raise HasFactor
    step = factors.matching_step(secret, factors.only_code(code), now=visit.now, last_step=0)
    if step is None:
        raise WrongCode
    person.totp_secret, person.totp_last_step, person.totp_confirmed_at = secret, step, visit.now
    codes = factors.new_recovery_codes()
    _forget_recovery_codes(session, person)
    session.add_all(RecoveryCode(person_id=person.id, code_hash=token_hash(code)) for code in codes)
    end_all_sessions(session, person.id, now=visit.now, but=signed.session_id)
    tell(session, person, "factor_on")
    return _complete(session, signed, person, visit.now), codes


def give_factor(session: Session, visit: Visit, signed: Signed, *, code: str) -> str:
    """Check a code of the authenticator, or a recovery code; the session becomes complete.

    Returns:
        The session's new token.

    Raises:
        WrongCode: it does not fit or was used already.
        TooManyTries: five tries in five minutes.
    """
    person = _locked(session, signed)
    count_try(session, visit, account=f"factor {person.id}", factor=True)
    text = factors.only_code(code)
    if not _use_step(person, text, visit.now) and not _use_recovery(session, person, text, visit.now):
        raise WrongCode
    return _complete(session, signed, person, visit.now)


def remove_factor(session: Session, signed: Signed, *, now: datetime) -> str:
    """Remove the second factor; every other session ends. Return the new token of this one.

    Raises:
        FactorStays: the person works for the school.
        NeedsPassword: the password was not given within five minutes.
    """
    if signed.actor.is_staff:
        raise FactorStays
    ensure_reauthenticated(signed, now=now)
    _drop(session, _locked(session, signed), now=now, but=signed.session_id)
    return renew_token(session, signed.session_id)


def drop_factor(session: Session, *, email: str, now: datetime) -> Person:
    """Remove the second factor of an account whose owner lost it, and return the account; all sessions end.

    Raises:
        BadEmail: it is no address.
        NotYours: there is no such account.
    """
    person = person_by_email(session, canonical_email(email))
    if person is None:
        raise NotYours
    _drop(session, person, now=now)
    return person


def _drop(session: Session, person: Person, *, now: datetime, but: int | None = None) -> None:
    person.totp_secret = person.totp_confirmed_at = None
    _forget_recovery_codes(session, person)
    end_all_sessions(session, person.id, now=now, but=but)
    tell(session, person, "factor_off")


def recovery_codes_left(session: Session, person: Person) -> int:
    """Return how many recovery codes were not used yet."""
    unused = (RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def needs_factor(person: Person) -> bool:
    """Tell whether a role of this person asks for a second factor."""
    return bool(person.roles & STAFF)


def _locked(session: Session, signed: Signed) -> Person:
    # One code at a time: of two tries with the same code, the second must see what the first has used.
    return session.get_one(Person, signed.actor.person_id, with_for_update=True, populate_existing=True)


def _complete(session: Session, signed: Signed, person: Person, now: datetime) -> str:
    forget_tries(session, account=f"factor {person.id}")
    session.execute(
        update(LoginSession).where(LoginSession.id == signed.session_id).values(second_factor_at=now)
    )
    return renew_token(session, signed.session_id)


def _use_step(person: Person, code: str, now: datetime) -> bool:
    if person.totp_secret is None or person.totp_confirmed_at is None:
        return False
    step = factors.matching_step(person.totp_secret, code, now=now, last_step=person.totp_last_step or 0)
    if step is None:
        return False
    person.totp_last_step = step
    return True


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


def _forget_recovery_codes(session: Session, person: Person) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
