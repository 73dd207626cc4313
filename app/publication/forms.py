"""Forms of publication."""

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.publication.sheet import PARTS

ALL_PARTS = sorted({part for parts in PARTS.values() for part in parts})


class PartsField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """What the page shows beside the outcome."""

    takes_many = True


class ConsentForm(Form):
    """A candidate's yes: to what, until when, and each thing they agree to by itself."""

    parts = PartsField(choices=ALL_PARTS)
    until = DateField(validators=[InputRequired()])
    seen = HiddenField(validators=[DataRequired(), Length(max=64)])
    agree_public = BooleanField(
        _("I agree that everyone can read on the internet what is shown above, until the last day named."),
        validators=[DataRequired(_("Without this, nothing can be published."))],
    )
    agree_copies = BooleanField(
        _("I know that copies made by other people may remain after I withdraw it."),
        validators=[DataRequired(_("Without this, nothing can be published."))],
    )


class ImportForm(Form):
    """The commission's list of one election."""

    file = FileField(
        _("CSV file with the columns kato and name"),
        validators=[FileRequired(_("Choose the file of the list."))],
    )
    election_day = DateField(_("Election day"), validators=[InputRequired(_("Write the election day."))])
    source = StringField(
        _("Source of the list"),
        validators=[DataRequired(_("Name the commission and its decision.")), Length(max=300)],
    )
    source_day = DateField(
        _("Date of the list"), validators=[InputRequired(_("Write the date of the list."))]
    )


class TieForm(Form):
    """Whose account a name of the list is."""

    email = EmailField(
        _("E-mail address of the account"),
        validators=[DataRequired(_("Write the address.")), Length(max=254)],
    )
    is_checked = BooleanField(_("I have seen the person and their identity document."))
