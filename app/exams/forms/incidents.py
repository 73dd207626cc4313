"""The form of the incident book."""

from wtforms import (
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.exams.forms.fields import stripped
from app.exams.happenings import KINDS as INCIDENTS
from app.exams.happenings import LONGEST as LONGEST_ENTRY


class IncidentForm(Form):
    """One entry of the incident book."""

    kind = SelectField(
        _("What happened"), choices=[SelectChoice(key, _(name)) for key, name in INCIDENTS.items()]
    )
    code = StringField(
        _("Code of the attempt"),
        filters=[stripped],
        validators=[Optional(), Regexp(r"^[0-9]{4}\Z", message=_("A code has four figures."))],
    )
    text = TextAreaField(
        _("In words"),
        filters=[stripped],
        validators=[DataRequired(_("Write what happened.")), Length(max=LONGEST_ENTRY)],
    )

    def entry(self) -> dict[str, str]:
        """Return what `incidents.add` takes."""
        return {name: value or "" for name, value in self.read().items()}
