"""The fallback on paper: seats of a sitting, printing them, and entering what candidates wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.errors import Invalid, NotYours, Refused
from app.core.languages import current, say
from app.exams import journal
from app.exams.eligibility import NotOpenYet
from app.exams.forms.answers import answer_fields
from app.exams.forms.seats import CopiesForm, SeatsForm, seats_form
from app.exams.models import Sitting
from app.exams.seats import may_print, read_code, spaced
from app.exams.service import fallback, seats
from app.exams.service.fallback import AlreadySettled, Entry
from app.exams.service.opening import NotOpened
from app.exams.service.plain_pages import MalformedAnswers
from app.exams.service.seats import MOST_PRINTED
from app.exams.service.sittings import PAGE, get_sitting
from app.exams.views.room import pages, settings
from app.exams.views.staff import gave_password, page_start, signed
from app.items.types.base import Form

EMAIL = "email"


@pages.get("/sittings/<uuid:sitting_id>/seats")
def sitting_seats(sitting_id: UUID) -> ResponseReturnValue:
    sitting, typed = get_sitting(db.session(), sitting_id), request.args.get("code", "").strip()
    if not typed:
        return _seats_page(sitting, _seats_form(sitting), CopiesForm(formdata=None))
    try:
        return redirect(url_for(".seat", code=read_code(typed)), HTTPStatus.SEE_OTHER)
    except Refused as refusal:
        forms = _seats_form(sitting), CopiesForm(formdata=None)
        return _seats_page(sitting, *forms, typed=typed, wrong=say(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY


def _seats_form(sitting: Sitting) -> SeatsForm:
    return seats_form((str(one.paper.public_id), one.paper.label) for one in sitting.papers)


def _seats_page(
    sitting: Sitting, form: SeatsForm, copies: CopiesForm, *, typed: str = "", wrong: str = ""
) -> str:
    now = clock.now()
    start = page_start()
    return render_template(
        "exams/seats.html",
        sitting=sitting,
        form=form,
        copies=copies,
        typed=typed,
        wrong=wrong,
        lines=seats.seats_of(db.session(), sitting, start=start),
        may_print=may_print(opens_at=sitting.opens_at, closes_at=sitting.closes_at, now=now),
        gave_password=gave_password(),
        spaced=spaced,
        start=start,
        page=PAGE,
        most_printed=MOST_PRINTED,
    )


@pages.post("/sittings/<uuid:sitting_id>/seats")
def make_seats(sitting_id: UUID) -> ResponseReturnValue:
    session = db.session()
    sitting = get_sitting(session, sitting_id)
    form = _seats_form(sitting)
    if form.submitted():
        try:
            seats.make_seats(
                session,
                current_actor(),
                sitting_id,
                count=form.count.data,
                paper_id=form.paper_id,
                now=clock.now(),
            )
            return redirect(url_for(".sitting_seats", sitting_id=sitting_id), HTTPStatus.SEE_OTHER)
        except seats.TooManySeats as refusal:
            form.refuse("count", refusal)
    return _seats_page(sitting, form, CopiesForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY


@pages.post("/sittings/<uuid:sitting_id>/seats/print")
def print_seats(sitting_id: UUID) -> ResponseReturnValue:
    """The sheets themselves: given only to who asks for them, with the password, and noted."""
    accounts.ensure_reauthenticated(signed(), now=clock.now())
    session, copies = db.session(), CopiesForm.from_request()
    sitting = get_sitting(session, sitting_id)
    if copies.submitted():
        asked = copies.read()
        try:
            printed = seats.printed_copies(session, sitting_id, **asked, language=current(), now=clock.now())
        except (seats.NoSuchSeats, seats.NotNow) as refusal:
            copies.refuse("first", refusal)
        else:
            access.note(seats=" ".join(copy.seat.code for copy in printed))
            return render_template("exams/seats_print.html", sitting=sitting, copies=printed, spaced=spaced)
    return _seats_page(sitting, _unsent(sitting), copies), HTTPStatus.UNPROCESSABLE_ENTITY


def _unsent(sitting: Sitting) -> SeatsForm:
    form = SeatsForm(formdata=None)
    form.paper.choices = _seats_form(sitting).paper.choices
    return form


@pages.get("/seats/<string:code>")
def seat(code: str) -> ResponseReturnValue:
    return _seat_page(fallback.entry_of(db.session(), current_actor(), code))


@dataclass(frozen=True)
class _Refused:
    """What was sent and refused.

    Attributes:
        why: of the whole; "" where only answers are at fault.
        answers: why each of these was not taken, by position.
    """

    email: str
    fields: Mapping[int, Form]
    why: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)


def _seat_page(entry: Entry, refused: _Refused | None = None) -> str:
    """Return the page on which one person enters a seat."""
    session, seat = db.session(), entry.seat
    is_open = entry.settled is None and clock.now() >= seat.sitting.opens_at
    if refused:
        answers = fallback.as_typed(session, seat, refused.fields)
    else:
        answers = dict(entry.own.answers) if entry.own else {}
    return render_template(
        "exams/seat.html",
        entry=entry,
        seat=seat,
        sheets=seats.sheets_of(session, seat.paper, current()) if is_open else None,
        answers=answers,
        email=refused.email if refused else entry.email,
        refused=refused,
        spaced=spaced,
        receipt=entry.settled and journal.receipt(entry.settled.public_id, entry.settled.event_count),
    )


@pages.post("/seats/<string:code>")
def enter_seat(code: str) -> ResponseReturnValue:
    session, sent = db.session(), answer_fields(EMAIL)
    email, fields = sent.press[1], {place: held.fields for place, held in sent.given.items()}
    try:
        entry = fallback.enter(
            session, current_actor(), code, email=email, fields=fields, settings=settings(), now=clock.now()
        )
    except MalformedAnswers as refusals:
        why = {place: say(refusal) for place, refusal in refusals.by_position.items()}
        return _refusal(code, _Refused(email, fields, answers=why), refusals.status)
    except (NotYours, Invalid, NotOpenYet, AlreadySettled, NotOpened):
        raise
    except Refused as refusal:
        return _refusal(code, _Refused(email, fields, say(refusal)), refusal.status)
    access.note(seat=entry.seat.code)
    return redirect(url_for(".seat", code=entry.seat.code), HTTPStatus.SEE_OTHER)


def _refusal(code: str, refused: _Refused, status: int) -> ResponseReturnValue:
    return _seat_page(fallback.entry_of(db.session(), current_actor(), code), refused), status
