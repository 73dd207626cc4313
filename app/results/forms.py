"""Forms of results."""

from collections.abc import Iterable
from fractions import Fraction

from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Regexp

from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.items.types.numeric import NotANumber, read_number

LONGEST_REASON = 4000
SHORTEST_REASON = 20
POINTS = "points_"


def plain(text: str | None) -> str | None:
    """Return a text without spaces around it, its lines parted as we keep them."""
    return None if text is None else text.replace("\r\n", "\n").strip()


def _long_enough(_form: Form, field: TextAreaField) -> None:
    if len(field.data or "") < SHORTEST_REASON:
        raise ValidationError(_("Write a sentence or two: at least 20 characters."))


class AppealForm(Form):
    """Why a candidate asks a person to look again."""

    reason = TextAreaField(
        _("What should be looked at again, and why"),
        filters=[plain],
        validators=[_long_enough, Length(max=LONGEST_REASON, message=_("Write at most 4,000 characters."))],
    )


class HashForm(Form):
    """Says which content a person proposes or confirms."""

    content_hash = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}$")])


def _is_number(_form: Form, field: StringField) -> None:
    try:
        read_points(field)
    except NotANumber:
        raise ValidationError(_("Write points as a number, for example 3 or 2.5.")) from None


def read_points(field: StringField) -> Fraction | None:
    """Return the points in a field; None when it is empty.

    Raises:
        NotANumber: it holds something else.
    """
    return read_number(field.data) if field.data and field.data.strip() else None


class AnswerForm(Form):
    """An organiser's answer to an appeal; a field for each item is added by `answer_form`."""

    decision = RadioField(
        _("Decision"),
        choices=[
            SelectChoice("decline", _("Decline: the result stays as it is")),
            SelectChoice("uphold", _("Uphold: propose the corrected points to another organiser")),
        ],
        validators=[InputRequired(_("Choose one of the two."))],
    )
    answer = TextAreaField(
        _("Answer to the candidate"),
        filters=[plain],
        validators=[_long_enough, Length(max=LONGEST_REASON, message=_("Write at most 4,000 characters."))],
    )

    def points_field(self, position: int) -> StringField:
        """Return the field for other points at a position."""
        return self[f"{POINTS}{position}"]

    def points_by_position(self) -> dict[int, Fraction]:
        """Return the corrected points, as far as any were written."""
        fields = {name: self[name] for name in self._fields if name.startswith(POINTS)}
        read = {int(name.removeprefix(POINTS)): read_points(field) for name, field in fields.items()}
        return {position: points for position, points in read.items() if points is not None}


def answer_form(positions: Iterable[int]) -> AnswerForm:
    """Return the form for a paper with these positions, as this request filled it."""
    fields = {
        f"{POINTS}{position}": StringField(
            _("Corrected points, item %(number)s", number=position), validators=[Length(max=12), _is_number]
        )
        for position in positions
    }
    form: type[AnswerForm] = type("CaseForm", (AnswerForm,), fields)
    return form.from_request()
