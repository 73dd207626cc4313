"""Forms of audit."""

from datetime import date

from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from app.audit.narrowing import Filter
from app.core.forms import Form
from app.core.languages import lazy_gettext as _

LARGEST_NUMBER = 2**31 - 1
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2999, 12, 31)


def _in_our_time(_form: Form, field: DateField) -> None:
    # The ends of the calendar have no moment in another time zone.
    if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(_("Choose a day from 2020 on."))


class RecordFilter(Form):
    """Which events to show; sent with the address."""

    class Meta:
        """No act follows, so no token is needed."""

        csrf = False

    tag = StringField(_("What was done"), validators=[Optional(), Length(max=60)], render_kw={"list": "tags"})
    actor = IntegerField(_("Number of the person"), validators=[Optional(), NumberRange(1, LARGEST_NUMBER)])
    since = DateField(_("From day"), validators=[Optional(), _in_our_time])
    until = DateField(_("To day"), validators=[Optional(), _in_our_time])
    refused = BooleanField(_("Only refused"))

    def chosen(self) -> Filter:
        """Return what the form narrows to; a field that cannot be understood narrows nothing."""
        self.validate()
        values = {name: None if name in self.errors else field.data for name, field in self._fields.items()}
        return Filter(
            tag=values["tag"] or None,
            actor_id=values["actor"],
            since=values["since"],
            until=values["until"],
            refused=bool(values["refused"]),
        )
