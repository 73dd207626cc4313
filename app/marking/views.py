"""Pages of marking: an examiner's queue and scripts, adjudication, the organisers' overview."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.forms import Press
from app.core.languages import current, gettext
from app.core.pages import say
from app.marking import service
from app.marking.forms import DistrictForm, MarkForm, district_form, mark_form
from app.marking.models import Marking
from app.marking.service import BlindScript, ReasonMissing

pages = Blueprint("marking", __name__, template_folder="templates")


@pages.get("/marking")
def queue() -> ResponseReturnValue:
    return render_template("marking/queue.html", queue=service.queue_of(db.session(), current_actor()))


@pages.post("/marking/next")
def next_script() -> ResponseReturnValue:
    if not Press.from_request().submitted():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    code = service.next_code(db.session(), current_actor())
    if code is None:
        return redirect(url_for(".queue"), HTTPStatus.SEE_OTHER)
    access.note(code=code)
    return redirect(url_for(".script", code=code), HTTPStatus.SEE_OTHER)


@pages.get("/marking/scripts/<string(length=9):code>")
def script(code: str) -> ResponseReturnValue:
    return _page(service.own_marking(db.session(), current_actor(), code))


@pages.post("/marking/scripts/<string(length=9):code>")
def mark(code: str) -> ResponseReturnValue:
    marking = service.own_marking(db.session(), current_actor(), code)
    form = _mark_form(_sheet(marking))
    if not form.submitted():
        return _page(marking, form), HTTPStatus.UNPROCESSABLE_ENTITY
    service.give(db.session(), marking, form.given(), now=clock.now())
    say(gettext("Script %(code)s is marked.", code=code))
    return redirect(url_for(".queue"), HTTPStatus.SEE_OTHER)


@pages.get("/adjudication")
def adjudication() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    return render_template(
        "marking/adjudication.html",
        queue=service.queue_of(session, actor, third=True),
        next_code=service.next_code(session, actor, third=True),
    )


@pages.get("/adjudication/<string(length=9):code>")
def third(code: str) -> ResponseReturnValue:
    return _page(service.own_marking(db.session(), current_actor(), code, third=True))


@pages.post("/adjudication/<string(length=9):code>")
def settle(code: str) -> ResponseReturnValue:
    marking = service.own_marking(db.session(), current_actor(), code, third=True)
    form = _mark_form(_sheet(marking))
    if not form.submitted():
        return _page(marking, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.give(db.session(), marking, form.given(), now=clock.now())
    except ReasonMissing as refusal:
        form.refuse("comment", refusal)
        return _page(marking, form), HTTPStatus.UNPROCESSABLE_ENTITY
    say(gettext("Script %(code)s is settled.", code=code))
    return redirect(url_for(".adjudication"), HTTPStatus.SEE_OTHER)


def _sheet(marking: Marking) -> BlindScript:
    return service.blind_script(db.session(), marking, current())


def _mark_form(sheet: BlindScript) -> MarkForm:
    return mark_form((criterion.id, criterion.name) for criterion in sheet.criteria)


def _page(marking: Marking, form: MarkForm | None = None) -> str:
    session, actor = db.session(), current_actor()
    is_third = marking.round == service.THIRD
    sheet = _sheet(marking)
    return render_template(
        "marking/script.html",
        script=sheet,
        is_third=is_third,
        others=service.other_marks(marking),
        queue=service.queue_of(session, actor, third=is_third),
        form=form or _mark_form(sheet),
    )


@pages.get("/examiners")
def examiners() -> ResponseReturnValue:
    return _examiners()


@pages.post("/examiners")
def set_district() -> ResponseReturnValue:
    form = _district_form()
    if not form.submitted():
        return _examiners(form), HTTPStatus.UNPROCESSABLE_ENTITY
    service.note_district(db.session(), UUID(form.examiner.data), form.district.data, now=clock.now())
    access.note(examiner=form.examiner.data, district=form.district.data)
    say(gettext("The district is noted."))
    return redirect(url_for(".examiners"), HTTPStatus.SEE_OTHER)


def _examiners(form: DistrictForm | None = None) -> str:
    return render_template(
        "marking/examiners.html",
        examiners=service.examiners(db.session()),
        form=form or _district_form(),
    )


def _district_form() -> DistrictForm:
    rows = service.examiners(db.session()).rows
    people = [(str(row.public_id), row.name) for row in rows]
    return district_form(people, service.districts(db.session(), current()))
