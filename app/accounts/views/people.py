"""For administrators: accounts, their roles, shutting and opening them. Auditors may look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service
from app.accounts.forms import PeopleFilter, RoleForm
from app.accounts.models import Person
from app.accounts.views.blueprint import me, pages
from app.core import access, clock
from app.core.database import db
from app.core.errors import Invalid
from app.core.forms import Press
from app.core.languages import gettext
from app.core.pages import say
from app.core.permissions import ROLE_BY_KEY, ROLES, Permission, clashes

PER_PAGE = 50
MOST_PAGES = 10_000


@dataclass(frozen=True)
class PersonLine:
    """One account in the list."""

    public_id: UUID
    name: str
    email: str
    roles: list[str]
    is_disabled: bool
    is_confirmed: bool


@pages.get("/people")
def people() -> ResponseReturnValue:
    form = PeopleFilter(request.args)
    chosen = {
        "search": form.search.data or "",
        "role": form.role.data if form.role.data in ROLE_BY_KEY else "",
    }
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    session = db.session()
    total = service.count_people(session, **chosen)
    found = service.people(session, **chosen, page=page, count=PER_PAGE)
    return render_template(
        "accounts/people.html",
        form=form,
        lines=[_line(person) for person in found],
        total=total,
        earlier=_address(chosen, page - 1) if page > 1 else "",
        later=_address(chosen, page + 1) if total > page * PER_PAGE else "",
    )


def _address(chosen: Mapping[str, str], page: int) -> str:
    return url_for(".people", search=chosen["search"] or None, role=chosen["role"] or None, page=page)


def _line(person: Person) -> PersonLine:
    return PersonLine(
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        roles=[gettext(role.label) for role in ROLES if role.key in person.roles],
        is_disabled=person.disabled_at is not None,
        is_confirmed=person.confirmed_at is not None,
    )


@pages.get("/people/<uuid:person_id>")
def person(person_id: UUID) -> ResponseReturnValue:
    found = service.person_by_public_id(db.session(), person_id)
    form = RoleForm(formdata=None)
    form.role.choices = [
        (role.key, gettext(role.label))
        for role in ROLES
        if role.key not in found.roles and not clashes(found.roles | {role.key})
    ]
    return render_template(
        "accounts/person.html",
        form=form,
        line=_line(found),
        number=found.id,
        since=found.created_at,
        has_factor=found.totp_confirmed_at is not None,
        held=[(role.key, gettext(role.label)) for role in ROLES if role.key in found.roles],
        may_change=me().actor.may(Permission.PEOPLE_WRITE) and found.id != me().actor.id,
    )


def _change(person_id: UUID, act: Callable[[Person], object], done: str) -> ResponseReturnValue:
    act(service.person_to_change(db.session(), me().actor, person_id))
    say(done)
    return redirect(url_for(".person", person_id=person_id), HTTPStatus.SEE_OTHER)


def _role() -> str:
    form = RoleForm.from_request()
    if not form.submitted():
        raise Invalid
    role = str(form.read()["role"])
    access.note(role=role)
    return role


@pages.post("/people/<uuid:person_id>/roles/grant")
def grant_role(person_id: UUID) -> ResponseReturnValue:
    role = _role()
    return _change(
        person_id,
        lambda person: service.grant_role(db.session(), person, role, by=me().actor, now=clock.now()),
        gettext("The role is given."),
    )


@pages.post("/people/<uuid:person_id>/roles/take")
def take_role(person_id: UUID) -> ResponseReturnValue:
    role = _role()
    return _change(
        person_id,
        lambda person: service.take_role(db.session(), person, role, now=clock.now()),
        gettext("The role is taken away."),
    )


@pages.post("/people/<uuid:person_id>/disable")
def disable(person_id: UUID) -> ResponseReturnValue:
    _press()
    return _change(
        person_id,
        lambda person: service.disable(db.session(), person, now=clock.now()),
        gettext("The account is shut."),
    )


@pages.post("/people/<uuid:person_id>/enable")
def enable(person_id: UUID) -> ResponseReturnValue:
    _press()
    return _change(person_id, service.enable, gettext("The account is open."))


def _press() -> None:
    if not Press.from_request().submitted():
        raise Invalid
