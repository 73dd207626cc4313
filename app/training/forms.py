"""Forms of the course."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form


class CheckForm(Form):
    """The chosen option of one quick check."""

    answer = StringField(validators=[InputRequired(), Length(max=40)])
