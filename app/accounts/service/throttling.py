"""Counting the tries on every credential path, in the database, whatever the answer is."""

import hmac
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts import devices
from app.accounts.models import CredentialTry
from app.accounts.throttle import LONGEST_WINDOW, PER_ACCOUNT, PER_FACTOR, PER_SOURCE, Limit, Visit
from app.core.database import keep_despite_refusal
from app.core.errors import N_, Refused


class TooManyTries(Refused):
    """The throttle: never a lock, only a pause."""

    message = N_("Too many tries. Wait five minutes and try again.")
    status = 429


def count_try(session: Session, visit: Visit, *, account: str, factor: bool = False) -> None:
    """Count a try on a credential path; refuse it, uncounted, if there were too many.

    The count outlives a refusal that follows, and with it everything else that the request has changed by
    then: callers count before they change anything.

    Args:
        session: the running transaction.
        visit: where from and when.
        account: whose credentials are tried; never kept as it is.
        factor: the try is a six-digit code, which bears less guessing than a password.

    Raises:
        TooManyTries: the account or the source has used up its tries. A refused try is not counted: whoever
            goes on trying does not make the pause longer.
    """
    counted = {key("account", account): PER_FACTOR if factor else PER_ACCOUNT}
    if visit.source:
        counted[key("source", visit.source)] = PER_SOURCE
    keep_despite_refusal()
    if any(
        _is_used_up(session, name, limit, visit.now) for name, limits in counted.items() for limit in limits
    ):
        raise TooManyTries
    session.add_all(CredentialTry(key=name, at=visit.now) for name in counted)
    session.flush()


def forget_tries(session: Session, *, account: str) -> None:
    """Take back the tries of an account whose owner has just shown that they are the owner."""
    session.execute(delete(CredentialTry).where(CredentialTry.key == key("account", account)))


def forget_old_tries(session: Session, now: datetime) -> None:
    """Delete tries that no limit looks at any more."""
    session.execute(delete(CredentialTry).where(CredentialTry.at < now - LONGEST_WINDOW))


def known_device(visit: Visit, address: str) -> str:
    """Return the id of the visitor's device if it signed this account in before; else ""."""
    return devices.known_as(visit.known, key("known", address), secret=_secret())


def remember_device(visit: Visit, address: str) -> str:
    """Return the cookie by which the visitor's device is known for this account from now on."""
    return devices.remember(visit.known, key("known", address), secret=_secret())


def key(kind: str, value: str) -> str:
    """Return the keyed hash of an account or a source."""
    return hmac.new(_secret().encode(), f"{kind}:{value}".encode(), sha256).hexdigest()


def _secret() -> str:
    return str(current_app.extensions["settings"].secret_key)


def _is_used_up(session: Session, name: str, limit: Limit, now: datetime) -> bool:
    since = now - limit.window
    count = session.scalar(
        select(func.count())
        .select_from(CredentialTry)
        .where(CredentialTry.key == name, CredentialTry.at > since)
    )
    return (count or 0) >= limit.tries
