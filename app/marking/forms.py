"""Forms of marking."""

from collections.abc import Iterable, Mapping

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.items.types.written import LEVELS
from app.marking.agreement import Given

LONGEST_COMMENT = 2000
LEVEL = "level_"


class MarkForm(Form):
    """The marks of one script; a field for each criterion is added by `mark_form`."""

    comment = TextAreaField(_("Reason"), validators=[Length(max=LONGEST_COMMENT)])
    wants_second_opinion = BooleanField(_("I am not sure and ask for another opinion"))

    def level_field(self, criterion: str) -> RadioField:
        """Return the radios of a criterion."""
        return self[LEVEL + criterion]

    def given(self) -> Given:
        """Return what was given."""
        values = self.read()
        levels = {
            name.removeprefix(LEVEL): int(value) for name, value in values.items() if name.startswith(LEVEL)
        }
        comment = (values["comment"] or "").replace("\r\n", "\n").strip()
        return Given(levels, comment or None, bool(values["wants_second_opinion"]))


def mark_form(criteria: Iterable[tuple[str, str]]) -> MarkForm:
    """Return the form for a rubric, its criteria as (id, name), as this request filled it."""
    fields = {
        LEVEL + key: RadioField(
            name,
            choices=[SelectChoice(str(level)) for level in LEVELS],
            validators=[InputRequired(_("Choose a level from 0 to 4."))],
        )
        for key, name in criteria
    }
    rubric_form: type[MarkForm] = type("RubricForm", (MarkForm,), fields)
    return rubric_form.from_request()


class DistrictForm(Form):
    """Where an examiner lives or works."""

    examiner = SelectField(_("Examiner"), validators=[InputRequired(_("Choose an examiner from the list."))])
    district = SelectField(_("District"), validators=[InputRequired(_("Choose a district from the list."))])


def district_form(
    people: Iterable[tuple[str, str]], districts: Mapping[str, list[tuple[str, str]]]
) -> DistrictForm:
    """Return the form with its choices, as this request filled it."""
    form = DistrictForm.from_request()
    form.examiner.choices = [SelectChoice("", "–")] + [SelectChoice(person, name) for person, name in people]
    form.district.choices = [SelectChoice("", "–")] + [
        SelectChoice(code, name, optgroup=region)
        for region, inside in districts.items()
        for code, name in inside
    ]
    return form
