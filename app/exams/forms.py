"""Forms of exams, and the fields that a plain page of an attempt sends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import abort, request
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.clock import COUNTRY
from app.core.errors import Refused
from app.core.forms import CSRF_FIELD, Form
from app.core.languages import lazy_gettext as _
from app.exams.deciding import LONGEST_REASON, MOST_BREAK_MINUTES, MOST_PERCENT, MOST_SECONDS
from app.exams.drawing import FORMS
from app.exams.happenings import KINDS as INCIDENTS
from app.exams.happenings import LONGEST as LONGEST_ENTRY
from app.exams.held_receipt import NoNumber, NoSum
from app.exams.incoming import LARGEST, MOST_EVENTS
from app.items.types.base import FIELD, LONGEST_ID

MOST_FIELDS = MOST_EVENTS


class DrawForm(Form):
    """Which blueprint new papers follow, and how many of them: parallel forms share few items."""

    blueprint = SelectField(_("Blueprint"), validators=[InputRequired(_("Choose a blueprint."))])
    forms = SelectField(
        _("Parallel forms"),
        choices=[SelectChoice(str(one), str(one)) for one in range(1, FORMS + 1)],
        default="1",
    )


def draw_form(choices: Iterable[tuple[str, str]]) -> DrawForm:
    """Return the form with its choices, as this request filled it."""
    form = DrawForm.from_request()
    form.blueprint.choices = list(choices)
    return form


class ApprovalForm(Form):
    """The content that a person looked at and approves, by its hash."""

    content_hash = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}\Z")])


class ShareForm(Form):
    """The share that a custodian gives back, as it stands on the sheet."""

    code = TextAreaField(
        _("Your share"),
        validators=[DataRequired(_("Write the share as it stands on the sheet.")), Length(max=200)],
    )


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class _ManyField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Tick boxes under one name."""

    takes_many = True
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SittingForm(Form):
    """What a new sitting is."""

    title = StringField(
        _("Name of the sitting"),
        filters=[_stripped],
        validators=[DataRequired(_("Write a name.")), Length(max=120)],
    )
    papers = _ManyField(
        _("Sealed papers"), validators=[InputRequired(_("Choose at least one sealed paper."))]
    )
    opens_at = DateTimeLocalField(
        _("Opens at"), validators=[InputRequired(_("Give day and time of the beginning."))]
    )
    closes_at = DateTimeLocalField(
        _("Closes at"), validators=[InputRequired(_("Give day and time of the end."))]
    )
    place = StringField(
        _("Code of the place"),
        filters=[_stripped],
        validators=[Optional(), Regexp(r"^[0-9]{9}\Z", message=_("A code has nine figures."))],
    )

    def values(self) -> dict[str, Any]:
        """Return what `service.open_sitting` takes; times are those of the country's clocks."""
        read = self.read()
        return {
            "title": read["title"],
            "papers": [UUID(paper) for paper in read["papers"]],
            "opens_at": _aware(read["opens_at"]),
            "closes_at": _aware(read["closes_at"]),
            "place_kato": read["place"] or None,
        }


def sitting_form(papers: Iterable[tuple[str, str]]) -> SittingForm:
    """Return the form with its papers, as this request filled it."""
    form = SittingForm.from_request()
    form.papers.choices = list(papers)
    return form


class ReceiptTextForm(Form):
    """A whole signed receipt; sent with the address."""

    class Meta:
        """No act follows, so no token is needed."""

        csrf = False

    text = TextAreaField(_("Text of the receipt"), filters=[_stripped])


class ReceiptForm(ReceiptTextForm):
    """A receipt to look up in one's own attempt: its number and check sum, or its whole text."""

    number = StringField(_("Number of the receipt"), filters=[_stripped])
    check_sum = StringField(_("Check sum"), filters=[_stripped])

    @property
    def is_filled(self) -> bool:
        return bool(self.text.data or self.number.data or self.check_sum.data)

    def at_fault(self, refusal: Refused) -> str:
        """Return the name of the field that a refusal speaks of."""
        if isinstance(refusal, NoNumber):
            return "number"
        return "check_sum" if isinstance(refusal, NoSum) else "text"


class AnswerFileForm(Form):
    """The sealed file that a device saved."""

    file = FileField(_("Answer file"), validators=[FileRequired(_("Choose the file that the device saved."))])


class SeatsForm(Form):
    """How many copies of a sitting's papers are wanted, and of which of them."""

    count = IntegerField(
        _("How many seats"),
        default=1,
        validators=[
            InputRequired(_("Write how many seats.")),
            NumberRange(1, 200, _("Between 1 and 200 at once.")),
        ],
    )
    paper = SelectField(_("Paper"), validators=[Optional()])

    @property
    def paper_id(self) -> UUID | None:
        return UUID(self.paper.data) if self.paper.data else None


def seats_form(papers: Iterable[tuple[str, str]]) -> SeatsForm:
    """Return the form with a sitting's papers, as this request filled it."""
    form = SeatsForm.from_request()
    form.paper.choices = [("", _("the papers in turn")), *papers]
    return form


class CopiesForm(Form):
    """Which seats are printed."""

    first = IntegerField(
        _("From seat"),
        default=1,
        validators=[InputRequired(_("Write a number.")), NumberRange(1, 9999, _("Write a number."))],
    )
    last = IntegerField(
        _("To seat"),
        default=50,
        validators=[InputRequired(_("Write a number.")), NumberRange(1, 9999, _("Write a number."))],
    )


