"""Forms for seats on paper."""

from collections.abc import Iterable
from uuid import UUID

from wtforms import (
    IntegerField,
    SelectField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.forms import Form
from app.core.languages import lazy_gettext as _


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
