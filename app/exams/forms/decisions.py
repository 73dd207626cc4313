"""Forms of what one person proposes and another approves."""

from collections.abc import Iterable

from wtforms import (
    DateField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.exams.deciding import LONGEST_REASON, MOST_BREAK_MINUTES, MOST_PERCENT, MOST_SECONDS
from app.exams.forms.fields import ManyField, stripped

MOST_MINUTES = MOST_SECONDS // 60
_MINUTES = _("Whole minutes, from 1 to 120.")


class ReasonForm(Form):
    """What every proposal of a decision says: why."""

    reason = TextAreaField(
        _("Reason"),
        filters=[stripped],
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

    events = ManyField(_("Late answers"), validators=[InputRequired(_("Choose at least one late answer."))])

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
        filters=[stripped],
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