MOST_MINUTES = MOST_SECONDS // 60
_MINUTES = _("Whole minutes, from 1 to 120.")


class ReasonForm(Form):
    """What every proposal of a decision says: why."""

    reason = TextAreaField(
        _("Reason"),
        filters=[_stripped],
        validators=[DataRequired(_("Write the reason.")), Length(max=LONGEST_REASON)],
    )


class TimeForm(ReasonForm):
    """How much time two people give."""

    minutes = IntegerField(
        _("Minutes more"),
        validators=[
            InputRequired(_MINUTES),
            NumberRange(min=1, max=MOST_MINUTES, message=_MINUTES),
        ],
    )

    def content(self) -> dict[str, object]:
        """Return what the decision holds."""
        return {"seconds": self.minutes.data * 60}


class LateAnswersForm(ReasonForm):
    """Which late answers count."""

    events = _ManyField(_("Late answers"), validators=[InputRequired(_("Choose at least one late answer."))])

    def content(self) -> dict[str, object]:
        """Return what the decision holds."""
        return {"events": sorted({int(number) for number in self.events.data})}


def late_answers_form(events: Iterable[tuple[str, str]]) -> LateAnswersForm:
    """Return the form with the late answers that wait, as this request filled it."""
    form = LateAnswersForm.from_request()
    form.events.choices = list(events)
    return form


class RightForm(ReasonForm):
    """A person's right to more time or to a break."""

    email = StringField(
        _("E-mail of the candidate"),
        filters=[_stripped],
        validators=[DataRequired(_("Write the address.")), Length(max=254)],
    )
    percent = IntegerField(
        _("More time, in percent"),
        default=0,
        validators=[
            InputRequired(_("A whole number from 0 to 100.")),
            NumberRange(min=0, max=MOST_PERCENT, message=_("A whole number from 0 to 100.")),
        ],
    )
    break_minutes = IntegerField(
        _("Break, in minutes"),
        default=0,
        validators=[
            InputRequired(_("A whole number from 0 to 60.")),
            NumberRange(min=0, max=MOST_BREAK_MINUTES, message=_("A whole number from 0 to 60.")),
        ],
    )
    until = DateField(_("Holds until"), validators=[InputRequired(_("Give the last day."))])

    def content(self) -> dict[str, object]:
        """Return what the decision holds."""
        return {
            "percent": self.percent.data,
            "break_minutes": self.break_minutes.data,
            "until": self.until.data.isoformat(),
        }


class IncidentForm(Form):
    """One entry of the incident book."""

    kind = SelectField(
        _("What happened"), choices=[SelectChoice(key, _(name)) for key, name in INCIDENTS.items()]
    )
    code = StringField(
        _("Code of the attempt"),
        filters=[_stripped],
        validators=[Optional(), Regexp(r"^[0-9]{4}\Z", message=_("A code has four figures."))],
    )
    text = TextAreaField(
        _("In words"),
        filters=[_stripped],
        validators=[DataRequired(_("Write what happened.")), Length(max=LONGEST_ENTRY)],
    )

    def entry(self) -> dict[str, str]:
        """Return what `incidents.add` takes."""
        return {name: value or "" for name, value in self.read().items()}


def _aware(typed: datetime) -> datetime:
    return typed.replace(tzinfo=COUNTRY)


@dataclass(frozen=True)
class Held:
    """What a plain page holds for one item: all values by name, without its position; the event it showed."""

    fields: dict[str, list[str]]
    shown: int


@dataclass(frozen=True)
class AnswerFields:
    """What a plain page of an attempt sent.

    Attributes:
        given: what the page holds, by position.
        press: name and value of the button that was pressed; empty where none was.
    """

    given: dict[int, Held]
    press: tuple[str, str]


_FIELD = re.compile(
    rf"([1-9][0-9]{{0,2}})-({FIELD}(?:-[a-z][a-z0-9]{{0,{LONGEST_ID - 1}}})?|shown)", re.ASCII
)
_POSITION = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


def answer_fields(*buttons: str) -> AnswerFields:
    """Return what this request sent; `buttons` are the names of its buttons. The unknown ends it with 400.

    Names carry their position: 5-answer, 5-answer-a, 5-shown.
    """
    fields: dict[int, dict[str, list[str]]] = {}
    shown: dict[int, int] = {}
    press = ("", "")
    for name, values in request.form.lists():
        if found := _FIELD.fullmatch(name):
            position, kind = int(found[1]), found[2]
            if kind == "shown":
                shown[position] = _event(values)
            else:
                fields.setdefault(position, {})[kind] = values
        elif name in buttons and len(values) == 1 and press == ("", ""):
            press = (name, values[0])
        elif name != CSRF_FIELD or len(values) > 1:
            abort(HTTPStatus.BAD_REQUEST)
    if any(len(found) > MOST_FIELDS for found in fields.values()):
        abort(HTTPStatus.BAD_REQUEST)
    given = {
        position: Held(fields.get(position, {}), shown.get(position, 0))
        for position in sorted(fields.keys() | shown.keys())
    }
    return AnswerFields(given, press)


def _event(values: list[str]) -> int:
    value = values[0]
    if len(values) > 1 or not (value.isascii() and value.isdecimal()) or int(value) > LARGEST:
        abort(HTTPStatus.BAD_REQUEST)
    return int(value)


def position_of(press: str) -> int | None:
    """Return the position that the value of a button names; None where it names none."""
    return int(press) if _POSITION.fullmatch(press) else None
