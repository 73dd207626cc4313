"""Accounts and the roles they hold: made, found, given, taken, shut and opened again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.credentials import canonical_email, canonical_name, ensure_good_password
from app.accounts.models import Person, RoleGrant
from app.accounts.service.passwords import hash_password, void_tokens
from app.accounts.service.sessions import end_all_sessions
from app.core import mail
from app.core.errors import N_, Invalid, NotYours, Refused
from app.core.languages import LANGUAGES
from app.core.permissions import ROLE_BY_KEY, STAFF, Actor, clashes


class AddressTaken(Refused):
    """There is an account with this address. Never said to whoever signs up."""

    message = N_("There is an account with this address already.")


class RolesClash(Refused):
    """Two roles that check each other would meet in one person."""

    message = N_("These roles check each other and cannot meet in one person.")


class NotOneself(Refused):
    """Nobody raises or shuts out themselves; so the last administrator cannot vanish either."""

    message = N_("You cannot change your own roles or shut your own account. Another administrator can.")


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
    """Add an account.

    Raises:
        BadEmail, BadName, WeakPassword, WrongLength: as their names say.
        AddressTaken: there is one with this address; the unique index decides who was first.
        RolesClash: the roles check each other.
    """
    address = canonical_email(email)
    ensure_good_password(password, email=address)
    person = Person(
        email=address,
        name=canonical_name(name),
        language=language,
        password_hash=hash_password(password),
        created_at=now,
        confirmed_at=now if confirmed else None,
    )
    return add_person(session, person, roles=roles)


def add_person(session: Session, person: Person, *, roles: Iterable[str]) -> Person:
    """Add an account whose values were found good, and return it.

    Raises:
        AddressTaken: there is one with this address.
        RolesClash: the roles check each other.
    """
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise AddressTaken from error
    for role in roles:
        grant_role(session, person, role, by=None, now=person.created_at)
    return person


def person_of(session: Session, actor: Actor) -> Person:
    """Return the actor's own account."""
    return session.get_one(Person, actor.person_id)


def change_profile(person: Person, *, name: str, language: str) -> None:
    """Change how a person is named, and the language of letters to them.

    Raises:
        BadName: it cannot stand on a certificate.
        Invalid: there is no such language.
    """
    if language not in LANGUAGES:
        raise Invalid
    person.name, person.language = canonical_name(name), language


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
    if by is not None:
        tell(session, person, "roles")


def take_role(session: Session, person: Person, role: str, *, now: datetime) -> None:
    """Take a role from a person, at once in every session."""
    if role not in person.roles:
        return
    person.grants = [grant for grant in person.grants if grant.role != role]
    session.flush()
    end_all_sessions(session, person.id, now=now)
    tell(session, person, "roles")


def disable(session: Session, person: Person, *, now: datetime) -> None:
    """Shut an account; all its sessions and links end at once."""
    person.disabled_at = person.disabled_at or now
    end_all_sessions(session, person.id, now=now)
    void_tokens(session, person.id, now)


def enable(person: Person) -> None:
    """Open a shut account again."""
    person.disabled_at = None


def tell(session: Session, person: Person, what: str) -> None:
    """Write to a person that their account was changed: what happens without them they must learn of."""
    mail.post(
        session,
        to=person.email,
        language=person.language,
        template=f"accounts/mail/{what}.txt",
        link=f"{current_app.extensions['settings'].base_url}/{person.language}/account",
        roles=[role.label for key, role in ROLE_BY_KEY.items() if key in person.roles],
        needs_factor=bool(person.roles & STAFF),
    )


def people(
    session: Session, *, search: str = "", role: str = "", page: int = 1, count: int = 50
) -> list[Person]:
    """Return one page of accounts by address: those that hold `search` in address or name, and `role`."""
    query = _matching(search, role).order_by(Person.email).offset((page - 1) * count).limit(count)
    return list(session.scalars(query))


def count_people(session: Session, *, search: str = "", role: str = "") -> int:
    """Return how many accounts `people` would show on all its pages."""
    return session.scalar(select(func.count()).select_from(_matching(search, role).subquery())) or 0


def _matching(search: str, role: str) -> Select[Person]:
    query = select(Person)
    if text := " ".join(search.split()):
        # Neither database folds Cyrillic in the same way: names are written with capitals, and so looked for.
        query = query.where(
            or_(
                Person.email.contains(text.casefold(), autoescape=True),
                Person.name.contains(text, autoescape=True),
                Person.name.contains(text.title(), autoescape=True),
            )
        )
    if role:
        query = query.where(Person.grants.any(RoleGrant.role == role))
    return query


def person_by_public_id(session: Session, public_id: UUID) -> Person:
    """Return the account.

    Raises:
        NotYours: there is none.
    """
    person = session.scalar(select(Person).where(Person.public_id == public_id))
    if person is None:
        raise NotYours
    return person


def person_to_change(session: Session, actor: Actor, public_id: UUID) -> Person:
    """Return another person's account, held until this transaction ends: two administrators may come at once.

    Raises:
        NotYours: there is none.
        NotOneself: it is the actor's own.
    """
    person = session.scalar(
        select(Person)
        .where(Person.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotYours
    if person.id == actor.id:
        raise NotOneself
    return person
