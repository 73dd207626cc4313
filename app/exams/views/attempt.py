"""The candidate's side: the entry, the items of an attempt, review, finish, receipt."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db, keep_despite_refusal
from app.core.errors import NotYours, Refused
from app.core.forms import Press
from app.core.languages import current, say
from app.exams import service
from app.exams.blueprints import KINDS
from app.exams.forms import answer_fields
from app.exams.incoming import Batch
from app.exams.journal import Outcome
from app.exams.models import Attempt
from app.exams.views.room import close_later, own, pages, running, settings
from app.items.types.base import FIELD, MalformedAnswer

BACK, NEXT, REVIEW = "back", "next", "review"
ADDED = {Outcome.SAVED, Outcome.STALE}
"""Is the newest event in time now."""
KEPT = ADDED | {Outcome.REPEATED, Outcome.LATE}


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


@pages.get("/attempts/<uuid:attempt_id>")
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    progress = service.progress(db.session(), running(attempt_id), now=clock.now())
    return redirect(url_for(".item", attempt_id=attempt_id, position=progress.next_position))


@pages.get("/attempts/<uuid:attempt_id>/items/<int:position>")
def item(attempt_id: UUID, position: int) -> ResponseReturnValue:
    return _item_page(running(attempt_id), position)


def _item_page(attempt: Attempt, position: int, refused: Refused | None = None) -> str:
    sheet = service.sheet(db.session(), attempt, position, current(), now=clock.now())
    answer = sheet.answer if refused is None else request.form.get(FIELD, sheet.answer)
    return render_template("exams/item.html", sheet=sheet, answer=answer, refused=refused and say(refused))


@pages.post("/attempts/<uuid:attempt_id>/items/<int:position>/answer")
def answer(attempt_id: UUID, position: int) -> ResponseReturnValue:
    sent, attempt = answer_fields("go"), own(attempt_id, lock=True)
    try:
        service.save_form(db.session(), attempt, position, sent.fields, shown=sent.shown, now=clock.now())
    except MalformedAnswer as refusal:
        return _item_page(attempt, position, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(_where(attempt_id, position, sent.press), HTTPStatus.SEE_OTHER)


def _where(attempt_id: UUID, position: int, press: str) -> str:
    """Return the page that a button of an item leads to; an item that is not there leads to the review."""
    count = service.count_of(db.session(), own(attempt_id))
    if press.isascii() and press.isdecimal() and len(press) < 5:  # noqa: PLR2004 - no paper has so many items
        wanted = int(press)
    else:
        wanted = position + {BACK: -1, NEXT: 1}.get(press, 0)
    if press == REVIEW or not 0 < wanted <= count:
        return url_for(".review", attempt_id=attempt_id)
    return url_for(".item", attempt_id=attempt_id, position=wanted)


@pages.post("/attempts/<uuid:attempt_id>/items/<int:position>/flag")
def flag(attempt_id: UUID, position: int) -> ResponseReturnValue:
    sent, attempt = answer_fields("flagged"), own(attempt_id, lock=True)
    try:
        service.save_form(db.session(), attempt, position, sent.fields, shown=sent.shown, now=clock.now())
    except MalformedAnswer as refusal:
        return _item_page(attempt, position, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    service.set_flag(db.session(), attempt, position, is_on=sent.press == "1")
    return redirect(url_for(".item", attempt_id=attempt_id, position=position), HTTPStatus.SEE_OTHER)


@pages.post("/attempts/<uuid:attempt_id>/items/<int:position>/reason")
def show_reason(attempt_id: UUID, position: int) -> ResponseReturnValue:
    sent, attempt = answer_fields("go"), own(attempt_id, lock=True)
    now = clock.now()
    try:
        service.save_form(db.session(), attempt, position, sent.fields, shown=sent.shown, now=now)
    except MalformedAnswer as refusal:
        return _item_page(attempt, position, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.show_reason(db.session(), attempt, position, now=now)
    except service.AnswerFirst as refusal:
        return _item_page(attempt, position, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for(".item", attempt_id=attempt_id, position=position), HTTPStatus.SEE_OTHER)


@pages.post("/attempts/<uuid:attempt_id>/events")
def events(attempt_id: UUID) -> ResponseReturnValue:
    try:
        batch = Batch.model_validate(request.get_json())
    except ValidationError:
        abort(HTTPStatus.BAD_REQUEST)
    attempt, now = own(attempt_id, lock=True), clock.now()
    replies = service.save(db.session(), attempt, batch.events, now=now)
    outcomes = {reply.outcome for reply in replies}
    saved = service.newest_save(db.session(), attempt, at=now if outcomes & ADDED else None)
    answer = jsonify(
        replies=[_reply(reply) for reply in replies],
        running=attempt.state == "open",
        seconds_left=attempt.timing.seconds_left(now),
        saved_at=saved.time if saved else "",
        receipt=saved.receipt if saved else "",
    )
    if not outcomes & KEPT:
        # Nothing was new: a resend that contradicts is kept aside, and the status says so too.
        keep_despite_refusal()
        answer.status_code = (
            HTTPStatus.CONFLICT if Outcome.REFUSED in outcomes else HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return answer


def _reply(reply: service.Reply) -> dict[str, Any]:
    return {
        "client": reply.client,
        "sequence": reply.sequence,
        "position": reply.position,
        "hash": reply.fields_hash,
        "outcome": reply.outcome,
        "empty": reply.is_empty,
        "message": say(reply.refusal) if reply.refusal else "",
    }


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
    return render_template("exams/receipt.html", receipt=service.receipt(db.session(), attempt))


def _press() -> None:
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)
