"""The blueprint that all pages of exams belong to, and what several of them need."""

from base64 import b64encode
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import current_actor
from app.core.database import after_commit, db, unit_of_work
from app.core.keys import Keys
from app.core.settings import Settings
from app.exams import service
from app.exams.models import Attempt

pages = Blueprint("exams", __name__, template_folder="../templates")


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def seal_key() -> str:
    """Return the public key that browsers seal answer files to: a point of P-256 in base64."""
    keys: Keys = current_app.extensions["keys"]
    point = keys.answer_files().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64encode(point).decode()


def own(attempt_id: UUID, *, lock: bool = False) -> Attempt:
    """Return the actor's own attempt, ended or not."""
    return service.own_attempt(db.session(), current_actor(), attempt_id, lock=lock)


def running(attempt_id: UUID, *, lock: bool = False) -> Attempt:
    """Return the actor's own attempt while it runs; otherwise the request ends at the receipt."""
    return service.running_attempt(db.session(), current_actor(), attempt_id, now=clock.now(), lock=lock)


def close_later(attempt: Attempt) -> None:
    """Write the end of an attempt whose time is over, once this page is read: reading takes no write lock."""
    attempt_id, now = attempt.id, clock.now()

    def close() -> None:
        with unit_of_work() as session:
            found = session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
            service.close_if_over(session, found, now=now)

    if attempt.state == "open":
        after_commit(close)


@pages.errorhandler(service.Over)
def over(refusal: service.Over) -> ResponseReturnValue:
    """Show the receipt instead of an item that is not shown any more."""
    return redirect(url_for("exams.receipt", attempt_id=refusal.attempt), 303)
