"""Answer files: brought by the candidate, or by an organiser to whom a stick or a message came."""

from http import HTTPStatus
from uuid import UUID

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.errors import Refused
from app.core.forms import Form
from app.core.keys import Keys
from app.exams.answer_file import LARGEST_FILE
from app.exams.deciding import Standing
from app.exams.forms.decisions import ReasonForm
from app.exams.forms.files import AnswerFileForm
from app.exams.models import Attempt, Sitting
from app.exams.service import decisions, files
from app.exams.service.files import Taken
from app.exams.service.incidents import code_of
from app.exams.service.kinds import Target
from app.exams.service.sittings import get_sitting
from app.exams.views.room import own, pages


@pages.route("/attempts/<uuid:attempt_id>/file", methods=["GET", "POST"])
def answer_file(attempt_id: UUID) -> ResponseReturnValue:
    """The candidate's own page: the file is given where the device could not send."""
    form = AnswerFileForm.from_request()
    if not form.submitted():
        return _own_page(form, own(attempt_id)), _status(form)
    attempt = own(attempt_id, lock=True)
    try:
        taken = files.take_in(db.session(), attempt, _raw(form), _keys(), by=current_actor(), now=clock.now())
    except Refused as refusal:
        form.refuse("file", refusal)
        return _own_page(form, attempt), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(file=taken.file.sha256)
    return _own_page(form, attempt, taken)


def _own_page(form: AnswerFileForm, attempt: Attempt, taken: Taken | None = None) -> str:
    return render_template("exams/answer_file.html", form=form, attempt=attempt, taken=taken)


@pages.route("/sittings/<uuid:sitting_id>/files", methods=["GET", "POST"])
def sitting_files(sitting_id: UUID) -> ResponseReturnValue:
    """The organisers' page: what came in a sitting, and a door for more."""
    session, form = db.session(), AnswerFileForm.from_request()
    sitting = get_sitting(session, sitting_id)
    if not form.submitted():
        return _sitting_page(form, sitting), _status(form)
    raw = _raw(form)
    try:
        attempt = files.attempt_of_file(session, sitting, raw, _keys())
        taken = files.take_in(session, attempt, raw, _keys(), by=current_actor(), now=clock.now())
    except Refused as refusal:
        form.refuse("file", refusal)
        return _sitting_page(form, sitting), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(attempt=str(attempt.public_id), file=taken.file.sha256)
    return _sitting_page(form, sitting, taken)


def _sitting_page(form: AnswerFileForm, sitting: Sitting, taken: Taken | None = None) -> str:
    return render_template(
        "exams/answer_files.html",
        form=form,
        sitting=sitting,
        taken=taken,
        files=files.files_of_sitting(db.session(), sitting),
        code=code_of,
    )


@pages.route("/answer-files/<uuid:file_id>", methods=["GET", "POST"])
def sitting_file(file_id: UUID) -> ResponseReturnValue:
    """One file: what was found, and the proposal that it counts."""
    session, form = db.session(), ReasonForm.from_request()
    taken = files.get_file(session, file_id)
    if not form.submitted():
        return _file_page(form, taken), _status(form)
    content = {"file": taken.file.sha256, "events": files.waiting_numbers(session, taken.file)}
    attempt = decisions.attempt_in(session, taken.attempt.sitting, taken.attempt.public_id, lock=True)
    try:
        made = decisions.propose(
            session,
            current_actor(),
            "answer-file",
            target=Target(attempt=attempt),
            content=content,
            reason=form.reason.data,
            now=clock.now(),
        )
    except Refused as refusal:
        form.refuse("reason", refusal)
        return _file_page(form, taken), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(decision=str(made.public_id), kind=made.kind, content=made.content_hash)
    return redirect(url_for(".decision", decision_id=made.public_id), HTTPStatus.SEE_OTHER)


def _file_page(form: ReasonForm, taken: Taken) -> str:
    rows = decisions.about_attempt(db.session(), taken.attempt, now=clock.now())
    of_file = [row for row in rows if row.decision.content.get("file") == taken.file.sha256]
    return render_template(
        "exams/sitting_file.html",
        form=form,
        taken=taken,
        sitting=taken.attempt.sitting,
        code=code_of(taken.attempt),
        proposals=[row for row in of_file if row.standing is Standing.WAITING],
    )


def _raw(form: AnswerFileForm) -> bytes:
    # One byte more than is taken, so that the rule sees what is too large.
    raw: bytes = form.file.data.read(LARGEST_FILE + 1)
    return raw


def _keys() -> Keys:
    keys: Keys = current_app.extensions["keys"]
    return keys


def _status(form: Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
