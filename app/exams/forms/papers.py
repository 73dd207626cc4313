"""Forms for papers and sittings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from wtforms import (
    DateTimeLocalField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from app.core.clock import COUNTRY
from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.exams.drawing import FORMS
from app.exams.forms.fields import ManyField, stripped


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


class SittingForm(Form):
    """What a new sitting is."""

    title = StringField(
        _("Name of the sitting"),
        filters=[stripped],
        validators=[DataRequired(_("Write a name.")), Length(max=120)],
    )
    papers = ManyField(_("Sealed papers"), validators=[InputRequired(_("Choose at least one sealed paper."))])
    opens_at = DateTimeLocalField(
        _("Opens at"), validators=[InputRequired(_("Give day and time of the beginning."))]
    )
    closes_at = DateTimeLocalField(
        _("Closes at"), validators=[InputRequired(_("Give day and time of the end."))]
    )
    place = StringField(
        _("Code of the place"),
        filters=[stripped],
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
