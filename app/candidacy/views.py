"""Pages of candidacy: the path, the place, the requirements."""

from http import HTTPStatus

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.candidacy import requirements, service
from app.candidacy.forms import PlaceForm, requirements_form
from app.core import clock
from app.core.access import current_actor, note
from app.core.database import db
from app.core.languages import gettext
from app.core.pages import say
from app.places import service as places

pages = Blueprint("candidacy", __name__, template_folder="templates")
LONGEST_SEARCH = 80


@pages.get("/my-path")
def home() -> ResponseReturnValue:
    # The steps lie in rooms above this one: the house hands over a function that asks them.
    path = current_app.extensions["path"](db.session(), current_actor(), clock.now())
    return render_template("candidacy/home.html", path=path)


@pages.get("/my-place")
def place() -> ResponseReturnValue:
    session = db.session()
    text = request.args.get("q", "")[:LONGEST_SEARCH]
    found = places.search(session, text, rural_only=True) if text.strip() else []
    return render_template(
        "candidacy/place.html",
        chosen=service.place_of(session, current_actor().person_id),
        text=text,
        found=[(one, places.lineage(session, one)) for one in found],
    )


@pages.post("/my-place")
def choose_place() -> ResponseReturnValue:
    form = PlaceForm.from_request()
    if not form.submitted():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    service.choose_place(db.session(), current_actor(), form.read()["kato"], now=clock.now())
    note(place=form.read()["kato"])
    return redirect(url_for(".home"), HTTPStatus.SEE_OTHER)


@pages.get("/requirements")
def requirements_page() -> ResponseReturnValue:
    return _requirements(HTTPStatus.OK)


@pages.post("/requirements")
def answer() -> ResponseReturnValue:
    form = requirements_form(requirements.load(), {})
    if not form.submitted():
        return _requirements(HTTPStatus.UNPROCESSABLE_ENTITY)
    given = {key: value for key, value in form.read().items() if value}
    summary = service.answer(db.session(), current_actor(), given, now=clock.now())
    if summary.is_answered:
        say(gettext("All requirements are answered."))
    return redirect(url_for(".requirements_page", _anchor="summary"), HTTPStatus.SEE_OTHER)


def _requirements(status: HTTPStatus) -> ResponseReturnValue:
    rules = requirements.load()
    summary = service.summary(db.session(), current_actor().person_id)
    answers = {one.rule.key: one.answer for one in summary.standings if one.answer}
    page = render_template(
        "candidacy/requirements.html",
        form=requirements_form(rules, answers),
        summary=summary,
        version=rules.version,
        acts=current_app.extensions["acts"],
    )
    return page, status
