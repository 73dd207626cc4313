"""The rehearsal: a candidate's own phone, line and hand are tried before the day. Open to anyone; nothing is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from app.core import assets, clock
from app.core.clock import local
from app.core.database import db
from app.core.languages import current, gettext, say
from app.exams import journal, service
from app.exams.forms.answers import answer_fields
from app.exams.incoming import Batch, FormAnswer
from app.exams.journal import Outcome
from app.exams.service import REHEARSAL, Typed
from app.exams.views.events import in_words
from app.exams.views.leaves import leaves
from app.exams.views.room import pages, seal_key

TRIES = 20
"""A line that loses one request in five shows it in so many: it loses none of them about once in ninety times."""
PAUSE_SECONDS = 6
"""Twenty tries so far apart see two minutes of the line, not one good moment of it."""
LARGEST_ECHO = 32 * 1024
LARGEST_BATCH = 64 * 1024
LENGTH = timedelta(minutes=15)
REVIEW = ("go", "review")


@pages.get("/rehearsal")
def rehearsal() -> ResponseReturnValue:
    return render_template(
        "exams/rehearsal.html", tries=TRIES, pause=PAUSE_SECONDS, minutes=TRIES * PAUSE_SECONDS // 60
    )


@pages.post("/rehearsal/echo")
def echo() -> ResponseReturnValue:
    _ensure_small(LARGEST_ECHO)
    if request.mimetype != "text/plain":
        abort(HTTPStatus.BAD_REQUEST)
    try:
        sent = request.get_data().decode()
    except UnicodeDecodeError:
        abort(HTTPStatus.BAD_REQUEST)
    # As JSON: what somebody else wrote must never come back as a page.
    return jsonify(sent=sent)


def _ensure_small(most: int) -> None:
    # What does not say its length is not sent by our page.
    if request.content_length is None or request.content_length > most:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


# -- a practice paper on the screen of an attempt: its address says when its time is over ------------------------


@pages.get("/rehearsal/paper")
def rehearsal_start() -> ResponseReturnValue:
    until = int((clock.now() + LENGTH).timestamp())
    answer = redirect(url_for(".rehearsal_paper", until=until), HTTPStatus.SEE_OTHER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/rehearsal/paper/worker.js")
def rehearsal_worker() -> ResponseReturnValue:
    """The service worker of attempts: from here it is bound to rehearsals."""
    return Response(assets.text("worker.js"), mimetype="text/javascript")


@pages.get("/rehearsal/paper/<int:until>")
def rehearsal_paper(until: int) -> ResponseReturnValue:
    now = clock.now()
    if not _runs(until, now):
        return redirect(url_for(".rehearsal_start"), HTTPStatus.SEE_OTHER)
    return _paper(until, now)


@pages.post("/rehearsal/paper/<int:until>/answers")
def rehearsal_answers(until: int) -> ResponseReturnValue:
    sent, now = answer_fields("go", "flag", "unflag"), clock.now()
    if sent.press == REVIEW or not _runs(until, now):
        return redirect(url_for(".rehearsal_end", until=until), HTTPStatus.SEE_OTHER)
    if not sent.given:
        # A flag that a script set: it is on the page already.
        return redirect(url_for(".rehearsal_paper", until=until), HTTPStatus.SEE_OTHER)
    fields = {position: held.fields for position, held in sent.given.items()}
    typed = service.typed_on(service.rehearsal_items(db.session()), fields)
    return _paper(until, now, typed, sent.given)


def _runs(until: int, now: datetime) -> bool:
    return 0 < until - now.timestamp() <= LENGTH.total_seconds()


def _paper(
    until: int, now: datetime, typed: Typed | None = None, given: Mapping[int, FormAnswer] | None = None
) -> ResponseReturnValue:
    ends_at, title = datetime.fromtimestamp(until, UTC), gettext("Rehearsal")
    sheet = service.rehearsal_sheet(db.session(), title, current(), ends_at=ends_at, now=now, typed=typed)
    refused = {position: say(refusal) for position, refusal in typed.refused.items()} if typed else {}
    # What somebody typed here is drawn for this page alone, as what is refused is: it stays in no memory.
    uncached = dict.fromkeys(given or (), "")
    page = render_template(
        "exams/rehearsal_paper.html",
        sheet=sheet,
        leaves=leaves(sheet, current(), uncached | refused, given or {}),
        refused=refused,
        page=url_for(".rehearsal_paper", until=until),
        seal_key=seal_key(),
    )
    answer = make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/rehearsal/paper/<int:until>/events")
def rehearsal_events(until: int) -> ResponseReturnValue:
    _ensure_small(LARGEST_BATCH)
    if not request.is_json:
        abort(HTTPStatus.BAD_REQUEST)
    try:
        batch = Batch.model_validate(request.get_json())
    except ValidationError:
        abort(HTTPStatus.BAD_REQUEST)
    now = clock.now()
    replies = service.rehearse(service.rehearsal_items(db.session()), batch.events) if batch.events else []
    is_saved = any(reply.outcome is Outcome.SAVED for reply in replies)
    return jsonify(
        replies=[in_words(reply) for reply in replies],
        running=_runs(until, now),
        seconds_left=max(0, int(until - now.timestamp())),
        ends_at=f"{local(datetime.fromtimestamp(until, UTC)):%H:%M}" if _runs(until, now) else "",
        saved_at=f"{local(now):%H:%M:%S}" if is_saved else "",
        receipt=_unsigned(replies, now) if is_saved else None,
        # Newer than what this browser may still hold of an earlier rehearsal.
        lease={"number": until + 1, "since": until + 1, "is_yours": True},
        lost=None,
    )


def _unsigned(replies: list[service.Reply], now: datetime) -> dict[str, Any]:
    """Return what looks like a receipt and is none: nothing is kept, so nothing is signed."""
    # The page's own count is the only one there is.
    count = max(reply.sequence for reply in replies)
    return {
        "attempt": str(REHEARSAL),
        "number": journal.receipt(REHEARSAL, count),
        "count": count,
        "head": journal.digest([reply.fields_hash for reply in replies]),
        "at": now.isoformat(),
        "signature": "",
    }


@pages.post("/rehearsal/paper/<int:until>/finish")
def rehearsal_finish(until: int) -> ResponseReturnValue:
    return redirect(url_for(".rehearsal_end", until=until), HTTPStatus.SEE_OTHER)


@pages.get("/rehearsal/paper/<int:until>/receipt")
def rehearsal_end(until: int) -> ResponseReturnValue:
    return render_template(
        "exams/rehearsal_end.html", page=url_for(".rehearsal_paper", until=until), attempt=REHEARSAL
    )
