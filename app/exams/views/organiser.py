"""The organisers' side: papers and sittings."""

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.errors import Refused
from app.core.languages import gettext, in_language
from app.core.pages import say
from app.exams import drawing, service
from app.exams.blueprints import KINDS
from app.exams.forms.papers import DrawForm, SittingForm, draw_form, sitting_form
from app.exams.service import clock_watch
from app.exams.service.sittings import NoSuchPlace, WrongWindow
from app.exams.views.room import pages
from app.exams.views.staff import approved_hash, ensure_pressed, gave_password, page_start, signed
from app.items.labels import TYPES

FIELD_OF = {WrongWindow: "closes_at", NoSuchPlace: "place"}
"""Which field a refusal belongs to; all others belong to the papers."""


@pages.get("/papers")
def papers() -> ResponseReturnValue:
    return _papers_page(_draw_form())


def _draw_form() -> DrawForm:
    known = service.current_blueprints(db.session())
    return draw_form((one.key, in_language(one.content["title"])) for one in known if one.kind in KINDS)


def _papers_page(form: DrawForm) -> str:
    start = page_start()
    found = service.newest_papers(db.session(), start=start)
    return render_template("exams/papers.html", form=form, papers=found, start=start, page=service.PAGE)


@pages.post("/papers/draw")
def draw() -> ResponseReturnValue:
    form = _draw_form()
    if not form.submitted():
        return _papers_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    asked = form.read()
    try:
        drawn = service.draw_forms(
            db.session(), current_actor(), asked["blueprint"], forms=int(asked["forms"]), now=clock.now()
        )
    except drawing.TooFew as refusal:
        form.refuse("blueprint", refusal)
        return _papers_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(
        paper=" ".join(str(paper.public_id) for paper in drawn),
        content=" ".join(paper.content_hash for paper in drawn),
    )
    if len(drawn) > 1:
        return redirect(url_for(".papers"), HTTPStatus.SEE_OTHER)
    return _to_paper(drawn[0].public_id)


@pages.get("/papers/<uuid:paper_id>")
def paper(paper_id: UUID) -> ResponseReturnValue:
    found = service.get_paper(db.session(), paper_id)
    return render_template(
        "exams/paper.html",
        paper=found,
        people=service.people_of(db.session(), found),
        secrecy=service.secrecy_of(db.session(), found),
        is_mine=found.proposed_by_id == current_actor().id,
        gave_password=gave_password(),
        section_titles={one["key"]: in_language(one["title"]) for one in found.blueprint.content["sections"]},
        types={key: gettext(name) for key, name in TYPES.items()},
    )


@pages.post("/papers/<uuid:paper_id>/propose")
def propose(paper_id: UUID) -> ResponseReturnValue:
    paper = service.propose(
        db.session(), current_actor(), paper_id, content_hash=approved_hash(), now=clock.now()
    )
    access.note(content=paper.content_hash)
    return _to_paper(paper_id)


@pages.post("/papers/<uuid:paper_id>/seal")
def seal(paper_id: UUID) -> ResponseReturnValue:
    now = clock.now()
    accounts.ensure_reauthenticated(signed(), now=now)
    paper = service.seal(db.session(), current_actor(), paper_id, content_hash=approved_hash(), now=now)
    access.note(content=paper.content_hash)
    return _to_paper(paper_id)


@pages.post("/papers/<uuid:paper_id>/discard")
def discard(paper_id: UUID) -> ResponseReturnValue:
    ensure_pressed()
    service.discard(db.session(), paper_id)
    return redirect(url_for(".papers"), HTTPStatus.SEE_OTHER)


@pages.get("/sittings")
def sittings() -> ResponseReturnValue:
    start, now = page_start(), clock.now()
    found = [(one, service.state_of(one, now)) for one in service.latest_sittings(db.session(), start=start)]
    return render_template(
        "exams/sittings.html",
        sittings=found,
        alarm=clock_watch.alarm_on(db.session()),
        start=start,
        page=service.PAGE,
    )


@pages.route("/sittings/new", methods=["GET", "POST"])
def new_sitting() -> ResponseReturnValue:
    form = _sitting_form()
    if request.method == "GET":
        return render_template("exams/new_sitting.html", form=form)
    if form.submitted():
        try:
            sitting = service.open_sitting(db.session(), current_actor(), **form.values(), now=clock.now())
        except Refused as refusal:
            form.refuse(FIELD_OF.get(type(refusal), "papers"), refusal)
        else:
            access.note(sitting=str(sitting.public_id))
            return _to_sitting(sitting.public_id)
    return render_template("exams/new_sitting.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _sitting_form() -> SittingForm:
    sealed = service.sealed_papers(db.session())
    return sitting_form(
        (str(one.public_id), f"{in_language(one.blueprint.content['title'])}, {one.label}") for one in sealed
    )


@pages.post("/sittings/<uuid:sitting_id>/cancel")
def cancel_sitting(sitting_id: UUID) -> ResponseReturnValue:
    ensure_pressed()
    service.cancel(db.session(), sitting_id, now=clock.now())
    say(gettext("The sitting is cancelled. Attempts that run go on to their end."))
    return _to_sitting(sitting_id)


def _to_paper(paper_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".paper", paper_id=paper_id), HTTPStatus.SEE_OTHER)


def _to_sitting(sitting_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".sitting", sitting_id=sitting_id), HTTPStatus.SEE_OTHER)
