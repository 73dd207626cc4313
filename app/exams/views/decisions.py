"""Decisions by two people: proposing them, looking at what waits, approving the very content."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.errors import Refused
from app.core.languages import gettext
from app.core.pages import say
from app.exams import service
from app.exams.deciding import Standing
from app.exams.forms.decisions import LateAnswersForm, RightForm, TimeForm, late_answers_form
from app.exams.models import Sitting
from app.exams.service import accommodations, decisions, late_answers
from app.exams.service.incidents import code_of
from app.exams.service.kinds import Target
from app.exams.views.room import pages
from app.exams.views.staff import approved_hash, ensure_pressed, gave_password, page_start, signed


@pages.get("/decisions")
def decisions_page() -> ResponseReturnValue:
    session, now, start = db.session(), clock.now(), page_start()
    return render_template(
        "exams/decisions.html",
        waiting=decisions.waiting(session, now=now) if not start else [],
        ended=decisions.ended(session, now=now, start=start),
        code=code_of,
        start=start,
        page=decisions.PAGE,
    )


@pages.get("/decisions/<uuid:decision_id>")
def decision(decision_id: UUID) -> ResponseReturnValue:
    row = decisions.get_row(db.session(), decision_id, now=clock.now())
    return render_template(
        "exams/decision.html",
        row=row,
        code=code_of,
        waits=row.standing is Standing.WAITING,
        is_mine=row.decision.proposed_by_id == current_actor().id,
        gave_password=gave_password(),
    )


@pages.post("/decisions/<uuid:decision_id>/approve")
def approve_decision(decision_id: UUID) -> ResponseReturnValue:
    now = clock.now()
    accounts.ensure_reauthenticated(signed(), now=now)
    approved, done = decisions.approve(
        db.session(), current_actor(), decision_id, content_hash=approved_hash(), now=now
    )
    access.note(kind=approved.kind, content=approved.content_hash)
    say(gettext(done.message) % done.values)
    return _to_decision(decision_id)


@pages.post("/decisions/<uuid:decision_id>/withdraw")
def withdraw_decision(decision_id: UUID) -> ResponseReturnValue:
    ensure_pressed()
    withdrawn = decisions.withdraw(db.session(), current_actor(), decision_id, now=clock.now())
    access.note(kind=withdrawn.kind, content=withdrawn.content_hash)
    return _to_decision(decision_id)


@pages.route("/sittings/<uuid:sitting_id>/time", methods=["GET", "POST"])
def sitting_time(sitting_id: UUID) -> ResponseReturnValue:
    form = TimeForm.from_request()
    sitting = service.get_sitting(db.session(), sitting_id, lock=request.method == "POST")
    return _proposed(
        "sitting-time",
        form,
        Target(sitting=sitting),
        field="minutes",
        sitting=sitting,
        title=gettext("More time for everybody in the sitting"),
        lead=gettext(
            "All attempts that run when it is approved get the time, and so do those that start later."
        ),
    )


@pages.route("/sittings/<uuid:sitting_id>/attempts/<uuid:attempt_id>/time", methods=["GET", "POST"])
def extra_time(sitting_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    form, sitting = TimeForm.from_request(), service.get_sitting(db.session(), sitting_id)
    attempt = decisions.attempt_in(db.session(), sitting, attempt_id, lock=request.method == "POST")
    return _proposed(
        "extra-time",
        form,
        Target(attempt=attempt),
        field="minutes",
        sitting=sitting,
        title=gettext("More time for attempt %(code)s", code=code_of(attempt)),
        lead=gettext(
            "It is given only while the attempt runs: somebody else must approve it before its end."
        ),
    )


@pages.route("/sittings/<uuid:sitting_id>/attempts/<uuid:attempt_id>/late-answers", methods=["GET", "POST"])
def late_answers_page(sitting_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    session, sitting = db.session(), service.get_sitting(db.session(), sitting_id)
    attempt = decisions.attempt_in(session, sitting, attempt_id, lock=request.method == "POST")
    form = late_answers_form(
        (
            str(event.number),
            gettext(
                "Question %(position)s, answer no. %(number)s, %(seconds)s s after the end",
                position=event.position,
                number=event.number,
                seconds=int((event.received_at - (attempt.finished_at or attempt.deadline)).total_seconds()),
            ),
        )
        for event in late_answers.waiting(session, attempt)
    )
    return _proposed(
        "late-answers",
        form,
        Target(attempt=attempt),
        field="events",
        sitting=sitting,
        title=gettext("Late answers of attempt %(code)s", code=code_of(attempt)),
        lead=gettext(
            "Late answers are kept and do not count. The ledger of lost time tells whether they should. "
            "Nobody sees here what was answered."
        ),
    )


@pages.route("/accommodations", methods=["GET", "POST"])
def accommodation_page() -> ResponseReturnValue:
    form, target = RightForm.from_request(), Target()
    if form.submitted():
        try:
            target = Target(person_id=accommodations.candidate_by_email(db.session(), form.email.data))
        except Refused as refusal:
            form.refuse("email", refusal)
    return _proposed(
        "accommodation",
        form,
        target,
        field="until",
        sitting=None,
        title=gettext("Right of a person to more time"),
        lead=gettext(
            "Recorded once, it holds in all sittings until its last day. Examiners do not see it. "
            "Nought and nought end an earlier right. Write no illness into the reason: name the document."
        ),
    )


def _proposed(
    kind: str,
    form: TimeForm | LateAnswersForm | RightForm,
    target: Target,
    *,
    field: str,
    sitting: Sitting | None,
    title: str,
    lead: str,
) -> ResponseReturnValue:
    """Show the form of a proposal, or make the proposal that it sent."""
    shown: Mapping[str, object] = {"form": form, "sitting": sitting, "title": title, "lead": lead}
    if request.method == "GET":
        return render_template("exams/propose.html", **shown)
    if not form.errors and form.submitted():
        try:
            made = decisions.propose(
                db.session(),
                current_actor(),
                kind,
                target=target,
                content=form.content(),
                reason=form.reason.data,
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(field, refusal)
        else:
            access.note(decision=str(made.public_id), kind=kind, content=made.content_hash)
            return _to_decision(made.public_id)
    return render_template("exams/propose.html", **shown), HTTPStatus.UNPROCESSABLE_ENTITY


def _to_decision(decision_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".decision", decision_id=decision_id), HTTPStatus.SEE_OTHER)
