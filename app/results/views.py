"""Pages of results: a candidate's own; releases and appeals for organisers."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.core import access, clock
from app.core.access import current_actor, signed_in
from app.core.database import db
from app.core.languages import current, gettext
from app.core.pages import say
from app.results import charts, service
from app.results.forms import AnswerForm, AppealForm, HashForm, answer_form
from app.results.models import Result
from app.results.scoring import WrongPoints, margin, rounded
from app.results.service import Case, NothingCorrected

pages = Blueprint("results", __name__, template_folder="templates")
pages.add_app_template_filter(rounded, "rounded")

FARTHEST = 100_000


# -- the candidate's side -------------------------------------------------------------------------


@pages.get("/results")
def mine() -> ResponseReturnValue:
    return render_template("results/mine.html", mine=service.mine(db.session(), current_actor()))


@pages.get("/results/<uuid:public_id>")
def result(public_id: UUID) -> ResponseReturnValue:
    return _result(service.own_result(db.session(), current_actor(), public_id), AppealForm())


@pages.post("/results/<uuid:public_id>")
def appeal(public_id: UUID) -> ResponseReturnValue:
    own = service.own_result(db.session(), current_actor(), public_id)
    form = AppealForm.from_request()
    if not form.submitted():
        return _result(own, form), HTTPStatus.UNPROCESSABLE_ENTITY
    filed = service.file_appeal(db.session(), current_actor(), own, form.reason.data, now=clock.now())
    access.note(appeal=str(filed.public_id))
    say(gettext("The appeal is filed. A person who has not marked you will answer it."))
    return redirect(url_for(".result", public_id=public_id), HTTPStatus.SEE_OTHER)


def _result(own: Result, form: AppealForm) -> str:
    page = service.page_of(db.session(), own, now=clock.now())
    return render_template(
        "results/result.html",
        page=page,
        bars=charts.bars(page.scores.sections),
        height=charts.height(len(page.scores.sections)),
        width=charts.WIDTH,
        margin=margin(page.scores.total) if page.scores.total else None,
        form=form,
    )


# -- releases -------------------------------------------------------------------------------------


@pages.get("/releases")
def releases() -> ResponseReturnValue:
    start = _start()
    rows = service.sittings(db.session(), start=start)
    return render_template("results/releases.html", rows=rows, start=start, page=service.PAGE)


@pages.get("/releases/<uuid:public_id>")
def release(public_id: UUID) -> ResponseReturnValue:
    batch = service.batch_of(db.session(), current_actor(), public_id, now=clock.now())
    return render_template("results/release.html", batch=batch, needs_password=_needs_password())


@pages.post("/releases/<uuid:public_id>/propose")
def propose(public_id: UUID) -> ResponseReturnValue:
    content_hash = _content_hash()
    service.propose(db.session(), current_actor(), public_id, content_hash, now=clock.now())
    access.note(content_hash=content_hash)
    say(gettext("The release is proposed. Another organiser confirms it within 24 hours."), "wait")
    return redirect(url_for(".release", public_id=public_id), HTTPStatus.SEE_OTHER)


@pages.post("/releases/<uuid:public_id>/confirm")
def confirm(public_id: UUID) -> ResponseReturnValue:
    content_hash = _content_hash()
    accounts.ensure_reauthenticated(_signed(), now=clock.now())
    service.confirm(db.session(), current_actor(), public_id, content_hash, now=clock.now())
    access.note(content_hash=content_hash)
    say(gettext("The results are released. The candidates get a letter."))
    return redirect(url_for(".release", public_id=public_id), HTTPStatus.SEE_OTHER)


# -- appeals --------------------------------------------------------------------------------------


@pages.get("/appeals")
def appeals() -> ResponseReturnValue:
    start = _start()
    rows = service.appeals(db.session(), start=start)
    return render_template("results/appeals.html", rows=rows, start=start, page=service.PAGE)


@pages.get("/appeals/<uuid:public_id>")
def appeal_case(public_id: UUID) -> ResponseReturnValue:
    return _case(_open_case(public_id))


@pages.post("/appeals/<uuid:public_id>")
def answer_appeal(public_id: UUID) -> ResponseReturnValue:
    case = _open_case(public_id)
    form = _answer_form(case)
    if not form.submitted():
        return _case(case, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _answer(public_id, form)
    except (NothingCorrected, WrongPoints) as refusal:
        form.refuse("decision", refusal)
        return _case(case, form), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(decision=form.decision.data)
    return redirect(url_for(".appeal_case", public_id=public_id), HTTPStatus.SEE_OTHER)


def _answer(public_id: UUID, form: AnswerForm) -> None:
    session, actor, answer, now = db.session(), current_actor(), form.answer.data, clock.now()
    if form.decision.data == "decline":
        service.decline(session, actor, public_id, answer, now=now)
        say(gettext("The appeal is declined. The candidate gets a letter."))
    else:
        service.uphold(session, actor, public_id, answer, form.points_by_position(), now=now)
        say(gettext("The correction is proposed. Another organiser confirms it within 24 hours."), "wait")


@pages.post("/appeals/<uuid:public_id>/confirm")
def confirm_amendment(public_id: UUID) -> ResponseReturnValue:
    content_hash = _content_hash()
    accounts.ensure_reauthenticated(_signed(), now=clock.now())
    service.confirm_amendment(db.session(), current_actor(), public_id, content_hash, now=clock.now())
    access.note(content_hash=content_hash)
    say(gettext("The corrected result is released. The candidate gets a letter."))
    return redirect(url_for(".appeal_case", public_id=public_id), HTTPStatus.SEE_OTHER)


def _open_case(public_id: UUID) -> Case:
    return service.appeal_case(db.session(), current_actor(), public_id, current(), now=clock.now())


def _answer_form(case: Case) -> AnswerForm:
    return answer_form(item.position for item in case.scores.items)


def _case(case: Case, form: AnswerForm | None = None) -> str:
    return render_template(
        "results/appeal_case.html",
        case=case,
        form=form or _answer_form(case),
        needs_password=_needs_password(),
    )


# -- what several pages need ----------------------------------------------------------------------


def _content_hash() -> str:
    form = HashForm.from_request()
    if not form.submitted():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    return cast("str", form.content_hash.data)


def _signed() -> accounts.Signed:
    return cast("accounts.Signed", signed_in())


def _needs_password() -> bool:
    try:
        accounts.ensure_reauthenticated(_signed(), now=clock.now())
    except accounts.NeedsPassword:
        return True
    return False


def _start() -> int:
    typed = request.args.get("start", "0")
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= FARTHEST):
        abort(HTTPStatus.NOT_FOUND)
    return int(typed)
