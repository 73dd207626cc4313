"""Sign-up, confirmation of the address, reset of the password."""

from http import HTTPStatus

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service
from app.accounts.credentials import BadEmail, BadName, WeakPassword, WrongLength
from app.accounts.destinations import local_path
from app.accounts.forms import EmailForm, NewPasswordForm, PasswordForm, SignUpForm
from app.accounts.views.blueprint import go_in, pages, refusals, status, visit, wanted
from app.core import clock, languages
from app.core.database import db
from app.core.forms import Form, Press

NEW_PASSWORD = {WeakPassword: "password", WrongLength: "password"}
SIGN_UP = {BadEmail: "email", BadName: "name", **NEW_PASSWORD}
CHOSEN, WANTED = "chosen", "wanted"
"""What the browser keeps from sign-up to confirmation: that it chose the password, and where to go then."""
ROLES = frozenset({"candidate", "team-member"})
"""What a person may call themselves; every other role is given by an administrator."""


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    form = SignUpForm.from_request()
    role = request.args.get("role", "")
    role = role if role in ROLES else "candidate"
    if form.submitted():
        with refusals(form, SIGN_UP):
            session[CHOSEN] = service.sign_up(
                db.session(), visit(), **form.read(), language=languages.current(), role=role
            )
            session[WANTED] = wanted()
            return redirect(url_for(".sign_up_sent"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/sign_up.html", form=form, role=role, wanted=wanted()), status(form)


@pages.get("/sign-up/sent")
def sign_up_sent() -> ResponseReturnValue:
    return render_template("accounts/sign_up_sent.html")


@pages.route("/confirm/<string:token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    proof = str(session.get(CHOSEN, ""))
    chosen = service.to_confirm(db.session(), token, proof=proof, now=clock.now())
    form: Form = Press.from_request() if chosen else PasswordForm.from_request()
    if form.submitted():
        with refusals(form, {service.WrongPassword: "password"}):
            password = form.read().get("password", "")
            person = service.confirm(db.session(), visit(), token, proof=proof, password=password)
            return go_in(service.enter(db.session(), visit(), person), local_path(session.get(WANTED)))
    return render_template("accounts/confirm.html", form=form, token=token, chosen=chosen), status(form)


@pages.route("/reset", methods=["GET", "POST"])
def ask_reset() -> ResponseReturnValue:
    form = EmailForm.from_request()
    if form.submitted():
        with refusals(form, {BadEmail: "email"}):
            service.ask_reset(db.session(), visit(), **form.read(), language=languages.current())
            return redirect(url_for(".ask_reset", sent=1), HTTPStatus.SEE_OTHER)
    page = render_template("accounts/ask_reset.html", form=form, sent="sent" in request.args)
    return page, status(form)


@pages.route("/reset/<string:token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    service.to_reset(db.session(), token, now=clock.now())
    form = NewPasswordForm.from_request()
    if form.submitted():
        with refusals(form, NEW_PASSWORD):
            service.reset(db.session(), visit(), token, **form.read())
            return redirect(url_for(".sign_in", done="reset"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/reset.html", form=form, token=token), status(form)


@pages.errorhandler(service.LinkIsDead)
def dead_link(refusal: service.LinkIsDead) -> ResponseReturnValue:
    """Say what a letter's link that no longer works means, and where to get a new one."""
    return render_template("accounts/dead_link.html", text=languages.say(refusal)), refusal.status
