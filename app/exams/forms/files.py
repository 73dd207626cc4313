"""The form of an answer file."""

from flask_wtf.file import FileField, FileRequired

from app.core.forms import Form
from app.core.languages import lazy_gettext as _


class AnswerFileForm(Form):
    """The sealed file that a device saved."""

    file = FileField(_("Answer file"), validators=[FileRequired(_("Choose the file that the device saved."))])
