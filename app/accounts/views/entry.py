"""Coming in, going out, and giving the password again."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service
from app.accounts.credentials import BadEmail
from app.accounts.destinations import local_path
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.views.blueprint import go_in, go_on, home, me, pages, refusals, status, visit, wanted
from app.core import access, clock
from app.core.database import READING, db
from app.core.errors import N_
from app.core.forms import Press
from app.core.languages import gettext

SIGN_IN = {BadEmail: "email", service.WrongCredentials: "password"}
DONE = {
    "reset": N_("The password is changed. Sign in with the new one."),
    "out": N_("You are signed out."),
}
"""What brought a person to the sign-in page."""
CLEARED = '"cache", "storage"'
"""Not the cookies: the session ends with its row, and the browser goes on knowing whom it signed in."""


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm.from_request()
    if form.submitted():
        with refusals(form, SIGN_IN):
            entry = service.sign_in(db.session(), visit(), **form.read())
            _end_earlier()
            return go_in(entry, wanted())
    elif access.signed_in() and not form.is_submitted():
        return redirect(wanted() or home(), HTTPStatus.SEE_OTHER)
    done = DONE.get(request.args.get("done", ""))
    page = render_template("accounts/sign_in.html", form=form, wanted=wanted(), done=done and gettext(done))
    return page, status(form)


def _end_earlier() -> None:
    if access.signed_in():
        service.end_session(db.session(), me().actor, me().public_id, now=clock.now())


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if Press.from_request().submitted():
        service.end_session(db.session(), me().actor, me().public_id, now=clock.now())
        access.leave()
    answer = redirect(url_for(".sign_in", done="out"), HTTPStatus.SEE_OTHER)
    answer.headers["Clear-Site-Data"] = CLEARED
    return answer


@pages.route("/reauthenticate", methods=["GET", "POST"])
def reauthenticate() -> ResponseReturnValue:
    form = PasswordForm.from_request()
    if form.submitted():
        with refusals(form, {service.WrongPassword: "password"}):
            token = service.reauthenticate(db.session(), visit(), me(), **form.read())
            return go_on(token, wanted())
    return render_template("accounts/reauthenticate.html", form=form, wanted=wanted()), status(form)


@pages.app_errorhandler(service.NeedsPassword)
def ask_for_password(_refusal: service.NeedsPassword) -> ResponseReturnValue:
    """Ask for the password where an act was refused without it, and lead back to where the act began."""
    here = (
        request.full_path.rstrip("?") if request.method in READING else urlsplit(request.referrer or "").path
    )
    form = PasswordForm(formdata=None)
    page = render_template("accounts/reauthenticate.html", form=form, wanted=local_path(here))
    return page, HTTPStatus.FORBIDDEN
