"""Forms of candidacy: the place, and one question for each rule."""

from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.candidacy.requirements import Requirements
from app.core.forms import Form
from app.core.languages import in_language


class PlaceForm(Form):
    """The place chosen from the list."""

    kato = StringField(validators=[InputRequired(), Length(max=9), Regexp(r"^\d{9}$")])


def requirements_form(rules: Requirements, answers: dict[str, str]) -> Form:
    """Return a form with one question a rule, filled with `answers`; questions may be left out."""
    fields = {
        rule.key: RadioField(
            in_language(rule.question.model_dump()),
            choices=[
                SelectChoice(option.key, in_language(option.text.model_dump())) for option in rule.options
            ],
            validators=[Optional()],
        )
        for rule in rules.rules
    }
    kind: type[Form] = type("RequirementsForm", (Form,), fields)
    return kind.from_request(**answers)
