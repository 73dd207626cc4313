"""One's own account: profile, password, sessions."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service
from app.accounts.credentials import BadName, WeakPassword, WrongLength
from app.accounts.forms import ChangePasswordForm, ProfileForm
from app.accounts.views.blueprint import me, pages, refusals, status, take, visit
from app.core import clock
from app.core.database import db
from app.core.forms import Form, Press
from app.core.languages import gettext
from app.core.pages import say

CHANGE_PASSWORD = {service.WrongPassword: "old", WeakPassword: "new", WrongLength: "new"}


@dataclass(frozen=True)
class SessionLine:
    """One signed-in browser as its owner sees it."""

    public_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


def _page(profile: Form | None = None, password: Form | None = None) -> ResponseReturnValue:
    session, signed = db.session(), me()
    person = service.person_of(session, signed.actor)
    rows = service.sessions_of(session, signed.actor, now=clock.now())
    page = render_template(
        "accounts/account.html",
        email=person.email,
        profile=profile
        or ProfileForm(formdata=None, data={"name": person.name, "language": person.language}),
        password=password or ChangePasswordForm(formdata=None),
        sessions=[
            SessionLine(
                row.public_id, row.device, row.created_at, row.last_seen_at, row.id == signed.session_id
            )
            for row in rows
        ],
        has_factor=signed.has_factor,
        factor_stays=service.needs_factor(person),
        codes_left=service.recovery_codes_left(session, person),
    )
    sent = profile or password
    return page, status(sent) if sent else HTTPStatus.OK


def _done(text: str) -> ResponseReturnValue:
    say(text)
    return redirect(url_for(".account"), HTTPStatus.SEE_OTHER)


@pages.get("/account")
def account() -> ResponseReturnValue:
    return _page()


@pages.post("/account/profile")
def change_profile() -> ResponseReturnValue:
    form = ProfileForm.from_request()
    if form.submitted():
        with refusals(form, {BadName: "name"}):
            service.change_profile(service.person_of(db.session(), me().actor), **form.read())
            return _done(gettext("Name and language are saved."))
    return _page(profile=form)


@pages.post("/account/password")
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm.from_request()
    if form.submitted():
        with refusals(form, CHANGE_PASSWORD):
            take(service.change_password(db.session(), visit(), me(), **form.read()))
            return _done(gettext("The password is changed. All other sessions have ended."))
    return _page(password=form)


@pages.post("/account/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> ResponseReturnValue:
    if Press.from_request().submitted():
        service.end_session(db.session(), me().actor, session_id, now=clock.now())
    return _done(gettext("The session has ended."))


@pages.post("/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    if Press.from_request().submitted():
        service.end_all_sessions(db.session(), me().actor.person_id, now=clock.now(), but=me().session_id)
    return _done(gettext("All other sessions have ended."))
