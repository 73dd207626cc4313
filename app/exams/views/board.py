"""The organisers' live board of a sitting, its incident book, the record of one attempt."""

from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.forms import Press
from app.core.languages import gettext
from app.core.pages import say
from app.exams import service
from app.exams.forms.incidents import IncidentForm
from app.exams.models import Sitting
from app.exams.service import board as boards
from app.exams.service import clock_watch, decisions, incidents, late_answers
from app.exams.service.incidents import NoSuchAttempt, code_of
from app.exams.views.room import pages
from app.exams.views.staff import page_start

SHOWN_ENTRIES = 5
TAG_LENGTH = 16


@pages.get("/sittings/<uuid:sitting_id>")
def sitting(sitting_id: UUID) -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    found = service.get_sitting(session, sitting_id)
    return render_template(
        "exams/sitting.html",
        state=service.state_of(found, now),
        place=service.place_of(session, found),
        form=IncidentForm.from_request(),
        entries=incidents.book(session, found, most=SHOWN_ENTRIES),
        **_shown(found),
    )


def _shown(found: Sitting) -> dict[str, object]:
    session, now, start = db.session(), clock.now(), page_start()
    by_need = request.args.get("sort") == "need"
    return {
        "sitting": found,
        "board": boards.board(session, found, now=now, start=start, by_need=by_need),
        "alarm": clock_watch.alarm_on(session),
        "by_need": by_need,
        "start": start,
        "page": service.PAGE,
    }


@pages.get("/sittings/<uuid:sitting_id>/board")
def board(sitting_id: UUID) -> ResponseReturnValue:
    found = service.get_sitting(db.session(), sitting_id)
    text = render_template("exams/_board.html", **_shown(found))
    tag = sha256(text.encode()).hexdigest()[:TAG_LENGTH]
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = make_response(text)
    # Weak: what compresses answers gives strong ones another name.
    answer.set_etag(tag, weak=True)
    answer.headers["X-Board"] = "1"
    return answer


@pages.get("/sittings/<uuid:sitting_id>/attempts/<uuid:attempt_id>")
def attempt_record(sitting_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    found = service.get_sitting(session, sitting_id)
    attempt = decisions.attempt_in(session, found, attempt_id)
    return render_template(
        "exams/attempt_record.html",
        sitting=found,
        attempt=attempt,
        code=code_of(attempt),
        code_of=code_of,
        line=boards.line_of(session, attempt, now=now),
        outages=service.outages_of(session, attempt),
        grants=boards.grants_of(session, attempt),
        late=late_answers.waiting(session, attempt),
        decisions=decisions.about_attempt(session, attempt, now=now),
    )


@pages.get("/sittings/<uuid:sitting_id>/incidents")
def incident_book(sitting_id: UUID) -> ResponseReturnValue:
    return _book(sitting_id, IncidentForm.from_request())


def _book(sitting_id: UUID, form: IncidentForm) -> str:
    session, start = db.session(), page_start()
    found = service.get_sitting(session, sitting_id)
    entries = incidents.book(session, found, start=start)
    return render_template(
        "exams/incidents.html", sitting=found, form=form, entries=entries, start=start, page=service.PAGE
    )


@pages.post("/sittings/<uuid:sitting_id>/incidents")
def add_incident(sitting_id: UUID) -> ResponseReturnValue:
    form = IncidentForm.from_request()
    if form.submitted():
        try:
            incident = incidents.add(
                db.session(), current_actor(), sitting_id, **form.entry(), now=clock.now()
            )
        except NoSuchAttempt as refusal:
            form.refuse("code", refusal)
        else:
            access.note(incident=str(incident.id))
            say(gettext("The entry stands in the incident book."))
            return redirect(url_for(".sitting", sitting_id=sitting_id), HTTPStatus.SEE_OTHER)
    return _book(sitting_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


@pages.get("/clock-alarms")
def clock_alarms() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "exams/clock_alarms.html",
        alarm=clock_watch.alarm_on(session),
        ended=clock_watch.ended_alarms(session),
    )


@pages.post("/clock-alarms/end")
def end_clock_alarm() -> ResponseReturnValue:
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)
    alarm = clock_watch.end_alarm(db.session(), current_actor(), now=clock.now())
    access.note(cause=alarm.cause, milliseconds=str(alarm.milliseconds))
    say(gettext("The alarm is over. Attempts whose time is over are ended by the clock again."))
    return redirect(url_for(".clock_alarms"), HTTPStatus.SEE_OTHER)
