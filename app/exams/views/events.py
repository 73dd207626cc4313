"""What the script of an attempt's page sends, and the only words on which it says “saved”."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from app.core.access import current_actor
from app.core.clock import local
from app.core.database import db, keep_despite_refusal
from app.core.keys import Keys
from app.core.languages import say
from app.exams import service
from app.exams.incoming import Batch
from app.exams.journal import Outcome
from app.exams.models import Attempt
from app.exams.signed_receipt import SignedReceipt
from app.exams.views.room import pages

ADDED = {Outcome.SAVED, Outcome.STALE, Outcome.SUPERSEDED}
"""Is the newest event in time now."""
KEPT = ADDED | {Outcome.REPEATED, Outcome.LATE}


@pages.post("/attempts/<uuid:attempt_id>/events")
def events(attempt_id: UUID) -> ResponseReturnValue:
    try:
        batch = Batch.model_validate(request.get_json())
    except ValidationError:
        abort(HTTPStatus.BAD_REQUEST)
    attempt, now = service.locked_attempt(db.session(), current_actor(), attempt_id)
    received = service.receive(db.session(), attempt, batch, now=now)
    outcomes = {reply.outcome for reply in received.replies}
    receipt = _receipt(attempt, outcomes, now=now, opens=batch.take)
    answer = jsonify(
        replies=[in_words(reply) for reply in received.replies],
        running=attempt.state == "open",
        seconds_left=attempt.timing.seconds_left(now),
        ends_at=f"{local(attempt.deadline):%H:%M}",
        saved_at=f"{local(datetime.fromisoformat(receipt.at)):%H:%M:%S}" if receipt else "",
        receipt=receipt and receipt.as_json(),
        lease={"number": received.lease, "since": attempt.lease_since, "is_yours": received.is_held},
        lost=received.lost and vars(received.lost),
    )
    if status := _refusal(outcomes, is_held=received.is_held):
        # What contradicts, or comes from a page that was taken over, is kept; the status says so too.
        keep_despite_refusal()
        answer.status_code = status
    return answer


def _receipt(attempt: Attempt, outcomes: set[Outcome], *, now: datetime, opens: bool) -> SignedReceipt | None:
    """Return the receipt of what stands in the journal, where something came to it or a page opens."""
    if not opens and not outcomes & KEPT:
        return None
    keys: Keys = current_app.extensions["keys"]
    is_new = attempt.state == "open" and bool(outcomes & ADDED)
    return service.newest_receipt(db.session(), attempt, keys.receipts(), at=now if is_new else None)


def _refusal(outcomes: set[Outcome], *, is_held: bool) -> HTTPStatus | None:
    if not is_held:
        return HTTPStatus.CONFLICT
    if not outcomes or outcomes & KEPT:
        return None
    return HTTPStatus.CONFLICT if Outcome.REFUSED in outcomes else HTTPStatus.UNPROCESSABLE_ENTITY


def in_words(reply: service.Reply) -> dict[str, Any]:
    """Return a reply as the script reads it."""
    return {
        "client": reply.client,
        "sequence": reply.sequence,
        "position": reply.position,
        "hash": reply.fields_hash,
        "outcome": reply.outcome,
        "empty": reply.is_empty,
        "message": say(reply.refusal) if reply.refusal else "",
    }
