"""The second factor: set up, given, removed."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import factors, service
from app.accounts.forms import CodeForm
from app.accounts.views.blueprint import go_on, home, me, pages, refusals, status, take, visit, wanted
from app.core import clock
from app.core.database import db
from app.core.errors import Refused
from app.core.forms import Press
from app.core.languages import gettext
from app.core.pages import say

WRONG_CODE: dict[type[Refused], str] = {service.WrongCode: "code"}


@pages.route("/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    form = CodeForm.from_request()
    if not me().has_factor:
        return redirect(url_for(".set_up_factor", next=wanted()), HTTPStatus.SEE_OTHER)
    if form.submitted():
        with refusals(form, WRONG_CODE):
            token = service.give_factor(db.session(), visit(), me(), **form.read())
            return go_on(token, wanted())
    return render_template("accounts/second_factor.html", form=form, wanted=wanted()), status(form)


@pages.route("/second-factor/set-up", methods=["GET", "POST"])
def set_up_factor() -> ResponseReturnValue:
    if me().has_factor:
        page = ".account" if me().actor.is_complete else ".second_factor"
        return redirect(url_for(page), HTTPStatus.SEE_OTHER)
    form, secret = CodeForm.from_request(), service.offered_secret(me(), now=clock.now())
    if form.submitted():
        with refusals(form, WRONG_CODE):
            token, codes = service.set_up_factor(db.session(), visit(), me(), **form.read())
            take(token)
            # Shown once, on the answer itself: kept nowhere, in no address and in no cookie.
            shown = [factors.in_groups(code) for code in codes]
            return render_template("accounts/recovery_codes.html", codes=shown, onward=wanted() or home())
    page = render_template(
        "accounts/set_up_factor.html",
        form=form,
        wanted=wanted(),
        key=factors.in_groups(secret),
        code=factors.drawing(factors.set_up_link(secret, me().email)),
    )
    return page, status(form)


@pages.post("/second-factor/remove")
def remove_factor() -> ResponseReturnValue:
    if Press.from_request().submitted():
        take(service.remove_factor(db.session(), me(), now=clock.now()))
        say(gettext("The second factor is removed."))
    return redirect(url_for(".account"), HTTPStatus.SEE_OTHER)
