"""The candidate's side: the entry, the paper of an attempt, review, finish, receipt."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import access, assets, clock
from app.core.access import current_actor
from app.core.database import db, keep_despite_refusal
from app.core.errors import NotYours, Refused
from app.core.forms import Press
from app.core.languages import current, say
from app.exams import service
from app.exams.blueprints import KINDS
from app.exams.forms.answers import AnswerFields, answer_fields, position_of
from app.exams.incoming import FormAnswer
from app.exams.models import Attempt
from app.exams.views.leaves import leaves
from app.exams.views.receipts import newest
from app.exams.views.room import close_later, own, pages, running, seal_key, settings

GO, FLAG, UNFLAG, REASON = "go", "flag", "unflag", "reason"
REVIEW = "review"


@pages.get("/tests/<string:kind>")
def entry(kind: str) -> ResponseReturnValue:
    if kind not in KINDS:
        raise NotYours
    now = clock.now()
    view = service.entry(db.session(), current_actor(), kind, settings(), now=now)
    return render_template("exams/entry.html", kind=kind, entry=view, now=now)


@pages.post("/sittings/<uuid:sitting_id>/start")
def start(sitting_id: UUID) -> ResponseReturnValue:
    _press()
    attempt = service.start(db.session(), current_actor(), sitting_id, settings(), now=clock.now())
    access.note(attempt=str(attempt.public_id))
    return redirect(url_for(".attempt", attempt_id=attempt.public_id), HTTPStatus.SEE_OTHER)


@pages.get("/attempts/worker.js")
def worker() -> ResponseReturnValue:
    """The service worker of all attempts: its address is what bounds it to them."""
    return Response(assets.text("worker.js"), mimetype="text/javascript")


@pages.get("/attempts/<uuid:attempt_id>")
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    return _paper(running(attempt_id))


def _paper(
    attempt: Attempt,
    refused: Mapping[int, Refused] | None = None,
    typed: Mapping[int, FormAnswer] | None = None,
) -> str:
    """Return the page of the whole paper.

    Args:
        attempt: the candidate's own, running.
        refused: why an answer was not saved, by position.
        typed: what the page held that was refused: a field of text is shown as it was typed.
    """
    sheet = service.sheet(db.session(), attempt, current(), now=clock.now())
    said = {position: say(refusal) for position, refusal in (refused or {}).items()}
    return render_template(
        "exams/attempt.html",
        sheet=sheet,
        leaves=leaves(sheet, current(), said, typed or {}),
        refused=said,
        seal_key=seal_key(),
    )


@pages.post("/attempts/<uuid:attempt_id>/answers")
def answers(attempt_id: UUID) -> ResponseReturnValue:
    sent = answer_fields(GO, FLAG, UNFLAG, REASON)
    # What comes after the end is kept as late; a button alone is not pressed any more.
    attempt = own(attempt_id, lock=True) if sent.given else running(attempt_id, lock=True)
    try:
        if sent.given:
            service.save_forms(db.session(), attempt, sent.given, now=clock.now())
        position = _press_button(attempt, sent)
    except service.MalformedAnswers as refusals:
        # All others were kept.
        keep_despite_refusal()
        return _paper(attempt, refusals.by_position, sent.given), HTTPStatus.UNPROCESSABLE_ENTITY
    except service.AnswerFirst as refusal:
        keep_despite_refusal()
        return _paper(attempt, {position_of(sent.press[1]) or 0: refusal}), HTTPStatus.UNPROCESSABLE_ENTITY
    if sent.press == (GO, REVIEW):
        return redirect(url_for(".review", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    where = url_for(".attempt", attempt_id=attempt_id, _anchor=f"q-{position}" if position else None)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _press_button(attempt: Attempt, sent: AnswerFields) -> int | None:
    """Do what the pressed button says; return the position it belongs to."""
    name, value = sent.press
    position = position_of(value)
    if name in {FLAG, UNFLAG, REASON} and (
        position is None or position > service.count_of(db.session(), attempt)
    ):
        raise NotYours
    if position is not None and name in {FLAG, UNFLAG}:
        service.set_flag(db.session(), attempt, position, is_on=name == FLAG)
    if position is not None and name == REASON:
        service.show_reason(db.session(), attempt, position, now=clock.now())
    return position


@pages.get("/attempts/<uuid:attempt_id>/review")
def review(attempt_id: UUID) -> ResponseReturnValue:
    progress = service.progress(db.session(), running(attempt_id), now=clock.now())
    return render_template("exams/review.html", progress=progress)


@pages.post("/attempts/<uuid:attempt_id>/finish")
def finish(attempt_id: UUID) -> ResponseReturnValue:
    _press()
    attempt = own(attempt_id, lock=True)
    service.finish(db.session(), attempt, now=clock.now())
    access.note(attempt=str(attempt.public_id), head=attempt.head_hash)
    return redirect(url_for(".receipt", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@pages.get("/attempts/<uuid:attempt_id>/receipt")
def receipt(attempt_id: UUID) -> ResponseReturnValue:
    attempt = own(attempt_id)
    if attempt.state == "open" and attempt.timing.is_open(clock.now()):
        return redirect(url_for(".attempt", attempt_id=attempt_id))
    close_later(attempt)
    view = service.receipt(db.session(), attempt)
    return render_template("exams/receipt.html", receipt=view, signed=newest(attempt))


def _press() -> None:
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)
