"""Forms of exams, and the fields that a plain page of an attempt sends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import abort, request
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.clock import COUNTRY
from app.core.forms import CSRF_FIELD, Form
from app.core.languages import lazy_gettext as _
from app.exams.drawing import FORMS
from app.exams.incoming import LARGEST, MOST_EVENTS
from app.items.types.base import FIELD

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


def _aware(typed: datetime) -> datetime:
    return typed.replace(tzinfo=COUNTRY)


@dataclass(frozen=True)
class AnswerFields:
    """What a plain page of an item sent.

    Attributes:
        fields: all values of the answer's own fields, by name.
        shown: number of the event that the page showed.
        press: what was pressed.
    """

    fields: dict[str, list[str]]
    shown: int
    press: str


def answer_fields(press: str) -> AnswerFields:
    """Return what this request sent, `press` being the name of its buttons; the unknown ends it with 400."""
    fields: dict[str, list[str]] = {}
    for name, values in request.form.lists():
        if name == FIELD or name.startswith(f"{FIELD}-"):
            fields[name] = values
        elif name not in {CSRF_FIELD, "shown", press} or len(values) > 1:
            abort(HTTPStatus.BAD_REQUEST)
    shown = request.form.get("shown", "0")
    if len(fields) > MOST_FIELDS or not (shown.isascii() and shown.isdecimal()) or int(shown) > LARGEST:
        abort(HTTPStatus.BAD_REQUEST)
    return AnswerFields(fields, int(shown), request.form.get(press, ""))
